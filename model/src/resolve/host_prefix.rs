//! Prefixes of the host name of an operation's requests.

use super::braces::{self, Part};
use super::shapes::Shapes;
use crate::error::{Place, Report};
use crate::{HostPart, Kind, Shape};

/// The parts of `data-{Name}.`; each reference is a required member that is text.
pub(super) fn resolve(
    prefix: &str,
    shapes: &Shapes,
    input: &Shape,
    place: &Place,
    report: &mut Report,
) -> Vec<HostPart> {
    if prefix.is_empty() {
        report.fault(place, "is empty, fill it in or remove it");
    }
    if prefix.contains("}{") {
        report
            .fault(place, "has two members side by side, which a host name cannot separate, put a hyphen or dot between them");
    }
    if prefix.starts_with('.') || prefix.contains("..") {
        report.fault(place, "gives a host name with an empty label, correct its dots");
    }
    let parts = braces::parts(prefix, place, report).unwrap_or_default();
    let mut part = |part: Part<'_>| match part {
        Part::Text(text) => {
            let is_sign = |c: char| c.is_ascii_alphanumeric() || ['-', '.'].contains(&c);
            if let Some(sign) = text.chars().find(|c| !is_sign(*c)) {
                let fault =
                    format!("has {sign:?}, use letters, digits, hyphens and dots, and members in braces");
                report.fault(place, fault);
            }
            Some(HostPart::Text(text.to_owned()))
        }
        Part::Reference(name) => {
            let member = input.member(name, place, report)?;
            let target = shapes.get(member.shape);
            let is_text = matches!(target.kind, Kind::String { .. } | Kind::Enum { .. });
            if target.is_known() && !is_text {
                report.fault(place, format!("\"{name}\" is not text, name a member that is"));
            }
            if !member.is_required() {
                report.fault(place, format!("\"{name}\" may be missing, name a required member"));
            }
            Some(HostPart::Member(member.clone()))
        }
    };
    parts.into_iter().filter_map(&mut part).collect()
}
