use std::time::{Duration, Instant};

use proptest::{collection::vec, prelude::*};

use super::*;

/// A digest of the form that callers pass, which is cryptographic.
fn digest(secret: &[u8]) -> String {
    let hash = unescaped(secret)
        .iter()
        .fold(0x811c_9dc5_u32, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{MASK}{hash:08x}")
}

fn mask_comparably(text: &str) -> String {
    mask_by(digest, text, &[])
}

fn mask_members(text: &str, members: &[&str]) -> String {
    mask_by(digest, text, members)
}

/// Without the digits behind each `***`.
fn without_digits(masked: &str) -> String {
    let mut parts = masked.split(MASK);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.get(..8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        shown += MASK;
        shown += part.get(digits.map_or(0, str::len)..).unwrap_or_default();
    }
    shown
}

#[track_caller]
fn check(text: &str, wholly: &str, comparably: &str) {
    assert_eq!(mask(text), wholly);
    let masked = mask_comparably(text);
    assert_eq!(without_digits(&masked), comparably);
    assert_eq!(mask_comparably(&masked), masked, "masking twice changes nothing");
}

#[track_caller]
fn same(text: &str, expected: &str) {
    check(text, expected, expected);
}

#[test]
fn secrets_are_masked_in_every_place() {
    same("host:h\nx-amz-security-token:hush+/=\nx:1", "host:h\nx-amz-security-token:***\nx:1");
    same("cookie:a=1; b=2\nhost:h", "cookie:***\nhost:h");
    same("x-amz-security-token : hush\nhost:h", "x-amz-security-token :***\nhost:h");
    same("Authorization: Bearer abc\n", "Authorization:***\n");
    same(
        "?X-Amz-Credential=AKIA%2Fx&X-Amz-Date=1&X-Amz-Signature=0a'",
        "?X-Amz-Credential=***&X-Amz-Date=1&X-Amz-Signature=***'",
    );
    same("/?u=%3FX-Amz-Signature%3D0a&b=2", "/?u=%3FX-Amz-Signature%3D***&b=2");
    same("/?u=%3FX-Amz-Signature%3D0a%26b%3D2", "/?u=%3FX-Amz-Signature%3D***%26b%3D2");
    same(
        "AWS4-HMAC-SHA256 Credential=A/b, SignedHeaders=host, Signature=0a",
        "AWS4-HMAC-SHA256 Credential=***, SignedHeaders=host, Signature=***",
    );
    same("Authorization=Bearer a b", "Authorization=***");
    same(
        "Authorization=AWS4-HMAC-SHA256 Credential=A/b, Signature=0a",
        "Authorization=AWS4-HMAC-SHA256 Credential=***, Signature=***",
    );
    same(
        "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer ab'c d'.",
        "'***' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer ***'.",
    );
    same(
        "'/20261122/us-east-1/sts/aws4_request' not a valid key=value pair (missing equal-sign) in Authorization header: \
         'AWS4-HMAC-SHA256 Credential=AKIA /20261122/us-east-1/sts/aws4_request, Signature=0a'.",
        "'/20261122/us-east-1/sts/aws4_request' not a valid key=value pair (missing equal-sign) in Authorization header: \
         'AWS4-HMAC-SHA256 Credential=*** /20261122/us-east-1/sts/aws4_request, Signature=***'.",
    );
    same(
        "in Authorization header: 'Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=0a'.",
        "in Authorization header: 'Authorization: ***'.",
    );
    same(
        "slash-delimited elements, got 'wJalr/K7MDENG/bPx/20261122/us-east-1/sts/aws4_request'",
        "slash-delimited elements, got '***/20261122/us-east-1/sts/aws4_request'",
    );
    same("got 'AKIA/20261122/us-east-1/aws4_request'", "got 'AKIA/20261122/us-east-1/aws4_request'");
    same("<SessionToken>abc</SessionToken>", "<SessionToken>***</SessionToken>");
}

/// Only texts that are compared have the forms of requests alone.
#[test]
fn secrets_of_files_and_commands_are_masked() {
    for (text, expected) in [
        ("aws_secret_access_key = hush\nregion = x", "aws_secret_access_key = ***\nregion = x"),
        ("aws_secret_access_key\t=\thush", "aws_secret_access_key\t=\t***"),
        ("export AWS_SECRET_ACCESS_KEY='hush hush'; x", "export AWS_SECRET_ACCESS_KEY='***'; x"),
        ("AWS_SESSION_TOKEN=\"hush", "AWS_SESSION_TOKEN=\"***"),
        ("client_secret = \"hush 'x'\" b", "client_secret = \"***\" b"),
        (r#"client_secret = "hu\"sh hush" b"#, r#"client_secret = "***" b"#),
        (r"client_secret = 'it'\''s hush' b", "client_secret = '***' b"),
        ("Signature = 'hush'", "Signature = '***'"),
        ("x-amz-security-token = hush b", "x-amz-security-token = *** b"),
        ("'password=' is empty, 'x' is not", "'password=' is empty, 'x' is not"),
        ("token=\nhost = x", "token=\nhost = x"),
        ("region = 'x'", "region = 'x'"),
    ] {
        assert_eq!(mask(text), expected);
        assert_eq!(mask(expected), expected, "masking twice changes nothing");
    }
}

#[test]
fn secrets_of_rpc_services_are_cut_out_of_queries_and_strings_to_sign() {
    same(
        "server string to sign is:POST&%2F&AccessKeyId%3DLTAI%26Password%3Dp%252Bw%26SecurityToken%3Dt%26Z%3D1",
        "server string to sign is:POST&%2F&AccessKeyId%3D***%26Password%3D***%26SecurityToken%3D***%26Z%3D1",
    );
    same(
        "/?AccessKeyId=LTAI&Name=n&SmbPassword=p%26w&SecurityToken=t%3D&Users.1.Password=p",
        "/?AccessKeyId=***&Name=n&SmbPassword=***&SecurityToken=***&Users.1.Password=***",
    );
    same("x-acs-security-token:hush\nhost:h", "x-acs-security-token:***\nhost:h");
    same("InvalidAccessKeyId: there is no such key", "InvalidAccessKeyId: there is no such key");
}

#[test]
fn users_secrets_are_not_even_hashed() {
    assert_eq!(mask_comparably("Password=hush&SmbPassword%3Dhush"), "Password=***&SmbPassword%3D***");
    assert_ne!(mask_comparably("SecurityToken=hush"), "SecurityToken=***");
}

#[test]
fn names_are_secret_in_any_case() {
    for name in [
        "Cookie",
        "x-acs-security-token",
        "SecurityToken",
        "AccessKeyId",
        "SmbPassword",
        "ClientSecret",
        "api_key",
        "token",
        "x-auth-token",
        "X-Password",
        "id_token",
        "CryptKey",
        "pwd",
        "private-key",
    ] {
        assert!(is_secret(name), "{name}");
    }
    for name in ["GatewayId", "SignatureNonce", "NextToken", "ClientToken", "x-amz-date", "key"] {
        assert!(!is_secret(name), "{name}");
    }
}

#[test]
fn names_of_tokens_and_passwords_are_known_in_queries_and_headers() {
    check(
        "/?api_key=k1&token=t1&NextToken=n",
        "/?api_key=***&token=***&NextToken=n",
        "/?api_key=***&token=***&NextToken=n",
    );
    same("x-auth-token:hush\nx-password:hush\nhost:h", "x-auth-token:***\nx-password:***\nhost:h");
    assert_eq!(
        mask_members("PIN=hush&b=1 \"Pin\": \"hush\" <PIN>hush</PIN>", &["PIN"]),
        "PIN=***&b=1 \"Pin\": \"***\" <PIN>***</PIN>"
    );
}

#[test]
fn secrets_are_cut_out_of_json() {
    same(r#"{"SecretAccessKey" : "a\"b", "Name":"n"}"#, r#"{"SecretAccessKey" : "***", "Name":"n"}"#);
    same(r#"{"Password":"a\\","Name":"n"}"#, r#"{"Password":"***","Name":"n"}"#);
    same(r#"{"body":"{\"Password\":\"pw\",\"a\":1}"}"#, r#"{"body":"{\"Password\":\"***\",\"a\":1}"}"#);
    same(r#"{"body":"{\"Password\":\"p\\\"w\",\"a\":1}"}"#, r#"{"body":"{\"Password\":\"***\",\"a\":1}"}"#);
    same("{'Cookie': 'a', 'b': 'c'}", "{'Cookie': '***', 'b': 'c'}");
    same(r#"{"Authorization": ["Bearer x"]}"#, r#"{"Authorization": ["***"]}"#);
}

/// As settings files, YAML, consoles and people write them, which pasted texts have.
#[test]
fn secrets_are_cut_out_of_settings_and_notes() {
    let notes = |text: &str, expected: &str| assert_eq!(mask_notes(text), expected);
    notes("aws_session_token = hush\nregion = eu-west-1", "aws_session_token = ***\nregion = eu-west-1");
    notes("aws_secret_access_key=\t hu/sh\n", "aws_secret_access_key=\t ***\n");
    notes("aws_secret_access_key = \"hu sh\"", "aws_secret_access_key = \"***\"");
    notes("aws_secret_access_key: hu/sh, x", "aws_secret_access_key: ***, x");
    notes("{ secretAccessKey: 'hush', region: 'r' }", "{ secretAccessKey: '***', region: 'r' }");
    notes("Secret access key: hu5sh\nuser ann", "Secret access key: ***\nuser ann");
    notes("password: hush at password:hush", "password: *** at password:***");
    notes("aws_secret_access_key:hush", "aws_secret_access_key:***");
    notes("AccessKey Secret: Hush", "AccessKey Secret: ***");
    notes("token: eyJhbGciOiJIUzI1NiJ9.e30", "token: ***");
    notes("token: k8s-aws-v1.aHR0cHM6", "token: ***");
    for text in [
        "is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:r:1:secret:x",
        "cannot find the specified secret: prod",
        "invalid token: expired",
        "web_identity_token_file: /none",
        "InvalidIdentityToken: Incorrect token audience",
        "GetApiKey: NotFoundException: Invalid API Key identifier specified (status 404)",
        "SetSMBGuestPassword: InvalidGatewayRequestException GatewayNotConnected: not connected",
        "GetSessionToken: AccessDenied",
        "PasswordPolicyViolation: the password is too short",
        "failed to get session token: connection refused",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod-database-1a2b3c4d",
        "Authorization: Bearer",
        "",
    ] {
        notes(text, text);
    }
}

#[test]
fn the_rest_of_a_header_line_stays_only_if_texts_are_compared() {
    check(
        r"X-Amz-Security-Token:hush==\nhost;x-amz-security-token",
        "X-Amz-Security-Token:***",
        r"X-Amz-Security-Token:***\nhost;x-amz-security-token",
    );
    check(
        "pasted x-amz-security-token:hush x-amz-target:T",
        "pasted x-amz-security-token:***",
        "pasted x-amz-security-token:*** x-amz-target:T",
    );
    check(
        r"host:h\nx-amz-security-token:hush\nx-api-key:k",
        r"host:h\nx-amz-security-token:***",
        r"host:h\nx-amz-security-token:***\nx-api-key:***",
    );
}

#[test]
fn everything_else_stays() {
    for text in [
        "",
        "Authorization header requires 'Credential' parameter. ",
        "host;x-amz-date;x-amz-security-token",
        "The security token included in the request is invalid.",
        "Credential should be scoped to a valid region, not 'us-east-1'. ",
        "Signature expired: 20261122T115000Z is now earlier than 20261122T120300Z",
        "x-amz-security-token:\nhost:ä",
        "Signature = ",
        r#"{"SecretArn":7,"Größe":"x","PasswordSet":true}"#,
    ] {
        same(text, text);
    }
}

#[test]
fn secrets_can_be_compared_after_masking() {
    let [one, same, other, forged] = [
        "x-amz-security-token:hush",
        "X-Amz-Security-Token:hush\n",
        "x-amz-security-token:other",
        "x-amz-security-token:***hush",
    ]
    .map(|text| mask_comparably(text).trim_end().split_once(':').map(|(_, value)| value.to_owned()).unwrap());
    assert!(one == same && one != other, "{one:?} {same:?} {other:?}");
    assert!([&one, &other, &forged].into_iter().all(|value| is_digest(value)), "{forged:?}");
}

/// Forms in which a secret may stand behind its name.
const FORMS: &[[&str; 2]] =
    &[["", ":"], ["", ": "], ["\"", "\":\""], ["\\\"", "\\\": \\\""], ["'", "': '"], ["<", ">"], ["?", "="]];

proptest! {
    #[test]
    fn no_named_secret_is_left(
        before in "(\\PC{0,12}\n)?",
        name in prop::sample::select(NAMES),
        upper in any::<bool>(),
        form in prop::sample::select(FORMS),
    ) {
        let name = if upper { name.to_uppercase() } else { name.to_owned() };
        let text = format!("{before}{}{name}{}hush", form[0], form[1]);
        prop_assert!(!mask(&text).contains("hush"), "{}", mask(&text));
        prop_assert!(!mask_comparably(&text).contains("hush"), "{}", mask_comparably(&text));
    }

    #[test]
    fn any_text_can_be_masked(pieces in vec(piece(), 0..20)) {
        let text = pieces.concat();
        let masked = mask_comparably(&text);
        prop_assert_eq!(mask_comparably(&masked), masked);
        prop_assert_eq!(mask(&mask(&text)), mask(&text));
    }
}

/// The opening quote is the last one that is left, so that masking again finds the same.
#[test]
fn what_is_quoted_is_hidden_whatever_it_holds() {
    for quoted in ["hush", "ha\nsh", "x-api-key>'<", "x-api-key:'\n"] {
        let masked = mask(&format!("it's '{quoted}{QUOTED}"));
        assert_eq!(masked, format!("it's '***{QUOTED}"), "{quoted}");
        assert_eq!(mask(&masked), masked);
    }
}

const PIECES: &[&str] = &[
    "x-api-key",
    "Cookie",
    "authorization header",
    "Authorization",
    "signature",
    "Password",
    "SecurityToken",
    "x-amz-signature",
    "%26",
    ":",
    "=",
    "%3D",
    ">",
    "<",
    "'",
    "\"",
    "\\",
    "\\\"",
    " ",
    "\n",
    "[",
    ",",
    "&",
    "***",
    "***0123abcd",
    "hush",
    "ä",
    QUOTED,
    "aws4-hmac-sha256 ",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![8 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => any::<String>()]
}

/// A text of a hundred times the length takes about a hundred times as long, not ten thousand times, whatever it contains.
#[test]
fn time_is_linear() {
    let took = |text: &str| {
        let start = Instant::now();
        assert!(mask_comparably(text).len() <= 12 * text.len() && mask(text).len() <= 4 * text.len());
        start.elapsed()
    };
    for piece in PIECES.iter().map(|piece| (*piece).to_owned()).chain(
        FORMS
            .iter()
            .flat_map(|[open, close]| ["cookie", "signature"].map(|name| format!("{open}{name}{close}"))),
    ) {
        for end in ["", "&", "\n", "\""] {
            let text = |bytes| format!("{piece}{end}").repeat(bytes / (piece.len() + end.len()));
            let (text, longer) = (text(400), text(40_000));
            // A busy machine stalls tries, more often the longer ones: the quickest of each count, with room.
            let [mut short, mut long] = [Duration::MAX; 2];
            let is_linear = (0..20).any(|_| {
                (short, long) = (short.min(took(&text)), long.min(took(&longer)));
                long < 1600 * short
            });
            assert!(is_linear, "{piece:?} {end:?}: {short:?}, {long:?}");
        }
    }
}

#[test]
fn texts_without_grammar_end_at_the_first_marked_name() {
    let members = ["LicenseContent", "Token"];
    let check = |text: &str, expected: &str| assert_eq!(cut_at_members(text.to_owned(), &members), expected);
    check(r#"{"A":1,"LicenseContent":{"x":"hush"#, r#"{"A":1,"LicenseContent: ***"#);
    check("<A>é</A><token><x>hush</x>", "<A>é</A><token: ***");
    check("LicenseContent: invalid type: string \"hush\"", "LicenseContent: ***");
    check(r#"{"NextToken":"shown","Tokens":1}"#, r#"{"NextToken":"shown","Tokens":1}"#);
    check("", "");
}
