//! `cargo xtask bench sdk-path`: what the SDK costs on the hot path, three ways.
//!
//! Lists 1,000,000 keys and puts 5,000 objects of 1 KiB against the sink: with aws-sdk-s3 as it is,
//! with Longshore's store (the SDK, with list pages parsed by a connector wrapper), and with
//! aws-sigv4 over hyper by hand. Each way is a process; they alternate; medians of five.

use std::collections::HashMap;
use std::process::Command;
use std::time::SystemTime;

use anyhow::Context as _;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use longshore_bench::measure::{self, Sample};
use longshore_bench::sink;
use longshore_engine::model::{BucketName, ObjectKey, Prefix, Region, SessionId};
use longshore_engine::store::{
    Body, Connection, ListRequest, PathStyle, Store, WriteCondition, WriteOptions,
};

const KEYS: usize = 1_000_000;
const PUTS: usize = 5_000;
const PUT_BYTES: usize = 1024;
/// Small objects are bound by the CPU a request takes; 64 keep both cores busy.
const PUT_CONCURRENCY: usize = 64;
const RUNS: usize = 5;
const WAYS: [&str; 3] = ["sdk", "store", "hand"];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => compare(&runtime),
        ["list", way, endpoint] => runtime.block_on(list(way, endpoint)),
        ["put", way, endpoint] => runtime.block_on(put(way, endpoint)),
        _ => anyhow::bail!("usage: sdk-path"),
    }
}

fn compare(runtime: &tokio::runtime::Runtime) -> anyhow::Result<()> {
    let endpoint = format!("http://{}", runtime.block_on(sink::serve(KEYS))?);
    let program = std::env::current_exe()?;
    for work in ["list", "put"] {
        let mut samples: HashMap<&str, Vec<Sample>> = HashMap::new();
        for _ in 0..RUNS {
            for way in WAYS {
                let sample = measure::run(Command::new(&program).args([work, way, &endpoint]))
                    .with_context(|| format!("{work} {way}"))?;
                samples.entry(way).or_default().push(sample);
            }
        }
        let rows: Vec<_> =
            WAYS.iter().map(|way| ((*way).to_owned(), measure::median(&samples[way]))).collect();
        let title = match work {
            "list" => format!("list {KEYS} keys into an arena"),
            _ => format!("put {PUTS} objects of {PUT_BYTES} bytes, {PUT_CONCURRENCY} at a time"),
        };
        measure::print_table(&title, &rows);
    }
    Ok(())
}

/// What every way must end with: all keys in one arena and a row for each.
#[derive(Default)]
struct Index {
    arena: String,
    rows: Vec<(u32, u64)>,
}

impl Index {
    fn push(&mut self, key: &str, size: u64) {
        self.arena.push_str(key);
        self.rows.push((u32::try_from(self.arena.len()).unwrap_or(u32::MAX), size));
    }

    fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.rows.len() == KEYS, "{} keys instead of {KEYS}", self.rows.len());
        anyhow::ensure!(self.arena.ends_with("part-000999999.parquet"), "the last key is another");
        Ok(())
    }
}

async fn list(way: &str, endpoint: &str) -> anyhow::Result<()> {
    let mut index = Index::default();
    match way {
        "sdk" => {
            let client = sdk(endpoint);
            let mut pages = client.list_objects_v2().bucket("sink").into_paginator().send();
            while let Some(page) = pages.next().await {
                for object in page?.contents() {
                    let size = u64::try_from(object.size().unwrap_or(0))?;
                    index.push(object.key().unwrap_or_default(), size);
                }
            }
        }
        "store" => {
            let store = store(endpoint)?;
            let mut token = None;
            loop {
                let request = ListRequest {
                    bucket: BucketName::parse("sink")?,
                    prefix: Prefix::new(""),
                    delimiter: None,
                    start_after: None,
                    token,
                    max_keys: 1000,
                };
                let page = store.list_page(&store.context(), &request).await?;
                for row in &page.rows {
                    let key = &page.arena[row.key.start as usize..row.key.end as usize];
                    index.push(key, row.size);
                }
                token = page.next_token;
                if token.is_none() {
                    break;
                }
            }
        }
        "hand" => list_by_hand(endpoint, &mut index).await?,
        _ => anyhow::bail!("no such way"),
    }
    index.check()
}

async fn list_by_hand(endpoint: &str, index: &mut Index) -> anyhow::Result<()> {
    use quick_xml::events::Event;
    let client = Hand::new();
    let mut token: Option<String> = None;
    loop {
        let query = token.map(|t| format!("&continuation-token={t}")).unwrap_or_default();
        let url = format!("{endpoint}/sink?list-type=2&encoding-type=url{query}");
        let body = client.send("GET", &url, Bytes::new()).await?;
        let mut reader = quick_xml::Reader::from_reader(&body[..]);
        let (mut field, mut key, mut size) = (String::new(), String::new(), 0);
        token = None;
        loop {
            match reader.read_event()? {
                Event::Start(tag) => {
                    field.clear();
                    field.push_str(tag.local_name().as_ref());
                }
                Event::Text(text) => match field.as_str() {
                    "Key" => key = text.to_string(),
                    "Size" => size = text.parse()?,
                    "NextContinuationToken" => token = Some(text.to_string()),
                    _ => {}
                },
                Event::End(tag) => {
                    if tag.local_name().as_ref() == "Contents" {
                        index.push(&key, size);
                    }
                    field.clear();
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if token.is_none() {
            return Ok(());
        }
    }
}

async fn put(way: &str, endpoint: &str) -> anyhow::Result<()> {
    let body = Bytes::from(vec![7; PUT_BYTES]);
    let crc64 = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc64Nvme, &body);
    let client = sdk(endpoint);
    let store = store(endpoint)?;
    let hand = Hand::new();
    let one = |number: usize| {
        let (client, store, hand, body) = (&client, &store, &hand, body.clone());
        async move {
            let key = format!("small/{number:06}");
            match way {
                "sdk" => {
                    let put = client.put_object().bucket("sink").key(key).body(body.into());
                    put.send().await?;
                }
                "store" => {
                    let body = Body { bytes: body, crc64 };
                    let (bucket, key) = (BucketName::parse("sink")?, ObjectKey::parse(key)?);
                    let (options, condition) = (WriteOptions::default(), WriteCondition::None);
                    let context = store.context();
                    store.put_object(&context, &bucket, &key, &body, &options, &condition).await?;
                }
                _ => {
                    hand.send("PUT", &format!("{endpoint}/sink/{key}"), body).await?;
                }
            }
            anyhow::Ok(())
        }
    };
    let mut running = futures_util::stream::iter(0..PUTS).map(one).buffer_unordered(PUT_CONCURRENCY);
    while let Some(result) = running.next().await {
        result?;
    }
    Ok(())
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "secret", None, None, "bench")
}

fn sdk(endpoint: &str) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(aws_sdk_s3::config::BehaviorVersion::latest())
        .region(aws_sdk_s3::config::Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .force_path_style(true)
        .credentials_provider(credentials())
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

fn store(endpoint: &str) -> anyhow::Result<Store> {
    Ok(Store::connect(Connection {
        session: SessionId::new("bench"),
        name: "bench".to_owned(),
        endpoint_url: Some(endpoint.to_owned()),
        region: Region::new("us-east-1"),
        path_style: PathStyle::On,
        credentials: Some(SharedCredentialsProvider::new(credentials())),
        drop_credentials: None,
        trust_plain_http: false,
        read_only: false,
    })?)
}

/// aws-sigv4 over hyper, with nothing between.
struct Hand {
    client: Client<HttpConnector, Full<Bytes>>,
    identity: aws_smithy_runtime_api::client::identity::Identity,
}

impl Hand {
    fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            identity: credentials().into(),
        }
    }

    async fn send(&self, method: &str, url: &str, body: Bytes) -> anyhow::Result<Bytes> {
        use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
        let params = aws_sigv4::sign::v4::SigningParams::builder()
            .identity(&self.identity)
            .region("us-east-1")
            .name("s3")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let signable = SignableRequest::new(
            method,
            url,
            std::iter::once(("x-amz-content-sha256", "UNSIGNED-PAYLOAD")),
            SignableBody::UnsignedPayload,
        )?;
        let (instructions, _) = sign(signable, &params)?.into_parts();
        let mut request = http::Request::builder()
            .method(method)
            .uri(url)
            .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
            .body(Full::new(body))?;
        instructions.apply_to_request_http1x(&mut request);
        let response = self.client.request(request).await?;
        anyhow::ensure!(response.status().is_success(), "{}", response.status());
        Ok(response.into_body().collect().await?.to_bytes())
    }
}
