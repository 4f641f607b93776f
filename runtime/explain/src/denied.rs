//! Denied actions: who, what, and by which kind of policy, from the service's message.

use super::{Explanation, error_response::labelled};

/// The parts of a message about a missing permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Denied {
    principal: Option<String>,
    action: String,
    resource: Option<String>,
    /// A policy denies it explicitly; otherwise no policy allows it.
    explicit: bool,
    policy: Option<Policy>,
    encoded: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    Identity,
    Resource,
    Session,
    Boundary,
    ServiceControl,
    ResourceControl,
    Endpoint,
}

/// Names in messages; a name that contains another one is listed first.
const POLICIES: &[(&str, Policy)] = &[
    ("identity-based policy", Policy::Identity),
    ("resource-based policy", Policy::Resource),
    ("session policy", Policy::Session),
    ("permissions boundary", Policy::Boundary),
    ("service control policy", Policy::ServiceControl),
    ("resource control policy", Policy::ResourceControl),
    ("vpc endpoint policy", Policy::Endpoint),
];

impl Denied {
    /// Reads `User: … is not authorized to perform: … on resource: … because no … policy allows …` and the like, also
    /// if the message was wrapped when it was copied.
    pub(super) fn read(message: &str) -> Option<Self> {
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        let (before, after) = message.split_once(" not authorized to perform: ")?;
        let before = before.trim_end().strip_suffix(" is").unwrap_or(before);
        let principal = before.rsplit_once("User: ").map(|(_, user)| user.trim());
        let action = word(after)?;
        let resource = after.split_once("on resource: ").and_then(|(_, rest)| word(rest));
        let lower = after.to_ascii_lowercase();
        Some(Self {
            principal: principal.filter(|user| !user.is_empty()).map(str::to_owned),
            action: action.to_owned(),
            resource: resource.map(str::to_owned),
            explicit: lower.contains("explicit deny"),
            policy: POLICIES.iter().find(|(name, _)| lower.contains(name)).map(|(_, policy)| *policy),
            encoded: lower.contains("encoded authorization failure message"),
        })
    }

    pub(super) fn explain(&self) -> Explanation {
        let anonymous = self.principal.as_deref().is_some_and(|user| user.eq_ignore_ascii_case("anonymous"));
        let evidence = [
            labelled("identity", self.principal.as_deref()),
            labelled("action", Some(&self.action)),
            labelled("resource", self.resource.as_deref()),
        ];
        let cause = match (self.explicit, self.policy) {
            _ if anonymous => "The request arrived without a signature, so its identity is unknown.".to_owned(),
            (true, Some(policy)) => format!("{} denies the action explicitly.", policy.a()),
            (true, None) => "A policy denies the action explicitly.".to_owned(),
            (false, Some(policy)) => format!("No {} allows the action.", policy.name()),
            (false, None) => {
                "No policy allows this identity to perform the action on this resource; the message does not name the kind of policy."
                    .to_owned()
            }
        };
        let mut remedies = Vec::new();
        if anonymous {
            remedies.push("Configure credentials and sign the request.".to_owned());
        } else {
            if self.explicit {
                remedies.push(
                    "Find the statement with `\"Effect\": \"Deny\"` that matches, with its conditions; an `Allow` elsewhere does not help."
                        .to_owned(),
                );
            }
            remedies.push(self.policy.map_or_else(
                || format!("Allow `{}` in a policy of the identity, and check the other kinds.", self.action),
                |policy| policy.remedy(&self.action, self.explicit),
            ));
            remedies
                .push("Check that this is the identity you mean: `aws sts get-caller-identity`.".to_owned());
        }
        if self.encoded {
            remedies.push(
                "Decode the details: `aws sts decode-authorization-message --encoded-message …`.".to_owned(),
            );
        }
        Explanation {
            evidence: evidence.into_iter().flatten().collect(),
            causes: vec![cause],
            remedies,
            ..Explanation::default()
        }
    }
}

impl Policy {
    fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity-based policy",
            Self::Resource => "resource-based policy",
            Self::Session => "session policy",
            Self::Boundary => "permissions boundary",
            Self::ServiceControl => "service control policy of the organization",
            Self::ResourceControl => "resource control policy of the organization",
            Self::Endpoint => "policy of the VPC endpoint",
        }
    }

    fn a(self) -> String {
        let article = if self == Self::Identity { "An" } else { "A" };
        format!("{article} {}", self.name())
    }

    fn remedy(self, action: &str, explicit: bool) -> String {
        let verb = if explicit { "Stop denying" } else { "Allow" };
        let place = match self {
            Self::Identity => "in a policy attached to the user or role",
            Self::Resource => "in the policy of the resource",
            Self::Session => "in the policy that is passed when the role is assumed",
            Self::Boundary => "in the permissions boundary of the user or role, and in its policies",
            Self::ServiceControl => {
                "in the organization's service control policies, which its administrator can change"
            }
            Self::ResourceControl => {
                "in the organization's resource control policies, which its administrator can change"
            }
            Self::Endpoint => "in the policy of the VPC endpoint that the request goes through",
        };
        format!("{verb} `{action}` {place}.")
    }
}

fn word(text: &str) -> Option<&str> {
    text.split_whitespace()
        .next()
        .map(|word| word.trim_end_matches(['.', ',']))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: \
        storagegateway:ListGateways on resource: arn:aws:storagegateway:us-east-1:111122223333:gateway/*";

    #[track_caller]
    fn check(why: &str, cause: &str, remedy: &str) {
        let message = format!("{USER}{why}");
        let explanation = Denied::read(&message).unwrap().explain();
        assert_eq!(
            explanation.evidence,
            [
                "identity: arn:aws:iam::111122223333:user/ann",
                "action: storagegateway:ListGateways",
                "resource: arn:aws:storagegateway:us-east-1:111122223333:gateway/*",
            ]
        );
        assert!(explanation.causes.iter().any(|line| line.contains(cause)), "{explanation}");
        assert!(explanation.remedies.iter().any(|line| line.contains(remedy)), "{explanation}");
    }

    #[test]
    fn messages_say_which_policy_it_was() {
        let allow = " because no identity-based policy allows the storagegateway:ListGateways action";
        check(allow, "No identity-based policy allows", "Allow `storagegateway:ListGateways` in a policy");
        check(" because no session policy allows it", "No session policy", "when the role is assumed");
        check(" because no permissions boundary allows it", "No permissions boundary", "boundary");
        check(" because no resource-based policy allows it", "No resource-based", "policy of the resource");
        check(" because no VPC endpoint policy allows it", "No policy of the VPC endpoint", "goes through");
        let explicit = " with an explicit deny in a service control policy";
        check(explicit, "A service control policy of the organization denies", "Stop denying");
        check(
            " with an explicit deny in an identity-based policy",
            "An identity-based policy denies",
            "Deny",
        );
        check(" with an explicit deny in a resource control policy", "A resource control", "administrator");
        check(" with an explicit deny", "A policy denies", "Effect");
        check("", "does not name the kind", "check the other kinds");
        check(". Encoded authorization failure message: abc", "No policy", "decode-authorization-message");
    }

    #[test]
    fn anonymous_callers_are_advised_to_sign() {
        let message =
            "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:x";
        let explanation = Denied::read(message).unwrap().explain();
        assert!(explanation.causes.concat().contains("without a signature"), "{explanation}");
        assert_eq!(explanation.remedies, ["Configure credentials and sign the request."]);
    }

    #[test]
    fn each_part_of_a_message_is_one_line() {
        let message = "User: ann\r\n\tof sales\nis not authorized\n    to perform: a:B on\nresource: c";
        let explanation = Denied::read(message).unwrap().explain();
        assert_eq!(explanation.evidence, ["identity: ann of sales", "action: a:B", "resource: c"]);
    }

    #[test]
    fn other_messages_are_not_read() {
        for message in ["", "Access Denied", "not authorized to perform: ", "User: x is not authorized"] {
            assert_eq!(Denied::read(message), None, "{message}");
        }
    }
}
