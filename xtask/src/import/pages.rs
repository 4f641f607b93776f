//! Paginators of a vendor's model in the terms of ours.

use gatewright_model::MemberPath;

use super::{
    json::{Json, Object},
    vendor::{Kind, Losses, Operation, Pagination, Vendor},
};

/// How the responses of an operation are paged, as far as ours can express it.
pub(super) fn of(vendor: &Vendor, name: &str, operation: &Operation, losses: &mut Losses) -> Option<Json> {
    let pagination = operation.pagination.as_ref()?;
    let paging = Paging { vendor, operation };
    if let Err(why) = paging.check(pagination) {
        losses.operation(why, name);
        return None;
    }
    let Pagination { tokens, more_results, page_size, .. } = pagination;
    let mut entry = Object::default();
    let mut set = |key: &str, value: Json| entry.0.push((key.to_owned(), value));
    set("input_token", one_or_more(tokens.iter().map(|(input, _)| input)));
    set("output_token", one_or_more(tokens.iter().map(|(_, output)| output)));
    if let Some(path) = more_results {
        set("more_results", path.as_str().into());
    }
    if let Some(size) = page_size {
        match paging.input(size).and_then(|size| paging.token_type(size)) {
            Some(TokenType::Text | TokenType::Integer(_)) => set("page_size", size.as_str().into()),
            _ => losses.operation("page sizes that are neither whole numbers nor texts", name),
        }
    }
    let (items, is_one_of_several) = paging.items(&pagination.items);
    if let Some(items) = items {
        set("items", items.into());
    }
    if is_one_of_several {
        losses.operation("pages with several lists: the items are those of the first", name);
    }
    Some(entry.into())
}

fn one_or_more<'a>(texts: impl ExactSizeIterator<Item = &'a String>) -> Json {
    let is_one = texts.len() == 1;
    let mut texts = texts.map(|text| Json::from(text.as_str()));
    if is_one { texts.next().unwrap_or(Json::Null) } else { texts.collect() }
}

struct Paging<'a> {
    vendor: &'a Vendor,
    operation: &'a Operation,
}

/// What a token of a response and the one of a request have in common.
#[derive(PartialEq, Eq)]
enum TokenType<'a> {
    Text,
    Integer(&'static str),
    Shape(&'a str),
}

impl<'a> Paging<'a> {
    fn check(&self, Pagination { tokens, more_results, items, .. }: &Pagination) -> Result<(), &'static str> {
        let paths = items.iter().chain(more_results);
        let mut is_known = paths.map(|path| self.output(path)).all(|end| end.is_some());
        let mut is_alike = true;
        for (to, from) in tokens {
            let to = self.input(to);
            is_known &= to.is_some();
            let to = to.and_then(|to| self.token_type(to));
            for path in from.split("||") {
                let from = self.output(path);
                is_known &= from.is_some();
                is_alike &= to.is_some() && from.and_then(|from| self.token_type(from)) == to;
            }
        }
        match (is_known, is_alike) {
            (false, _) => Err("pages by expressions"),
            (true, false) => Err("pages by tokens that requests cannot take"),
            (true, true) => Ok(()),
        }
    }

    /// The first of the paths to a list, or else to a map, or else to anything; and whether there are others to lists or maps.
    fn items<'b>(&self, paths: &'b [String]) -> (Option<&'b str>, bool) {
        let is = |is: fn(&Kind) -> bool| {
            move |path: &&String| self.output(path).and_then(|end| self.kind(end)).is_some_and(is)
        };
        let lists = paths.iter().filter(is(|kind| matches!(kind, Kind::List { .. })));
        let maps = paths.iter().filter(is(|kind| matches!(kind, Kind::Map { .. })));
        let mut several = lists.chain(maps);
        let first = several.next().or(paths.first());
        (first.map(String::as_str), several.next().is_some())
    }

    fn kind(&self, name: &str) -> Option<&'a Kind> {
        self.vendor.shapes.get(name).map(|shape| &shape.kind)
    }

    fn token_type(&self, name: &'a str) -> Option<TokenType<'a>> {
        match self.kind(name)? {
            Kind::String { .. } => Some(TokenType::Text),
            Kind::Number { ty: ty @ ("byte" | "short" | "integer" | "long"), .. } => {
                Some(TokenType::Integer(ty))
            }
            Kind::Enum(_) | Kind::IntEnum(_) | Kind::Map { .. } => Some(TokenType::Shape(name)),
            _ => None,
        }
    }

    fn input(&self, name: &str) -> Option<&'a str> {
        self.end(self.operation.input.as_ref(), name).filter(|_| !name.contains('.'))
    }

    fn output(&self, path: &str) -> Option<&'a str> {
        self.end(self.operation.output.as_ref(), path)
    }

    /// The shape that a path leads to.
    fn end(&self, of: Option<&'a String>, path: &str) -> Option<&'a str> {
        let mut end = of?.as_str();
        for (name, last) in MemberPath::names(path)? {
            let Kind::Structure(members) = self.kind(end)? else { return None };
            end = &members.iter().find(|member| member.name == name)?.shape;
            if last {
                let Kind::List { member, sparse: false, .. } = self.kind(end)? else { return None };
                end = member;
            }
        }
        Some(end)
    }
}
