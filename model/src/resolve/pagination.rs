//! Members that page an operation's responses.

use super::shapes::Shapes;
use crate::error::{Place, Report};
use crate::{Kind, Member, MemberPath, MemberStep, PageKey, Pagination, Shape, ShapeId, raw};

/// Where the members of a pagination are looked up.
pub(super) struct Paging<'a> {
    pub(super) shapes: &'a Shapes,
    pub(super) input: &'a Shape,
    pub(super) output: ShapeId,
    pub(super) place: Place,
}

impl Paging<'_> {
    pub(super) fn by_token(&self, raw: &raw::Pagination, report: &mut Report) -> Option<Pagination> {
        let input = self.member(self.input, "input_token", &raw.input_token, STRING, report);
        let paths = raw.output_token.split("||").map(|path| self.path("output_token", path, STRING, report));
        let output: Vec<_> = paths.collect();
        let more = raw.more_results.as_ref().map(|path| self.path("more_results", path, BOOLEAN, report));
        if let Some(size) = &raw.page_size {
            self.whole_number(self.input, "page_size", size, report);
        }
        let by = || {
            let output = output.into_iter().map(|path| Some(path?.0)).collect::<Option<_>>()?;
            let more = more.map(|path| Some(path?.0));
            let more = if let Some(path) = more { Some(path?) } else { None };
            Some(PageKey::Token { input: input?.0, output, more })
        };
        self.pages(&raw.items, by(), report)
    }

    pub(super) fn by_number(&self, raw: &raw::NumberedPages, report: &mut Report) -> Option<Pagination> {
        let page = self.whole_number(self.input, "page", &raw.page, report);
        if let Some(size) = &raw.size {
            self.whole_number(self.input, "size", size, report);
        }
        let output = self.shapes.get(self.output);
        let total = raw.total.as_ref().and_then(|total| self.whole_number(output, "total", total, report));
        self.pages(&raw.items, page.map(|page| PageKey::Number { page, total }), report)
    }

    fn pages(&self, items: &str, by: Option<PageKey>, report: &mut Report) -> Option<Pagination> {
        let item = |kind: &Kind| if let Kind::List { member, .. } = kind { Some(*member) } else { None };
        let (items, item) = self.path("items", items, ("list", item), report)?;
        Some(Pagination { items, item, by: by? })
    }

    fn whole_number(&self, of: &Shape, key: &str, name: &str, report: &mut Report) -> Option<Member> {
        let is = |kind: &Kind| matches!(kind, Kind::Integer { .. }).then_some(());
        let (member, ()) = self.member(of, key, name, ("whole number", is), report)?;
        if of.sensitive || self.shapes.get(member.shape).sensitive {
            report.fault(
                &self.place.key(key),
                format!("\"{name}\" is sensitive, which numbers of pages cannot be"),
            );
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

const STRING: Wanted = ("string", |kind| matches!(kind, Kind::String { .. }).then_some(()));

const BOOLEAN: Wanted = ("boolean", |kind| matches!(kind, Kind::Boolean).then_some(()));
