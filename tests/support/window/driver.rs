//! The page, read and pressed over W3C WebDriver.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::until;

/// The name under which WebDriver passes elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A WebDriver session with the window's page.
#[derive(Debug, Clone)]
pub struct Page {
    client: Client<HttpConnector, Full<Bytes>>,
    base: String,
}

/// Where an element is, in CSS pixels of the page.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// The middle of it.
    #[must_use]
    pub fn centre(self) -> (f64, f64) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

impl Page {
    /// Begins a session: the driver at `port` starts `program`, which opens the page.
    ///
    /// # Errors
    /// When the driver refuses or the program does not open a page.
    pub(super) async fn open(port: u16, program: &Path) -> Result<Self> {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let driver = Self {
            client,
            base: format!("http://127.0.0.1:{port}"),
        };
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "webkitgtk:browserOptions": { "binary": program, "args": [] },
        }}});
        let answer = driver.call("POST", "/session", Some(capabilities)).await?;
        let id = answer["sessionId"]
            .as_str()
            .context("the driver named no session")?;
        let page = Self {
            base: format!("{}/session/{id}", driver.base),
            ..driver
        };
        // A page that lists for a minute must not time a script out.
        page.call("POST", "/timeouts", Some(json!({ "script": 80_000 })))
            .await?;
        Ok(page)
    }

    /// Runs the body of a function in the page and gives what it returns.
    ///
    /// # Errors
    /// When the script throws or its value is not a `T`.
    pub async fn run<T: DeserializeOwned>(&self, script: &str, arguments: Value) -> Result<T> {
        let body = json!({ "script": script, "args": arguments });
        let value = self.call("POST", "/execute/sync", Some(body)).await?;
        serde_json::from_value(value).with_context(|| format!("the value of {script}"))
    }

    /// Like [`Page::run`], for the body of an async function.
    ///
    /// # Errors
    /// As [`Page::run`]; a rejection counts as an error.
    pub async fn run_async<T: DeserializeOwned>(&self, body: &str, arguments: Value) -> Result<T> {
        let script = format!(
            "const given = [...arguments]; const done = given.pop();\
             (async (...args) => {{ {body} }})(...given).then(\
             value => done({{ value: value ?? null }}), why => done({{ why: String(why?.message ?? why) }}));"
        );
        let body = json!({ "script": script, "args": arguments });
        let mut answer = self.call("POST", "/execute/async", Some(body)).await?;
        if let Some(why) = answer["why"].as_str() {
            bail!("the page refused: {why}");
        }
        Ok(serde_json::from_value(answer["value"].take())?)
    }

    /// Where the first element is that matches the selector, once it is there.
    ///
    /// # Errors
    /// When none appears.
    pub async fn rect(&self, css: &str) -> Result<Rect> {
        let script = "const e = document.querySelector(arguments[0]); if (!e) return null;\
                      const r = e.getBoundingClientRect();\
                      return { x: r.x, y: r.y, width: r.width, height: r.height };";
        until(css, || self.run::<Option<Rect>>(script, json!([css]))).await
    }

    /// Presses the first element that matches the selector, once it can be pressed.
    ///
    /// # Errors
    /// When none can be pressed.
    pub async fn click(&self, css: &str) -> Result<()> {
        until(&format!("{css} to press"), || async {
            let element = self.find(css).await?;
            self.call(
                "POST",
                &format!("/element/{element}/click"),
                Some(json!({})),
            )
            .await?;
            Ok(Some(()))
        })
        .await
    }

    /// Presses the button that says exactly `words`, once it can be pressed.
    ///
    /// # Errors
    /// When none can be pressed.
    pub async fn click_button(&self, words: &str) -> Result<()> {
        self.click_button_in("body", words).await
    }

    /// Like [`Page::click_button`], within the first element that matches a selector.
    ///
    /// # Errors
    /// When none can be pressed.
    pub async fn click_button_in(&self, css: &str, words: &str) -> Result<()> {
        const MARK: &str = "data-test-pressed";
        let find = "const inside = document.querySelector(arguments[0]); if (!inside) return false;\
                    document.querySelectorAll(`[${arguments[2]}]`).forEach(e => e.removeAttribute(arguments[2]));\
                    const button = [...inside.querySelectorAll('button')].find(\
                      b => b.textContent.trim() === arguments[1] && !b.disabled);\
                    button?.setAttribute(arguments[2], ''); return !!button;";
        until(&format!("the button {words:?}"), || async {
            Ok(self
                .run::<bool>(find, json!([css, words, MARK]))
                .await?
                .then_some(()))
        })
        .await?;
        self.click(&format!("[{MARK}]")).await
    }

    /// Presses twice, as opening a row is.
    ///
    /// # Errors
    /// When the element cannot be pressed.
    pub async fn double_click(&self, css: &str) -> Result<()> {
        let (x, y) = self.rect(css).await?.centre();
        let press = json!({ "type": "pointerDown", "button": 0 });
        let lift = json!({ "type": "pointerUp", "button": 0 });
        let actions = json!({ "actions": [{
            "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" },
            "actions": [
                { "type": "pointerMove", "x": x.round(), "y": y.round(), "duration": 0 },
                press, lift, press, lift,
            ],
        }]});
        self.call("POST", "/actions", Some(actions)).await.map(drop)
    }

    /// Gives the first element that matches the keyboard and presses a key of the DOM's name.
    ///
    /// # Errors
    /// When there is no such element, or the key is not among those that are known here.
    pub async fn press_key(&self, css: &str, key: &str) -> Result<()> {
        let code = match key {
            "PageUp" => '\u{e00e}',
            "PageDown" => '\u{e00f}',
            "End" => '\u{e010}',
            "Home" => '\u{e011}',
            "Enter" => '\u{e007}',
            "Escape" => '\u{e00c}',
            "Delete" => '\u{e017}',
            _ => bail!("the key {key} is not known here"),
        };
        self.run::<()>("document.querySelector(arguments[0]).focus()", json!([css]))
            .await?;
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": [
            { "type": "keyDown", "value": code }, { "type": "keyUp", "value": code },
        ]}]});
        self.call("POST", "/actions", Some(actions)).await.map(drop)
    }

    /// Types into the first element that matches the selector, once it is there.
    ///
    /// # Errors
    /// When none takes keys.
    pub async fn type_into(&self, css: &str, text: &str) -> Result<()> {
        until(&format!("{css} to type into"), || async {
            let element = self.find(css).await?;
            let keys = json!({ "text": text });
            self.call("POST", &format!("/element/{element}/value"), Some(keys))
                .await?;
            Ok(Some(()))
        })
        .await
    }

    /// Waits until a script's value is truthy.
    ///
    /// # Errors
    /// When it never is; the message carries what the page says.
    pub async fn wait(&self, what: &str, script: &str, arguments: Value) -> Result<()> {
        let seen = until(what, || async {
            Ok(self
                .run::<bool>(&format!("return !!({script})"), arguments.clone())
                .await?
                .then_some(()))
        })
        .await;
        if seen.is_err() {
            let text: String = self
                .run("return document.body.innerText", json!([]))
                .await
                .unwrap_or_default();
            return seen.with_context(|| format!("the page says:\n{text}"));
        }
        seen
    }

    /// Waits until the page says `text` somewhere.
    ///
    /// # Errors
    /// When it never does.
    pub async fn wait_for_text(&self, text: &str) -> Result<()> {
        self.wait(
            &format!("the words {text:?}"),
            "document.body.innerText.includes(arguments[0])",
            json!([text]),
        )
        .await
    }

    /// Loads the page anew.
    ///
    /// # Errors
    /// When the driver refuses.
    pub async fn reload(&self) -> Result<()> {
        self.call("POST", "/refresh", Some(json!({})))
            .await
            .map(drop)
    }

    /// The page's address.
    ///
    /// # Errors
    /// When the driver refuses.
    pub async fn address(&self) -> Result<String> {
        let address = self.call("GET", "/url", None).await?;
        Ok(address.as_str().unwrap_or_default().to_owned())
    }

    async fn find(&self, css: &str) -> Result<String> {
        let body = json!({ "using": "css selector", "value": css });
        let found = self.call("POST", "/element", Some(body)).await?;
        Ok(found[ELEMENT]
            .as_str()
            .context("the driver named no element")?
            .to_owned())
    }

    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value> {
        let body = body.map(|value| value.to_string()).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))?;
        let response = self.client.request(request).await?;
        let status = response.status();
        let bytes = response.into_body().collect().await?.to_bytes();
        let mut answer: Value = serde_json::from_slice(&bytes)
            .with_context(|| format!("WebDriver answered {}", String::from_utf8_lossy(&bytes)))?;
        let value = answer["value"].take();
        if !status.is_success() {
            bail!(
                "WebDriver {method} {path}: {} {}",
                value["error"],
                value["message"]
            );
        }
        Ok(value)
    }
}
