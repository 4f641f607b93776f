use super::*;
use crate::test_context::TestContext;

fn origin(url: &str) -> Origin {
    Origin::take(&mut http::Request::get(url).body(bytes::Bytes::new()).unwrap()).unwrap()
}

/// The proxy for `url`: `host:port`, empty for none, or the error.
#[track_caller]
fn check(environment: &[(&str, &str)], url: &str, expected: &str) {
    let proxies = Proxies::from_environment(&TestContext::new().variables(environment.iter().copied()));
    let found = match proxies.select(&origin(url)) {
        Ok(proxy) => proxy.map(ToString::to_string).unwrap_or_default(),
        Err(error) => error.to_string(),
    };
    assert_eq!(found, expected, "{environment:?} {url}");
}

#[test]
fn variables() {
    check(&[], "https://a.example/", "");
    check(&[("HTTPS_PROXY", "http://p:3128")], "https://a.example/", "p:3128");
    check(&[("HTTPS_PROXY", "http://p:3128")], "http://a.example/", "");
    check(&[("HTTP_PROXY", "http://p:3128")], "http://a.example/", "p:3128");
    check(&[("HTTP_PROXY", "http://p:3128")], "https://a.example/", "");
    check(&[("HTTP_PROXY", "p")], "http://a.example/", "p:80");
    check(&[("https_proxy", "lower:1"), ("HTTPS_PROXY", "upper:1")], "https://a.example/", "lower:1");
    check(&[("ALL_PROXY", "p:1")], "http://a.example/", "p:1");
    check(&[("ALL_PROXY", "p:1"), ("HTTPS_PROXY", "q:1")], "https://a.example/", "q:1");
    check(&[("all_proxy", "[::1]:1")], "https://a.example/", "[::1]:1");
}

#[test]
fn cgi() {
    check(&[("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "evil:1")], "http://a.example/", "");
    check(&[("REQUEST_METHOD", "GET"), ("http_proxy", "p:1")], "http://a.example/", "p:1");
    check(&[("REQUEST_METHOD", "GET"), ("HTTPS_PROXY", "p:1")], "https://a.example/", "p:1");
}

#[test]
fn loopback_is_direct() {
    for url in ["http://localhost/", "http://127.0.0.1:8080/", "https://[::1]/", "https://127.1.2.3/"] {
        check(&[("ALL_PROXY", "p:1")], url, "");
    }
}

#[test]
fn no_proxy() {
    check(&[("ALL_PROXY", "p:1"), ("NO_PROXY", "b.example")], "https://a.example/", "p:1");
    check(&[("ALL_PROXY", "p:1"), ("NO_PROXY", "a.example")], "https://a.example/", "");
    check(&[("ALL_PROXY", "p:1"), ("NO_PROXY", "a.example:443")], "https://a.example:8443/", "p:1");
    check(&[("ALL_PROXY", "p:1"), ("NO_PROXY", "10.0.0.0/8")], "http://10.1.2.3:9/", "");
    check(&[("ALL_PROXY", "p:1"), ("NO_PROXY", "fd00::/8")], "https://[fd12::1]/", "");
    check(&[("ALL_PROXY", "p:1"), ("no_proxy", "x"), ("NO_PROXY", "a.example")], "https://a.example/", "p:1");
}

#[test]
fn explicit_proxy_covers_loopback() {
    let proxies = Proxies::always(Proxy::parse("proxy", "p:1").unwrap());
    assert!(proxies.select(&origin("http://localhost/")).unwrap().is_some());
}

#[test]
fn bad_urls() {
    let form = "HTTPS_PROXY: not of the form http://user:password@host:port";
    for url in [
        "http://",
        "http://me:secret@",
        "http://p:port",
        "http://p:",
        "http://p:99999",
        "http://p q",
        "http://:80",
    ] {
        let error = Proxy::parse("HTTPS_PROXY", url).unwrap_err();
        assert_eq!(error.to_string(), form, "{url}");
    }
    check(
        &[("HTTPS_PROXY", "socks5://me:secret@p:1")],
        "https://a.example/",
        "HTTPS_PROXY: a proxy's URL must have http://, not \"socks5\"; the proxy is also used for https:// requests",
    );
}

#[test]
fn authorization() {
    for (url, plain) in [
        ("http://Aladdin:open%20sesame@p", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("http://me@p", "Basic bWU6"),
        ("me:p%40ss%2@p:1", "Basic bWU6cEBzcyUy"),
        ("http://me:a@b@p/", "Basic bWU6YUBi"),
    ] {
        let proxy = Proxy::parse("proxy", url).unwrap();
        assert_eq!(proxy.authorization().unwrap(), plain, "{url}");
        assert_eq!(proxy.host(), "p");
        assert!(format!("{proxy:?}").starts_with("http://***@p:"), "{proxy:?}");
    }
    assert_eq!(format!("{:?}", Proxy::parse("proxy", "p:1").unwrap()), "http://p:1");
}
