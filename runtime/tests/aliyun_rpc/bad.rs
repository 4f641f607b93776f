//! Invalid responses: a clear error, and bounded work.

use std::time::{Duration, Instant};

use gatewright_runtime::protocol::{AliyunRpc, Protocol as _};
use proptest::prelude::*;

use super::{read, read_as, refused, types::Response};

#[test]
fn bodies_of_another_kind() {
    refused("", "the body is empty");
    refused(" \n", "the body is empty");
    refused(
        "<!DOCTYPE html><html>",
        "the body is a web page; a proxy or another server may have responded (",
    );
    refused("\n<HTML><p>", "the body is a web page");
    refused([0x1f, 0x8b, 8, 1], "the body is compressed, although the client did not ask for it");
    refused("teapot", "expected");
    refused("{", "EOF");
    refused("[]", "invalid type: sequence, expected an object for Response");
}

/// A well-formed document of another kind is not read as a response without members.
#[test]
fn markup_of_others() {
    refused("<html><body><p>Log in</p></body></html>", "the body is a web page");
    refused("<HTML/>", "the body is a web page");
    refused("<?xml version='1.0'?><html><body/></html>", "XML that is a web page");
    let no_root = "XML without a root, or with content after the root";
    refused("<message>Log in</message>", no_root);
    refused("<R><Code>a</Code></R><R/>", no_root);
    refused("<R><RequestId>a</RequestId></R><script>a</script>", no_root);
    refused(r#"{"Code": "a"} {"Code": "b"}"#, "trailing characters");
    refused(r#"{"Code": "a"}<R/>"#, "trailing characters");
}

#[test]
fn other_encodings() {
    let utf_16: Vec<u8> = "<R/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(&utf_16, "the body is in UTF-16 or UTF-32; only UTF-8 is supported");
    refused([&[0xff, 0xfe], &utf_16[..]].concat(), "the body is in UTF-16 or UTF-32");
    refused([0xfe, 0xff, 0, b'<'], "the body is in UTF-16 or UTF-32");
    refused([0, 0, 0, b'<'], "the body is in UTF-16 or UTF-32");
    refused(b"<R>\xe9</R>", "the body is not UTF-8 from byte 3 on");
    refused(
        "<?xml version='1.0' encoding='ISO-8859-1'?><R/>",
        "XML at byte 0: the encoding \"ISO-8859-1\" is declared; only UTF-8 is supported",
    );
    refused("<?xml version=\"1.0\" encoding=\"gb2312\"?><R/>", "the encoding \"gb2312\" is declared");
    refused("<?xml version='1.0' encoding='UTF-16'?><R/>", "the encoding \"UTF-16\" is declared");
    refused(b"{\"Code\": \"\xe9\"}", "the body is not UTF-8 from byte 10 on");
}

#[test]
fn malformed_xml() {
    refused("<R><Code>a", "XML ends within <Code>");
    refused("<R><Code>a</Code>", "XML ends within <R>");
    refused("<R><Co", "XML at byte 3: ");
    refused("<R><Code>a</Size></R>", "XML at byte 10: ");
    refused("</R>", "XML at byte 0: ");
    refused("<R/></R>", "XML at byte 4: ");
    refused("<R/>text", "XML at byte 4: there is text outside of elements");
    refused("<!-- only -->", "XML without elements");
    refused("<R><![CDATA[a</R>", "XML at byte 3: ");
    refused("<R><!-- a</R>", "XML at byte 3: ");
}

/// A response that was cut, at any byte, is invalid.
#[test]
fn truncated_responses() {
    for whole in [
        "<?xml version=\"1.0\"?><R><Gateways><Gateway><Size>1</Size></Gateway></Gateways><Code><![CDATA[a]]>&amp;</Code></R>",
        r#"{"Gateways": {"Gateway": [{"Size": 1}]}, "Code": "a\u00e9"}"#,
    ] {
        read(whole).unwrap();
        for end in 0..whole.len() {
            read(&whole[..end]).unwrap_err();
        }
    }
}

#[test]
fn entities() {
    refused("<R>&nbsp;</R>", "XML at byte 3: &nbsp; is not known");
    refused("<R>&#xD800;</R>", "XML at byte 3: ");
    refused("<R>&#0;</R>", "XML at byte 3: ");
    refused("<R>&#99999999999;</R>", "XML at byte 3: ");
    refused("<R>a & b</R>", "XML at byte ");
    refused(
        "<!DOCTYPE R [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;\">]><R>&c;</R>",
        "XML at byte 0: document type declarations are not supported",
    );
    refused("<!DOCTYPE R SYSTEM \"file:///etc/passwd\"><R/>", "document type declarations are not supported");
}

#[test]
fn depth() {
    let nested = |depth: usize| [&*"<R>".repeat(depth), "<Code>a</Code>", &*"</R>".repeat(depth)].concat();
    read(&nested(63)).unwrap();
    refused(nested(64), "elements are nested more than 64 deep");
    refused("<R>".repeat(1 << 20), "elements are nested more than 64 deep");
    refused("[".repeat(1 << 20), "recursion limit exceeded");
    refused(r#"{"a":"#.repeat(1 << 20), "recursion limit exceeded");
}

/// Input of a hundred times the length takes about a hundred times as long, not ten thousand times.
#[test]
fn work_is_linear() {
    let bodies = |count: usize| {
        let names = |each: fn(usize) -> String| (0..count).map(each).collect::<String>();
        [
            format!("<R>{}</R>", names(|n| format!("<a{n}/>"))),
            format!("<R>{}</R>", "<code>a</code><CODE>a</CODE>".repeat(count)),
            format!("<R>{}</R>", "<Tasks><Size/></Tasks>".repeat(count)),
            format!("<R><Code>{}</Code></R>", "&amp;<![CDATA[a]]><!-- -->".repeat(count)),
            format!("<R {}/>", names(|n| format!(" a{n}='&'"))),
            format!("<R><!--{0}--><?a {0}?></R>", "-a".repeat(count)),
            format!("<R>{}", "&#97;".repeat(count)),
            "<R/>".repeat(count),
            format!("{{{}\"Code\":\"a\"}}", names(|n| format!("\"a{n}\":0,"))),
            format!("{{{}\"Code\":\"a\"}}", "\"code\":0,\"CODE\":0,".repeat(count)),
            format!("{{\"Gateways\":{{{}\"Gateway\":[]}}}}", "\"gateway\":[],".repeat(count)),
        ]
    };
    let took = |body: &str| {
        let start = Instant::now();
        anything(body.as_bytes());
        _ = read_as::<serde_json::Value>(body);
        start.elapsed()
    };
    for (body, longer) in bodies(400).iter().zip(&bodies(40_000)) {
        // A busy machine stalls tries, more often the longer ones: the quickest of each count, with room.
        let [mut short, mut long] = [Duration::MAX; 2];
        let is_linear = (0..9).any(|_| {
            (short, long) = (short.min(took(body)), long.min(took(longer)));
            long < 1600 * short
        });
        assert!(is_linear, "{body:.40}: {short:?}, {long:?}");
    }
}

fn anything(body: &[u8]) {
    _ = read_as::<Response>(body);
    let response = http::Response::new(bytes::Bytes::copy_from_slice(body));
    _ = AliyunRpc::fault(&response);
    _ = AliyunRpc::request_id(&response);
}

proptest! {
    #[test]
    fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        anything(&body);
    }

    #[test]
    fn no_markup_panics(
        body in proptest::collection::vec(
            prop_oneof![
                Just("<"), Just(">"), Just("/"), Just("R"), Just("Code"), Just("<R>"), Just("</R>"), Just("<Code>"),
                Just("</Code>"), Just("<Gateways>"), Just("</Gateways>"), Just("<Gateway>"), Just("</Gateway>"),
                Just("<Size>"), Just("</Size>"), Just("&"), Just("&amp;"), Just("&#1;"), Just(";"), Just("<!"),
                Just("--"), Just("<!--"), Just("-->"), Just("<![CDATA["), Just("]]>"), Just("<?xml "), Just("?>"),
                Just("n:"), Just("é"), Just(" "), Just("="), Just("'"), Just("\""), Just("\r\n"), Just("\u{feff}"),
                Just("<!DOCTYPE"), Just("["), Just("]"), Just("encoding"),
            ],
            0..30,
        )
    ) {
        anything(body.concat().as_bytes());
        anything(format!("<R>{}</R>", body.concat()).as_bytes());
    }

    #[test]
    fn any_text_survives_xml(text in any::<String>()) {
        let escaped: Vec<_> = text.chars().map(|char| format!("&#{};", u32::from(char))).collect();
        prop_assume!(!text.contains('\0'));
        let response = read(&format!("<R><Code>{}</Code></R>", escaped.concat())).unwrap();
        prop_assert_eq!(response.code, Some(text));
    }
}
