//! Reports about the text of files: places, encodings, and invalid JSON.

use gatewright_model::load;
use insta::assert_snapshot;

use crate::fixture::parse_shapes;

/// Line and column of the key, or of the entry or item that lacks one.
#[test]
fn places_in_the_text() {
    let shapes = r#"{
  "$schema": "../../schema/shapes.json",
  "shapes": [
    {"name": "Grün", "type": "string", "min": 1},
    {
      "name": "Ship",
      "type": "structure",
      "doc": "A ship.",
      "members": [
        {"name": "ö", "shape": "Flagg", "default": {"a": [1, null]}},
        {"shape": "Grün"}
      ]
    },
    {"type": "string"}
  ],
  "shape": []
}"#;
    let faults = parse_shapes(shapes).0.into_iter().filter(|fault| fault.file == "shapes.json");
    assert_snapshot!(faults.map(|fault| fault.to_string()).collect::<Vec<_>>().join("\n"), @r#"
    shapes.json:4:40: Grün.min: unknown key `min`, expected one of `min_length`, `max_length`, `pattern`, `pattern_equivalent`, `pattern_unchecked`
    shapes.json:11:9: Ship.members[1]: lacks the key `name`
    shapes.json:14:5: shapes[2]: has no "name", add one
    shapes.json:14:5: shapes[2]: lacks the key `name`
    shapes.json:16:3: shape: unknown key, expected only "$schema" and "shapes"
    "#);
}

#[test]
fn text_that_is_not_json() {
    let parse = |shapes: &str| parse_shapes(shapes).to_string();
    assert_snapshot!(parse("\u{feff}{}"), @"
    shapes.json:1:1: begins with a byte order mark, save it as UTF-8 without one
    1 fault
    ");
    assert_snapshot!(parse("{\n  // Ships first.\n  \"shapes\": []\n}"), @r#"
    shapes.json:2:3: is a comment, which JSON does not have; remove it, or make it a "note" of an entry
    1 fault
    "#);
    assert_snapshot!(parse("{\"shapes\": [] /* none */}"), @r#"
    shapes.json:1:15: is a comment, which JSON does not have; remove it, or make it a "note" of an entry
    1 fault
    "#);
    assert_snapshot!(parse("# Ships\n{}"), @r#"
    shapes.json:1:1: is a comment, which JSON does not have; remove it, or make it a "note" of an entry
    1 fault
    "#);
    assert_snapshot!(parse("{\"shapes\": [1,]}"), @"
    shapes.json:1:15: is not valid JSON: trailing comma
    1 fault
    ");
    assert_snapshot!(parse(""), @"
    shapes.json:1:1: is not valid JSON: EOF while parsing a value
    1 fault
    ");
    assert_snapshot!(parse("{\n  \"shapes\": [],\n  \"shapes\": []\n}"), @r#"
    shapes.json:3:10: is not valid JSON: key "shapes" occurs twice, remove one
    1 fault
    "#);
    assert_snapshot!(parse(&"[".repeat(100_000)), @"
    shapes.json:1:128: is nested too deep, at most 127 levels are read
    1 fault
    ");
    assert_snapshot!(parse(&format!("{{\"shapes\": {}1{}}}", "[".repeat(200), "]".repeat(200))), @"
    shapes.json:1:138: is nested too deep, at most 127 levels are read
    1 fault
    ");
}

#[test]
fn files_that_are_not_utf_8() {
    let folder = std::env::temp_dir().join(format!("gatewright-encodings-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    let _: [(); 5] = ["service", "operations", "shapes", "exceptions", "error-codes"]
        .map(|name| write(&format!("{name}.json"), b"{}"));
    write("shapes.json", b"\xff\xfe{\0}\0");
    write("exceptions.json", b"{\"\xe4\": 1}");
    let faults = load(&folder).unwrap_err();
    std::fs::remove_dir_all(&folder).unwrap();
    let messages: Vec<_> = faults.0.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(messages, ["is UTF-16, save it as UTF-8", "is not UTF-8 from byte 2 on, save it as UTF-8"]);
}
