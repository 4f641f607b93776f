//! The syntax of the shared files, seen through the settings that come out of them.

mod machine;

use std::time::{Duration, Instant};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    ServiceInfo,
    credentials::{CredentialsChain, ProvideCredentials as _},
    endpoint::EndpointRules,
    settings::{ExplicitSettings, Settings, SettingsError},
    sign::Auth,
};
use proptest::prelude::*;

static RULES: EndpointRules = EndpointRules::new(&[], &[]);
static SERVICE: ServiceInfo = ServiceInfo::new("", "", "Storage Gateway", Auth::sigv4(""), &RULES, &[], &[]);

const CONFIG: &str = "/home/me/.aws/config";
const CREDENTIALS: &str = "/home/me/.aws/credentials";

fn load(machine: &TestContext, profile: &str) -> Result<Settings, SettingsError> {
    let mut explicit = ExplicitSettings::default();
    explicit.profile = (profile != "default").then(|| profile.to_owned());
    Settings::load(machine, &SERVICE, explicit)
}

/// The `sdk_ua_app_id` of a profile, a setting of free text; `-` if it is not set.
#[track_caller]
fn check(profile: &str, config: &str, credentials: &str, expected: &str) {
    let machine = machine::with(&[], &[(CONFIG, config), (CREDENTIALS, credentials)]);
    let settings = load(&machine, profile).expect(config);
    assert_eq!(settings.app_id.map_or("-".to_owned(), |id| id.value), expected, "{config:?} {credentials:?}");
}

#[test]
fn lines_mean_what_they_mean_to_aws_tools() {
    for (config, expected) in [
        ("[default]\nsdk_ua_app_id = a", "a"),
        ("[default]\r\nsdk_ua_app_id = a\r\n", "a"),
        ("\u{feff}[default]\nsdk_ua_app_id=a", "a"),
        ("[default]\nsdk_ua_app_id\t=\t a \t\n", "a"),
        ("[default]\nSDK_UA_App_Id = A", "A"),
        ("[ default ] # mine\nsdk_ua_app_id = a", "a"),
        ("[default];mine\nsdk_ua_app_id = a", "a"),
        ("# x\n; y\n\n  # z\n[default]\n#\nsdk_ua_app_id = a", "a"),
        ("[default]\nsdk_ua_app_id = a # b", "a"),
        ("[default]\nsdk_ua_app_id = a\t; b", "a"),
        ("[default]\nsdk_ua_app_id = a#b;c", "a#b;c"),
        ("[default]\nsdk_ua_app_id = # b", "-"),
        ("[default]\nsdk_ua_app_id =", "-"),
        ("[default]\nsdk_ua_app_id = a=b", "a=b"),
        ("[default]\nsdk_ua_app_id = a\nsdk_ua_app_id = b", "b"),
        ("[default]\nsdk_ua_app_id = a\n[profile x]\n[default]\nsdk_ua_app_id = b", "b"),
        ("  [default]\n  sdk_ua_app_id = a\n  region = eu-west-1", "a"),
        ("[default]\ns3 =\n  sdk_ua_app_id = nested\nsdk_ua_app_id = a", "a"),
        ("[default]\ns3 =\n  sdk_ua_app_id = nested", "-"),
        ("[default]\ns3 =\n\n  # note\n  x = y\nsdk_ua_app_id = a", "a"),
        ("[profile default]\nsdk_ua_app_id = a\n[default]\nsdk_ua_app_id = b", "a"),
        ("[default]\nsdk_ua_app_id = b\n[profile default]\nregion = eu-west-1", "-"),
        ("[plugins]\nsdk_ua_app_id = a\n[default]", "-"),
        ("[DEFAULT]\nsdk_ua_app_id = a", "-"),
        ("[sso-session default]\nsdk_ua_app_id = a", "-"),
        ("", "-"),
    ] {
        check("default", config, "", expected);
    }
}

#[test]
fn sections_name_profiles() {
    for (profile, config, credentials, expected) in [
        ("x", "[profile x]\nsdk_ua_app_id = a", "", "a"),
        ("x", "[profile\tx]\nsdk_ua_app_id = a", "", "a"),
        ("x", "[x]\nsdk_ua_app_id = a\n[profile x]", "", "-"),
        ("x", "", "[x]\nsdk_ua_app_id = a", "a"),
        ("x", "[profile X]\nsdk_ua_app_id = a", "[x]", "-"),
        ("default", "", "[default]\nsdk_ua_app_id = a", "a"),
        ("x", "[profile x]\nsdk_ua_app_id = a", "[x]\nsdk_ua_app_id = b", "b"),
        ("x", "[profile x]\nsdk_ua_app_id = a", "[x]\nregion = eu-west-1", "a"),
        ("default", "[profile default]\nsdk_ua_app_id = a", "[default]\nsdk_ua_app_id = b", "b"),
    ] {
        check(profile, config, credentials, expected);
    }
}

#[test]
fn a_profile_in_the_form_of_the_other_file_is_pointed_out() {
    for (config, credentials, expected) in [
        (
            "",
            "[profile x]\n[profile x]\n",
            "profiles there: profile x; the file of credentials has `[profile x]`; write `[x]` there",
        ),
        (
            "[x]\n[profile y]\n",
            "",
            "profiles there: y; `[x]` is not a profile in that file; write `[profile x]`",
        ),
        ("[profile xy]\n[y]", "", "profiles there: xy"),
    ] {
        let machine = machine::with(&[], &[(CONFIG, config), (CREDENTIALS, credentials)]);
        let error = load(&machine, "x").unwrap_err().to_string();
        assert!(error.ends_with(expected), "{error}");
    }
}

/// As botocore 1.44 reads the same files.
#[test]
fn names_are_quoted_as_a_shell_does() {
    for (inside, profile) in [
        (r#"profile 'Someone'"'"'s Mac'"#, "Someone's Mac"),
        (r#"profile "x y""#, "x y"),
        (r"profile 'x y'", "x y"),
        (r"profile x\ y", "x y"),
        (r"profile 'x''y'", "xy"),
        (r#"profile "a\"b""#, "a\"b"),
        ("profile   x  ", "x"),
        ("profile\tx", "x"),
        ("profile x\u{a0}y", "x\u{a0}y"),
        ("profile 'é è'", "é è"),
        ("profile x#y", "x#y"),
        ("profile a]b", "a]b"),
        ("profile 'a ] b'", "a ] b"),
        ("profile 'a] #b'", "a] #b"),
        ("profile \"a];b\"", "a];b"),
        (r#"profile "a\"] # b""#, "a\"] # b"),
        (r"profile a\]\ \#b", "a] #b"),
        (r"profile 'a\'", r"a\"),
        (r"profile a'] #'b", "a] #b"),
        ("profile o'x] # it's", "ox] # its"),
        ("profile '#'", "#"),
        ("profile 'default] ;'", "default] ;"),
    ] {
        let config = format!("[{inside}]\nsdk_ua_app_id = a\n");
        check(profile, &config, "", "a");
        check(profile, &config.replace("]\n", "] # [x] is another\n"), "", "a");
    }
    // These name no profile, and are left alone.
    for inside in [
        "profile x y",
        "profile 'x",
        "profile \"x",
        "profile x\\",
        "profile 'x' y",
        "profile",
        "profile\u{a0}x",
        "'profile' x",
        "'profile x'",
        "profilex",
    ] {
        let config = format!("[{inside}]\nsdk_ua_app_id = a\n[profile known]\n");
        let error = load(&machine::with(&[], &[(CONFIG, &config)]), "x").unwrap_err().to_string();
        assert!(error.contains("; profiles there: known"), "{error}");
        let shown = inside.escape_debug();
        let hint = format!("; `[{shown}]` is not read; quote its name as in a shell");
        assert_eq!(error.ends_with(&hint), inside.starts_with("profile "), "{error}");
    }
    // In the other file names are what they are.
    for name in ["x y", "Someone's Mac", "'x y'", "\"x y\""] {
        check(name, "", &format!("[{name}]\nsdk_ua_app_id = a\n"), "a");
        check(name, "", &format!("[{name}] # someone's [x]\nsdk_ua_app_id = a\n"), "a");
    }
}

#[test]
fn sections_that_profiles_name_are_quoted_as_well() {
    let config = "[default]\nservices = my services\n[services 'my services']\nstorage_gateway =\n  \
                  endpoint_url = http://127.0.0.1:1\n";
    let settings = load(&machine::with(&[], &[(CONFIG, config)]), "default").unwrap();
    assert_eq!(settings.endpoint_url.unwrap().value, "http://127.0.0.1:1");
}

#[test]
fn a_line_that_cannot_be_read_spoils_its_section_alone() {
    let config = "# Andr\u{e9}\n[profile x]\nregion eu-west-1\n[profile y]\nsdk_ua_app_id = a\n[plugins]\nx\n\
                  [services s]\nTOPSECRET\n[profile z]\nservices = s\n";
    check("y", config, "", "a");
    check("default", config, "", "-");
    let latin: Vec<u8> = config.chars().map(|character| u8::try_from(character).unwrap()).collect();
    let settings = load(&machine::with(&[], &[]).file(CONFIG, latin), "y").unwrap();
    assert_eq!(settings.app_id.unwrap().value, "a");
    // The caller may rely on the line.
    for (profile, line) in [("x", 3), ("z", 9)] {
        let error = load(&machine::with(&[], &[(CONFIG, config)]), profile).unwrap_err();
        let problem = "neither `key = value` nor `[section]` nor a comment with `#`";
        assert_eq!(error.to_string(), format!("{CONFIG}:{line}: {problem}"));
    }
    // The sections of the following lines are unknown.
    assert!(load(&machine::with(&[], &[(CONFIG, &format!("{config}[profile"))]), "y").is_err());
}

#[test]
fn files_of_windows_editors_are_read() {
    let text = "[default]\r\nsdk_ua_app_id = a\r\n";
    let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{text}").encode_utf16().flat_map(unit).collect()
    };
    for file in [format!("\u{feff}{text}").into_bytes(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)] {
        let settings = load(&machine::with(&[], &[]).file(CONFIG, file), "default").unwrap();
        assert_eq!(settings.app_id.unwrap().value, "a");
    }
}

/// Reading took time with the square of the length: a minute for such files, without optimization.
#[test]
fn large_files_are_read_in_linear_time() {
    let lines = |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<Vec<_>>().concat();
    let keys = lines(70_000, |key| format!("key{key} = v\n"));
    let keys = format!("[default]\nsdk_ua_app_id = a\n{keys}");
    let profiles = lines(40_000, |profile| format!("[profile p{profile}]\nx =\n"));
    let profiles = format!("{profiles}[default]\nsdk_ua_app_id = a\n");
    let nested = lines(60_000, |key| format!("  key{key} = v\n"));
    let nested = format!("[default]\nsdk_ua_app_id = a\ns3 =\n{nested}");
    let began = Instant::now();
    for config in [&keys, &profiles, &nested] {
        assert!(config.len() > 800_000, "{}", config.len());
        check("default", config, &profiles.replace("profile ", ""), "a");
    }
    let error = load(&machine::with(&[], &[(CONFIG, &profiles)]), "x").unwrap_err().to_string();
    assert!(error.ends_with("p19, and 39981 more"), "{error}");
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

#[test]
fn malformed_files_say_where_and_what_but_never_the_line() {
    for (content, line, problem) in [
        (
            &b"[default]\nregion = a\nTOPSECRET"[..],
            3,
            "neither `key = value` nor `[section]` nor a comment with `#`",
        ),
        (b"[default\nTOPSECRET = x", 1, "no `]` after the section's name"),
        (b"[default] TOPSECRET", 1, "text after `]`; begin a new line there, or a comment with `#`"),
        (b"[]", 1, "a section without a name; write `[default]` or `[profile name]`"),
        (b"[ ]", 1, "a section without a name; write `[default]` or `[profile name]`"),
        (
            b"\n\naws_secret_access_key = TOPSECRET",
            3,
            "a property before the first section; write `[default]` above it",
        ),
        (b"[default]\n = TOPSECRET", 2, "a value without a key; write `key = value`"),
        (b"[default]\ns3 =\n  TOPSECRET", 3, "neither `key = value` nor `[section]` nor a comment with `#`"),
        (b"[default]\r\n\r\nx = TOPSECRET\xFF\r\n", 3, "not UTF-8; save the file as UTF-8"),
        (b"\xFE[default]", 1, "not UTF-8; save the file as UTF-8"),
        (b"\xFF\xFE[\0d\0", 1, "no `]` after the section's name"),
        (b"[default]\n[profile \xE9]\n", 2, "not UTF-8; save the file as UTF-8"),
    ] {
        for path in [CONFIG, CREDENTIALS] {
            let error = load(&machine::with(&[], &[]).file(path, content), "default").unwrap_err();
            assert_eq!(error.to_string(), format!("{path}:{line}: {problem}"));
            assert!(!format!("{error:?}").contains("TOPSECRET"));
        }
    }
}

#[test]
fn huge_files_are_refused() {
    let fits = "[default]\n".to_owned() + &"#".repeat((16 << 20) - 10);
    assert!(load(&machine::with(&[], &[(CONFIG, &fits)]), "default").is_ok());
    let error = load(&machine::with(&[], &[(CONFIG, &(fits + "#"))]), "default").unwrap_err();
    assert_eq!(
        error.to_string(),
        "/home/me/.aws/config: larger than 16 MiB; name the right file in AWS_CONFIG_FILE"
    );
}

/// Bytes, and lines made of what parsers trip over.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let lines = prop::collection::vec(
        "[ \\t]{0,2}(\\[|\\]|=|#|;|default|profile|services|x|\"|'|é|\u{feff}| |\\r){0,8}",
        0..12,
    );
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        lines.prop_map(|lines| lines.join("\n").into_bytes())
    ]
}

proptest! {
    #[test]
    fn no_content_makes_it_panic(config in content(), credentials in content()) {
        let no_instance = ("AWS_EC2_METADATA_DISABLED", "true");
        let machine = machine::with(&[no_instance], &[]).file(CONFIG, config).file(CREDENTIALS, credentials);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for profile in [None, Some("x".to_owned())] {
            let mut explicit = ExplicitSettings::default();
            explicit.profile.clone_from(&profile);
            if let Err(error) = Settings::load(&machine, &SERVICE, explicit) {
                prop_assert!(!error.to_string().contains(char::is_control));
            }
            let chain = CredentialsChain::standard(machine.shared(), profile);
            if let Err(error) = runtime.block_on(chain.provide()) {
                prop_assert!(!error.to_string().contains(char::is_control));
            }
        }
    }

    #[test]
    fn values_survive(value in "[!-~]([ -~]{0,20}[!-~])?") {
        prop_assume!(!value.contains(" #") && !value.contains(" ;") && !value.starts_with(['#', ';']));
        let config = format!("[default]\nsdk_ua_app_id = {value}\n");
        let settings = load(&machine::with(&[], &[(CONFIG, &config)]), "default").unwrap();
        prop_assert_eq!(settings.app_id.unwrap().value, value);
    }
}
