//! How well an entry of the table matches.

use std::cmp::Reverse;

use super::{
    KnownResponse, RequestTrait, When,
    facts::{Facts, header_fits},
    glob::{self, Parts},
};
use crate::RequestFacts;

/// How well an entry fits, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Every condition holds.
    Certain,
    /// No condition fails, but some are unknown.
    Possible,
    /// The name or message fits, and the entry is for those that no other entry fits.
    General,
    /// The error's name fits, but its owner has changed the status or message.
    Customised,
    /// The status fits, and there is no other condition.
    ByStatus,
    /// The entry is for responses that no other entry fits.
    Otherwise,
}

/// How an entry fits, and the parts that its patterns matched.
pub(super) struct Fit {
    pub(super) level: Level,
    /// How many conditions about the request hold: the more, the likelier the entry.
    evidence: u32,
    /// How many conditions about the request are unknown: the fewer, the likelier the entry.
    unknown: u32,
    pub(super) parts: Parts,
}

impl Fit {
    /// The order of entries, likeliest first.
    pub(super) fn rank(&self) -> impl Ord + use<> {
        (self.level, Reverse(self.evidence), self.unknown)
    }
}

/// Whether a condition holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Yes,
    Unknown,
    No,
}

/// What a condition is about, which decides its weight.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// The error's name.
    Name,
    /// The message, which owners may change.
    Message,
    /// The status, which owners may change.
    Status,
    /// The response itself, or its absence.
    Response,
    /// A condition that can exclude an entry, but does not support it.
    Bounds,
    /// The request.
    Request,
}

impl Facts<'_> {
    /// The best of an entry's alternatives.
    pub(super) fn fit(&self, entry: &KnownResponse) -> Option<Fit> {
        let fits = entry.when.iter().filter_map(|alternative| self.alternative(alternative));
        fits.min_by_key(Fit::rank)
    }

    fn alternative(&self, conditions: &[When]) -> Option<Fit> {
        let mut parts = self.parts.clone();
        let (mut evidence, mut unknown, mut is_open, mut is_customised) = (0, 0, false, false);
        // An entry is identified by its status only if it has no other condition on the response.
        let (mut is_identified, mut identifies, mut by_status, mut by_name) = (false, false, false, false);
        for condition in conditions {
            let about = about(condition);
            let holds = self.holds(condition, &mut parts);
            let is_identifying = matches!(about, About::Name | About::Message | About::Response);
            identifies |= is_identifying;
            match holds {
                Holds::Yes => {
                    is_identified |= is_identifying;
                    by_status |= about == About::Status;
                    by_name |= about == About::Name;
                    evidence += u32::from(about == About::Request);
                }
                Holds::Unknown => {
                    is_open = true;
                    unknown += u32::from(about == About::Request);
                }
                Holds::No if matches!(about, About::Message | About::Status) => is_customised = true,
                Holds::No => return None,
            }
        }
        let is_otherwise = conditions.iter().any(|condition| matches!(condition, When::Otherwise));
        let level = match (is_customised, is_open) {
            (false, false) if is_otherwise && is_identified => Level::General,
            (false, false) if is_otherwise => Level::Otherwise,
            _ if is_otherwise => return None,
            (true, _) if by_name => Level::Customised,
            (false, _) if by_status && !identifies && evidence == 0 && unknown == 0 => Level::ByStatus,
            (false, true) if is_identified => Level::Possible,
            (true, _) | (false, true) => return None,
            (false, false) => Level::Certain,
        };
        Some(Fit { level, evidence, unknown, parts })
    }

    fn holds(&self, condition: &When, parts: &mut Parts) -> Holds {
        let request = &self.request;
        match *condition {
            When::Otherwise => Holds::Yes,
            When::Failure(failures) => {
                yes_if(self.failure.is_some_and(|failure| failures.contains(&failure)))
            }
            // A failed exchange has no response.
            _ if !self.has_response && is_of_responses(condition) => Holds::No,
            When::Status(statuses) => known(self.status, |status| {
                statuses.iter().any(|wanted| *wanted == status || *wanted == status / 100)
            }),
            When::Type(names) => match self.name {
                Some(name) => yes_if(names.contains(&name)),
                // The name may have been lost on the way; if a source never sends one, the source identifies the entry.
                None => Holds::Unknown,
            },
            When::Message(patterns) => match fits(self.message.as_deref(), patterns, parts) {
                Holds::No if self.page.is_some() => fits(self.page.as_deref(), patterns, parts),
                holds => holds,
            },
            When::By(sources) => self.by(sources),
            When::Header(name, pattern) => {
                known(self.response, |response| header_fits(response, name, pattern))
            }
            When::Host(forms) => known(self.form, |form| forms.contains(&form)),
            When::NotHost(forms) => known(self.form, |form| !forms.contains(&form)),
            When::Method(methods) => known(request.method.as_deref(), |method| methods.contains(&method)),
            When::Path(patterns) => fits(self.path.as_deref(), patterns, parts),
            When::ContentType(patterns) => fits(request.content_type.as_deref(), patterns, parts),
            When::Sent(name) => self.sent(name),
            When::Unsent(name) => match self.sent(name) {
                Holds::Yes => Holds::No,
                Holds::Unknown => Holds::Unknown,
                Holds::No => Holds::Yes,
            },
            When::Request(what) => known(self.request_is(what, request), |is_so| is_so),
            When::Certificate(patterns) => {
                let names = self.certificate.iter();
                let mut fits = names.map(|name| fits(Some(name), patterns, parts));
                yes_if(fits.any(|holds| holds == Holds::Yes))
            }
            When::OtherAccount(one, other) => known(accounts(parts, one, other), |same| !same),
            When::SameAccount(one, other) => known(accounts(parts, one, other), |same| same),
        }
    }

    /// Sources exclude each other; a response without one may have lost its headers on the way.
    fn by(&self, sources: &[&str]) -> Holds {
        match self.source {
            Some(source) => yes_if(sources.contains(&source.id)),
            None => Holds::Unknown,
        }
    }

    fn sent(&self, name: &str) -> Holds {
        if self.signed_headers.iter().any(|signed| signed == name) {
            return Holds::Yes;
        }
        known(self.request.header_names.as_ref(), |names| names.iter().any(|sent| sent == name))
    }

    fn request_is(&self, what: RequestTrait, request: &RequestFacts) -> Option<bool> {
        match what {
            RequestTrait::Signed => request.is_signed,
            RequestTrait::Unsigned => request.is_signed.map(|is_signed| !is_signed),
            RequestTrait::SessionToken => self.has_token,
            RequestTrait::NoSessionToken => self.has_token.map(|has_token| !has_token),
            RequestTrait::PrivateAddress => request.private_address,
            RequestTrait::ClientCertificateAsked => request.client_certificate_asked,
        }
    }
}

fn fits(text: Option<&str>, patterns: &'static [&'static str], parts: &mut Parts) -> Holds {
    let Some(text) = text else { return Holds::Unknown };
    let Some(read) = patterns.iter().find_map(|pattern| glob::read(pattern, text)) else {
        return Holds::No;
    };
    parts.extend(read.into_iter().map(|(name, part)| (name.to_owned(), part.to_owned())));
    Holds::Yes
}

fn about(condition: &When) -> About {
    match condition {
        When::Type(_) => About::Name,
        When::Message(_) => About::Message,
        When::Status(_) => About::Status,
        When::Failure(_) | When::Header(..) => About::Response,
        When::By(_) | When::NotHost(_) | When::Otherwise => About::Bounds,
        _ => About::Request,
    }
}

fn is_of_responses(condition: &When) -> bool {
    matches!(condition, When::Status(_) | When::Type(_) | When::Message(_) | When::By(_) | When::Header(..))
}

fn yes_if(holds: bool) -> Holds {
    if holds { Holds::Yes } else { Holds::No }
}

fn known<T>(fact: Option<T>, holds: impl FnOnce(T) -> bool) -> Holds {
    fact.map_or(Holds::Unknown, |fact| yes_if(holds(fact)))
}

/// Whether two ARNs or account ids belong to one account, by the digits that are shown.
fn accounts(parts: &Parts, one: &str, other: &str) -> Option<bool> {
    let one = account(parts.get(one)?)?;
    let other = account(parts.get(other)?)?;
    let mut pairs = one.bytes().zip(other.bytes());
    Some(pairs.all(|(one, other)| one == other || one == b'*' || other == b'*'))
}

/// The twelve digits of an account; services mask some with `*`.
fn account(text: &str) -> Option<&str> {
    let is_account =
        |field: &&str| field.len() == 12 && field.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*');
    // The fifth field, unless patterns have matched the first ones.
    let account = text.split(':').take(5).find(is_account)?;
    account.bytes().any(|byte| byte != b'*').then_some(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: &str, other: &str, expected: Option<bool>) {
        let parts = [("one", one), ("other", other)];
        let parts = parts.map(|(name, part)| (name.to_owned(), part.to_owned())).into();
        assert_eq!(accounts(&parts, "one", "other"), expected, "{one} {other}");
    }

    #[test]
    fn accounts_are_compared_as_far_as_they_show() {
        let user = "arn:aws:iam::111122223333:user/ann";
        check(user, "arn:aws:execute-api:r:111122223333:a/s/GET/p", Some(true));
        check(user, "arn:aws:execute-api:r:********3333:a/s/GET/p", Some(true));
        check(user, "arn:aws:execute-api:r:********4444:a/s/GET/p", Some(false));
        check(user, "444455556666", Some(false));
        check(user, "arn:aws:execute-api:r:************:a/s/GET/p", None);
        check("anonymous", user, None);
        check(user, "", None);
    }
}
