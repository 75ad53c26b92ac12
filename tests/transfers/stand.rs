//! A bucket on SeaweedFS, a proxy before it, and an engine that knows only the proxy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use longshore_engine::identity::Source;
use longshore_engine::model::{BucketName, JobId, ObjectKey, Prefix, SessionId};
use longshore_engine::plan::{ConflictPolicy, DesiredState, ItemView, JobState, JobView, Plan};
use longshore_engine::transfer::{ChangeRequest, StartNotes, Target};
use longshore_engine::{Engine, EngineOptions, Result};
use longshore_tests::proxy::{Proxy, Rule};
use longshore_tests::s3::S3;
use longshore_tests::servers::SeaweedFs;
use tempfile::TempDir;

pub(crate) const MIB: u64 = 1024 * 1024;
/// The smallest part that S3 takes.
pub(crate) const PART: u64 = 5 * MIB;
/// Longer than the slowest machine needs for anything here.
pub(crate) const DEADLINE: Duration = Duration::from_secs(240);

pub(crate) struct Stand {
    pub(crate) proxy: Proxy,
    pub(crate) bucket: String,
    pub(crate) s3: S3,
    pub(crate) dir: TempDir,
    pub(crate) engine: Engine,
    pub(crate) session: SessionId,
}

impl Stand {
    pub(crate) async fn new(purpose: &str) -> Self {
        let server = tokio::task::spawn_blocking(SeaweedFs::shared)
            .await
            .unwrap()
            .unwrap()
            .server();
        let bucket = server.fresh_bucket(purpose).await.unwrap();
        let proxy = Proxy::start(server.endpoint()).unwrap();
        let dir = TempDir::with_prefix("longshore-transfers-").unwrap();
        let (engine, _) = Engine::open(options(&proxy, dir.path())).await.unwrap();
        let session = session(&engine);
        Self {
            proxy,
            bucket,
            s3: server.client(),
            dir,
            engine,
            session,
        }
    }

    /// The engine as another start of the program would open it.
    pub(crate) async fn reopen(&mut self) -> StartNotes {
        self.engine.close().await;
        let (engine, notes) = self.open().await.unwrap();
        self.engine = engine;
        notes
    }

    pub(crate) async fn open(&self) -> Result<(Engine, StartNotes)> {
        Engine::open(options(&self.proxy, self.dir.path())).await
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A file of so many bytes that differ everywhere.
    pub(crate) fn file(&self, name: &str, size: u64) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes(name, size)).unwrap();
        path
    }

    pub(crate) fn bucket(&self) -> BucketName {
        BucketName::parse(self.bucket.as_str()).unwrap()
    }

    pub(crate) fn upload_of(&self, sources: &[PathBuf], prefix: &str) -> ChangeRequest {
        ChangeRequest::Upload {
            session: self.session.clone(),
            bucket: self.bucket(),
            prefix: Prefix::new(prefix),
            key: None,
            sources: sources.to_vec(),
            contents: false,
            policy: ConflictPolicy::Ask,
        }
    }

    pub(crate) fn download_of(&self, target: Target, folder: &Path) -> ChangeRequest {
        ChangeRequest::Download {
            session: self.session.clone(),
            bucket: self.bucket(),
            targets: vec![target],
            folder: folder.to_owned(),
            file_name: None,
            policy: ConflictPolicy::Ask,
        }
    }

    pub(crate) async fn plan(&self, request: ChangeRequest) -> Plan {
        self.engine.transfers().plan(request).await.unwrap()
    }

    /// Plans and starts.
    pub(crate) async fn start(&self, request: ChangeRequest) -> JobId {
        let plan = self.plan(request).await;
        self.engine.transfers().start(&plan.id, None).await.unwrap()
    }

    pub(crate) async fn want(&self, job: &JobId, state: DesiredState) {
        self.engine.transfers().want(job, state).await.unwrap();
    }

    /// Has a job go on, and waits.
    pub(crate) async fn resumed(&self, job: &JobId) -> JobView {
        self.want(job, DesiredState::Run).await;
        self.settled(job).await
    }

    /// Uploads a file of so many parts until only the last is missing, which is held, and pauses.
    pub(crate) async fn paused_before_last(&self, name: &str, parts: u64) -> JobId {
        let file = self.file(name, parts * PART);
        let last = format!("partNumber={parts}");
        self.proxy.hold(Rule::on("PUT").path(name).query(&last));
        let job = self.start(self.upload_of(&[file], "")).await;
        self.until(&job, |job| job.bytes_done == (parts - 1) * PART)
            .await;
        self.want(&job, DesiredState::Pause).await;
        let paused = self.settled(&job).await;
        assert_eq!(paused.state, JobState::Paused, "{paused:?}");
        self.proxy.clear();
        job
    }

    pub(crate) async fn settled(&self, job: &JobId) -> JobView {
        let settled = self.engine.transfers().settled(job);
        match tokio::time::timeout(DEADLINE, settled).await {
            Ok(job) => job.unwrap(),
            Err(_) => panic!("it did not settle: {:#?}", self.job(job).await),
        }
    }

    /// Plans, starts, waits, and expects success.
    pub(crate) async fn done(&self, request: ChangeRequest) -> JobView {
        let job = self.start(request).await;
        let view = self.settled(&job).await;
        assert_eq!(
            view.state,
            JobState::Done,
            "{:?} {:#?}",
            view.reason,
            self.items(&job).await
        );
        view
    }

    pub(crate) async fn job(&self, job: &JobId) -> JobView {
        self.engine.transfers().job(job).await.unwrap()
    }

    pub(crate) async fn items(&self, job: &JobId) -> Vec<ItemView> {
        self.engine.transfers().items(job, 0, 10_000).await.unwrap()
    }

    /// Waits until a job looks as it should.
    pub(crate) async fn until(&self, job: &JobId, what: impl Fn(&JobView) -> bool) -> JobView {
        let looking = async {
            loop {
                let view = self.job(job).await;
                if what(&view) {
                    return view;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        match tokio::time::timeout(DEADLINE, looking).await {
            Ok(view) => view,
            Err(_) => panic!("it did not come to that: {:#?}", self.job(job).await),
        }
    }

    pub(crate) async fn get(&self, key: &str) -> Vec<u8> {
        self.s3.get(&self.bucket, key).await.unwrap().to_vec()
    }

    pub(crate) async fn put(&self, key: &str, body: Vec<u8>) {
        self.s3.put(&self.bucket, key, body).await.unwrap();
    }

    pub(crate) async fn keys(&self, prefix: &str) -> Vec<String> {
        let listed = self.s3.list(&self.bucket, prefix).await.unwrap();
        listed.into_iter().map(|object| object.key).collect()
    }

    pub(crate) async fn uploads(&self) -> usize {
        self.s3.list_uploads(&self.bucket).await.unwrap().len()
    }

    /// What another process needs to act in the same session on the same state.
    pub(crate) fn environment(&self) -> BTreeMap<String, String> {
        environment(&self.proxy, self.dir.path())
    }
}

fn options(proxy: &Proxy, dir: &Path) -> EngineOptions {
    EngineOptions {
        data_dir: dir.join("state"),
        environment: environment(proxy, dir),
        keychain_service: "longshore-tests".to_owned(),
        part_size: PART,
        concurrency: 8,
    }
}

fn environment(proxy: &Proxy, dir: &Path) -> BTreeMap<String, String> {
    // The shared server is there by now, since the proxy was made for it.
    let server = SeaweedFs::shared().unwrap().server();
    let missing = |name: &str| dir.join(name).display().to_string();
    [
        ("AWS_ACCESS_KEY_ID", server.access_key().to_owned()),
        ("AWS_SECRET_ACCESS_KEY", server.secret_key().to_owned()),
        ("AWS_REGION", server.region().to_owned()),
        ("AWS_ENDPOINT_URL", proxy.endpoint()),
        ("AWS_CONFIG_FILE", missing("no-config")),
        ("AWS_SHARED_CREDENTIALS_FILE", missing("no-credentials")),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ("LONGSHORE_DATA_DIR", missing("state")),
        ("NO_PROXY", "127.0.0.1".to_owned()),
        ("HOME", missing("home")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn session(engine: &Engine) -> SessionId {
    let sessions = engine.sessions().list();
    sessions
        .into_iter()
        .find(|s| s.source == Source::Environment)
        .unwrap()
        .id
}

pub(crate) fn object(key: &str) -> Target {
    Target::Object(ObjectKey::parse(key).unwrap(), None)
}

pub(crate) fn prefix(text: &str) -> Target {
    Target::Prefix(Prefix::new(text))
}

/// So many bytes, other ones for another seed, none like its neighbours.
pub(crate) fn bytes(seed: &str, size: u64) -> Vec<u8> {
    let mut state = seed.bytes().fold(0x9E37_79B9_7F4A_7C15_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    let mut out = Vec::with_capacity(usize::try_from(size).unwrap() + 8);
    while (out.len() as u64) < size {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        out.extend_from_slice(&state.rotate_left(29).to_le_bytes());
    }
    out.truncate(usize::try_from(size).unwrap());
    out
}
