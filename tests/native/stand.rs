//! What each test stands on: a desktop, a bucket of its own, and Longshore looking at it.

use std::path::PathBuf;
use std::sync::Arc;

use longshore_tests::s3::S3;
use longshore_tests::servers::{SeaweedFs, Server};
use longshore_tests::window::{App, Desktop, Launch, Page, until};
use serde_json::{Value, json};

/// A desktop with Longshore on it; what it shows is kept when the test fails.
pub(crate) struct Stand {
    name: &'static str,
    app: Option<App>,
    /// Where it runs. Shared, so that what runs beside Longshore outlives its restarts.
    pub(crate) desktop: Arc<Desktop>,
    /// The bucket of this test.
    pub(crate) bucket: String,
    /// The server behind it.
    pub(crate) server: &'static Server,
}

impl Stand {
    /// A desktop and an empty bucket; Longshore is not started yet.
    pub(crate) async fn new(name: &'static str) -> Self {
        let server = SeaweedFs::shared().unwrap().server();
        let bucket = server.fresh_bucket("native").await.unwrap();
        Self {
            name,
            app: None,
            desktop: Arc::new(Desktop::start().unwrap()),
            bucket,
            server,
        }
    }

    /// Longshore with a session on the server, reached at `endpoint`.
    pub(crate) fn launch_on(&self, endpoint: &str) -> Launch {
        Launch::new()
            .with("LONGSHORE_DEMO_ENDPOINT", endpoint)
            .with("LONGSHORE_DEMO_ACCESS_KEY_ID", self.server.access_key())
            .with("LONGSHORE_DEMO_SECRET_ACCESS_KEY", self.server.secret_key())
    }

    /// Longshore with a session on the server.
    pub(crate) fn launch(&self) -> Launch {
        self.launch_on(self.server.endpoint())
    }

    /// Starts Longshore; one that ran before is killed.
    pub(crate) async fn start(&mut self, launch: &Launch) {
        self.app = None;
        self.app = Some(App::open(&self.desktop, launch).await.unwrap());
    }

    /// Starts Longshore and opens the test's bucket in it.
    pub(crate) async fn start_in_bucket(&mut self, launch: &Launch) {
        self.start(launch).await;
        self.open_bucket().await;
    }

    /// Presses the session, then the bucket.
    pub(crate) async fn open_bucket(&self) {
        let page = self.page();
        page.click(r#"[aria-label="Sessions"] [role="option"]"#)
            .await
            .unwrap();
        let bucket = format!(r#"[aria-label="Buckets"] [data-key="{}"]"#, self.bucket);
        page.click(&bucket).await.unwrap();
        page.rect(r#"[role="grid"]"#).await.unwrap();
    }

    /// Chooses an entry of the menu behind the Upload button.
    pub(crate) async fn choose_upload(&self, entry: &str) {
        self.press("Upload").await;
        self.page()
            .click(&format!(r#"[role="menuitem"][data-key="{entry}"]"#))
            .await
            .unwrap();
    }

    /// Presses the button that says exactly `words`.
    pub(crate) async fn press(&self, words: &str) {
        self.page().click_button(words).await.unwrap();
    }

    /// The running Longshore.
    pub(crate) fn app(&self) -> &App {
        self.app.as_ref().expect("Longshore was started")
    }

    /// The page of the running Longshore.
    pub(crate) fn page(&self) -> &Page {
        &self.app().page
    }

    /// A client that is not Longshore's own.
    pub(crate) fn s3(&self) -> S3 {
        self.server.client()
    }

    /// Waits until an object is there with these bytes.
    pub(crate) async fn wait_for_object(&self, key: &str, bytes: &[u8]) {
        let client = self.s3();
        let found = until(&format!("the object {key}"), || async {
            Ok(client.head(&self.bucket, key).await?.map(drop))
        })
        .await;
        found.unwrap();
        let body = client.get(&self.bucket, key).await.unwrap();
        assert!(
            body == bytes,
            "{key} has {} bytes on the server that differ",
            body.len()
        );
    }

    /// The keys in the test's bucket.
    pub(crate) async fn keys(&self) -> Vec<String> {
        let listed = self.s3().list(&self.bucket, "").await.unwrap();
        listed.into_iter().map(|object| object.key).collect()
    }

    /// Runs a command of the contract as the page would.
    pub(crate) async fn call(&self, name: &str, args: Value) -> anyhow::Result<Value> {
        let script = "return await window.__TAURI_INTERNALS__.invoke('call', \
                      { name: args[0], args: args[1] })";
        self.page().run_async(script, json!([name, args])).await
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/native");
            let _ = std::fs::create_dir_all(&dir);
            let _ = self
                .desktop
                .picture(&dir.join(format!("{}.png", self.name)));
            if let Some(app) = &self.app {
                let _ = std::fs::write(dir.join(format!("{}.log", self.name)), app.log());
            }
        }
    }
}

/// Bytes that no compression or zero-filling could mistake for others.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64 ^ length as u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
