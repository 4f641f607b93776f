//! See Cargo.toml: a build-cost bound, not a client.
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[cfg(feature = "tls-ring")]
fn mac(k: &[u8], m: &[u8]) -> Vec<u8> {
    ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, k), m).as_ref().to_vec()
}
#[cfg(feature = "tls-awslc")]
fn mac(k: &[u8], m: &[u8]) -> Vec<u8> {
    aws_lc_rs::hmac::sign(&aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, k), m).as_ref().to_vec()
}
#[cfg(not(any(feature = "tls-ring", feature = "tls-awslc")))]
fn mac(k: &[u8], m: &[u8]) -> Vec<u8> {
    use hmac::{KeyInit, Mac};
    let mut h = hmac::Hmac::<sha2::Sha256>::new_from_slice(k).unwrap();
    h.update(m);
    h.finalize().into_bytes().to_vec()
}

async fn call<S>(io: S, host: &str, target: &str, body: String) -> Result<serde_json::Value, BoxError>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (mut send, conn) = hyper::client::conn::http1::handshake(TokioIo::new(io)).await?;
    tokio::spawn(conn);
    let sig: String = mac(b"AWS4secret", body.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    let req = http::Request::post("/")
        .header("host", host)
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("StorageGateway_20130630.{target}"))
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature={sig}"),
        )
        .body(Full::new(Bytes::from(body)))?;
    let r = send.send_request(req).await?;
    Ok(serde_json::from_slice(&r.into_body().collect().await?.to_bytes())?)
}

#[cfg(any(feature = "tls-ring", feature = "tls-awslc"))]
fn tls() -> Result<tokio_rustls::TlsConnector, BoxError> {
    use tokio_rustls::rustls;
    let mut roots = rustls::RootCertStore::empty();
    #[cfg(feature = "webpki-roots")]
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    #[cfg(feature = "native-roots")]
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let c = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    Ok(std::sync::Arc::new(c).into())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let mut args = std::env::args().skip(1);
    let mut endpoint = String::from("http://127.0.0.1:8099");
    while let Some(a) = args.next() {
        if a == "--endpoint" {
            endpoint = args.next().ok_or("--endpoint needs a value")?;
        }
    }
    let (scheme, host) = endpoint.split_once("://").ok_or("a URL")?;
    let arn = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B";
    for (target, body) in [
        ("ListGateways", "{\"Limit\":100}".to_string()),
        ("DescribeGatewayInformation", format!("{{\"GatewayARN\":\"{arn}\"}}")),
        (
            "CreateStorediSCSIVolume",
            format!("{{\"GatewayARN\":\"{arn}\",\"DiskId\":\"d\",\"PreserveExistingData\":true}}"),
        ),
    ] {
        let out = if scheme == "https" {
            #[cfg(any(feature = "tls-ring", feature = "tls-awslc"))]
            {
                let s = tokio::net::TcpStream::connect((host, 443)).await?;
                let name = tokio_rustls::rustls::pki_types::ServerName::try_from(host.to_string())?;
                call(tls()?.connect(name, s).await?, host, target, body).await?
            }
            #[cfg(not(any(feature = "tls-ring", feature = "tls-awslc")))]
            return Err("built without TLS".into());
        } else {
            call(tokio::net::TcpStream::connect(host).await?, host, target, body).await?
        };
        println!("{target}: {} fields", out.as_object().map_or(0, |o| o.len()));
    }
    Ok(())
}
