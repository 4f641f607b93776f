//! Reports about models that are broken in one way at a time.

use crate::fixture::{Model, faults, parse_shapes};
use gatewright_model::load;
use insta::assert_snapshot;
use serde_json::json;

/// The faults of the fixture after it was broken.
#[track_caller]
fn broken(break_it: impl FnOnce(&mut Model)) -> String {
    let mut model = Model::whole();
    break_it(&mut model);
    model.faults()
}

/// The fixture after a change.
fn parsed(change: impl FnOnce(&mut Model)) -> Result<gatewright_model::Service, gatewright_model::Faults> {
    let mut model = Model::whole();
    change(&mut model);
    gatewright_model::Service::parse(&model.sources())
}

#[test]
fn files() {
    let parse = |shapes: &str| faults(parse_shapes(shapes));
    assert_snapshot!(parse(r#"{"shapes": ["#), @"shapes.json: is not valid JSON: EOF while parsing a list");
    assert_snapshot!(parse("[]"), @"shapes.json: is not an object, put its content between { and }");
    let unread = load("no/such/harbour".as_ref()).unwrap_err();
    assert_eq!(unread.0.len(), 5);
    assert!(unread.0[0].to_string().contains("service.json: cannot be read: "), "{unread}");

    assert_snapshot!(broken(|m| m.shapes["$schema"] = json!("schema.json")), @r#"shapes.json: $schema: must be the path of schema/shapes.json, such as "../../schema/shapes.json", so that editors check the file"#);
    assert_snapshot!(broken(|m| m.operations["opreations"] = json!([])), @r#"operations.json: opreations: unknown key, expected only "$schema" and "operations""#);
    assert_snapshot!(broken(|m| m.exceptions["exceptions"] = json!({})), @"exceptions.json: exceptions: is not a list, put its entries between [ and ]");
    assert_snapshot!(broken(|m| m.error_codes = json!({"$schema": m.error_codes["$schema"]})), @r#"error-codes.json: has no list "error_codes", add it, even if it is empty"#);
    assert_snapshot!(broken(|m| m.shape("Count")["name"] = json!("")), @r#"shapes.json: shapes[2]: has no "name", add one"#);
    assert_snapshot!(broken(|m| *m.shape("Seaworthy") = json!(3)), @r#"
    shapes.json: shapes[17]: has no "name", add one
    shapes.json: shapes[17]: is not an object, put its keys between { and }
    "#);
}

#[test]
fn keys() {
    assert_snapshot!(broken(|m| m.service["nmae"] = json!("x")), @"service.json: nmae: unknown key `nmae`, did you mean `name`? (expected one of `name`, `title`, `doc`, `version`, `settings_id`, `protocol`, `auth`, `endpoints`, `error_body`, `in_runtime`, `note`)");
    assert_snapshot!(broken(|m| m.service["protocol"] = json!({"smoke-signals": {}})), @"service.json: protocol: unknown value `smoke-signals`, expected one of `aws-json`, `aws-query`, `aws-ec2`, `aws-rest-json`, `aws-rest-xml`, `aliyun-rpc`, `raw-http`");
    assert_snapshot!(broken(|m| m.service["protocol"] = json!("aws-json")), @r#"service.json: protocol: lacks the value of `aws-json`, write {"aws-json": …}"#);
    assert_snapshot!(broken(|m| m.service["protocol"] = json!({"aws-json": {}, "aws-query": {}})), @"service.json: protocol: invalid value: object with 2 keys, not one, expected one of `aws-json`, `aws-query`, `aws-ec2`, `aws-rest-json`, `aws-rest-xml`, `aliyun-rpc`, `raw-http`");
    assert_snapshot!(broken(|m| m.service["protocol"] = json!(["aws-json"])), @"service.json: protocol: invalid type: list, expected one of `aws-json`, `aws-query`, `aws-ec2`, `aws-rest-json`, `aws-rest-xml`, `aliyun-rpc`, `raw-http`");
    assert_snapshot!(broken(|m| m.service["protocol"] = json!({"aws-json": "1.1"})), @r#"service.json: protocol.aws-json: invalid type: string "1.1", expected an object"#);
    assert_snapshot!(broken(|m| m.rule(3)["when"] = json!([{"endpoint-set": true}])), @r#"service.json: endpoints.rules[3].when[0]: has a value, write "endpoint-set" alone"#);
    assert_snapshot!(broken(|m| m.shape("Ship")["members"][0] = json!("Name")), @r#"shapes.json: Ship.members[0]: invalid type: string "Name", expected an object"#);
    assert_snapshot!(broken(|m| m.shape("Ship")["members"] = json!({"Name": {}})), @"shapes.json: Ship.members: invalid type: object, expected a list");
    assert_snapshot!(broken(|m| m.operation("MoorShip")["doc"] = json!({"text": "Moors."})), @"operations.json: MoorShip.doc: invalid type: object, expected a string");
    assert_snapshot!(broken(|m| m.operation("MoorShip")["doc"] = json!(["Moors."])), @"operations.json: MoorShip.doc: invalid type: list, expected a string");
    assert_snapshot!(broken(|m| m.operation("MoorShip")["exceptions"] = json!([null])), @"operations.json: MoorShip.exceptions[0]: invalid type: null, expected a string");
    assert_snapshot!(broken(|m| m.operation("MoorShip")["read_only"] = json!("by-nme")), @r#"operations.json: MoorShip.read_only: expected true, false or "by-name""#);
    assert_snapshot!(broken(|m| m.exception("Storm")["category"] = json!(5)), @"exceptions.json: Storm.category: invalid type: integer `5`, expected one of `auth`, `access-denied`, `throttling`, `transient`, `client`, `not-found`, `clock`, `server`");
    assert_snapshot!(broken(|m| m.exception("Storm")["category"] = json!({})), @"exceptions.json: Storm.category: invalid value: object with 0 keys, not one, expected one of `auth`, `access-denied`, `throttling`, `transient`, `client`, `not-found`, `clock`, `server`");
    assert_snapshot!(broken(|m| m.shape("Count")["min"] = json!(1e300)), @"shapes.json: Count.min: invalid type: floating point `1e+300`, expected a whole number");
    assert_snapshot!(broken(|m| *m.shape("Name") = json!({"name": "Name", "type": "timestamp", "format": "note"})), @"shapes.json: Name.format: unknown value `note`, expected one of `epoch-seconds`, `date-time`, `http-date`");
    assert_snapshot!(broken(|m| m.shape("Count")["max"] = json!(9_223_372_036_854_775_808_u64)), @"shapes.json: Count.max: invalid value: integer `9223372036854775808`, expected a whole number from -9223372036854775808 to 9223372036854775807");
    assert_snapshot!(broken(|m| m.service["protocol"]["aws-json"]["version"] = json!("1.2")), @r#"service.json: protocol.aws-json.version: unknown version "1.2", did you mean "1.0"?"#);
    assert_snapshot!(broken(|m| m.service["auth"]["sigv4"]["signing_name"] = json!("the harbour")), @r#"service.json: auth.sigv4.signing_name: "the harbour" cannot be in a header, use printable ASCII without blanks"#);
    assert_snapshot!(broken(|m| m.service["protocol"]["aws-json"]["port"] = json!(1)), @"service.json: protocol.aws-json.port: unknown key `port`, expected one of `version`, `target_prefix`, `query_compatible`");
    assert_snapshot!(broken(|m| m.operation("ListShips")["readonly"] = json!(true)), @"operations.json: ListShips.readonly: unknown key `readonly`, did you mean `read_only`? (expected one of `name`, `rust_name`, `doc`, `input`, `output`, `exceptions`, `pagination`, `numbered_pages`, `read_only`, `idempotent`, `accepts_get`, `unsigned`, `http`, `host_prefix`, `result_wrapper`, `xml_root`, `request_compression`, `request_checksum`, `deprecated`, `examples`, `sample`, `note`)");
    assert_snapshot!(broken(|m| m.operation("ListShips")["pagination"]["token"] = json!("Marker")), @"operations.json: ListShips.pagination.token: unknown key `token`, expected one of `input_token`, `output_token`, `more_results`, `page_size`, `items`");
    assert_snapshot!(broken(|m| m.shape("Count")["pattern"] = json!("^1")), @"shapes.json: Count.pattern: unknown key `pattern`, expected `min` or `max`");
    assert_snapshot!(broken(|m| m.shape("Seaworthy")["min"] = json!(1)), @"shapes.json: Seaworthy.min: unknown key `min`, this type takes none");
    assert_snapshot!(broken(|m| m.shape("Tons")["type"] = json!("duoble")), @"shapes.json: Tons.type: unknown value `duoble`, did you mean `double`? (expected one of `boolean`, `byte`, `short`, `integer`, `long`, `float`, `double`, `string`, `enum`, `int-enum`, `blob`, `timestamp`, `document`, `list`, `map`, `structure`, `union`)");
    assert_snapshot!(broken(|m| m.shape("Count")["min"] = json!(1.5)), @"shapes.json: Count.min: invalid type: floating point `1.5`, expected a whole number");
    assert_snapshot!(broken(|m| m.shape("Ships")["member"] = json!(null)), @"shapes.json: Ships.member: is null, leave the key out or give it a value");
    assert_snapshot!(broken(|m| m.member("Ship", "Flag")["requierd"] = json!(true)), @"shapes.json: Ship.members[1].requierd: unknown key `requierd`, did you mean `required`? (expected one of `name`, `wire`, `shape`, `required`, `client_token`, `doc`, `default`, `deprecated`, `timestamp_format`, `json_text`, `flattened`, `xml_attribute`, `xml_namespace`, `in`, `note`)");
    let no_category = |m: &mut Model| drop(m.exception("Storm").as_object_mut().unwrap().remove("category"));
    assert_snapshot!(broken(no_category), @"exceptions.json: Storm.category: is missing, say what the error means for the caller");
    assert_snapshot!(broken(|m| m.exception("Storm")["category"] = json!("weather")), @"exceptions.json: Storm.category: unknown value `weather`, expected one of `auth`, `access-denied`, `throttling`, `transient`, `client`, `not-found`, `clock`, `server`");
    assert_snapshot!(broken(|m| m.exception("Storm")["status"] = json!("400")), @r#"exceptions.json: Storm.status: invalid type: string "400", expected a whole number from 0 to 65535"#);
    assert_snapshot!(broken(|m| m.code("Flooded")["operation"] = json!("MoorShip")), @"error-codes.json: Flooded.operation: unknown key `operation`, did you mean `operations`? (expected one of `value`, `rust_name`, `aliases`, `status`, `message`, `doc`, `shape`, `category`, `operations`, `causes`, `remedies`, `note`)");
    assert_snapshot!(broken(|m| *m.shape("Ships") = json!({"name": "Ships", "type": "list"})), @"shapes.json: Ships: lacks the key `member`");
}

#[test]
fn references() {
    assert_snapshot!(broken(|m| m.member("Ship", "Flag")["shape"] = json!("Flags")), @r#"shapes.json: Ship.members[1].shape: unknown shape "Flags", did you mean "Flag"?"#);
    assert_snapshot!(broken(|m| m.shape("Ships")["member"] = json!("Submarine")), @r#"shapes.json: Ships.member: unknown shape "Submarine", add it or correct the name"#);
    assert_snapshot!(broken(|m| m.shape("Crates")["key"] = json!("name")), @r#"shapes.json: Crates.key: unknown shape "name", did you mean "Name"?"#);
    assert_snapshot!(broken(|m| m.operation("MoorShip")["input"] = json!("MoorShipInputs")), @r#"operations.json: MoorShip.input: unknown shape "MoorShipInputs", did you mean "MoorShipInput"?"#);
    assert_snapshot!(broken(|m| m.operation("MoorShip")["output"] = json!("Tons")), @r#"operations.json: MoorShip.output: "Tons" is not a structure, inputs and outputs must be structures"#);
    assert_snapshot!(broken(|m| m.operation("ListShips")["exceptions"] = json!(["Fogg"])), @r#"operations.json: ListShips.exceptions[0]: unknown exception "Fogg", did you mean "Fog"?"#);
    assert_snapshot!(broken(|m| m.code("Flooded")["operations"] = json!(["MoreShip"])), @r#"error-codes.json: Flooded.operations[0]: unknown operation "MoreShip", did you mean "MoorShip"?"#);
    assert_snapshot!(broken(|m| m.code("Flooded")["operations"] = json!([])), @"error-codes.json: Flooded.operations: is empty, remove it if no operation is known");
}

/// A reference to an entry that cannot be read is not reported as another fault.
#[test]
fn faults_do_not_spread() {
    assert_snapshot!(broken(|m| {
        m.shape("Ships")["type"] = json!("lsit");
        m.shape("MoorShipInput")["members"] = json!(7);
        m.operation("MoorShip")["doc"] = json!(7);
        m.exception("Fog")["status"] = json!(-1);
    }), @"
    exceptions.json: Fog.status: invalid value: integer `-1`, expected a whole number from 0 to 65535
    operations.json: MoorShip.doc: invalid type: integer `7`, expected a string
    shapes.json: MoorShipInput.members: invalid type: integer `7`, expected a list
    shapes.json: Ships.type: unknown value `lsit`, did you mean `list`? (expected one of `boolean`, `byte`, `short`, `integer`, `long`, `float`, `double`, `string`, `enum`, `int-enum`, `blob`, `timestamp`, `document`, `list`, `map`, `structure`, `union`)
    ");
}

#[test]
fn host_prefixes() {
    let prefix = |prefix: &str| broken(|m| m.operation("MoorShip")["host_prefix"] = json!(prefix));
    assert_snapshot!(prefix(""), @"operations.json: MoorShip.host_prefix: is empty, fill it in or remove it");
    assert_snapshot!(prefix("data-{Name"), @r#"operations.json: MoorShip.host_prefix: has a brace that does not end, add "}""#);
    assert_snapshot!(prefix("{Name}{Name}."), @"operations.json: MoorShip.host_prefix: has two members side by side, which a host name cannot separate, put a hyphen or dot between them");
    assert_snapshot!(prefix("data..{Name}"), @"operations.json: MoorShip.host_prefix: gives a host name with an empty label, correct its dots");
    assert_snapshot!(prefix("evil.example/"), @"operations.json: MoorShip.host_prefix: has '/', use letters, digits, hyphens and dots, and members in braces");
    assert_snapshot!(prefix("{name}."), @r#"operations.json: MoorShip.host_prefix: unknown member "name", did you mean "Name"?"#);
    assert_snapshot!(prefix("{Cargo}."), @r#"
    operations.json: MoorShip.host_prefix: "Cargo" is not text, name a member that is
    operations.json: MoorShip.host_prefix: "Cargo" may be missing, name a required member
    "#);
    assert_snapshot!(prefix("{Once}."), @r#"operations.json: MoorShip.host_prefix: "Once" may be missing, name a required member"#);
}

#[test]
fn members_of_errors() {
    let exception = |shape: &str| broken(|m| m.exception("Storm")["shape"] = json!(shape));
    assert_snapshot!(exception("Shop"), @r#"exceptions.json: Storm.shape: unknown shape "Shop", did you mean "Ship"?"#);
    assert_snapshot!(exception("Flag"), @r#"exceptions.json: Storm.shape: "Flag" is not a structure, which errors have members of"#);
    assert_snapshot!(broken(|m| m.code("Flooded")["shape"] = json!("Ships")), @r#"error-codes.json: Flooded.shape: "Ships" is not a structure, which errors have members of"#);
    assert_snapshot!(broken(|m| {
        m.code("Flooded")["shape"] = json!("Ship");
        drop(m.code("Flooded").as_object_mut().unwrap().remove("operations"));
        m.code("Flooded")["value"] = json!("Flooded*");
    }), @"error-codes.json: Flooded*.shape: belongs to a family of codes, give it to codes that are listed");
    let service = parsed(|m| m.exception("Storm")["shape"] = json!("Ship")).unwrap();
    let shapes = service.error_shapes();
    let named = |id: &_| service.shape(*id).name.as_str();
    assert_eq!(
        shapes.iter().map(|(id, names)| (named(id), &names[..])).collect::<Vec<_>>(),
        [("Ship", &["Storm"][..])]
    );
}

#[test]
fn order_and_duplicates() {
    assert_snapshot!(broken(|m| m.operations["operations"].as_array_mut().unwrap().reverse()), @r#"operations.json: ListShips: "ListShips" comes after "MoorShip", sort the list"#);
    assert_snapshot!(broken(|m| {
        let twice = m.shape("Ships").clone();
        m.add_shape(twice);
    }), @r#"shapes.json: Ships: "Ships" is listed twice, remove or rename one"#);
    assert_snapshot!(broken(|m| m.operation("ListShips")["exceptions"] = json!(["Storm", "Fog", "Fog"])), @r#"
    operations.json: ListShips.exceptions[1]: "Fog" comes after "Storm", sort the list
    operations.json: ListShips.exceptions[2]: "Fog" is listed twice, remove or rename one
    "#);
    assert_snapshot!(broken(|m| m.exception("Storm")["aliases"] = json!(["Fog"])), @r#"exceptions.json: Storm.aliases[0]: "Fog" already has a meaning, remove or correct one"#);
    assert_snapshot!(broken(|m| m.code("Flooded")["aliases"] = json!(["BerthTaken "])), @r#"error-codes.json: Flooded.aliases[0]: "BerthTaken " already has a meaning, remove or correct one"#);
    assert_snapshot!(broken(|m| m.shape("Flag")["values"][1]["aliases"] = json!(["DE"])), @r#"shapes.json: Flag.values[1].aliases[0]: "DE" already has a meaning, remove or correct one"#);
    assert_snapshot!(broken(|m| m.shape("Grade")["values"][1]["value"] = json!(1)), @r#"
    shapes.json: Grade.example: 5 does not fit, expected one of 1, 1
    shapes.json: Grade.values[1].value: "1" already has a meaning, remove or correct one
    "#);
    assert_snapshot!(broken(|m| m.member("Ship", "Log")["name"] = json!("Grade")), @r#"shapes.json: Ship.members[3].name: "Grade" already has a meaning, remove or correct one"#);
    assert_snapshot!(broken(|m| m.member("Ship", "Flag")["wire"] = json!("Grade")), @r#"
    shapes.json: Ship.example: unknown member "flag", did you mean "Log"?
    shapes.json: Ship.members[2].name: "Grade" already has a meaning, remove or correct one
    "#);
}

#[test]
fn rust_names() {
    let named = |name| broken(|m| m.add_shape(json!({"name": name, "type": "structure", "members": []})));
    // Names of types that generated code uses are resolved by the generator.
    assert_snapshot!(named("Client"), @"shapes.json: Client: is not used by any request, response or error, refer to it or remove it");
    assert_snapshot!(broken(|m| m.shape("Ship")["rust_name"] = json!(" ")), @"shapes.json: Ship.rust_name: is missing or empty, fill it in");
    assert_snapshot!(broken(|m| m.shape("Ship")["rust_name"] = json!("ship".repeat(51))), @r#"shapes.json: Ship: the name of its file would have 204 bytes, of at most 200; give it a shorter "rust_name""#);
    assert_snapshot!(broken(|m| m.operation("ListShips")["rust_name"] = json!("list".repeat(51))), @r#"operations.json: ListShips: the name of its file would have 204 bytes, of at most 200; give it a shorter "rust_name""#);
    assert_snapshot!(broken(|m| m.shape("Ship")["rust_name"] = json!("moor_ship_error")), @r#"shapes.json: Ship: "Ship" becomes the type MoorShipError in Rust, and so does "MoorShip"; give it a "rust_name""#);
    let unknown = json!({"value": "UNKNOWN", "rust_name": "NoFlag"});
    assert!(parsed(|m| m.shape("Flag")["values"].as_array_mut().unwrap().push(unknown)).is_ok());
    assert_snapshot!(named("SHIP"), @r#"
    shapes.json: SHIP: is not used by any request, response or error, refer to it or remove it
    shapes.json: Ship: "Ship" becomes the type Ship in Rust, and so does "SHIP"; give it a "rust_name"
    "#);
    assert_snapshot!(named("MoorShipRequest"), @r#"
    shapes.json: MoorShipRequest: "MoorShipRequest" becomes the type MoorShipRequest in Rust, and so does "MoorShip"; give it a "rust_name"
    shapes.json: MoorShipRequest: is not used by any request, response or error, refer to it or remove it
    "#);
    assert_snapshot!(named("MOOR_SHIP_ERROR"), @r#"
    shapes.json: MOOR_SHIP_ERROR: "MOOR_SHIP_ERROR" becomes the type MoorShipError in Rust, and so does "MoorShip"; give it a "rust_name"
    shapes.json: MOOR_SHIP_ERROR: is not used by any request, response or error, refer to it or remove it
    "#);
    assert_snapshot!(broken(|m| m.member("Ship", "Log")["name"] = json!("grade")), @r#"shapes.json: Ship.members[3]: "grade" becomes the field grade in Rust, and so does "Grade"; give it another "name", and this one as "wire""#);
    assert_snapshot!(broken(|m| m.member("ListShipsInput", "Limit")["name"] = json!("New")), @r#"
    operations.json: ListShips.pagination.page_size: unknown member "Limit", add it or correct the name
    shapes.json: ListShipsInput.members[0]: "New" becomes the field new in Rust, which is taken; give it another "name", and this one as "wire"
    "#);
    assert_snapshot!(broken(|m| m.member("Cargo", "Coal")["name"] = json!("papers")), @r#"
    operations.json: MoorShip.examples[0].input.Cargo: unknown member "Coal", add it or correct the name
    shapes.json: Cargo.members[2]: "Papers" becomes the variant Papers in Rust, and so does "papers"; give it another "name", and this one as "wire"
    "#);
    assert_snapshot!(broken(|m| m.shape("Flag")["values"][0]["value"] = json!("dk")), @r#"
    shapes.json: Flag.example: unknown value "DE", did you mean "DK"?
    shapes.json: Flag.values[1]: "DK" becomes the variant Dk in Rust, and so does "dk"; give it a "rust_name"
    "#);
    assert_snapshot!(broken(|m| m.shape("Flag")["values"][0]["value"] = json!("UNKNOWN")), @r#"
    shapes.json: Flag.example: unknown value "DE", did you mean "DK"?
    shapes.json: Flag.values[0]: "UNKNOWN" becomes the variant Unknown in Rust, which is taken; give it a "rust_name"
    "#);
    assert_snapshot!(broken(|m| m.shape("Grade")["values"][1]["name"] = json!("good")), @r#"shapes.json: Grade.values[1]: "good" becomes the variant Good in Rust, and so does "GOOD"; give it a "rust_name""#);
    assert_snapshot!(broken(|m| m.exception("Storm")["name"] = json!("unknown")), @r#"
    exceptions.json: unknown: "unknown" becomes the variant Unknown in Rust, which is taken; give it a "rust_name"
    operations.json: ListShips.exceptions[1]: unknown exception "Storm", add it or correct the name
    "#);
    assert_snapshot!(broken(|m| m.code("Flooded")["value"] = json!("Other")), @r#"error-codes.json: Other: "Other" becomes the variant Other in Rust, which is taken; give it a "rust_name""#);
    assert_snapshot!(broken(|m| m.operation("MoorShip")["name"] = json!("Listships")), @r#"error-codes.json: BerthTaken.operations[0]: unknown operation "MoorShip", add it or correct the name"#);
    assert_snapshot!(broken(|m| m.operation("MoorShip")["name"] = json!("New")), @r#"
    error-codes.json: BerthTaken.operations[0]: unknown operation "MoorShip", add it or correct the name
    operations.json: New: "New" becomes the method new in Rust, which is taken; give it a "rust_name"
    "#);
}

#[test]
fn constraints() {
    assert_snapshot!(broken(|m| m.shape("Count")["min"] = json!(101)), @"shapes.json: Count.min: 101 is above max, which is 100, so no value is valid; correct one");
    assert_snapshot!(broken(|m| m.shape("Berth")["max"] = json!(40_000)), @"shapes.json: Berth.max: is out of range for the type, stay within -32768 to 32767");
    assert_snapshot!(broken(|m| m.shape("Tons")["min"] = json!("1.5")), @r#"shapes.json: Tons.min: invalid type: string "1.5", expected a number"#);
    assert_snapshot!(broken(|m| m.shape("Papers")["min_length"] = json!(4)), @r"
    shapes.json: Papers.example: has length 3, expected at least 4
    shapes.json: Papers.min_length: 4 is above max_length, which is 3, so no value is valid; correct one
    ");
    assert_snapshot!(broken(|m| m.shape("Depths")["max_items"] = json!(0)), @r"
    shapes.json: Depths.example: has length 2, expected at most 0
    shapes.json: Depths.min_items: 1 is above max_items, which is 0, so no value is valid; correct one
    ");
    assert_snapshot!(broken(|m| m.shape("Name")["min_length"] = json!(-1)), @"shapes.json: Name.min_length: invalid value: integer `-1`, expected a whole number, 0 or more");
    let unchecked = |m: &mut Model| m.shape("Token")["pattern_unchecked"] = json!(true);
    assert_snapshot!(broken(unchecked), @r#"shapes.json: Token.pattern_unchecked: has no "pattern" that it refers to, remove it"#);
    assert_snapshot!(broken(|m| {
        unchecked(m);
        m.shape("Token")["pattern"] = json!("^a$");
    }), @"shapes.json: Token.pattern_unchecked: is wrong, the pattern or its equivalent compiles; remove it");
    assert!(
        parsed(|m| {
            unchecked(m);
            m.shape("Token")["pattern"] = json!("^(?!0)a$");
        })
        .is_ok()
    );
    assert_snapshot!(broken(|m| m.shape("Token")["pattern"] = json!("^(?=a)b")), @r#"shapes.json: Token.pattern: does not compile (look-around, including look-ahead and look-behind, is not supported), give a "pattern_equivalent" that does, or mark it as "pattern_unchecked""#);
    assert_snapshot!(broken(|m| m.shape("Token")["pattern"] = json!(r"[\P{C}\r\n\t]{1,250}")), @r#"shapes.json: Token.pattern: does not compile (Compiled regex exceeds size limit of 4194304 bytes.), give a "pattern_equivalent" that does, or mark it as "pattern_unchecked""#);
    assert_snapshot!(broken(|m| m.shape("Name")["pattern_equivalent"] = json!("(")), @r#"shapes.json: Name.pattern_equivalent: does not compile (unclosed group), give a "pattern_equivalent" that does, or mark it as "pattern_unchecked""#);
    assert_snapshot!(broken(|m| m.shape("Name")["pattern"] = json!("^[A-Z]")), @"shapes.json: Name.pattern_equivalent: is not needed, the pattern itself compiles; remove it");
    assert_snapshot!(broken(|m| m.shape("Token")["pattern_equivalent"] = json!("^a$")), @r#"shapes.json: Token.pattern_equivalent: has no "pattern" to be equivalent to, add that or remove this"#);
    assert_snapshot!(broken(|m| m.shape("Flag")["values"] = json!([])), @"shapes.json: Flag.values: is empty, list the values or make it a string");
    assert_snapshot!(broken(|m| m.shape("Grade")["values"] = json!([])), @"shapes.json: Grade.values: is empty, list the values or make it an integer");
    assert_snapshot!(broken(|m| m.shape("Cargo")["members"] = json!([])), @"
    shapes.json: Cargo.members: is empty, list the alternatives
    shapes.json: Crates: is not used by any request, response or error, refer to it or remove it
    shapes.json: Papers: is not used by any request, response or error, refer to it or remove it
    shapes.json: Tons: is not used by any request, response or error, refer to it or remove it
    ");
    assert_snapshot!(broken(|m| m.shape("Crates")["key"] = json!("Berth")), @r#"
    shapes.json: Crates.example.Rice: "Rice" does not fit, expected a whole number
    shapes.json: Crates.example.Tea: "Tea" does not fit, expected a whole number
    shapes.json: Crates.key: "Berth" is not text, use a string or enum
    "#);
    assert_snapshot!(broken(|m| m.member("MoorShipInput", "Until")["flattened"] = json!(true)), @r#"shapes.json: MoorShipInput.members[3]: has more than one of "timestamp_format", "json_text" and "flattened", keep one"#);
    assert_snapshot!(broken(|m| m.member("MoorShipInput", "Cargo")["client_token"] = json!(true)), @r#"shapes.json: MoorShipInput.members[1].client_token: "Cargo" is not a string, which client tokens must be"#);
    assert_snapshot!(broken(|m| m.member("Cargo", "Coal")["required"] = json!(true)), @"shapes.json: Cargo.members[0]: is an alternative of a union, which cannot be required or have a default");
    assert_snapshot!(broken(|m| m.member("Ship", "Flag")["timestamp_format"] = json!("date-time")), @r#"shapes.json: Ship.members[1].timestamp_format: "Flag" is not a timestamp, remove it"#);
    assert_snapshot!(broken(|m| m.member("Ship", "Towing")["required"] = json!(true)), @r#"
    shapes.json: Ship: would contain itself without end, make a member of the cycle optional or a list
    shapes.json: Ship.example.Towing: has no "Towing", which is required
    "#);
    assert_snapshot!(broken(|m| m.shape("Ships")["member"] = json!("Ships")), @"
    shapes.json: Depth: is not used by any request, response or error, refer to it or remove it
    shapes.json: Depths: is not used by any request, response or error, refer to it or remove it
    shapes.json: Flag: is not used by any request, response or error, refer to it or remove it
    shapes.json: Grade: is not used by any request, response or error, refer to it or remove it
    shapes.json: Log: is not used by any request, response or error, refer to it or remove it
    shapes.json: Seaworthy: is not used by any request, response or error, refer to it or remove it
    shapes.json: Ship: is not used by any request, response or error, refer to it or remove it
    shapes.json: Ships: contains itself, which no Rust type can express, put a structure in between
    waiters.json: ShipMoored.acceptors[0].path: `Ships[].Flag` looks for Flag in something without members
    waiters.json: ShipMoored.acceptors[1].path: `Ships[?Grade > `1`].Towing.Name` looks for Grade in something without members
    ");
}

#[test]
fn values() {
    let example = |shape, example| broken(|m| m.shape(shape)["example"] = example);
    assert_snapshot!(example("Berth", json!(41)), @"shapes.json: Berth.example: is 41, expected at most 40");
    assert_snapshot!(example("Berth", json!(40_000)), @"shapes.json: Berth.example: 40000 does not fit, expected a whole number from -32768 to 32767");
    assert_snapshot!(example("Berth", json!("7")), @r#"shapes.json: Berth.example: "7" does not fit, expected a whole number"#);
    assert_snapshot!(example("Depth", json!(-1)), @"shapes.json: Depth.example: is -1, expected at least -0.5");
    assert_snapshot!(example("Seaworthy", json!("yes")), @r#"shapes.json: Seaworthy.example: "yes" does not fit, expected true or false"#);
    assert_snapshot!(example("Name", json!("A")), @r#"
    shapes.json: Name.example: "A" does not match the pattern of "Name", correct either
    shapes.json: Name.example: has length 1, expected at least 2
    "#);
    assert_snapshot!(example("Name", json!("Xenia")), @r#"shapes.json: Name.example: "Xenia" does not match the pattern of "Name", correct either"#);
    assert_snapshot!(example("Flag", json!("SE")), @r#"shapes.json: Flag.example: unknown value "SE", did you mean "DE"?"#);
    assert_snapshot!(example("Grade", json!(2)), @"shapes.json: Grade.example: 2 does not fit, expected one of 1, 5");
    assert_snapshot!(example("Papers", json!("AQIDBA==")), @"shapes.json: Papers.example: has length 4, expected at most 3");
    assert_snapshot!(example("Papers", json!("AQ*D")), @r#"shapes.json: Papers.example: "AQ*D" does not fit, expected base64"#);
    assert_snapshot!(example("Day", json!(1_767_225_600)), @"shapes.json: Day.example: 1767225600 does not fit, expected a time like 2013-06-30T00:00:00Z");
    assert_snapshot!(example("Day", json!("2026-01-01 00:00:00")), @r#"shapes.json: Day.example: "2026-01-01 00:00:00" does not fit, expected a time like 2013-06-30T00:00:00Z"#);
    assert_snapshot!(example("Depths", json!([])), @"shapes.json: Depths.example: has length 0, expected at least 1");
    assert_snapshot!(example("Crates", json!({"tea": 1.5, "Rice": "2", "Salt": 1})), @r#"
    shapes.json: Crates.example: has length 3, expected at most 2
    shapes.json: Crates.example.Rice: "2" does not fit, expected a number
    shapes.json: Crates.example.tea: "tea" does not match the pattern of "Name", correct either
    "#);
    assert_snapshot!(example("Cargo", json!({"Coal": 1, "Papers": "AQID"})), @r#"shapes.json: Cargo.example: {"Coal":1,"Papers":"AQID"} does not fit, expected an object with exactly one member"#);
    assert_snapshot!(example("Ship", json!({"Flag": "DK", "Towing": {"Name": 1}})), @r#"
    shapes.json: Ship.example: has no "Name", which is required
    shapes.json: Ship.example: unknown member "Flag", did you mean "flag"?
    shapes.json: Ship.example.Towing.Name: 1 does not fit, expected text
    "#);
    assert_snapshot!(broken(|m| m.member("Ship", "Seaworthy")["default"] = json!(0)), @"shapes.json: Ship.members[5].default: 0 does not fit, expected true or false");
    assert_snapshot!(broken(|m| m.member("MoorShipInput", "Until")["default"] = json!("2026-01-01T00:00:00Z")), @r#"shapes.json: MoorShipInput.members[3].default: "2026-01-01T00:00:00Z" does not fit, expected a time like Sun, 30 Jun 2013 00:00:00 GMT"#);
}

#[test]
fn operations() {
    let paged =
        |key: &str, member: &str| broken(|m| m.operation("ListShips")["pagination"][key] = json!(member));
    assert_snapshot!(paged("input_token", "Marked"), @r#"operations.json: ListShips.pagination.input_token: unknown member "Marked", did you mean "Marker"?"#);
    assert_snapshot!(paged("output_token", "Ships"), @r#"operations.json: ListShips.pagination.output_token: "Ships" is not a string, whole number, enum or map, name a member that is"#);
    assert_snapshot!(paged("input_token", "Limit"), @r#"operations.json: ListShips.pagination.output_token: "Marker" does not have the type of "Limit", name a member that does"#);
    let tokens =
        |key: &str, names: &[&str]| broken(|m| m.operation("ListShips")["pagination"][key] = json!(names));
    assert_snapshot!(tokens("output_token", &[]), @r#"operations.json: ListShips.pagination.output_token: has 0 tokens for 1 of "input_token", name one for each"#);
    assert_snapshot!(tokens("output_token", &["Marker", "Ships"]), @r#"operations.json: ListShips.pagination.output_token: has 2 tokens for 1 of "input_token", name one for each"#);
    assert_snapshot!(broken(|m| m.operation("ListShips")["pagination"]["input_token"] = json!(1)), @"operations.json: ListShips.pagination.input_token: expected a string or a list of strings");
    assert_snapshot!(broken(|m| {
        m.operation("ListShips")["pagination"]["page_size"] = json!("On");
        let on = json!({"name": "On", "shape": "Seaworthy"});
        m.shape("ListShipsInput")["members"].as_array_mut().unwrap().push(on);
    }), @r#"operations.json: ListShips.pagination.page_size: "On" is not a whole number or string, name a member that is"#);
    assert_snapshot!(paged("output_token", "length(Ships)"), @"operations.json: ListShips.pagination.output_token: `length(Ships)` is not a path, join names by dots, with [-1] for the last item of a list");
    assert_snapshot!(paged("output_token", "Marker || Ships[-1].Flagg"), @r#"operations.json: ListShips.pagination.output_token: unknown member "Flagg", did you mean "Flag"?"#);
    assert_snapshot!(paged("output_token", "Marker[-1].Flag"), @r#"operations.json: ListShips.pagination.output_token: "Marker" is not a list of structures, name a member that is"#);
    assert_snapshot!(paged("output_token", "Ships.Flag"), @r#"operations.json: ListShips.pagination.output_token: "Ships" is not a structure, name a member that is"#);
    assert_snapshot!(paged("items", "Marker.Ships"), @r#"operations.json: ListShips.pagination.items: "Marker" is not a structure, name a member that is"#);
    assert_snapshot!(paged("more_results", "Marker"), @r#"operations.json: ListShips.pagination.more_results: "Marker" is not a boolean, name a member that is"#);
    assert_snapshot!(broken(|m| {
        let example = &mut m.operation("MoorShip")["examples"][0];
        example["input"] = json!({"Cargo": {"coal": 1}});
        example["output"] = json!({"Berth": "three"});
    }), @r#"
    operations.json: MoorShip.examples[0].input: has no "Name", which is required
    operations.json: MoorShip.examples[0].input.Cargo: unknown member "coal", did you mean "Coal"?
    operations.json: MoorShip.examples[0].output.Berth: "three" does not fit, expected a whole number
    "#);
}

#[test]
fn what_the_runtime_calls() {
    let members = |members: &[&str]| {
        let part = json!({"module": "ships", "operations": ["MoorShip"], "members": members});
        broken(|m| m.service["in_runtime"] = part)
    };
    assert_snapshot!(members(&["Berth"]), @r#"service.json: in_runtime.members: lacks "Name", which a request needs"#);
    assert_snapshot!(members(&["Brth", "Name"]), @r#"service.json: in_runtime.members[0]: unknown member "Brth", did you mean "Berth"?"#);
    assert_snapshot!(members(&["Name", "Berth"]), @r#"service.json: in_runtime.members[1]: "Berth" comes after "Name", sort the list"#);
    let part = |module: &str, operations: &[&str]| {
        let part = json!({"module": module, "operations": operations, "members": ["Name"]});
        broken(|m| m.service["in_runtime"] = part)
    };
    assert_snapshot!(part("ships::Mooring", &["MoorShip"]), @"service.json: in_runtime.module: is not a path of modules, write it as `one::two`");
    assert_snapshot!(part("ships::", &["MoorShip"]), @"service.json: in_runtime.module: is not a path of modules, write it as `one::two`");
    assert_snapshot!(part("ships", &["MoorShip", "ListShips"]), @r#"service.json: in_runtime.operations[1]: "ListShips" comes after "MoorShip", sort the list"#);
    assert_snapshot!(part("ships", &["MoorShips"]), @r#"service.json: in_runtime.operations[0]: unknown operation "MoorShips", did you mean "MoorShip"?"#);
    assert_snapshot!(part("ships", &[]), @"service.json: in_runtime.operations: is empty, name the operations that the runtime calls");
    assert_snapshot!(broken(|m| m.service["in_runtime"] = json!({"operations": ["MoorShip"], "members": ["Name"]})), @"service.json: in_runtime: lacks the key `module`");
}

#[test]
fn documentation_and_errors() {
    assert_snapshot!(broken(|m| m.service["doc"] = json!(" ")), @"service.json: doc: is missing or empty, fill it in");
    assert_snapshot!(broken(|m| m.operation("ListShips")["doc"] = json!("")), @"operations.json: ListShips.doc: is missing or empty, fill it in");
    assert_snapshot!(broken(|m| ["Cargo", "Flag", "Grade", "Ship"].iter().for_each(|shape| m.shape(shape)["doc"] = json!(""))), @r"
    shapes.json: Cargo.doc: is missing or empty, fill it in
    shapes.json: Flag.doc: is missing or empty, fill it in
    shapes.json: Grade.doc: is missing or empty, fill it in
    shapes.json: Ship.doc: is missing or empty, fill it in
    ");
    assert_snapshot!(broken(|m| m.exception("Fog")["doc"] = json!("")), @"exceptions.json: Fog.doc: is missing or empty, fill it in");
    assert_snapshot!(broken(|m| m.code("Flooded")["causes"] = json!([""])), @"error-codes.json: Flooded.causes[0]: is missing or empty, fill it in");
    assert_snapshot!(broken(|m| {
        m.operation("MoorShip")["deprecated"] = json!("");
        m.shape("Log")["deprecated"] = json!("");
        m.member("Ship", "Log")["deprecated"] = json!("");
    }), @r"
    operations.json: MoorShip.deprecated: is missing or empty, fill it in
    shapes.json: Log.deprecated: is missing or empty, fill it in
    shapes.json: Ship.members[3].deprecated: is missing or empty, fill it in
    ");
    assert_snapshot!(broken(|m| m.exception("Fog")["status"] = json!(200)), @"exceptions.json: Fog.status: 200 is not the status of an error, expected 400 to 599");
}

#[test]
fn endpoints() {
    assert_snapshot!(broken(|m| m.rule(3)["url"] = json!("https://harbour.{region}.{dnsSufix}")), @r#"
    service.json: endpoints.rules[3].url: unknown placeholder "dnsSufix", did you mean "dnsSuffix"?
    service.json: endpoints.rules[3].url: unknown placeholder "region", did you mean "Region"?
    "#);
    assert_snapshot!(broken(|m| m.rule(3)["url"] = json!("http://harbour.{Region")), @r#"
    service.json: endpoints.rules[3].url: "http://harbour.{Region" is not secure, start it with https://
    service.json: endpoints.rules[3].url: "{Region" is never closed, add }
    "#);
    assert_snapshot!(broken(|m| m.rule(3)["when"] = json!(["fips"])), @r#"
    service.json: endpoints.rules[3].url: {Region} needs the condition "region-set"
    service.json: endpoints.rules[3].url: {dnsSuffix} needs the condition "region-set"
    "#);
    assert_snapshot!(broken(|m| m.rule(3)["when"] = json!([])), @r#"
    service.json: endpoints.rules[3].url: {Region} needs the condition "region-set"
    service.json: endpoints.rules[3].url: {dnsSuffix} needs the condition "region-set"
    service.json: endpoints.rules[3].when: always holds, so later rules never apply; move it to the end
    "#);
    assert_snapshot!(broken(|m| m.rule(3)["when"] = json!(["region-set", "tide"])), @"service.json: endpoints.rules[3].when[1]: unknown value `tide`, expected one of `endpoint-set`, `region-set`, `region-is`, `fips`, `dual-stack`, `partition-has-fips`, `partition-has-dual-stack`, `partition-is`, `vpc`, `global`");
    assert_snapshot!(broken(|m| m.rule(4)["when"] = json!(["fips"])), @"service.json: endpoints.rules[4].when: has conditions, end with a rule without any");
    assert_snapshot!(broken(|m| m.rule(4)["custom"] = json!(true)), @r#"service.json: endpoints.rules[4]: must have exactly one of "url", "error" and "custom": true"#);
    assert_snapshot!(broken(|m| m.rule(0)["when"] = json!(["fips"])), @r#"service.json: endpoints.rules[0].custom: needs the condition "endpoint-set""#);
    assert_snapshot!(broken(|m| m.service["endpoints"]["rules"] = json!([])), @"service.json: endpoints.rules: is empty, add at least a rule without conditions");
    assert_snapshot!(broken(|m| m.partition(0)["region_regex"] = json!("^north-[a-z]+")), @r"service.json: endpoints.partitions[0].region_regex: has another form than ^a\-\w+\-\d+$, ^(a|b)\-\w+\-\d+$ or ^a\-b\-\w+\-\d+$, which are understood");
    assert_snapshot!(broken(|m| m.partition(1)["id"] = json!("sea")), @r#"service.json: endpoints.partitions[1].id: "sea" is listed twice, remove or rename one"#);
    assert_snapshot!(broken(|m| m.partition(1)["regions"] = json!(["north-sea", "elbe"])), @r#"
    service.json: endpoints.partitions[1].regions[0]: "north-sea" is in partition "sea" too, remove one
    service.json: endpoints.partitions[1].regions[1]: "elbe" comes after "north-sea", sort the list
    "#);
    assert_snapshot!(broken(|m| m.service["endpoints"]["regions"] = json!({"lake": ["b", "a"]})), @r#"
    service.json: endpoints.regions.lake: unknown partition "lake", add it or correct the name
    service.json: endpoints.regions.lake[1]: "a" comes after "b", sort the list
    "#);
    assert_snapshot!(broken(|m| m.service["endpoints"]["partitions"] = json!([])), @r#"
    service.json: endpoints.partitions: is empty, but a rule asks for the partition; list them or name a table
    service.json: endpoints.regions.sea: unknown partition "sea", add it or correct the name
    "#);
}

#[test]
fn tables_of_partitions() {
    let partitions = |partitions| broken(|m| m.service["endpoints"]["partitions"] = partitions);
    // Only the fault of the reference, whatever else needs its partitions.
    assert_snapshot!(partitions(json!("aw")), @r#"service.json: endpoints.partitions: unknown table of partitions "aw", did you mean "aws"?"#);
    assert_snapshot!(partitions(json!({"aws": []})), @"service.json: endpoints.partitions: is neither the name of a table nor a list of partitions");
    // Regions are of the table's partitions.
    assert_snapshot!(partitions(json!("aws")), @r#"service.json: endpoints.regions.sea: unknown partition "sea", add it or correct the name"#);
}

#[test]
fn shapes_that_nothing_reaches() {
    assert_snapshot!(broken(|m| m.add_shape(json!({"name": "Anchor", "type": "string"}))), @"shapes.json: Anchor: is not used by any request, response or error, refer to it or remove it");
    // Shapes that only refer to each other.
    assert_snapshot!(broken(|m| {
        m.add_shape(json!({"name": "Anchor", "type": "list", "member": "Ankle"}));
        m.add_shape(json!({"name": "Ankle", "type": "structure", "doc": "Sore.", "members": [{"name": "Anchor", "shape": "Anchor"}]}));
    }), @"
    shapes.json: Anchor: is not used by any request, response or error, refer to it or remove it
    shapes.json: Ankle: is not used by any request, response or error, refer to it or remove it
    ");
    // A reference to it may be what cannot be read.
    assert_snapshot!(broken(|m| m.member("Ship", "Flag")["shape"] = json!("Pennant")), @r#"shapes.json: Ship.members[1].shape: unknown shape "Pennant", add it or correct the name"#);
}

/// Suggestions come from the keys that all shapes share, too, and never for what is nothing like a known word.
#[test]
fn what_was_meant() {
    assert_snapshot!(broken(|m| m.shape("Count")["exmaple"] = json!(1)), @"shapes.json: Count.exmaple: unknown key `exmaple`, did you mean `example`? (expected `min` or `max`)");
    assert_snapshot!(broken(|m| m.shape("Seaworthy")["nmae"] = json!(1)), @"shapes.json: Seaworthy.nmae: unknown key `nmae`, did you mean `name`? (this type takes none)");
    assert_snapshot!(broken(|m| m.member("Ship", "Flag")["quay"] = json!(true)), @"shapes.json: Ship.members[1].quay: unknown key `quay`, expected one of `name`, `wire`, `shape`, `required`, `client_token`, `doc`, `default`, `deprecated`, `timestamp_format`, `json_text`, `flattened`, `xml_attribute`, `xml_namespace`, `in`, `note`");
    assert_snapshot!(broken(|m| m.exception("Storm")["category"] = json!("Transient")), @"exceptions.json: Storm.category: unknown value `Transient`, did you mean `transient`? (expected one of `auth`, `access-denied`, `throttling`, `transient`, `client`, `not-found`, `clock`, `server`)");
}
