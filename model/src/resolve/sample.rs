//! Rules for the responses of fakes.

use super::braces::{self, Part};
use super::shapes::Shapes;
use crate::error::{Place, Report};
use crate::{Kind, Member, SamplePart, SamplePiece, SampleRule, SampleValue, Shape, ShapeId, raw};

/// Where the names of an operation's rules are looked up.
pub(super) struct Lookup<'a> {
    pub(super) shapes: &'a Shapes,
    pub(super) input: &'a Shape,
    pub(super) output: ShapeId,
    /// Responses of the operations that issue credentials.
    pub(super) issuers: &'a [ShapeId],
}

impl Lookup<'_> {
    pub(super) fn resolve(
        &self,
        rules: Vec<raw::SampleRule>,
        place: &Place,
        report: &mut Report,
    ) -> Vec<SampleRule> {
        let rules = rules.into_iter().enumerate();
        rules.filter_map(|(index, rule)| self.rule(rule, &place.index(index), report)).collect()
    }

    fn rule(&self, raw: raw::SampleRule, place: &Place, report: &mut Report) -> Option<SampleRule> {
        let target = self.path(self.output, &raw.at, &place.key("at"), report)?;
        let value = match (raw.text, raw.issued, raw.only_with) {
            (Some(text), None, None) => {
                let place = place.key("text");
                if !matches!(self.shapes.get(target).kind, Kind::String { .. }) {
                    report.fault(&place, format!("\"{}\" is not a text, give the place of one", raw.at));
                }
                SampleValue::Text(self.pieces(&text, &place, report)?)
            }
            (None, Some(issued), None) => {
                self.issued(issued, self.shapes.get(target), &place.key("issued"), report)?
            }
            (None, None, Some(members)) => {
                for (index, name) in members.iter().enumerate() {
                    self.request(name, &place.key("only_with").index(index), report);
                }
                SampleValue::OnlyWith(members)
            }
            _ => {
                report.fault(place, "needs exactly one of \"text\", \"issued\" and \"only_with\"");
                return None;
            }
        };
        Some(SampleRule { at: names(&raw.at), value })
    }

    fn issued(
        &self,
        raw: raw::Issued,
        target: &Shape,
        place: &Place,
        report: &mut Report,
    ) -> Option<SampleValue> {
        for (key, name) in [
            ("access_key_id", &raw.access_key_id),
            ("secret_access_key", &raw.secret_access_key),
            ("session_token", &raw.session_token),
        ] {
            let member = find(target, name, &place.key(key), report)?;
            if !matches!(self.shapes.get(member.shape).kind, Kind::String { .. }) {
                report.fault(&place.key(key), format!("\"{name}\" is not a text, name a member that is"));
            }
        }
        let end = find(target, &raw.expiration, &place.key("expiration"), report)?;
        let Kind::Timestamp { format } = self.shapes.get(end.shape).kind else {
            let fault = format!("\"{}\" is not a timestamp, name a member that is", raw.expiration);
            report.fault(&place.key("expiration"), fault);
            return None;
        };
        if let Some(name) = &raw.lifetime {
            let place = place.key("lifetime");
            let member = self.request(name, &place, report)?;
            if !matches!(self.shapes.get(member.shape).kind, Kind::Integer { .. }) {
                report.fault(&place, format!("\"{name}\" is not a whole number, name a member that is"));
            }
        }
        Some(SampleValue::Issued {
            access_key_id: raw.access_key_id,
            secret_access_key: raw.secret_access_key,
            session_token: raw.session_token,
            expiration: (raw.expiration, end.form.timestamp_format(format)),
            lifetime: raw.lifetime,
            default_lifetime: raw.default_lifetime,
        })
    }

    /// `arn:{RoleArn:1}:…`: names in braces, the rest literal.
    fn pieces(&self, text: &str, place: &Place, report: &mut Report) -> Option<Vec<SamplePiece>> {
        let parts = braces::parts(text, place, report)?;
        let piece = |part: Part<'_>| match part {
            Part::Text(text) => Some(SamplePiece::Literal(text.to_owned())),
            Part::Reference(reference) => self.reference(reference, place, report),
        };
        parts.into_iter().map(piece).collect()
    }

    fn reference(&self, text: &str, place: &Place, report: &mut Report) -> Option<SamplePiece> {
        let (path, part) = match (text.split_once(':'), text.strip_suffix('/')) {
            (Some((path, number)), _) => {
                let Ok(number) = number.parse() else {
                    report.fault(place, format!("\"{number}\" is not a number of colons, give one"));
                    return None;
                };
                (path, SamplePart::Colon(number))
            }
            (None, Some(path)) => (path, SamplePart::LastSlash),
            (None, None) => (text, SamplePart::Whole),
        };
        let Some(path) = path.strip_prefix("caller.") else {
            self.request(path, place, report)?;
            return Some(SamplePiece::Request(path.to_owned(), part));
        };
        let mut quiet = Report::default();
        if !self.issuers.iter().any(|id| self.path(*id, path, place, &mut quiet).is_some()) {
            let fault = format!("no response that issues credentials has \"{path}\", correct the path");
            report.fault(place, fault);
            return None;
        }
        Some(SamplePiece::Caller(names(path), part))
    }

    fn request(&self, name: &str, place: &Place, report: &mut Report) -> Option<&Member> {
        find(self.input, name, place, report)
    }

    /// The shape at a path of wire names, through structures.
    fn path(&self, from: ShapeId, path: &str, place: &Place, report: &mut Report) -> Option<ShapeId> {
        path.split('.').try_fold(from, |id, name| Some(find(self.shapes.get(id), name, place, report)?.shape))
    }
}

fn find<'a>(of: &'a Shape, name: &str, place: &Place, report: &mut Report) -> Option<&'a Member> {
    let found = of.members().iter().find(|member| member.wire == name);
    if found.is_none() && of.is_known() {
        report.unknown(place, "member", name, of.members().iter().map(|member| member.wire.as_str()));
    }
    found
}

fn names(path: &str) -> Vec<String> {
    path.split('.').map(ToOwned::to_owned).collect()
}
