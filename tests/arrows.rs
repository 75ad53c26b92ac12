//! The project held to its own drawing: who may depend on whom, who may name what, how large a
//! file may be, what a page can reach.
//!
//! The drawing is in ARCHITECTURE.md. A rule that cannot be broken is no rule: each test names the
//! file and the line that breaks it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod metadata;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use metadata::{root, workspace_graph};
use serde_json::Value;

/// A file longer than this is refused; 300 is the aim.
const LINES_IN_A_FILE: usize = 800;
/// The window adds the system's parts and no logic.
const LINES_IN_THE_SHELL: usize = 800;

#[test]
fn our_packages_depend_on_each_other_only_along_the_arrows() {
    let drawn: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("longshore-engine", &[][..]),
        ("longshore-contract", &["longshore-engine"][..]),
        ("longshore-cli", &["longshore-engine"][..]),
        (
            "longshore-desktop",
            &["longshore-contract", "longshore-engine"][..],
        ),
        (
            "longshore-tests",
            &["longshore-contract", "longshore-engine"][..],
        ),
        ("xtask", &[][..]),
    ]);
    let graph = workspace_graph();
    let ours: BTreeSet<&str> = graph
        .packages
        .values()
        .filter(|p| p.is_ours)
        .map(|p| p.name.as_str())
        .collect();
    let known: BTreeSet<&str> = drawn.keys().copied().collect();
    assert_eq!(
        ours, known,
        "a new package belongs into the drawing and into this test"
    );
    for (user, used) in graph.edges() {
        if user.is_ours && used.is_ours {
            let allowed = drawn[user.name.as_str()].contains(&used.name.as_str());
            assert!(allowed, "{} may not depend on {}", user.name, used.name);
        }
    }
}

#[test]
fn the_engine_reaches_no_window_and_no_page() {
    let graph = workspace_graph();
    let mut reached = BTreeSet::from(["longshore-engine".to_owned()]);
    loop {
        let next: BTreeSet<String> = graph
            .edges()
            .filter(|(user, used)| reached.contains(&user.name) && !reached.contains(&used.name))
            .map(|(_, used)| used.name.clone())
            .collect();
        if next.is_empty() {
            break;
        }
        reached.extend(next);
    }
    for forbidden in ["tauri", "ts-rs", "axum", "wry", "rfd", "clap"] {
        assert!(
            !reached.contains(forbidden),
            "the engine depends on {forbidden}"
        );
    }
    assert!(
        reached.contains("aws-sdk-s3"),
        "the walk reaches what the engine does use"
    );
}

#[test]
fn only_the_store_names_the_s3_sdk_and_only_identity_names_sts_and_the_keychain() {
    let store = ["crates/engine/src/store"];
    let identity = ["crates/engine/src/identity"];
    names_only_in(&["aws_sdk_s3", "aws_sdk_kms"], &store);
    names_only_in(
        &["aws_sdk_sts", "aws_sdk_sso", "aws_sdk_ssooidc"],
        &identity,
    );
    names_only_in(
        &[
            "keyring",
            "keyring_core",
            "zbus_secret_service_keyring_store",
        ],
        &identity,
    );
}

#[test]
fn tauri_is_named_by_the_shell_and_typescript_by_the_contract_only() {
    names_only_in(&["tauri", "tauri_build", "rfd"], &["src-tauri"]);
    names_only_in(&["ts_rs"], &["crates/contract"]);
    names_only_in(&["axum"], &["tests"]);
    names_only_in(&["rusqlite"], &["crates/engine/src"]);
}

#[test]
fn only_the_tauri_host_imports_tauris_api() {
    let mut found = Vec::new();
    let mut hosts = 0;
    for file in sources(&["ts", "tsx"]) {
        let text = read(&file);
        if file == "ui/src/host/tauri.ts" {
            hosts += usize::from(text.contains("@tauri-apps/"));
        } else if text.contains("@tauri-apps/") {
            found.push(file);
        }
    }
    assert_eq!(
        hosts, 1,
        "ui/src/host/tauri.ts is where the import is looked for"
    );
    assert!(found.is_empty(), "@tauri-apps is imported in {found:?}");
}

#[test]
fn no_file_is_longer_than_it_may_be_and_none_is_called_mod() {
    let files = sources(&["rs", "ts", "tsx", "css"]);
    assert!(
        files.iter().any(|file| file == "tests/arrows.rs"),
        "this file is among those read"
    );
    let mut broken = Vec::new();
    for file in &files {
        let lines = read(file).lines().count();
        let generated = file.starts_with("ui/src/contract/");
        if lines > LINES_IN_A_FILE && !generated {
            broken.push(format!("{file} has {lines} lines"));
        }
        if file.ends_with("/mod.rs") {
            broken.push(format!("{file}: modules are `name.rs` beside `name/`"));
        }
        let name = Path::new(file)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        for vague in ["util", "helper", "manager", "service"] {
            if name.contains(vague) {
                broken.push(format!("{file}: a name that says nothing"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_shell_stays_small() {
    let shell = sources(&["rs"])
        .into_iter()
        .filter(|file| file.starts_with("src-tauri/src/"));
    let lines: usize = shell.map(|file| read(&file).lines().count()).sum();
    assert!(lines > 0, "the shell was found");
    assert!(
        lines < LINES_IN_THE_SHELL,
        "src-tauri/src has {lines} lines"
    );
}

#[test]
fn a_page_is_given_no_disk_no_shell_and_no_network() {
    let mut granted = Vec::new();
    for file in tracked()
        .into_iter()
        .filter(|file| file.starts_with("src-tauri/capabilities/"))
    {
        let capability: Value = serde_json::from_str(&read(&file)).unwrap();
        for permission in capability["permissions"].as_array().unwrap() {
            let name = permission
                .as_str()
                .or(permission["identifier"].as_str())
                .unwrap();
            granted.push((file.clone(), name.to_owned()));
        }
    }
    assert!(!granted.is_empty(), "the window has a capability file");
    for (file, name) in &granted {
        let outward = [
            "fs:", "shell:", "http:", "dialog:", "process:", "opener:", "os:",
        ];
        let refused = outward.iter().find(|plugin| name.starts_with(**plugin));
        assert!(refused.is_none(), "{file} grants {name}");
    }
    let config: Value = serde_json::from_str(&read("src-tauri/tauri.conf.json")).unwrap();
    let policy = config["app"]["security"]["csp"].to_string();
    assert!(
        policy.contains("default-src"),
        "the page has a content security policy: {policy}"
    );
    for hole in ["unsafe-eval", "https:", "http: ", "*"] {
        assert!(!policy.contains(hole), "the policy allows {hole}: {policy}");
    }
    assert_ne!(
        config["app"]["withGlobalTauri"], true,
        "no API hangs on the page's window"
    );
    let plugins = config["plugins"]
        .as_object()
        .map(serde_json::Map::len)
        .unwrap_or_default();
    assert_eq!(plugins, 0, "no plugin is configured for the page");
}

/// Fails when a Rust source outside `places` names one of `crates`.
fn names_only_in(crates: &[&str], places: &[&str]) {
    let mut broken = Vec::new();
    for file in sources(&["rs"]) {
        if places.iter().any(|place| file.starts_with(place)) || file == "tests/arrows.rs" {
            continue;
        }
        for (number, line) in read(&file).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let named = crates.iter().find(|name| names(code, name));
            if let Some(name) = named {
                broken.push(format!("{file}:{} names {name}", number + 1));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "allowed in {places:?} only:\n{}",
        broken.join("\n")
    );
}

/// Whether `code` has `name` as the start of a path: `name::…` or `use name`.
fn names(code: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + name.len()..];
        let starts = before.is_none_or(|c| !word(c) && c != ':' && c != '"' && c != '.');
        let used = code
            .trim_start()
            .trim_start_matches("pub ")
            .starts_with("use ");
        starts && (after.starts_with("::") || (used && !after.starts_with(word)))
    })
}

#[test]
fn a_path_is_told_from_a_longer_word_and_from_text() {
    assert!(names("let x = keyring::Entry::new();", "keyring"));
    assert!(names("use keyring as chain;", "keyring"));
    assert!(!names("use keyring_core::Entry;", "keyring"));
    assert!(!names("let keyring = 1;", "keyring"));
    assert!(
        !names("crate::keyring::open()", "keyring"),
        "a module of ours may have the name"
    );
}

/// Tracked and new files with one of these endings; `bench` keeps to its own rules.
fn sources(endings: &[&str]) -> Vec<String> {
    let wanted = |file: &String| {
        let ending = Path::new(file)
            .extension()
            .and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| endings.contains(&ending)) && !file.starts_with("bench/")
    };
    tracked().into_iter().filter(wanted).collect()
}

fn tracked() -> Vec<String> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let names = String::from_utf8(output.stdout).unwrap();
    let exists = |name: &&str| !name.is_empty() && root().join(name).is_file();
    names
        .split('\0')
        .filter(exists)
        .map(str::to_owned)
        .collect()
}

fn read(file: &str) -> String {
    let path: PathBuf = root().join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
