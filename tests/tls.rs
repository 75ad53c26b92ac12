//! TLS with a server whose certificate a private authority issued, for 127.0.0.1 and no other name.
//!
//! The authority, the certificate and its key in `support/tls` were made for this and protect
//! nothing; they are good for a hundred years.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use longshore_engine::identity::Source;
use longshore_engine::{Engine, EngineOptions, ErrorKind, bucket};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/support/tls/authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("support/tls/server.pem");
const KEY: &[u8] = include_bytes!("support/tls/server.key");
const BUCKETS: &str = "<ListAllMyBucketsResult><Buckets><Bucket><Name>behind-tls</Name></Bucket>\
                       </Buckets></ListAllMyBucketsResult>";

/// A server that lists one bucket over TLS, its port, and how many requests it was told.
async fn server() -> (u16, Arc<AtomicUsize>) {
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut head = vec![0; 16 * 1024];
                if stream.read(&mut head).await.unwrap_or(0) > 0 {
                    counted.fetch_add(1, Ordering::Relaxed);
                }
                let answer = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\
                     Connection: close\r\n\r\n{BUCKETS}",
                    BUCKETS.len()
                );
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    (port, told)
}

/// The buckets as a session from the environment sees them.
async fn buckets(endpoint: &str, more: &[(&str, &str)]) -> longshore_engine::Result<Vec<String>> {
    let home = tempfile::tempdir().unwrap();
    let missing = |name: &str| home.path().join(name).display().to_string();
    let mut environment: BTreeMap<String, String> = [
        ("AWS_ACCESS_KEY_ID", "AKID".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ENDPOINT_URL", endpoint.to_owned()),
        ("AWS_CONFIG_FILE", missing("no-config")),
        ("AWS_SHARED_CREDENTIALS_FILE", missing("no-credentials")),
        ("HOME", missing("home")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    for (name, value) in more {
        environment.insert((*name).to_owned(), (*value).to_owned());
    }
    let (engine, _) = Engine::open(EngineOptions {
        data_dir: home.path().join("state"),
        environment,
        keychain_service: "longshore-tests".to_owned(),
        part_size: 8 * 1024 * 1024,
        concurrency: 4,
    })
    .await?;
    let sessions = engine.sessions().list();
    let own = sessions.iter().find(|s| s.source == Source::Environment);
    let store = engine.store(&own.unwrap().id).await;
    let listed = match store {
        Ok(store) => bucket::list(&store).await,
        Err(error) => Err(error),
    };
    engine.close().await;
    Ok(listed?.into_iter().map(|b| b.name.into_string()).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_nobody_vouches_for_is_told_with_the_way_on() {
    let (port, told) = server().await;
    let endpoint = format!("https://127.0.0.1:{port}");
    let error = buckets(&endpoint, &[]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
    let says = |piece: &str| error.to_string().contains(piece);
    assert!(says(&endpoint), "which server: {error}");
    assert!(says("issued by nobody"), "why: {error}");
    assert!(says("AWS_CA_BUNDLE"), "what to do: {error}");
    assert_eq!(told.load(Ordering::Relaxed), 0, "no request left");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_the_environment_names_is_trusted() {
    let (port, _) = server().await;
    let endpoint = format!("https://127.0.0.1:{port}");
    assert!(Path::new(AUTHORITY).exists(), "the test's own file");
    let listed = buckets(&endpoint, &[("AWS_CA_BUNDLE", AUTHORITY)]).await;
    assert_eq!(listed.unwrap(), ["behind-tls"], "it answers");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_another_host_is_refused_even_from_a_trusted_authority() {
    let (port, told) = server().await;
    let endpoint = format!("https://localhost:{port}");
    let error = buckets(&endpoint, &[("AWS_CA_BUNDLE", AUTHORITY)])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
    assert!(
        error.to_string().contains("another host's"),
        "the sentence says why: {error}"
    );
    assert_eq!(told.load(Ordering::Relaxed), 0, "no request left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_authorities_that_is_none_is_named() {
    let (port, told) = server().await;
    let endpoint = format!("https://127.0.0.1:{port}");
    let error = buckets(&endpoint, &[("AWS_CA_BUNDLE", "/nowhere/ca.pem")])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error:?}");
    assert!(error.to_string().contains("/nowhere/ca.pem"), "{error}");
    assert_eq!(told.load(Ordering::Relaxed), 0, "no request left");
}
