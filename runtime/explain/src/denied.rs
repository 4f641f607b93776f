//! Denied actions: who, what, and by which kind of policy, from the service's message.

use serde_json::Value;

use super::{Explanation, error_response::labelled};
use crate::{text::single_spaced, vendor::Vendor};

/// The parts of a message about a missing permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Denied {
    principal: Option<String>,
    action: String,
    resource: Option<String>,
    /// A policy denies it explicitly; otherwise no policy allows it.
    explicit: bool,
    policy: Option<Policy>,
    /// The policy itself, if the message names it.
    policy_arn: Option<String>,
    /// The reason that the message gives, if it is not a kind of policy.
    reason: Option<String>,
    encoded: bool,
    vendor: Vendor,
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
    /// Of a role: who may assume it.
    Trust,
    /// Of a user or role, for a resource group.
    ResourceGroup,
    /// Of a resource directory.
    Control,
}

/// Kinds of policies, as error responses of Alibaba Cloud name them.
const POLICY_TYPES: &[(&str, Policy)] = &[
    ("AccountLevelIdentityBasedPolicy", Policy::Identity),
    ("AssumeRolePolicy", Policy::Trust),
    ("ControlPolicy", Policy::Control),
    ("ResourceBasedPolicy", Policy::Resource),
    ("ResourceGroupLevelIdentityBasedPolicy", Policy::ResourceGroup),
    ("SessionPolicy", Policy::Session),
];

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
        let message = single_spaced(message);
        let (before, after) = message.split_once(" not authorized to perform: ")?;
        let before = before.trim_end().strip_suffix(" is").unwrap_or(before);
        let principal = before.rsplit_once("User: ").map(|(_, user)| user.trim());
        let action = word(after)?;
        let resource = after.split_once("on resource: ").and_then(|(_, rest)| word(rest));
        let lower = after.to_ascii_lowercase();
        let explicit = lower.contains("explicit deny");
        let because = after.split_once(" because ").map(|(_, reason)| sentence(reason));
        let policy = POLICIES.iter().find(|(name, _)| match because {
            // Other reasons may name policies, too.
            Some(reason) if !explicit => {
                reason.strip_prefix("no ").is_some_and(|no| no.to_ascii_lowercase().starts_with(name))
            }
            _ => lower.contains(name),
        });
        Some(Self {
            principal: principal.filter(|user| !user.is_empty()).map(str::to_owned),
            action: action.to_owned(),
            resource: resource.map(str::to_owned),
            explicit,
            policy: policy.map(|(_, policy)| *policy),
            policy_arn: after
                .split_once("policy: arn:")
                .and_then(|(_, rest)| word(rest))
                .map(|arn| format!("arn:{arn}")),
            reason: because.filter(|_| policy.is_none()).map(str::to_owned),
            encoded: lower.contains("encoded authorization failure message"),
            vendor: Vendor::Aws,
        })
    }

    /// Reads the details of an error response of Alibaba Cloud: `{"AccessDeniedDetail": {"AuthAction": …}}`.
    pub(super) fn read_details(details: &str) -> Option<Self> {
        let details: Value = serde_json::from_str(details).ok()?;
        let detail = details.get("AccessDeniedDetail")?;
        let text = |name| {
            detail.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let name = text("AuthPrincipalDisplayName");
        let owner =
            text("AuthPrincipalOwnerId").map(|owner| format!(" of account {owner}")).unwrap_or_default();
        let kind = match text("AuthPrincipalType").as_deref() {
            Some("SubUser") => "RAM user ",
            Some("AssumedRoleUser") => "RAM role ",
            _ => "",
        };
        let policy = text("PolicyType");
        let known =
            POLICY_TYPES.iter().find(|(name, _)| policy.as_deref() == Some(*name)).map(|(_, policy)| *policy);
        Some(Self {
            principal: name.map(|name| format!("{kind}{name}{owner}")),
            action: text("AuthAction")?,
            resource: text("AuthResource"),
            explicit: text("NoPermissionType").as_deref() == Some("ExplicitDeny"),
            policy: known,
            policy_arn: None,
            reason: policy.filter(|_| known.is_none()),
            encoded: text("EncodedDiagnosticMessage").is_some(),
            vendor: Vendor::AlibabaCloud,
        })
    }

    /// Whether the message does not say why.
    pub(super) fn is_open(&self) -> bool {
        !self.explicit && self.policy.is_none() && self.reason.is_none()
    }

    pub(super) fn explain(&self) -> Explanation {
        let anonymous = self.principal.as_deref().is_some_and(|user| user.eq_ignore_ascii_case("anonymous"));
        let evidence = [
            labelled("identity", self.principal.as_deref()),
            labelled("action", Some(&self.action)),
            labelled("resource", self.resource.as_deref()),
            labelled("policy", self.policy_arn.as_deref()),
        ];
        let (whose, decode) = match self.vendor {
            Vendor::Aws => {
                ("aws sts get-caller-identity", "aws sts decode-authorization-message --encoded-message …")
            }
            Vendor::AlibabaCloud => (
                "aliyun sts GetCallerIdentity",
                "aliyun ram DecodeDiagnosticMessage --EncodedDiagnosticMessage …",
            ),
        };
        let unsigned = "The request arrived without a signature, so its identity is unknown.".to_owned();
        let mut causes: Vec<_> = anonymous.then_some(unsigned).into_iter().collect();
        causes.extend(self.cause().filter(|_| !anonymous || !self.is_open()));
        let mut remedies = Vec::new();
        if anonymous {
            remedies.push("Configure credentials and sign the request.".to_owned());
        }
        if self.explicit {
            remedies.push(
                "Find the statement with `\"Effect\": \"Deny\"` that matches, with its conditions; an `Allow` elsewhere does not help."
                    .to_owned(),
            );
        }
        remedies.extend(match (self.policy, &self.reason) {
            (Some(policy), _) if self.explicit || !anonymous => Some(policy.remedy(&self.action, self.explicit)),
            // Nothing is gained by an `Allow`, and an API is soon open to everyone.
            _ if self.explicit || anonymous => None,
            (_, Some(_)) => Some(format!(
                "Remove the reason that the message gives; allow `{}` in a policy only if a policy is the reason.",
                self.action
            )),
            (_, None) => Some(format!(
                "Allow `{}` in a policy of the identity, and check the other kinds: those of the resource (of a role, its trust policy), the organization, the session and the VPC endpoint.",
                self.action
            )),
        });
        if !anonymous {
            remedies.push(format!("Check that this is the identity you mean: `{whose}`."));
        }
        if self.encoded {
            remedies.push(format!("Decode the details: `{decode}`."));
        }
        Explanation {
            evidence: evidence.into_iter().flatten().collect(),
            causes,
            remedies,
            ..Explanation::default()
        }
    }

    fn cause(&self) -> Option<String> {
        match (self.explicit, self.policy, &self.reason) {
            (true, Some(policy), _) => Some(format!("{} denies the action explicitly.", policy.a())),
            (true, None, _) => Some("A policy denies the action explicitly.".to_owned()),
            (false, Some(policy), _) => Some(format!("No {} allows the action.", policy.name())),
            (false, None, Some(reason)) => {
                labelled("The message gives the reason", Some(reason)).map(|cause| cause + ".")
            }
            (false, None, None) => Some(
                "No policy allows this identity to perform the action on this resource, or one denies it; the message does not name the kind of policy."
                    .to_owned(),
            ),
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
            Self::Trust => "trust policy of the role",
            Self::ResourceGroup => "identity-based policy for the resource group",
            Self::Control => "control policy of the resource directory",
        }
    }

    fn a(self) -> String {
        let article = if matches!(self, Self::Identity | Self::ResourceGroup) { "An" } else { "A" };
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
            Self::Trust => "in the trust policy of the role, for this identity",
            Self::ResourceGroup => "in a policy that is attached to the user or role for the resource group",
            Self::Control => {
                "in the control policies of the resource directory, which its administrator can change"
            }
        };
        format!("{verb} `{action}` {place}.")
    }
}

fn word(text: &str) -> Option<&str> {
    text.split_whitespace()
        .next()
        .map(|word| word.trim_end_matches(['.', ',']).trim_matches('"'))
        .filter(|word| !word.is_empty())
}

/// The text up to the end of its first sentence.
fn sentence(text: &str) -> &str {
    text.split(". ").next().unwrap_or_default().trim_end_matches('.')
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

    /// A deny that matches an anonymous caller may match a signed one as well, for its address or VPC.
    #[test]
    fn an_explicit_deny_counts_for_anonymous_callers() {
        let message = "User: anonymous is not authorized to perform: a:B on resource: c with an explicit deny in a \
            resource-based policy";
        let explanation = Denied::read(message).unwrap().explain();
        let unsigned = "The request arrived without a signature, so its identity is unknown.";
        let sign = "Configure credentials and sign the request.";
        assert_eq!(explanation.causes, [unsigned, "A resource-based policy denies the action explicitly."]);
        let [first, find, stop] = explanation.remedies.try_into().unwrap();
        assert_eq!([first.as_str(), &stop], [sign, "Stop denying `a:B` in the policy of the resource."]);
        assert!(find.contains("\"Deny\""), "{find}");
        let message = "User: anonymous is not authorized to perform: a:B on resource: c because no resource-based \
            policy allows the a:B action";
        let explanation = Denied::read(message).unwrap().explain();
        assert_eq!(explanation.causes, [unsigned, "No resource-based policy allows the action."]);
        assert_eq!(explanation.remedies, [sign]);
    }

    #[test]
    fn the_policy_that_a_message_names_is_evidence() {
        let policy = "arn:aws:organizations::111122223333:policy/o-a/service_control_policy/p-b";
        let message = format!("{USER} with an explicit deny in a service control policy: {policy}");
        let explanation = Denied::read(&message).unwrap().explain();
        assert_eq!(explanation.evidence.last(), Some(&format!("policy: {policy}")));
        assert_eq!(
            explanation.causes,
            ["A service control policy of the organization denies the action explicitly."]
        );
    }

    #[track_caller]
    fn check_details(kinds: &str, cause: &str, remedy: &str) {
        let details = format!(
            r#"{{"AccessDeniedDetail":{{"AuthAction":"hcs-sgw:DescribeGateways","AuthPrincipalDisplayName":"2012","AuthPrincipalOwnerId":"1012",
            "AuthPrincipalType":"SubUser","EncodedDiagnosticMessage":"AQ",{kinds}}}}}"#
        );
        let explanation = Denied::read_details(&details).unwrap().explain();
        let identity = "identity: RAM user 2012 of account 1012";
        assert_eq!(explanation.evidence, [identity, "action: hcs-sgw:DescribeGateways"]);
        assert_eq!(explanation.causes, [cause]);
        let remedies = explanation.remedies.join("\n");
        assert!(remedies.contains(remedy) && !remedies.contains("aws"), "{remedies}");
        assert!(remedies.contains("aliyun ram DecodeDiagnosticMessage"), "{remedies}");
    }

    #[test]
    fn details_of_alibaba_cloud_are_read() {
        check_details(
            r#""NoPermissionType":"ImplicitDeny","PolicyType":"AccountLevelIdentityBasedPolicy""#,
            "No identity-based policy allows the action.",
            "Allow `hcs-sgw:DescribeGateways` in a policy attached to the user or role.",
        );
        check_details(
            r#""NoPermissionType":"ExplicitDeny","PolicyType":"ControlPolicy""#,
            "A control policy of the resource directory denies the action explicitly.",
            "Stop denying `hcs-sgw:DescribeGateways` in the control policies of the resource directory",
        );
        check_details(
            r#""NoPermissionType":"ImplicitDeny","PolicyType":"AssumeRolePolicy""#,
            "No trust policy of the role allows the action.",
            "in the trust policy of the role, for this identity",
        );
        check_details(
            r#""NoPermissionType":"ImplicitDeny","PolicyType":"NewPolicy""#,
            "The message gives the reason: NewPolicy.",
            "only if a policy is the reason",
        );
        for other in ["", "{}", r#"{"AccessDeniedDetail":{}}"#, r#"{"AccessDeniedDetail":"x"}"#] {
            assert_eq!(Denied::read_details(other), None, "{other}");
        }
    }

    #[test]
    fn an_allow_is_not_advised_against_a_deny() {
        let explanation = Denied::read(&format!("{USER} with an explicit deny")).unwrap().explain();
        assert!(!explanation.remedies.concat().contains("Allow `"), "{explanation}");
    }

    /// Such reasons may name several kinds of policies, or none.
    #[test]
    fn other_reasons_are_quoted() {
        let blocked = "public policies are blocked by the BlockPublicPolicy block public access setting";
        check(&format!(" because {blocked}."), blocked, "Remove the reason");
        let key = "the resource does not exist in this Region, no resource-based policies allow access, or a \
            resource-based policy explicitly denies access";
        check(&format!(" because {key}"), key, "only if a policy is the reason");
        let message =
            "User: a is not authorized to perform: s3:Get on resource: \"arn:aws:s3:::b\" because x. More.";
        let explanation = Denied::read(message).unwrap().explain();
        assert!(explanation.evidence.contains(&"resource: arn:aws:s3:::b".to_owned()), "{explanation}");
        assert_eq!(explanation.causes, ["The message gives the reason: x."]);
    }

    /// Roles have a policy on their own side, which such messages do not mention.
    #[test]
    fn trust_policies_are_mentioned() {
        let message = "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on \
            resource: arn:aws:iam::444455556666:role/r";
        let explanation = Denied::read(message).unwrap().explain();
        assert!(explanation.remedies.concat().contains("trust policy"), "{explanation}");
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
