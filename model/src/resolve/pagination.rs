//! Members that page an operation's responses.

use super::shapes::Shapes;
use crate::error::{Place, Report};
use crate::{Kind, Member, PageKey, Pagination, Shape, raw};

/// Where the members of a pagination are looked up.
pub(super) struct Paging<'a> {
    pub(super) shapes: &'a Shapes,
    pub(super) input: &'a Shape,
    pub(super) output: &'a Shape,
    pub(super) place: Place,
}

impl Paging<'_> {
    pub(super) fn by_token(&self, raw: &raw::Pagination, report: &mut Report) -> Option<Pagination> {
        let input = self.string(self.input, "input_token", &raw.input_token, report);
        let output = self.string(self.output, "output_token", &raw.output_token, report);
        if let Some(size) = &raw.page_size {
            self.whole_number(self.input, "page_size", size, report);
        }
        self.pages(
            &raw.items,
            input.zip(output).map(|(input, output)| PageKey::Token { input, output }),
            report,
        )
    }

    pub(super) fn by_number(&self, raw: &raw::NumberedPages, report: &mut Report) -> Option<Pagination> {
        let page = self.whole_number(self.input, "page", &raw.page, report);
        if let Some(size) = &raw.size {
            self.whole_number(self.input, "size", size, report);
        }
        let total =
            raw.total.as_ref().and_then(|total| self.whole_number(self.output, "total", total, report));
        self.pages(&raw.items, page.map(|page| PageKey::Number { page, total }), report)
    }

    fn pages(&self, items: &str, by: Option<PageKey>, report: &mut Report) -> Option<Pagination> {
        let item = |kind: &Kind| if let Kind::List { member, .. } = kind { Some(*member) } else { None };
        let (items, item) = self.member(self.output, "items", items, ("list", item), report)?;
        Some(Pagination { items, item, by: by? })
    }

    fn string(&self, of: &Shape, key: &str, name: &str, report: &mut Report) -> Option<Member> {
        let is = |kind: &Kind| matches!(kind, Kind::String { .. }).then_some(());
        self.member(of, key, name, ("string", is), report).map(|(member, ())| member)
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
