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
    let plain = translated(&[endpoint(&[], "http://localhost:8000")]);
    assert_eq!(plain.unwrap_err(), "http://localhost:8000 is not https");
    let placeholder = translated(&[endpoint(&[], "https://{Account}.example.com")]);
    assert!(placeholder.unwrap_err().contains("has placeholders"));
}

#[test]
fn a_service_without_any_endpoint_is_called_by_url() {
    let error = |text: &str| json!({"type": "error", "conditions": [], "error": text});
    let expected = [r#"{"when": ["endpoint-set"], "custom": true}"#, r#"{"when": [], "error": "no ARN"}"#];
    assert_eq!(translated(&[error("no ARN")]).unwrap(), expected);
}
