//! What a change has to pass: `test` is everything, `check` the fast part, `e2e` the slow part
//! alone.
//!
//! The page is built first, since the window's binary carries it. Clippy and the build are the only
//! two passes over the Rust packages, and every later stage names the same packages (`--workspace`)
//! so that cargo never builds one again with other features.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::count::{self, Count};
use crate::debian::{self, Purpose};
use crate::home::Snapshot;
use crate::node;
use crate::place::Place;
use crate::stage::Stages;
use crate::tool::Tool;
use crate::twice;

/// Test targets that open real windows: they run alone and one by one.
const NATIVE: &[&str] = &["native"];
/// Test targets that read the tree and start nothing.
const RULES: &[&str] = &["arrows", "licences"];

/// Runs everything. Gives whether all of it passed.
pub(crate) fn test(place: &Place) -> Result<bool> {
    let mut stages = Stages::default();
    prepare(place, &mut stages);
    if stages.has_failed() {
        return Ok(stages.finish());
    }
    let home = Snapshot::take();
    page(place, &mut stages);
    stages.check("test types", || {
        let tests = place.root().join("tests");
        Tool::new("npm")
            .args(["run", "--silent", "typecheck"])
            .dir(&tests)
            .run()
    });
    stages.check("format", || format(place));
    stages.check("clippy", || clippy(place));
    stages.check("build", || build_all(place));
    let bindings = Bindings::read(place);
    stages.counted("Rust tests", || rust_tests(place));
    stages.counted("doc tests", || {
        counted_cargo(place.cargo("test").args(["--workspace", "--doc"]))
    });
    stages.check("binding drift", || {
        bindings?.compare(&Bindings::read(place)?)
    });
    stages.counted("Playwright", || playwright(place));
    stages.counted("native", || native(place));
    stages.check("home untouched", || home.compare());
    Ok(stages.finish())
}

/// Runs what is fast enough to run before every commit: no system package is installed and no
/// server or window started.
pub(crate) fn check(place: &Place) -> Result<bool> {
    let mut stages = Stages::default();
    stages.check("npm ci in ui", || node::install(place, "ui"));
    page(place, &mut stages);
    stages.check("format", || format(place));
    stages.check("clippy", || clippy(place));
    stages.counted("unit tests and rules", || {
        let rules = RULES.iter().map(|name| format!("--test={name}"));
        counted_cargo(
            place
                .cargo("test")
                .args(["--workspace", "--lib", "--no-fail-fast"])
                .args(rules),
        )
    });
    Ok(stages.finish())
}

/// Runs the page in a browser and the real window.
pub(crate) fn end_to_end(place: &Place) -> Result<bool> {
    let mut stages = Stages::default();
    prepare(place, &mut stages);
    if stages.has_failed() {
        return Ok(stages.finish());
    }
    stages.check("UI build", || node::ui_script(place, "build").run());
    stages.check("build", || build_all(place));
    stages.counted("Playwright", || playwright(place));
    stages.counted("native", || native(place));
    Ok(stages.finish())
}

/// Builds all programs of the workspace.
pub(crate) fn build_programs(place: &Place) -> Result<()> {
    place.cargo("build").args(["--workspace", "--bins"]).run()
}

/// Builds programs and tests together: tests ask packages for further features, and two builds
/// would compile what both use twice.
fn build_all(place: &Place) -> Result<()> {
    place
        .cargo("build")
        .args(["--workspace", "--all-targets"])
        .run()
}

/// Installs what the stages stand on. Where that fails, they would fail for the same reason, some
/// after twenty minutes.
fn prepare(place: &Place, stages: &mut Stages) {
    stages.check("system packages", || debian::install(Purpose::Test));
    if stages.has_failed() {
        return;
    }
    stages.check("npm ci in ui", || node::install(place, "ui"));
    stages.check("npm ci in tests", || node::install(place, "tests"));
    stages.check("cargo fetch", || fetch(place));
}

/// Fetches what this platform needs, since the licence test reads it all without the network.
fn fetch(place: &Place) -> Result<()> {
    let version = Tool::new("rustc").args(["-vV"]).read_quietly();
    let version = version.context("`rustc -vV` failed")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    place
        .cargo("fetch")
        .args(["--target", host.context("rustc names no host")?])
        .run()
}

fn page(place: &Place, stages: &mut Stages) {
    stages.check("UI types", || node::ui_script(place, "typecheck").run());
    stages.check("UI lint", || node::ui_script(place, "lint").run());
    stages.counted("UI unit tests", || {
        let (succeeded, output) = node::ui_script(place, "test").run_and_read()?;
        Ok((succeeded, count::vitest(&output)))
    });
    stages.check("UI build", || node::ui_script(place, "build").run());
}

fn format(place: &Place) -> Result<()> {
    Tool::new("cargo")
        .args(["fmt", "--all", "--check"])
        .dir(place.root())
        .run()
}

fn clippy(place: &Place) -> Result<()> {
    place
        .cargo("clippy")
        .args(["--workspace", "--all-targets", "--", "--deny=warnings"])
        .run()
}

/// Every Rust test but those of the real window.
fn rust_tests(place: &Place) -> Result<(bool, Count)> {
    let targets = test_targets(place)?;
    let targets = targets
        .iter()
        .filter(|name| !NATIVE.contains(&name.as_str()));
    let targets = targets.map(|name| format!("--test={name}"));
    let targets: Vec<String> = targets.collect();
    twice::cargo(&[], || {
        place
            .cargo("test")
            .args(["--workspace", "--lib", "--bins", "--no-fail-fast"])
            .args(&targets)
    })
}

fn native(place: &Place) -> Result<(bool, Count)> {
    let targets = test_targets(place)?;
    let mut wanted = NATIVE
        .iter()
        .filter(|name| targets.iter().any(|target| target == *name));
    let Some(first) = wanted.next() else {
        bail!("there is no test target {NATIVE:?}")
    };
    let targets = std::iter::once(first)
        .chain(wanted)
        .map(|name| format!("--test={name}"));
    let targets: Vec<String> = targets.collect();
    twice::cargo(&["--test-threads=1"], || {
        place
            .cargo("test")
            .args(["--workspace", "--no-fail-fast"])
            .args(&targets)
            .env("LONGSHORE_BIN_DIR", place.bin_dir())
    })
}

fn playwright(place: &Place) -> Result<(bool, Count)> {
    // A browser leaves certificates and crash reports in the home that it finds.
    let home = place.cache().join("browser-home");
    fs::create_dir_all(&home)?;
    let tests = place.root().join("tests");
    let (succeeded, output) = Tool::new(tests.join("node_modules/.bin/playwright"))
        .args(["test"])
        .env("HOME", &home)
        .env("LONGSHORE_CACHE", place.cache())
        .env("LONGSHORE_BIN_DIR", place.bin_dir())
        .env("NO_COLOR", "1")
        .env("CI", "1")
        .dir(&tests)
        .run_and_read()?;
    let count = count::playwright(&output);
    if succeeded && count.passed == 0 {
        bail!("Playwright ran no test");
    }
    Ok((succeeded, count))
}

fn counted_cargo(tool: Tool) -> Result<(bool, Count)> {
    let (succeeded, output) = tool.run_and_read()?;
    let count = count::cargo(&output);
    if succeeded && !output.contains("test result:") {
        bail!("cargo ran no test");
    }
    Ok((succeeded, count))
}

/// The names of all integration tests.
fn test_targets(place: &Place) -> Result<Vec<String>> {
    let metadata = place
        .cargo("metadata")
        .args(["--no-deps", "--format-version=1"]);
    let metadata = metadata.read_quietly().context("`cargo metadata` failed")?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let targets = packages
        .iter()
        .filter_map(|package| package["targets"].as_array())
        .flatten();
    let tests = targets.filter(|target| target["kind"][0] == "test");
    Ok(tests
        .filter_map(|target| Some(target["name"].as_str()?.to_owned()))
        .collect())
}

/// The generated types, to see whether the export test wrote others.
struct Bindings(BTreeMap<PathBuf, Vec<u8>>);

impl Bindings {
    fn read(place: &Place) -> Result<Self> {
        let dir = place.root().join("ui/src/contract");
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(&dir).context("ui/src/contract is not there")? {
            let path = entry?.path();
            if path.is_file() {
                files.insert(path.clone(), fs::read(&path)?);
            }
        }
        Ok(Self(files))
    }

    fn compare(&self, now: &Self) -> Result<()> {
        let changed = |(path, text): (&PathBuf, &Vec<u8>)| {
            (self.0.get(path) != Some(text)).then(|| path.display().to_string())
        };
        let changed: Vec<String> = now.0.iter().filter_map(changed).collect();
        if !changed.is_empty() || now.0.len() != self.0.len() {
            bail!(
                "the tests wrote other bindings than are committed: {}",
                changed.join(", ")
            );
        }
        Ok(())
    }
}
