//! Whom a connection trusts to vouch for a server: the system's authorities, and those of a file
//! that the person names (`AWS_CA_BUNDLE`, `ca_bundle`).
//!
//! The file's authorities come in addition, so that a session with one still reaches AWS. There is
//! no way to trust everybody. The file is read and checked here, since what is handed on unchecked
//! would end the process.

use std::path::Path;

use aws_sdk_s3::config::SharedHttpClient;
use aws_smithy_http_client::tls::{TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, tls};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::{Error, ErrorKind, Result, Subject};

/// The authorities of the system, and those of a file.
///
/// # Errors
/// `InvalidInput` when the file cannot be read or holds no certificate of an authority.
pub(super) fn authorities(bundle: Option<&Path>) -> Result<TlsContext> {
    let mut trusted = TrustStore::default();
    if let Some(path) = bundle {
        trusted = trusted.with_pem_certificate(read(path)?);
    }
    TlsContext::builder()
        .with_trust_store(trusted)
        .build()
        .map_err(|e| Error::new(ErrorKind::Tls, "Connect", "TLS cannot be set up").caused_by(e))
}

/// A plain client that trusts the same, for a service beside S3.
///
/// # Errors
/// As [`authorities`].
pub(crate) fn client_trusting(bundle: &Path) -> Result<SharedHttpClient> {
    let context = authorities(Some(bundle))?;
    Ok(Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(context)
        .build_https())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let refuse = |why: String| {
        let shown = path.display().to_string();
        Error::new(
            ErrorKind::InvalidInput,
            "Connect",
            format!("The certificates in {shown} cannot be used: {why}"),
        )
        .about(Subject::Path(shown))
        .advise("Correct AWS_CA_BUNDLE or the profile's ca_bundle; it names a file in PEM form")
    };
    let pem = std::fs::read(path).map_err(|e| refuse(e.to_string()).caused_by(e))?;
    let certificates = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| refuse(e.to_string()))?;
    if certificates.is_empty() {
        return Err(refuse("there is none".to_owned()));
    }
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate).map_err(|e| refuse(e.to_string()))?;
    }
    Ok(pem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_an_authority_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("empty.pem", ""),
            ("words.pem", "no certificate"),
            (
                "broken.pem",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            ),
        ] {
            let path = dir.path().join(name);
            std::fs::write(&path, content).unwrap();
            let error = authorities(Some(&path)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}: {error:?}");
            assert!(error.message().contains(name), "it is named: {error}");
        }
        let missing = authorities(Some(&dir.path().join("missing.pem"))).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::InvalidInput, "{missing:?}");
    }
}
