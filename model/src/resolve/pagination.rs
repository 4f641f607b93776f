//! Members that page an operation's responses.

use super::shapes::Shapes;
use crate::error::{Place, Report};
use crate::{
    IntegerWidth, Kind, Member, MemberPath, MemberStep, PageKey, PageToken, Pagination, Shape, ShapeId, raw,
};

/// Where the members of a pagination are looked up.
pub(super) struct Paging<'a> {
    pub(super) shapes: &'a Shapes,
    pub(super) input: &'a Shape,
    pub(super) output: ShapeId,
    pub(super) place: Place,
}

impl Paging<'_> {
    pub(super) fn by_token(&self, raw: &raw::Pagination, report: &mut Report) -> Option<Pagination> {
        let (inputs, outputs) = (raw.input_token.as_slice(), raw.output_token.as_slice());
        if inputs.len() != outputs.len() || inputs.is_empty() {
            let fault = format!(
                "has {} tokens for {} of \"input_token\", name one for each",
                outputs.len(),
                inputs.len()
            );
            report.fault(&self.place.key("output_token"), fault);
        }
        let pairs = inputs.iter().zip(outputs);
        let tokens: Vec<_> = pairs.map(|(input, output)| self.token(input, output, report)).collect();
        let more = raw.more_results.as_ref().map(|path| self.path("more_results", path, BOOLEAN, report));
        if let Some(size) = &raw.page_size {
            self.member(self.input, "page_size", size, SIZE, report);
        }
        let items = raw.items.as_ref().map(|items| self.path("items", items, ANY, report));
        let by = || {
            let more = more.map(|path| Some(path?.0));
            let more = if let Some(path) = more { Some(path?) } else { None };
            Some(PageKey::Token { tokens: tokens.into_iter().collect::<Option<_>>()?, more })
        };
        let by = by()?;
        let items = if let Some(path) = items { Some(path?.0) } else { None };
        Some(Pagination { items, by })
    }

    fn token(&self, input: &str, output: &str, report: &mut Report) -> Option<PageToken> {
        let input = self.member(self.input, "input_token", input, TOKEN, report);
        let paths = output.split("||").map(|path| self.path("output_token", path, TOKEN, report));
        let paths: Vec<_> = paths.collect();
        let (input, ()) = input?;
        let mut output = Vec::new();
        for path in paths {
            let (path, ()) = path?;
            let end = path.0.last()?;
            let is_sensitive = self.shapes.get(end.of).sensitive;
            if self.token_type(&input, self.input.sensitive) != self.token_type(&end.member, is_sensitive) {
                let (from, to) = (&end.member.name, &input.name);
                let fault = format!("\"{from}\" does not have the type of \"{to}\", name a member that does");
                report.fault(&self.place.key("output_token"), fault);
            }
            output.push(path);
        }
        Some(PageToken { input, output })
    }

    /// What two members have in common if one's value can be the other's; the structure of each is sensitive or not.
    fn token_type(&self, member: &Member, is_sensitive: bool) -> TokenType {
        match &self.shapes.get(member.shape).kind {
            Kind::String { .. } => TokenType::Text,
            Kind::Integer { width, .. } => TokenType::Integer(*width),
            // Only all of a map is a secret, or parts of it.
            Kind::Map { .. } => TokenType::Shape(member.shape, is_sensitive),
            Kind::Boolean
            | Kind::Float { .. }
            | Kind::Enum { .. }
            | Kind::IntEnum { .. }
            | Kind::Blob { .. }
            | Kind::Timestamp { .. }
            | Kind::Document
            | Kind::List { .. }
            | Kind::Structure { .. }
            | Kind::Union { .. } => TokenType::Shape(member.shape, false),
        }
    }

    pub(super) fn by_number(&self, raw: &raw::NumberedPages, report: &mut Report) -> Option<Pagination> {
        let page = self.whole_number(self.input, "page", &raw.page, report);
        if let Some(size) = &raw.size {
            self.whole_number(self.input, "size", size, report);
        }
        let output = self.shapes.get(self.output);
        let total = raw.total.as_ref().and_then(|total| self.whole_number(output, "total", total, report));
        let (items, ()) = self.path("items", &raw.items, LIST, report)?;
        Some(Pagination { items: Some(items), by: PageKey::Number { page: page?, total } })
    }

    fn whole_number(&self, of: &Shape, key: &str, name: &str, report: &mut Report) -> Option<Member> {
        let is = |kind: &Kind| matches!(kind, Kind::Integer { .. }).then_some(());
        let (member, ()) = self.member(of, key, name, ("whole number", is), report)?;
        if of.sensitive || self.shapes.get(member.shape).sensitive {
            report
                .fault(&self.place.key(key), format!("\"{name}\" is sensitive, but a page number cannot be"));
        }
        Some(member)
    }

    /// A path of the response, and the fact that the kind of its end must have.
    fn path<T>(
        &self,
        key: &str,
        text: &str,
        wanted: (&str, impl Fn(&Kind) -> Option<T>),
        report: &mut Report,
    ) -> Option<(MemberPath, T)> {
        let place = self.place.key(key);
        let names = MemberPath::names(text).filter(|names| !names.last().is_some_and(|(_, last)| *last));
        let Some(names) = names else {
            let fault =
                format!("`{text}` is not a path, join names by dots, with [-1] for the last item of a list");
            report.fault(&place, fault);
            return None;
        };
        let (&(end, _), way) = names.split_last()?;
        let (mut of, mut steps) = (self.output, Vec::new());
        for &(name, last) in way {
            let member = self.shapes.get(of).member(name, &place, report)?.clone();
            let target = self.shapes.get(member.shape);
            let inner = if !last {
                Some(member.shape)
            } else if let Kind::List { member, sparse: false, .. } = &target.kind {
                Some(*member)
            } else {
                None
            };
            let inner = inner.filter(|id| {
                let shape = self.shapes.get(*id);
                matches!(shape.kind, Kind::Structure { .. }) || !shape.is_known()
            });
            if inner.is_none() && target.is_known() {
                let wanted = if last { "a list of structures" } else { "a structure" };
                report.fault(&place, format!("\"{name}\" is not {wanted}, name a member that is"));
            }
            steps.push(MemberStep { of, member, last });
            of = inner?;
        }
        let (member, fact) = self.member(self.shapes.get(of), key, end, wanted, report)?;
        steps.push(MemberStep { of, member, last: false });
        Some((MemberPath(steps), fact))
    }

    /// A member, and the fact that its kind must have.
    fn member<T>(
        &self,
        of: &Shape,
        key: &str,
        name: &str,
        (what, fact): (&str, impl Fn(&Kind) -> Option<T>),
        report: &mut Report,
    ) -> Option<(Member, T)> {
        let place = self.place.key(key);
        let member = of.member(name, &place, report)?;
        let target = self.shapes.get(member.shape);
        let fact = fact(&target.kind);
        if fact.is_none() && target.is_known() {
            report.fault(&place, format!("\"{name}\" is not a {what}, name a member that is"));
        }
        Some((member.clone(), fact?))
    }
}

type Wanted = (&'static str, fn(&Kind) -> Option<()>);

/// The type of a token.
#[derive(PartialEq, Eq)]
enum TokenType {
    Text,
    Integer(IntegerWidth),
    Shape(ShapeId, bool),
}

const TOKEN: Wanted = ("string, whole number, enum or map", |kind| {
    let is_token = matches!(
        kind,
        Kind::String { .. }
            | Kind::Integer { .. }
            | Kind::Enum { .. }
            | Kind::IntEnum { .. }
            | Kind::Map { .. }
    );
    is_token.then_some(())
});

const SIZE: Wanted = ("whole number or string", |kind| {
    matches!(kind, Kind::Integer { .. } | Kind::String { .. }).then_some(())
});

const LIST: Wanted = ("list", |kind| matches!(kind, Kind::List { .. }).then_some(()));

const ANY: Wanted = ("value", |_| Some(()));

const BOOLEAN: Wanted = ("boolean", |kind| matches!(kind, Kind::Boolean).then_some(()));
