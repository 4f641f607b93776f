use serde_json::json;

use super::*;

fn is(function: &str, one: &Value, other: impl Into<Value>) -> Value {
    let other = other.into();
    json!({"fn": function, "argv": [one, other]})
}

fn flag(name: &str, flag: bool) -> Value {
    is("booleanEquals", &json!({"ref": name}), flag)
}

fn endpoint(conditions: &[Value], url: &str) -> Value {
    json!({"type": "endpoint", "conditions": conditions, "endpoint": {"url": url}})
}

fn translated(rules: &[Value]) -> Result<Vec<String>, String> {
    let mut losses = Losses::default();
    let rules = translate(&json!({"parameters": {}, "rules": rules}), &Vendor::default(), &mut losses)?;
    Ok(rules.into_iter().map(|rule| Json::from(rule.entry()).line()).collect())
}

#[test]
fn conditions_that_must_not_hold_become_order() {
    let rules = [
        endpoint(&[flag("UseFIPS", false), flag("UseDualStack", false)], "https://neither.example.com"),
        endpoint(&[flag("UseFIPS", true), flag("UseDualStack", false)], "https://fips.example.com"),
        endpoint(&[flag("UseFIPS", false), flag("UseDualStack", true)], "https://dual.example.com"),
        endpoint(&[], "https://both.example.com"),
    ];
    let expected = [
        r#"{"when": ["fips", "dual-stack"], "url": "https://both.example.com"}"#,
        r#"{"when": ["fips"], "url": "https://fips.example.com"}"#,
        r#"{"when": ["dual-stack"], "url": "https://dual.example.com"}"#,
        r#"{"when": [], "url": "https://neither.example.com"}"#,
    ];
    assert_eq!(translated(&rules).unwrap(), expected);
}

#[test]
fn what_our_rules_do_not_have_is_said() {
    let host = json!({"fn": "getAttr", "argv": [{"ref": "Endpoint"}, "authority"]});
    let unknown = endpoint(&[is("stringEquals", &host, "a")], "https://a.example.com");
    assert!(translated(&[unknown]).unwrap_err().ends_with("is not understood"));
    let plain = translated(&[endpoint(&[], "ftp://localhost:8000")]);
    assert_eq!(plain.unwrap_err(), "ftp://localhost:8000 is not https");
    let placeholder = translated(&[endpoint(&[], "https://{Account}.example.com")]);
    assert!(placeholder.unwrap_err().contains("has placeholders"));
}

#[test]
fn a_service_without_any_endpoint_is_called_by_url() {
    let error = |text: &str| json!({"type": "error", "conditions": [], "error": text});
    let expected = [r#"{"when": ["endpoint-set"], "custom": true}"#, r#"{"when": [], "error": "no ARN"}"#];
    assert_eq!(translated(&[error("no ARN")]).unwrap(), expected);
}

/// As in the rule set of Amazon S3: other names of results, and conditions on members that our rules do not see.
#[test]
fn results_have_the_names_that_conditions_assign() {
    let assign = |mut condition: Value, name: &str| {
        condition["assign"] = name.into();
        condition
    };
    let partition = || assign(json!({"fn": "aws.partition", "argv": [{"ref": "Region"}]}), "where");
    let url = || assign(json!({"fn": "parseURL", "argv": [{"ref": "Endpoint"}]}), "parts");
    let name = json!({"fn": "getAttr", "argv": [{"ref": "where"}, "name"]});
    let part = json!({"fn": "substring", "argv": [{"ref": "Bucket"}, 0, 6, true]});
    let rules = [
        endpoint(
            &[assign(part, "suffix"), is("stringEquals", &json!({"ref": "suffix"}), "--x-s3")],
            "https://x",
        ),
        endpoint(&[url()], "{parts#scheme}://{parts#authority}{parts#path}"),
        endpoint(
            &[partition(), is("stringEquals", &name, "aws-cn")],
            "https://cn.{Region}.{where#dnsSuffix}",
        ),
        endpoint(&[partition()], "https://s3.{Region}.{where#dnsSuffix}"),
    ];
    let set = json!({"parameters": {"Bucket": {"type": "String"}}, "rules": rules});
    let mut losses = Losses::default();
    let rules = translate(&set, &Vendor::default(), &mut losses).unwrap();
    let rules: Vec<_> = rules.into_iter().map(|rule| Json::from(rule.entry()).line()).collect();
    let expected = [
        r#"{"when": ["endpoint-set"], "custom": true}"#,
        r#"{"when": ["region-set", {"partition-is": "aws-cn"}], "url": "https://cn.{Region}.{dnsSuffix}"}"#,
        r#"{"when": ["region-set"], "url": "https://s3.{Region}.{dnsSuffix}"}"#,
        r#"{"when": [], "error": "Invalid Configuration: Missing Region"}"#,
    ];
    assert_eq!(rules, expected);
}

/// As in the rule set of Amazon DynamoDB.
#[test]
fn the_callers_url_is_the_callers_and_a_url_without_tls_is_an_error() {
    let url = json!({"fn": "parseURL", "argv": [{"ref": "Endpoint"}], "assign": "parts"});
    let host = json!({"fn": "getAttr", "argv": [{"ref": "parts"}, "authority"]});
    let advised = json!({
        "type": "error",
        "conditions": [is("stringEquals", &host, "a.{Region}.example.com")],
        "error": "enable dual stack",
    });
    let local = is("stringEquals", &json!({"ref": "Region"}), "local");
    let rules = [
        json!({"type": "tree", "conditions": [url], "rules": [advised, endpoint(&[], "{Endpoint}")]}),
        endpoint(&[local], "http://localhost:8000"),
    ];
    let expected = [
        r#"{"when": ["endpoint-set"], "custom": true}"#,
        r#"{"when": [{"region-is": "local"}], "error": "localhost:8000 is reached without TLS, and only by an endpoint URL"}"#,
        r#"{"when": [], "error": "Invalid Configuration: Missing Region"}"#,
    ];
    assert_eq!(translated(&rules).unwrap(), expected);
}

/// As in the rule set of Amazon S3: a rule and its opposite never both lose the caller's URL.
#[test]
fn the_host_of_a_callers_url_is_a_name_that_no_rule_names() {
    let assigned = json!({"fn": "parseURL", "argv": [{"ref": "Endpoint"}], "assign": "parts"});
    let part = |name: &str| json!({"fn": "getAttr", "argv": [{"ref": "parts"}, name]});
    let not = |condition: &Value| json!({"fn": "not", "argv": [condition]});
    let holds = |condition: &Value| {
        let callers = endpoint(&[assigned.clone(), condition.clone()], "{Endpoint}");
        let rules = translated(&[callers, endpoint(&[], "https://a.example.com")])?;
        Ok::<_, String>(rules.iter().any(|rule| rule.contains("custom")))
    };
    let cases = [
        (is("booleanEquals", &part("isIp"), true), false),
        (is("booleanEquals", &part("isIp"), false), true),
        (is("stringEquals", &part("scheme"), "http"), false),
        (is("stringEquals", &part("authority"), "a.{Region}.example.com"), false),
    ];
    for (condition, expected) in cases {
        assert_eq!(holds(&condition), Ok(expected), "{condition}");
        assert_eq!(holds(&not(&condition)), Ok(!expected), "not {condition}");
    }
    let unknown = holds(&is("stringEquals", &part("path"), "/"));
    assert!(unknown.unwrap_err().ends_with("is not understood"));
}

/// `coalesce` and `ite` are made for values that are not set.
#[test]
fn only_functions_that_fail_without_a_value_do_not_hold() {
    let own = || json!({"ref": "Bucket"});
    let translated = |condition: Value| {
        let rules = [endpoint(&[condition], "https://a.example.com"), endpoint(&[], "https://b.example.com")];
        let set = json!({"parameters": {"Bucket": {"type": "String"}}, "rules": rules});
        translate(&set, &Vendor::default(), &mut Losses::default())
    };
    let encoded = json!({"fn": "uriEncode", "argv": [own()]});
    for condition in [encoded.clone(), is("stringEquals", &encoded, "a")] {
        assert_eq!(translated(condition).unwrap().len(), 1);
    }
    for function in ["coalesce", "ite"] {
        let chosen = json!({"fn": function, "argv": [own(), "a", "b"]});
        for condition in [chosen.clone(), is("stringEquals", &chosen, "a")] {
            assert!(translated(condition).unwrap_err().ends_with("is not understood"));
        }
    }
}

/// As in the rule set of Amazon S3, for the region `aws-global`.
#[test]
fn signing_regions_of_callers_urls_are_reported() {
    let lost = |scheme: Value| {
        let mut rule = endpoint(&[json!({"fn": "isSet", "argv": [{"ref": "Endpoint"}]})], "{Endpoint}");
        rule["endpoint"]["properties"] = json!({"authSchemes": [scheme]});
        let mut losses = Losses::default();
        translate(&json!({"parameters": {}, "rules": [rule]}), &Vendor::default(), &mut losses).unwrap();
        losses.0.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(lost(json!({"name": "sigv4"})), [""; 0]);
    assert_eq!(lost(json!({"name": "sigv4", "signingRegion": "{Region}"})), [""; 0]);
    assert_eq!(
        lost(json!({"name": "sigv4", "signingRegion": "us-east-1"})),
        ["endpoint rules: requests to some URLs that callers set are signed for us-east-1"]
    );
    assert_eq!(
        lost(json!({"name": "sigv4", "signingName": "odd"})),
        ["endpoint rules: at some URLs that callers set, an endpoint has a signing name of its own"]
    );
}

fn lines(rules: Json) -> Vec<String> {
    match rules {
        Json::List(rules) => rules.into_iter().map(|rule| rule.line()).collect(),
        other => panic!("{}", other.line()),
    }
}

/// As those of Amazon CodeCatalyst: the host that a plain rule would give does not exist.
#[test]
fn no_host_is_guessed_for_rules_that_cannot_be_expressed() {
    let odd = endpoint(&[json!({"fn": "odd", "argv": []})], "https://a.example.com");
    let endpoint_rules = Some(json!({"parameters": {}, "rules": [odd]}));
    let vendor = Vendor { endpoint_rules, ..Vendor::default() };
    let mut losses = Losses::default();
    let expected = [
        r#"{"when": ["endpoint-set"], "custom": true}"#,
        r#"{"when": [], "error": "the endpoints of this service are not known, set an endpoint URL"}"#,
    ];
    assert_eq!(lines(rules(&vendor, &mut losses)), expected);
}

/// A request for such an endpoint is never sent to the ordinary one.
#[test]
fn a_plain_rule_refuses_fips_and_dual_stack() {
    let lines = lines(plain("harbour"));
    let expected = [
        r#"{"when": ["fips"], "error": "the FIPS endpoints of this service are not known"}"#,
        r#"{"when": ["dual-stack"], "error": "the dual-stack endpoints of this service are not known"}"#,
        r#"{"when": ["endpoint-set"], "custom": true}"#,
        r#"{"when": ["region-set"], "url": "https://harbour.{Region}.{dnsSuffix}"}"#,
        r#"{"when": [], "error": "Invalid Configuration: Missing Region"}"#,
    ];
    assert_eq!(lines, expected);
}
