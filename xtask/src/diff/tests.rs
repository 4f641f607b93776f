use gatewright_model::Kind;

use super::*;
use crate::model;

/// A report of changes of every verdict, in services that exist.
pub(super) fn report() -> Report {
    let old = model::all().expect("the models are sound");
    let mut new = old.clone();
    let sts = new.iter_mut().find(|service| service.name == "aws-sts").expect("it is a service");
    sts.operations.retain(|operation| operation.name != "GetCallerIdentity");
    sts.doc += " <script>alert(1)</script> & `x`.";
    let gateway =
        new.iter_mut().find(|service| service.name == "aws-storage-gateway").expect("it is a service");
    gateway.endpoints.regions.push("xx-new-1".to_owned());
    for shape in &mut gateway.shapes {
        if let (Kind::String { length, .. }, "TapeBarcode") = (&mut shape.kind, shape.name.as_str()) {
            length.max = Some(12);
        }
    }
    let status = gateway.exceptions.first_mut().expect("there are exceptions");
    status.status += 1;
    let changes = changes(&old, &new);
    let version = Version::parse("0.1.0");
    Report { from: "v0.1.0".to_owned(), old, new, changes, version }
}

#[test]
fn text_has_a_line_per_change_the_version_and_an_entry() {
    insta::assert_snapshot!(text::render(&report()));
}

#[test]
fn markdown_fits_a_comment() {
    let mut report = report();
    insta::assert_snapshot!(markdown::render(&report));
    let many: Vec<_> = report.changes.iter().cycle().take(5_000).cloned().collect();
    report.changes = many;
    let text = markdown::render(&report);
    assert!((50_000..65_536).contains(&text.len()), "{}", text.len());
    assert!(text.contains(" more lines do not fit here"), "{}", &text[text.len() - 200..]);
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    assert_eq!(text.matches("````").count() % 2, 0);
}

#[test]
fn json_has_the_facts() {
    let json: serde_json::Value = serde_json::from_str(&json::render(&report())).expect("it is JSON");
    assert_eq!(json["version"]["next"], "0.2.0");
    let changes = json["changes"].as_array().expect("it is a list");
    let tightened = changes.iter().find(|change| change["rule"] == "constraint-tightened");
    let tightened = tightened.expect("a constraint is tightened");
    assert_eq!(tightened["place"]["name"], "TapeBarcode");
    assert_eq!(
        (&tightened["verdict"], &tightened["rust_api"]),
        (&"breaking".into(), &serde_json::Value::Null)
    );
    assert_eq!(tightened["after"]["max"], 12);
    assert!(tightened["operations"].as_array().is_some_and(|operations| !operations.is_empty()));
}

#[test]
fn nothing_changed_is_said() {
    let mut report = report();
    report.changes.clear();
    assert_eq!(
        text::render(&report),
        "since v0.1.0: nothing changed\nversion: 0.1.0 stays: nothing changed\n"
    );
}

#[test]
fn of_another_repository_only_the_step_is_known() {
    let report = Report { version: None, ..report() };
    let step = "breaking changes increase the major version; before 1.0.0, the minor version";
    assert!(text::render(&report).contains(&format!("\nversion: {step}\n")));
    assert!(markdown::render(&report).contains(&format!(" Version: {step}.\n")));
    assert!(html::render(&report).contains(&format!("<strong>{step}</strong>")));
    let json: serde_json::Value = serde_json::from_str(&json::render(&report)).expect("it is JSON");
    let version = serde_json::json!({ "released": null, "step": "breaking", "next": null });
    assert_eq!(json["version"], version);
}

#[test]
fn the_page_is_whole_and_escaped() {
    let page = html::render(&report());
    assert!(!page.contains("<script>alert"), "texts of the model are escaped");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; `x`."), "texts are shown as they are");
    for outside in ["src=", "href=\"http", "url(", "@import", "<link"] {
        assert!(!page.contains(outside), "{outside}: the page needs nothing else");
    }
    for change in &report().changes {
        assert!(page.contains(change.rule.id));
    }
}

/// Programs that are Chromium, by their names in distributions.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

#[test]
fn a_browser_shows_and_filters_the_page() {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let found = BROWSERS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let Some(browser) = found.into_iter().find(|program| program.is_file()) else {
        return output::note(
            "diff: SKIPPED, no browser showed the page: Chromium is missing; apt-get install chromium",
        );
    };
    let folder = tempfile::TempDir::new().expect("there is a folder for temporary files");
    let page = folder.path().join("diff.html");
    let report = report();
    std::fs::write(&page, html::render(&report)).expect("the folder is there");
    let run = |fragment: &str, further: &[&str]| {
        let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
        let mut command = std::process::Command::new(&browser);
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", &profile]);
        command.args(further).arg(format!("file://{}#{fragment}", page.display()));
        let output = command.output().expect("the browser is there");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let shown = |dom: &str| {
        let rows =
            dom.split("<li data-verdict=").skip(1).map(|row| row.split('>').next().unwrap_or_default());
        rows.filter(|attributes| !attributes.contains("hidden")).count()
    };

    let all = run("", &["--dump-dom"]);
    assert_eq!(shown(&all), report.changes.len(), "{all}");
    let breaking = run("verdict=breaking", &["--dump-dom"]);
    assert_eq!(shown(&breaking), report.with(Verdict::Breaking).count());
    assert!(all.contains("<main class=\"\">"), "unchanged members are left out");
    assert!(run("same=shown", &["--dump-dom"]).contains("<main class=\"whole\">"));
    let gateway = run("service=aws-storage-gateway&level=wire&text=barcode", &["--dump-dom"]);
    assert_eq!(shown(&gateway), 1, "{gateway}");
    let operation = run("aws-sts-GetCallerIdentity", &["--dump-dom"]);
    let opened = operation.split("<details id=\"aws-sts-GetCallerIdentity\"").nth(1).unwrap_or_default();
    assert!(
        opened.split('>').next().is_some_and(|tag| tag.contains("open")),
        "an address opens an operation"
    );

    let screenshot = |name: &str, scheme: &str| {
        let file = folder.path().join(name);
        let to = format!("--screenshot={}", file.display());
        run(
            "",
            &["--window-size=1200,1000", &to, &format!("--blink-settings=preferredColorScheme={scheme}")],
        );
        std::fs::read(file).expect("the browser made a picture")
    };
    assert!(
        screenshot("light.png", "1") != screenshot("dark.png", "0"),
        "both schemes have colors of their own"
    );
}
