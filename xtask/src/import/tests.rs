use std::{env, fs, path::PathBuf};

use serde_json::json;

use super::*;

/// The models of botocore: in the folder `GATEWRIGHT_BOTOCORE`, or as `cargo xtask interop` installed them.
fn botocore_data() -> Option<PathBuf> {
    let given = env::var_os("GATEWRIGHT_BOTOCORE").map(PathBuf::from);
    let installed = || {
        let folder = crate::scratch::target().join("xtask/interop");
        // The verb writes this file when everything is installed.
        folder.join("installed.txt").is_file().then_some(())?;
        let pythons = fs::read_dir(folder.join("venv/lib")).ok()?.filter_map(Result::ok);
        let data = pythons.map(|python| python.path().join("site-packages/botocore/data"));
        data.filter(|data| data.is_dir()).max()
    };
    let data = given.or_else(installed);
    if data.is_none() {
        println!(
            "SKIPPED: botocore is not installed; cargo xtask interop installs it, or set GATEWRIGHT_BOTOCORE to its data"
        );
    }
    data
}

/// No folder, and therefore no model yet.
const NOWHERE: &str = "../model/services/nowhere";

/// Whether the models are those that `upstream.json` was made of: `cargo xtask interop` installs them.
fn is_recorded(data: &Path) -> bool {
    let about = data.with_file_name("__init__.py");
    let about = fs::read_to_string(&about).unwrap_or_else(|error| panic!("{}: {error}", about.display()));
    let mut requirements = include_str!("../../interop/requirements.txt").lines();
    let version = requirements.find_map(|line| line.strip_prefix("botocore==")).unwrap();
    let is_recorded = about.contains(&format!("__version__ = '{version}'"));
    if !is_recorded {
        println!("SKIPPED: {} is not botocore {version}, of which our models were made", data.display());
    }
    is_recorded
}

#[test]
fn importing_todays_models_changes_no_byte_of_ours() {
    let Some(data) = botocore_data().filter(|data| is_recorded(data)) else { return };
    for (service, name) in [
        ("aws-api-gateway-management", "apigateway"),
        ("aws-api-gateway-v2-management", "apigatewayv2"),
        ("aws-storage-gateway", "storagegateway"),
        ("aws-sts", "sts"),
    ] {
        let folder = model::folder(service, None);
        let imported = import(service, &data.join(name), None, &folder).unwrap();
        let changed: Vec<_> = imported.changed().filter(|file| *file != files::UPSTREAM).collect();
        assert_eq!(changed, [""; 0], "{}", imported.report());
        imported.load().unwrap();
    }
}

/// One of each kind; `cargo xtask corpus` imports all of them.
#[test]
fn services_of_botocore_become_models_that_load() {
    let Some(data) = botocore_data() else { return };
    for name in ["acm", "cloudwatch", "dynamodb", "kms", "kinesis", "sdb", "sns", "sqs", "sts", "waf"] {
        let imported = import(name, &data.join(name), None, Path::new(NOWHERE))
            .unwrap_or_else(|failure| panic!("{name}: {failure}"));
        imported.load().unwrap_or_else(|faults| panic!("{name}: {faults}"));
    }
}

/// The small service of the fixtures, in a format.
fn fixture(format: &str) -> Imported {
    let path = model::root().join("xtask/src/import/fixtures").join(format);
    import("harbour", &path, None, Path::new(NOWHERE)).unwrap()
}

#[test]
fn every_trait_of_a_vendors_model_has_its_place_in_ours() {
    let imported = fixture("botocore");
    let service = imported.load().unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(service.operations.len(), 5, "one has an event stream");
    let texts = imported.texts.iter().filter(|(file, _)| **file != files::UPSTREAM);
    let texts: Vec<_> = texts.map(|(file, text)| format!("--- {file}\n{text}")).collect();
    insta::assert_snapshot!(format!("{}{}", imported.report(), texts.concat()));
}

/// So that editors check and complete the files.
#[test]
fn a_model_in_any_folder_names_the_schemas_of_this_tree() {
    let folder = tempfile::TempDir::new().unwrap();
    let harbour = folder.path().join("mine/harbour");
    let path = model::root().join("xtask/src/import/fixtures/botocore");
    let import = || import("harbour", &path, None, &harbour).unwrap().write().unwrap();
    let mut written = import();
    written.retain(|file| *file != files::UPSTREAM);
    let name = |file: &str, schema: &str| edit(&harbour.join(file), |text| text["$schema"] = json!(schema));
    let check = || {
        for file in &written {
            let text: Value = serde_json::from_str(&fs::read_to_string(harbour.join(file)).unwrap()).unwrap();
            let schema = harbour.join(text["$schema"].as_str().unwrap()).canonicalize().unwrap();
            assert_eq!(schema, model::root().join("model/schema").join(file).canonicalize().unwrap());
        }
    };
    check();
    // Names of nothing, as imports once wrote them.
    for file in &written {
        name(file, &format!("../../schema/{file}"));
    }
    assert_eq!(import(), written);
    check();
    // Other names are their authors'.
    let (mine, remote) = ("../schema/service.json", "https://localhost/schema/shapes.json");
    crate::tree::write(folder.path(), "mine/schema/service.json", "{}").unwrap();
    name(files::SERVICE, mine);
    name("shapes.json", remote);
    import();
    let named = |file| Folder::read(&harbour).unwrap().schema(file);
    assert_eq!([named(files::SERVICE), named("shapes.json")], [mine, remote]);
}

#[test]
fn places_in_http_messages_are_kept() {
    let (botocore, smithy) = (fixture("rest"), fixture("rest.json"));
    botocore.load().unwrap_or_else(|faults| panic!("{faults}"));
    for (file, text) in &botocore.texts {
        assert_same(file, text, &smithy.texts[file]);
    }
    let texts = botocore.texts.iter().filter(|(file, _)| ["operations.json", "shapes.json"].contains(file));
    let texts: Vec<_> = texts.map(|(file, text)| format!("--- {file}\n{text}")).collect();
    insta::assert_snapshot!(format!("{}{}", botocore.report(), texts.concat()));
}

#[test]
fn names_in_xml_are_kept() {
    let (botocore, smithy) = (fixture("xml"), fixture("xml.json"));
    botocore.load().unwrap_or_else(|faults| panic!("{faults}"));
    for (file, text) in botocore.texts.iter().filter(|(file, _)| **file != files::UPSTREAM) {
        assert_same(file, text, &smithy.texts[file]);
    }
    let files = ["operations.json", "service.json", "shapes.json"];
    let texts = botocore.texts.iter().filter(|(file, _)| files.contains(file));
    let texts: Vec<_> = texts.map(|(file, text)| format!("--- {file}\n{text}")).collect();
    insta::assert_snapshot!(format!("{}{}", botocore.report(), texts.concat()));
}

#[test]
fn both_formats_give_the_same_model() {
    let (botocore, smithy) = (fixture("botocore"), fixture("smithy.json"));
    // Smithy leaves the longest wait to programs.
    let is_limit = |line: &&str| !line.trim_start().starts_with("\"max_wait\"");
    for (file, text) in botocore.texts.iter().filter(|(file, _)| **file != files::UPSTREAM) {
        let text: String = text.split_inclusive('\n').filter(is_limit).collect();
        assert_same(file, &text, &smithy.texts[file]);
    }
    assert_eq!(botocore.report(), smithy.report());
}

/// Edits the file of a folder.
fn edit(path: &Path, edit: impl Fn(&mut Value)) {
    let mut content = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    edit(&mut content);
    fs::write(path, content.to_string()).unwrap();
}

/// Replaces a text that is there once.
fn replace(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from:?} in {}", path.display());
    fs::write(path, text.replace(from, to)).unwrap();
}

/// Operation `ListWaves` as it is imported with these changes of its paginator: its pages, and what is lost of it.
fn imported_pages(changes: &Value) -> (Value, Option<String>) {
    let folder = tempfile::TempDir::new().unwrap();
    let fixtures = model::root().join("xtask/src/import/fixtures/botocore");
    for file in ["service-2.json", "paginators-1.json", "endpoint-rule-set-1.json"] {
        fs::copy(fixtures.join(file), folder.path().join(file)).unwrap();
    }
    edit(&folder.path().join("service-2.json"), |model| {
        for name in ["ListWavesInput", "WavePage"] {
            let members = &mut model["shapes"][name]["members"];
            for (member, shape) in
                [("Number", "Limit"), ("Kind", "Flag"), ("Papers", "Papers"), ("Any", "Any")]
            {
                members[member] = json!({"shape": shape});
            }
        }
        let members = &mut model["shapes"]["WavePage"]["members"];
        members["More"] = json!({"shape": "Boolean"});
        members["Ships"] = json!({"shape": "Ships"});
    });
    edit(&folder.path().join("paginators-1.json"), |file| {
        let paginator = &mut file["pagination"]["ListWaves"];
        *paginator =
            json!({"input_token": "Token", "output_token": "Page.Token", "result_key": "Page.Waves"});
        for (key, value) in changes.as_object().unwrap() {
            paginator[key] = value.clone();
        }
    });
    let imported = import("harbour", folder.path(), None, Path::new(NOWHERE)).unwrap();
    imported.load().unwrap_or_else(|faults| panic!("{faults}"));
    let operations: Value = serde_json::from_str(&imported.texts["operations.json"]).unwrap();
    let operations = operations["operations"].as_array().unwrap();
    let waves = operations.iter().find(|operation| operation["name"] == "ListWaves").unwrap();
    let subject = vendor::Subject::Operation("ListWaves".into());
    let lost = imported.losses.0.iter().find(|(_, of)| of.contains(&subject));
    (waves["pagination"].clone(), lost.map(|(what, _)| what.clone()))
}

#[test]
fn paginators_are_read_as_far_as_ours_has_them() {
    for (key, value, ours) in [
        ("more_results", "Page.More", "more_results"),
        ("output_token", "Page.Ships[-1].Id", "output_token"),
        ("output_token", "Page.Token || Page.Ships[-1].Id", "output_token"),
        ("result_key", "Page.Ships", "items"),
        ("result_key", "Page.Papers", "items"),
        ("result_key", "Page", "items"),
        ("limit_key", "Number", "page_size"),
        ("limit_key", "Token", "page_size"),
    ] {
        let (pages, lost) = imported_pages(&json!({key: value}));
        assert_eq!((pages[ours].as_str(), lost), (Some(value), None));
    }
    for token in ["Number", "Kind", "Papers"] {
        let path = format!("Page.{token}");
        let (pages, lost) = imported_pages(&json!({"input_token": token, "output_token": path}));
        assert_eq!(
            (pages["input_token"].as_str(), pages["output_token"].as_str()),
            (Some(token), Some(&*path))
        );
        assert_eq!(lost, None);
    }
    let several = json!({"input_token": ["Token", "Kind"], "output_token": ["Page.Token", "Page.Kind"]});
    let (pages, lost) = imported_pages(&several);
    assert_eq!(
        (&pages["input_token"], &pages["output_token"]),
        (&several["input_token"], &several["output_token"])
    );
    assert_eq!(lost, None);
    for (changes, items, expected) in [
        (json!({"result_key": ["Page.Number", "Page.Waves"]}), "Page.Waves", None),
        (json!({"result_key": ["Page.Number", "Page.Token"]}), "Page.Number", None),
        (
            json!({"result_key": ["Page.Papers", "Page.Waves"]}),
            "Page.Waves",
            Some("pages with several lists: the items are those of the first"),
        ),
        (
            json!({"limit_key": "Kind"}),
            "Page.Waves",
            Some("page sizes that are neither whole numbers nor texts"),
        ),
    ] {
        let (pages, lost) = imported_pages(&changes);
        assert_eq!((pages["items"].as_str(), lost.as_deref()), (Some(items), expected));
    }
}

/// What ours cannot express is reported: expressions, and tokens that requests cannot take.
#[test]
fn paginators_that_ours_cannot_express_are_reported() {
    for (changes, expected) in [
        (json!({"more_results": "length(Page.Waves)"}), "pages by expressions"),
        (json!({"output_token": "Page.Waves[0]"}), "pages by expressions"),
        (json!({"output_token": "Page.Number"}), "pages by tokens that requests cannot take"),
        (
            json!({"input_token": "Any", "output_token": "Page.Any"}),
            "pages by tokens that requests cannot take",
        ),
        (
            json!({"input_token": ["Token", "Kind"]}),
            "pages without a token in the response for each of the request",
        ),
    ] {
        let (pages, lost) = imported_pages(&changes);
        assert_eq!((pages, lost.as_deref()), (Value::Null, Some(expected)));
    }
}

/// The vendor changed its model, and people changed ours: the result has both changes.
#[test]
fn a_refresh_applies_what_the_vendor_changed_and_keeps_what_is_ours() {
    let folder = tempfile::TempDir::new().unwrap();
    let (vendor, model) = (folder.path().join("vendor"), folder.path().join("harbour"));
    fs::create_dir(&vendor).unwrap();
    for file in ["service-2", "paginators-1", "endpoint-rule-set-1", "waiters-2"] {
        let file = format!("{file}.json");
        fs::copy(model::root().join("xtask/src/import/fixtures/botocore").join(&file), vendor.join(&file))
            .unwrap();
    }
    let import = || import("harbour", &vendor, None, &model).unwrap();
    assert_eq!(import().write().unwrap().len(), 7);
    assert_eq!(import().write().unwrap(), [""; 0], "an import that changes nothing writes nothing");

    let (operations, shapes) = (model.join("operations.json"), model.join("shapes.json"));
    replace(&operations, "Calls `DescribeShip`.", "Describes a ship.");
    let pages = "\"pagination\": {\"input_token\": \"Token\", \"output_token\": \"Token\"";
    replace(&operations, pages, &format!("\"note\": \"Ours.\",\n      {pages}"));
    replace(&shapes, "\"value\": \"NO\"", "\"value\": \"NO\", \"aliases\": [\"Norway\"]");
    replace(&model.join("waiters.json"), "\"max_wait\": 60,", "\"max_wait\": 90,");
    replace(&shapes, "\"max\": 100", "\"max\": 50");
    replace(&shapes, "{\"name\": \"Built\",", "{\"name\": \"Built\", \"doc\": \"Year of launch.\",");
    replace(
        &model.join("error-codes.json"),
        "[]",
        r#"[{"value": "Fog", "doc": "Nobody sees.", "category": "client", "operations": ["ListShips"]}]"#,
    );
    import().load().unwrap_or_else(|faults| panic!("{faults}"));
    let before: BTreeMap<_, _> = import().texts;

    edit(&vendor.join("service-2.json"), |model| {
        let operations = &mut model["operations"];
        operations["SinkShip"] = operations["DescribeShip"].clone();
        operations["SinkShip"]["errors"] = json!([{"shape": "Leak"}]);
        operations["SinkShip"]["readonly"] = false.into();
        operations.as_object_mut().unwrap().remove("ListWaves");
        operations["MoorShip"]["idempotent"] = false.into();
        let shapes = &mut model["shapes"];
        shapes["Leak"] = shapes["NoSuchShip"].clone();
        shapes["Flag"]["enum"] = json!(["DK", "UNKNOWN", "dk", "NO", "SE", "Dk"]);
        shapes["Limit"]["max"] = 200.into();
        shapes["ShipId"]["max"] = 20.into();
        shapes["Ship"]["members"]["Draught"] = json!({"shape": "Tons"});
        shapes["Ship"]["members"].as_object_mut().unwrap().remove("Seal");
        shapes["Ship"]["required"] = json!(["Id", "Built"]);
    });
    edit(&vendor.join("waiters-2.json"), |file| {
        let waiters = &mut file["waiters"];
        waiters["ShipsThere"]["delay"] = 3.into();
        waiters["ShipMoored"]["acceptors"].as_array_mut().unwrap().truncate(2);
        waiters["ShipSunk"] = waiters["ShipMoored"].clone();
        waiters["ShipSunk"]["operation"] = "SinkShip".into();
    });
    let imported = import();
    imported.load().unwrap_or_else(|faults| panic!("{faults}"));
    let mut diffs = imported.report();
    for (file, text) in imported.texts.iter().filter(|(file, _)| **file != files::UPSTREAM) {
        let mut options = diffy::DiffOptions::new();
        options
            .set_original_filename((*file).to_owned())
            .set_modified_filename((*file).to_owned())
            .set_context_len(2);
        diffs += &options.create_patch(&before[file], text).to_string();
    }
    insta::assert_snapshot!(diffs);
    imported.write().unwrap();
    assert_eq!(import().write().unwrap(), [""; 0]);
}

/// What the import itself filled in is not ours, and an equivalent is one of the pattern that it was written for.
#[test]
fn a_refresh_follows_the_vendor_in_what_was_filled_in_or_explained_its_old_words() {
    let folder = tempfile::TempDir::new().unwrap();
    let (vendor, model) = (folder.path().join("service-2.json"), folder.path().join("harbour"));
    fs::copy(model::root().join("xtask/src/import/fixtures/botocore/service-2.json"), &vendor).unwrap();
    let import = || {
        let imported = import("harbour", &vendor, None, &model).unwrap();
        imported.load().unwrap_or_else(|faults| panic!("{faults}"));
        imported
    };
    import().write().unwrap();
    let equivalent = "\"pattern_equivalent\": \"^[a-z1-9][a-z0-9]*$\"";
    replace(&model.join("shapes.json"), "\"pattern_unchecked\": true", equivalent);
    replace(&model.join("exceptions.json"), "\"status\": 409", "\"status\": 400");
    let unchanged = import();
    assert_eq!(unchanged.changed().count(), 0, "{}", unchanged.report());

    edit(&vendor, |model| {
        let shapes = &mut model["shapes"];
        shapes["Berth"]["pattern"] = "^(?!1)[a-z0-9]+$".into();
        shapes["NoSuchShip"]["error"] = json!({"httpStatusCode": 404});
        shapes["BerthTaken"]["error"] = json!({"httpStatusCode": 410});
    });
    let imported = import();
    let lines = |start: &str| -> Vec<String> {
        let report = imported.report();
        let lines = report.lines().skip_while(|line| !line.starts_with(start)).skip(1);
        lines.take_while(|line| line.starts_with("  ")).map(str::to_owned).collect()
    };
    assert_eq!(
        lines("changed:"),
        [
            "  shapes.json Berth pattern: \"^(?!1)[a-z0-9]+$\" instead of \"^(?!0)[a-z0-9]+$\"",
            "  exceptions.json NoSuchShip status: 404 instead of 400",
        ]
    );
    assert_eq!(
        lines("to write: what was ours"),
        ["  shapes.json Berth pattern_equivalent: \"^[a-z1-9][a-z0-9]*$\""]
    );
    // This one is not the status that the import fills in.
    assert_eq!(
        lines("the vendor changed what we had changed"),
        ["  exceptions.json BerthTaken status: 400; the vendor has 410"]
    );
    let shapes = &imported.texts["shapes.json"];
    assert!(shapes.contains("pattern_unchecked") && !shapes.contains("pattern_equivalent"), "{shapes}");
    imported.write().unwrap();
    assert_eq!(import().changed().count(), 0);

    // A pattern that compiles needs no equivalent.
    replace(&model.join("shapes.json"), "\"pattern_unchecked\": true", equivalent);
    edit(&vendor, |model| model["shapes"]["Berth"]["pattern"] = "^[a-z]+$".into());
    let shapes = &import().texts["shapes.json"];
    assert!(!shapes.contains("pattern_unchecked") && !shapes.contains("pattern_equivalent"), "{shapes}");
}

/// The small service with a change of this file of a vendor's.
fn changed(file: &str, change: &dyn Fn(&mut Value)) -> Imported {
    let folder = tempfile::TempDir::new().unwrap();
    let fixtures = model::root().join("xtask/src/import/fixtures");
    let path = folder.path().join(file);
    let from = if file == "smithy.json" { fixtures.join(file) } else { fixtures.join("botocore").join(file) };
    fs::copy(from, &path).unwrap();
    edit(&path, change);
    import("harbour", &path, None, Path::new(NOWHERE)).unwrap()
}

#[test]
fn defaults_and_errors_are_kept_or_reported() {
    let subjects = |imported: &Imported, kind: &str| -> Vec<_> {
        imported.losses.0.get(kind).into_iter().flatten().cloned().collect()
    };
    let of = |name: &str| vendor::Subject::Shape(name.into());
    let imported = changed("smithy.json", &|model| {
        let members = &mut model["shapes"]["com.example.harbour#ListShipsInput"]["members"];
        let member = |target: &str, default: Value| json!({"target": target, "traits": {"smithy.api#default": default}});
        members["Crew"] = member("com.example.harbour#Crew", json!([]));
        members["Since"] = member("smithy.api#Timestamp", json!(0));
    });
    imported.load().unwrap_or_else(|faults| panic!("{faults}"));
    assert!(imported.texts["shapes.json"].contains(r#""default": []"#), "{}", imported.texts["shapes.json"]);
    assert_eq!(subjects(&imported, "defaults of times, bytes and documents"), [of("ListShipsInput")]);

    let imported = changed("service-2.json", &|model| {
        model["shapes"]["NoSuchShip"]["error"] = json!({"httpStatusCode": 304});
    });
    let kind = "statuses of errors that are not from 400 to 599";
    assert_eq!(subjects(&imported, kind), [of("NoSuchShip")]);

    let imported = changed("service-2.json", &|model| {
        model["metadata"]["protocol"] = "query".into();
        model["metadata"]["protocols"] = json!(["query"]);
        model["metadata"]["xmlNamespace"] = "urn:harbour".into();
        for (name, status) in [("NoSuchShip", 404), ("Overloaded", 503)] {
            model["shapes"][name]["error"] = json!({"code": "Lost", "httpStatusCode": status});
        }
    });
    let kind = "other facts of an error that has the code of another";
    assert_eq!(subjects(&imported, kind), [of("Overloaded")]);
}

/// Requests are signed by SigV4, whatever the vendor says.
#[test]
fn other_authentication_is_reported() {
    let lost = |file: &str, change: &dyn Fn(&mut Value)| {
        let imported = changed(file, change);
        let lost = imported.losses.0.iter().filter(|(kind, _)| kind.contains("authentication"));
        lost.map(|(kind, of)| (kind.clone(), of.iter().cloned().collect::<Vec<_>>())).collect::<Vec<_>>()
    };
    let of_ship = || vendor::Subject::Operation("DescribeShip".into());
    let service = "/shapes/com.example.harbour#Harbour_20260101/traits";
    for name in ["httpApiKeyAuth", "httpBasicAuth", "httpBearerAuth", "httpDigestAuth"] {
        let id = format!("smithy.api#{name}");
        let expected = [(format!("authentication {id}"), vec![vendor::Subject::Service])];
        let found = lost("smithy.json", &|model| model.pointer_mut(service).unwrap()[&id] = json!({}));
        assert_eq!(found, expected);
        let found = lost("service-2.json", &|model| {
            model["metadata"]["auth"] = json!(["aws.auth#sigv4", id]);
        });
        assert_eq!(found, expected);
    }
    let unsigned = lost("smithy.json", &|model| {
        model.pointer_mut(service).unwrap().as_object_mut().unwrap().remove("aws.auth#sigv4");
    });
    let expected = "no authentication aws.auth#sigv4: requests are signed by SigV4";
    assert_eq!(unsigned, [(expected.to_owned(), vec![vendor::Subject::Service])]);

    let names = json!(["smithy.api#noAuth", "aws.auth#sigv4", "smithy.api#httpBearerAuth"]);
    let expected = [("authentication smithy.api#httpBearerAuth".to_owned(), vec![of_ship()])];
    let operation = "/shapes/com.example.harbour#DescribeShip/traits";
    let found = lost("smithy.json", &|model| {
        model.pointer_mut(operation).unwrap()["smithy.api#auth"] = names.clone();
    });
    assert_eq!(found, expected);
    let found = lost("service-2.json", &|model| model["operations"]["DescribeShip"]["auth"] = names.clone());
    assert_eq!(found, expected);
}

/// What no model has: headers that the service needs, and changes of members.
#[test]
fn what_vendors_clients_do_by_hand_is_added_or_reported() {
    let folder = tempfile::TempDir::new().unwrap();
    let vendor = folder.path().join("service-2.json");
    fs::copy(model::root().join("xtask/src/import/fixtures/rest/service-2.json"), &vendor).unwrap();
    let import = |id: &str| {
        edit(&vendor, |model| model["metadata"]["serviceId"] = id.into());
        import("lighthouse", &vendor, None, Path::new(NOWHERE)).unwrap()
    };
    let protocol = |imported: &Imported| -> Value {
        imported.load().unwrap_or_else(|faults| panic!("{faults}"));
        serde_json::from_str::<Value>(&imported.texts["service.json"]).unwrap()["protocol"].take()
    };
    let headers = |headers: Value| json!({"aws-rest-json": {"headers": headers}});
    assert_eq!(protocol(&import("API Gateway")), headers(json!({"Accept": "application/json"})));
    assert_eq!(protocol(&import("Glacier")), headers(json!({"x-amz-glacier-version": "2026-01-01"})));
    let by_hand = import("Route 53");
    assert_eq!(protocol(&by_hand), json!({"aws-rest-json": {}}));
    let expected = "callers do themselves:\n  ids: cut off /hostedzone/, /change/ and /delegationset/,";
    assert!(by_hand.report().contains(expected), "{}", by_hand.report());
    for (id, expected) in [
        ("EC2", "  output of GetConsoleOutput: decode it by Base64\n  CopySnapshot: set the presigned URL"),
        ("IAM", "  policy documents in responses: decode them"),
        ("S3", "  sources of copies: percent-encode the key"),
    ] {
        let report = import(id).report();
        assert!(report.contains(expected), "{report}");
    }
}

/// No checksum is sent for a member that only names an algorithm.
#[test]
fn checksums_that_callers_send_are_reported() {
    for (is_required, expected) in [
        (true, "checksums of requests by other algorithms than CRC-32: callers set the header"),
        (false, "checksums of requests that need none: callers who name the algorithm set the header, too"),
    ] {
        let mut losses = Losses::default();
        let facts = json!({"requestAlgorithmMember": "algorithm", "requestChecksumRequired": is_required});
        assert_eq!(losses.checksum(&facts, false, true, "TurnLamp"), is_required);
        assert_eq!(losses.0.into_keys().collect::<Vec<_>>(), [expected]);
    }
}

/// Of a large model, the selected operations and what they need: today, and in every refresh.
#[test]
fn a_selection_of_operations_stays_one() {
    let folder = tempfile::TempDir::new().unwrap();
    let (vendor, model) = (folder.path().join("service-2.json"), folder.path().join("harbour"));
    let original = model::root().join("xtask/src/import/fixtures/botocore/service-2.json");
    fs::copy(original, &vendor).unwrap();
    let import = |operations: Option<&[&str]>| {
        let names = operations.map(|names| names.iter().map(|&name| name.to_owned()).collect());
        import_operations("harbour", &vendor, None, names, &model)
    };
    let names = |imported: &Imported| -> Vec<String> {
        let service = imported.load().unwrap_or_else(|faults| panic!("{faults}"));
        service.operations.iter().map(|operation| operation.name.clone()).collect()
    };

    let unknown = import(Some(&["DescribeShips"])).unwrap_err().to_string();
    assert_eq!(unknown, "unknown operation \"DescribeShips\"; did you mean DescribeShip?");
    let one = import(Some(&["DescribeShip"])).unwrap();
    assert_eq!(names(&one), ["DescribeShip"]);
    let whole = fixture("botocore").texts;
    for file in ["shapes.json", files::UPSTREAM] {
        assert!(one.texts[file].len() < whole[file].len(), "{file} has what nothing refers to");
    }
    let subjects: BTreeSet<_> = one.losses.0.values().flatten().collect();
    assert!(!subjects.contains(&vendor::Subject::Operation("MoorShip".into())), "{}", one.report());
    one.write().unwrap();

    edit(&vendor, |model| {
        model["operations"]["SinkShip"] = model["operations"]["DescribeShip"].clone();
        model["shapes"]["ShipId"]["max"] = 20.into();
    });
    let refreshed = import(None).unwrap();
    assert_eq!(names(&refreshed), ["DescribeShip"]);
    assert!(refreshed.report().contains("shapes.json ShipId max_length: 20"), "{}", refreshed.report());
    refreshed.write().unwrap();
    let wider = import(Some(&["DescribeShip", "SinkShip"])).unwrap();
    assert_eq!(names(&wider), ["DescribeShip", "SinkShip"]);
    wider.write().unwrap();
    let narrower = import(Some(&["SinkShip"])).unwrap();
    assert_eq!(names(&narrower), ["SinkShip"]);
    narrower.write().unwrap();
    assert_eq!(import(None).unwrap().changed().count(), 0);
}

/// If our entries mention something that the vendor removed, that is a fault of the model, reported with its place.
#[test]
fn what_the_vendor_removed_is_missed_where_ours_mentions_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let model = folder.path().join("harbour");
    let fixture = model::root().join("xtask/src/import/fixtures/botocore/service-2.json");
    let vendor = folder.path().join("service-2.json");
    fs::copy(fixture, &vendor).unwrap();
    let import = || import("harbour", &vendor, None, &model).unwrap();
    import().write().unwrap();
    replace(
        &model.join("error-codes.json"),
        "[]",
        r#"[{"value": "Fog", "doc": "Nobody sees.", "category": "client", "operations": ["ListShips"]}]"#,
    );
    edit(&vendor, |model| {
        model["operations"].as_object_mut().unwrap().remove("ListShips");
    });
    let faults = import().load().unwrap_err().to_string();
    assert!(faults.contains("Fog.operations[0]: unknown operation \"ListShips\""), "{faults}");
}

#[test]
fn files_that_are_too_large_are_not_read() {
    let folder = tempfile::TempDir::new().unwrap();
    let large = |name: &str| {
        let path = folder.path().join(name);
        // Takes no space on the disk.
        File::create(&path).unwrap().set_len((256 << 20) + 1).unwrap();
        path
    };
    let vendor = large("service-2.json");
    let Failure::Refused(refused) = import("harbour", &vendor, None, Path::new(NOWHERE)).unwrap_err() else {
        panic!("the file is input");
    };
    assert_eq!(refused, format!("cannot read {}: it has more than 256 MiB", vendor.display()));

    let shapes = large("shapes.json");
    let faults = gatewright_model::load(folder.path()).unwrap_err().to_string();
    let expected = format!("{}: cannot be read: it has more than 256 MiB\n", shapes.display());
    assert!(faults.contains(&expected), "{faults}");
}

/// A key or trait that a later version of a format has is reported wherever it stands.
#[test]
fn nothing_that_is_unknown_goes_unreported() {
    let folder = tempfile::TempDir::new().unwrap();
    let fixtures = model::root().join("xtask/src/import/fixtures");
    let reports = |from: &str, file: &str, place: &str, keys: &[&str]| {
        let path = folder.path().join(file);
        let before = fs::read(&path).unwrap();
        edit(&path, |content| {
            let value = content.pointer_mut(place).unwrap_or_else(|| panic!("{file} has no {place}"));
            let value = keys.iter().fold(value, |value, key| &mut value[*key]);
            *value = json!({});
        });
        let imported = import("harbour", &folder.path().join(from), None, Path::new(NOWHERE)).unwrap();
        fs::write(&path, before).unwrap();
        let lost = imported.losses.0.keys().filter(|kind| kind.contains("novel")).count();
        assert_eq!(lost, 1, "{file} {place}\n{}", imported.report());
    };

    let files = ["service-2.json", "paginators-1.json", "endpoint-rule-set-1.json", "waiters-2.json"];
    for name in files {
        fs::copy(fixtures.join("botocore").join(name), folder.path().join(name)).unwrap();
    }
    for (file, places) in [
        ("service-2.json", ["", "/metadata", "/operations/DescribeShip"].as_slice()),
        ("service-2.json", &["/operations/DescribeShip/http", "/operations/DescribeShip/input"]),
        ("service-2.json", &["/operations/DescribeShip/output", "/operations/DescribeShip/errors/0"]),
        ("service-2.json", &["/operations/MoorShip/endpoint", "/operations/Ping/requestcompression"]),
        ("service-2.json", &["/shapes/Ship", "/shapes/Ship/members/Id", "/shapes/Ships/member"]),
        ("service-2.json", &["/shapes/Papers/key", "/shapes/Papers/value"]),
        ("service-2.json", &["/shapes/Overloaded/retryable"]),
        ("paginators-1.json", &["/pagination/ListShips"]),
        ("waiters-2.json", &["/waiters/ShipMoored", "/waiters/ShipMoored/acceptors/0"]),
    ] {
        for place in places {
            reports("service-2.json", file, place, &["novel"]);
        }
    }

    reports("service-2.json", "service-2.json", "/shapes/NoSuchShip", &["error", "novel"]);

    fs::copy(fixtures.join("smithy.json"), folder.path().join("smithy.json")).unwrap();
    let of_trait = ["traits", "example#novel"].as_slice();
    for (shape, part, keys) in [
        ("Harbour_20260101", "", of_trait),
        ("DescribeShip", "", of_trait),
        ("DescribeShip", "/traits/smithy.waiters#waitable/ShipMoored", &["novel"]),
        ("ListShips", "/traits/smithy.api#paginated", &["novel"]),
        ("Ship", "/members/Id", of_trait),
        ("Overloaded", "", of_trait),
        ("Ships", "/member", of_trait),
        ("Papers", "/key", of_trait),
        ("Papers", "/value", of_trait),
        ("Flag", "/members/NO", of_trait),
    ] {
        reports("smithy.json", "smithy.json", &format!("/shapes/com.example.harbour#{shape}{part}"), keys);
    }
}

/// What nothing in the vendor's model refers to is reported, and is no reason to refuse it.
#[test]
fn a_strict_import_leaves_out_what_no_client_needs() {
    let folder = tempfile::TempDir::new().unwrap();
    for (format, file) in [("rest", "rest/service-2.json"), ("rest.json", "rest.json")] {
        let from = folder.path().join(file);
        fs::create_dir_all(from.parent().unwrap()).unwrap();
        fs::copy(model::root().join("xtask/src/import/fixtures").join(file), &from).unwrap();
        edit(&from, |model| {
            model["shapes"]["example#Forgotten"] = json!({"type": "string"});
            if format == "rest.json" {
                model["shapes"]["example#Unbound"] = json!({"type": "operation"});
            }
        });
        let imported = import("harbour", &from, None, Path::new(NOWHERE)).unwrap();
        let expected = ["operations that are not the service's", "shapes that no operation refers to"];
        let expected = if format == "rest.json" { &expected[..] } else { &expected[1..] };
        assert_eq!(imported.unneeded.0.keys().collect::<Vec<_>>(), expected, "{}", imported.report());
        assert!(imported.report().contains("Forgotten"), "{}", imported.report());
        assert_eq!(imported.has_losses(), fixture(format).has_losses());
    }
}

#[test]
fn a_strict_import_of_what_ours_cannot_express_changes_nothing() {
    let folder = tempfile::TempDir::new().unwrap();
    let import = |strict: bool| {
        run(&Arguments {
            service: "harbour".into(),
            from: model::root().join("xtask/src/import/fixtures/smithy.json"),
            format: None,
            operations: Vec::new(),
            model: Some(folder.path().into()),
            strict,
        })
    };
    let refused = import(true).unwrap_err();
    assert!(matches!(&refused, Failure::Failed(why) if why.starts_with("nothing was changed")), "{refused}");
    assert!(!folder.path().join("harbour").exists());
    import(false).unwrap();
    gatewright_model::load(&folder.path().join("harbour")).unwrap();
}

#[test]
fn an_import_that_could_not_write_all_files_is_repeated() {
    let parent = tempfile::TempDir::new().unwrap();
    let folder = parent.path().join("harbour");
    let path = model::root().join("xtask/src/import/fixtures/botocore");
    let imported = || import("harbour", &path, None, &folder).unwrap();
    fs::create_dir(&folder).unwrap();
    let whole = imported().texts;
    let fails = |file: &str| {
        // It has the name of the draft.
        let draft = folder.join(format!(".{file}.{}", std::process::id()));
        fs::create_dir(&draft).unwrap();
        assert!(imported().write().is_err());
        fs::remove_dir(&draft).unwrap();
    };
    fails("waiters.json");
    imported().write().unwrap();
    let files = crate::tree::texts(&folder);
    assert_eq!(files.len(), whole.len());
    for (path, text) in files {
        let file = path.file_name().unwrap().to_str().unwrap();
        assert_same(file, &text, &whole[file]);
    }

    // A refresh that adds what the vendor's older model did not have.
    for file in ["upstream.json", "waiters.json"] {
        edit(&folder.join(file), |content| content["waiters"] = json!([]));
    }
    fails("waiters.json");
    imported().write().unwrap();
    let waiters = fs::read_to_string(folder.join("waiters.json")).unwrap();
    let [found, expected] =
        [&waiters, &whole["waiters.json"]].map(|text| serde_json::from_str::<Value>(text).unwrap());
    assert_eq!(found, expected);
}

#[test]
fn a_wrong_path_and_a_damaged_file_are_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let failure = |from: &Path| import("harbour", from, None, Path::new(NOWHERE)).unwrap_err().to_string();
    let typo = path("typo");
    assert!(failure(&typo).starts_with(&format!("cannot read {}: ", typo.display())), "{}", failure(&typo));
    let damaged = path("model.json");
    fs::write(&damaged, "{\"smithy\": \"2.0\",\n \"shapes\" {}}").unwrap();
    // Also within a folder.
    for from in [&damaged, folder.path()] {
        let why = failure(from);
        let begin = format!("{} is not JSON: ", damaged.display());
        assert!(why.starts_with(&begin) && why.ends_with("at line 2 column 11"), "{why}");
    }
    fs::write(&damaged, "{}").unwrap();
    let why = failure(&damaged);
    assert!(why.contains(" holds no model of a known format: neither botocore's service-2.json"), "{why}");
}

#[track_caller]
fn assert_same(file: &str, one: &str, other: &str) {
    assert!(one == other, "{file}:\n{}", diffy::create_patch(one, other));
}
