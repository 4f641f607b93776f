//! Parsing of files with certificates of authorities.

use rustls::{RootCertStore, pki_types::CertificateDer};

use super::{
    SettingError,
    pem::{sections, text_of},
};

/// The certificates of a PEM file, or the one of a DER file.
///
/// An unreadable certificate is an error. Keys and revocation lists, which some files also contain, are skipped.
pub(super) fn parse_roots(file: &[u8]) -> Result<RootCertStore, SettingError> {
    let mut roots = RootCertStore::empty();
    let Some(text) = text_of(file) else {
        add(&mut roots, 0, file)?;
        return Ok(roots);
    };
    let mut index = 0;
    let mut others = Vec::new();
    for section in sections(&text) {
        let section = section.map_err(|problem| error(index, &problem))?;
        let is_trusted = match section.label {
            "CERTIFICATE" | "X509 CERTIFICATE" => false,
            "TRUSTED CERTIFICATE" => true,
            label @ ("CMS" | "PKCS7" | "PKCS #7 SIGNED DATA") => {
                let problem = format!(
                    "a container ({label}); `openssl pkcs7 -print_certs` takes certificates out of it"
                );
                return Err(error(index, &problem));
            }
            label => {
                others.push(label);
                continue;
            }
        };
        let der = section.der().map_err(|problem| error(index, &problem))?;
        let certificate = if is_trusted {
            trusted(&der).map_err(|problem| error(index, problem))?
        } else {
            Some(der.as_slice())
        };
        match certificate {
            Some(certificate) => add(&mut roots, index, certificate)?,
            None => others.push("TRUSTED CERTIFICATE that is not trusted for servers"),
        }
        index += 1;
    }
    if roots.is_empty() {
        others.dedup();
        let only = if others.is_empty() { String::new() } else { format!(", only: {}", others.join(", ")) };
        return Err(SettingError::new(format!("root certificates: no certificate found{only}")));
    }
    Ok(roots)
}

fn add(roots: &mut RootCertStore, index: usize, der: &[u8]) -> Result<(), SettingError> {
    roots
        .add(CertificateDer::from(der))
        .map_err(|why| error(index, &format!("not a certificate in PEM or DER: {why}")))
}

fn error(index: usize, problem: &str) -> SettingError {
    SettingError::new(format!("root certificates[{index}]: {problem}"))
}

/// The certificate in OpenSSL's own form, unless its trust settings reject it.
fn trusted(der: &[u8]) -> Result<Option<&[u8]>, &'static str> {
    let (certificate, trust) = split_element(der).ok_or("not in DER")?;
    let trust = Trust::read(trust).ok_or("its trust settings are not in DER")?;
    Ok(trust.is_for_servers().then_some(certificate))
}

/// The settings after a certificate in OpenSSL's own form (`X509_CERT_AUX`): purposes that the certificate is trusted
/// for, and purposes that it is rejected for. Bundles in this form may hold certificates only to reject them.
#[derive(Default)]
struct Trust<'a> {
    trusted: Vec<&'a [u8]>,
    rejected: Vec<&'a [u8]>,
}

impl<'a> Trust<'a> {
    /// `None` if it is malformed. Without settings every purpose is trusted.
    fn read(der: &'a [u8]) -> Option<Self> {
        const SEQUENCE: u8 = 0x30;
        const REJECTED: u8 = 0xa0;
        let mut trust = Self::default();
        if der.is_empty() {
            return Some(trust);
        }
        for (tag, purposes) in elements(read_element(der)?.content) {
            let purposes = elements(purposes).map(|(_, purpose)| purpose);
            match tag {
                SEQUENCE => trust.trusted.extend(purposes),
                REJECTED => trust.rejected.extend(purposes),
                // Its name, and an id of its key.
                _ => {}
            }
        }
        Some(trust)
    }

    fn is_for_servers(&self) -> bool {
        /// 1.3.6.1.5.5.7.3.1
        const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
        /// 2.5.29.37.0
        const ANY: &[u8] = &[0x55, 0x1d, 0x25, 0];
        let names = |purposes: &[&[u8]]| purposes.iter().any(|purpose| [SERVER_AUTH, ANY].contains(purpose));
        !names(&self.rejected) && (self.trusted.is_empty() || names(&self.trusted))
    }
}

/// An element of DER.
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    len: usize,
}

fn read_element(der: &[u8]) -> Option<Element<'_>> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        ..=0x7f => (usize::from(first), rest),
        // No certificate needs more than four bytes of length.
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    Some(Element { tag, content: rest.get(..length)?, len: der.len() - rest.len() + length })
}

/// The first element, with its header, and the rest.
fn split_element(der: &[u8]) -> Option<(&[u8], &[u8])> {
    der.split_at_checked(read_element(der)?.len)
}

/// Tag and content of the elements, up to the first malformed one.
fn elements(mut der: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let Element { tag, content, len } = read_element(der)?;
        der = der.get(len..)?;
        Some((tag, content))
    })
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;

    #[track_caller]
    fn check_refused(file: &[u8], error: &str) {
        let text = parse_roots(file).unwrap_err().to_string();
        assert!(text.starts_with(error), "{text}");
    }

    #[track_caller]
    fn check(file: impl AsRef<[u8]>, count: usize) {
        match parse_roots(file.as_ref()) {
            Ok(roots) => assert_eq!(roots.len(), count),
            Err(error) => panic!("{error}"),
        }
    }

    fn certificate() -> rcgen::Certificate {
        let key = rcgen::KeyPair::generate().unwrap();
        rcgen::CertificateParams::new([]).unwrap().self_signed(&key).unwrap()
    }

    fn pem(label: &str, der: &[u8]) -> String {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
    }

    #[test]
    fn what_is_none() {
        check_refused(b"", "root certificates[0]: not a certificate in PEM or DER");
        check_refused(b"garbage", "root certificates[0]: not a certificate in PEM or DER");
        check_refused(
            pem("CERTIFICATE", &[0; 3]).as_bytes(),
            "root certificates[0]: not a certificate in PEM",
        );
        check_refused(
            pem("PRIVATE KEY", &[0; 3]).as_bytes(),
            "root certificates: no certificate found, only: PRIVATE KEY",
        );
        check_refused(pem("PKCS7", &[0; 3]).as_bytes(), "root certificates[0]: a container (PKCS7)");
        let cut = "-----BEGIN CERTIFICATE-----\nAAAA\n";
        check_refused(cut.as_bytes(), "root certificates[0]: no line `-----END CERTIFICATE-----` follows");
        let other = "-----BEGIN CERTIFICATE-----\nA*A=\n-----END CERTIFICATE-----\n";
        check_refused(other.as_bytes(), "root certificates[0]: not Base64: ");
        check_refused(
            b"-----BEGIN CERTIFICATE----\n",
            "root certificates[0]: the line `-----BEGIN CERTIFICATE----`",
        );
    }

    /// A good certificate before or after a bad one does not hide the bad one.
    #[test]
    fn nothing_is_passed_over() {
        let good = certificate().pem();
        let bad = pem("CERTIFICATE", &[0; 3]);
        check_refused(format!("{good}{bad}").as_bytes(), "root certificates[1]: ");
        check_refused(format!("{bad}{good}").as_bytes(), "root certificates[0]: ");
        check_refused(
            format!("{good}-----BEGIN CERTIFICATE-----\nAAAA").as_bytes(),
            "root certificates[1]: ",
        );
        check(format!("{}{good}", pem("X509 CRL", &[0; 3])), 1);
    }

    #[test]
    fn forms_of_files() {
        let certificate = certificate();
        let pem = certificate.pem();
        check(certificate.der(), 1);
        check(&pem, 1);
        check(pem.repeat(2), 2);
        check(pem.replace('\n', "\r\n"), 1);
        check(pem.replace('\n', "\n  "), 1);
        check(pem.replace("CERTIFICATE", "X509 CERTIFICATE"), 1);
        check(format!("# An authority\n# -----BEGIN CERTIFICATE-----\n{pem}"), 1);
        check(format!("\u{feff}{pem}"), 1);
        check(format!("\u{feff}{pem}{pem}"), 2);
        let utf16: Vec<u8> = format!("\u{feff}{pem}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(utf16, 1);
    }

    /// As `openssl x509 -trustout` writes them, with `-addtrust` and `-addreject`.
    #[test]
    fn certificates_with_trust_settings() {
        let server: &[u8] = &[6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1];
        let mail: &[u8] = &[6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 4];
        let any: &[u8] = &[6, 4, 0x55, 0x1d, 0x25, 0];
        let wrap = |tag: u8, parts: &[&[u8]]| {
            let content = parts.concat();
            [&[tag, u8::try_from(content.len()).unwrap()], content.as_slice()].concat()
        };
        let name = wrap(0x0c, &[b"An authority"]);
        let with = |trust: &[u8]| pem("TRUSTED CERTIFICATE", &[certificate().der(), trust].concat());
        for (trust, is_trusted) in [
            (vec![], true),
            (wrap(0x30, &[]), true),
            (wrap(0x30, &[&name]), true),
            (wrap(0x30, &[&wrap(0x30, &[server]), &name]), true),
            (wrap(0x30, &[&wrap(0x30, &[mail, server])]), true),
            (wrap(0x30, &[&wrap(0x30, &[any])]), true),
            (wrap(0x30, &[&wrap(0x30, &[mail])]), false),
            (wrap(0x30, &[&wrap(0xa0, &[mail])]), true),
            (wrap(0x30, &[&wrap(0xa0, &[mail, server])]), false),
            (wrap(0x30, &[&wrap(0x30, &[server]), &wrap(0xa0, &[any])]), false),
        ] {
            let file = with(&trust);
            if is_trusted {
                check(&file, 1);
            } else {
                let error =
                    "root certificates: no certificate found, only: TRUSTED CERTIFICATE that is not trusted";
                check_refused(file.as_bytes(), error);
            }
            check(format!("{file}{}", certificate().pem()), 1 + usize::from(is_trusted));
        }
        check_refused(with(&[0x30, 9]).as_bytes(), "root certificates[0]: its trust settings are not in DER");
        check_refused(pem("TRUSTED CERTIFICATE", &[0x30, 9]).as_bytes(), "root certificates[0]: not in DER");
        check_refused(
            pem("CERTIFICATE", &[certificate().der(), [0x30, 0].as_slice()].concat()).as_bytes(),
            "root",
        );
    }
}
