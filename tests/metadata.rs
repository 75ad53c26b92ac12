//! The package graph as cargo sees it for Linux, and the sources of the tree, for the tests that
//! hold the project to its own rules.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// One package.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    #[allow(dead_code, reason = "not every test binary prints it")]
    pub(crate) version: String,
    #[allow(dead_code, reason = "only the licence test reads it")]
    pub(crate) license: String,
    pub(crate) is_ours: bool,
    #[allow(dead_code, reason = "only the licence test reads it")]
    pub(crate) is_registry: bool,
}

/// All packages that a build for this platform may link, and who uses whom.
pub(crate) struct Graph {
    pub(crate) packages: BTreeMap<String, Package>,
    links: Vec<(String, String)>,
}

impl Graph {
    /// Pairs of user and used, in builds and build scripts; not for tests.
    pub(crate) fn edges(&self) -> impl Iterator<Item = (&Package, &Package)> {
        self.links
            .iter()
            .map(|(user, used)| (&self.packages[user], &self.packages[used]))
    }
}

/// Asks cargo, for the platform that the tests run on and without the network.
pub(crate) fn workspace_graph() -> Graph {
    let host = Command::new("rustc")
        .arg("-vV")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .args(["--filter-platform", host])
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    read_graph(&serde_json::from_slice(&output.stdout).unwrap())
}

fn read_graph(metadata: &Value) -> Graph {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut links = Vec::new();
    let mut linked = Vec::new();
    for node in metadata["resolve"]["nodes"].as_array().unwrap() {
        linked.push(text(&node["id"]));
        for used in node["deps"].as_array().unwrap() {
            let kinds = used["dep_kinds"].as_array().unwrap();
            if kinds.iter().any(|kind| kind["kind"] != "dev") {
                links.push((text(&node["id"]), text(&used["pkg"])));
            }
        }
    }
    let packages = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let source = text(&package["source"]);
            let described = Package {
                name: text(&package["name"]),
                version: text(&package["version"]),
                license: text(&package["license"]),
                is_ours: source.is_empty(),
                is_registry: source == "registry+https://github.com/rust-lang/crates.io-index",
            };
            (text(&package["id"]), described)
        });
    let packages: BTreeMap<_, _> = packages.filter(|(id, _)| linked.contains(id)).collect();
    assert!(
        packages.len() > 50,
        "cargo named only {} packages",
        packages.len()
    );
    Graph { packages, links }
}
