//! What may be linked: every package's licence is on `deny.toml`'s list, and no banned package is
//! built.
//!
//! `cargo deny` would say the same, but compiling it costs minutes that the gate does not have.
//! Advisories need a network and are left to it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod metadata;

use std::collections::{BTreeMap, BTreeSet};

use metadata::{Package, workspace_graph};

#[test]
fn every_package_has_a_licence_that_we_accept() {
    let rules = Rules::read();
    let graph = workspace_graph();
    let refused: Vec<String> = graph
        .packages
        .values()
        .filter(|package| !package.is_ours)
        .filter(|package| !accepts(&package.license, &rules.allowed))
        .map(|package| {
            format!(
                "{} {}: {:?}",
                package.name, package.version, package.license
            )
        })
        .collect();
    assert!(
        refused.is_empty(),
        "not on deny.toml's list:\n{}",
        refused.join("\n")
    );
}

#[test]
fn no_banned_package_is_linked() {
    let rules = Rules::read();
    let graph = workspace_graph();
    let mut found = Vec::new();
    for (user, used) in graph.edges() {
        if let Some(wrappers) = rules.banned.get(&used.name)
            && !wrappers.contains(&user.name)
        {
            found.push(format!("{} uses {}", user.name, used.name));
        }
    }
    assert!(
        found.is_empty(),
        "banned in deny.toml:\n{}",
        found.join("\n")
    );
}

#[test]
fn every_package_comes_from_the_registry_or_from_here() {
    let graph = workspace_graph();
    let foreign: Vec<&Package> = graph
        .packages
        .values()
        .filter(|package| !package.is_ours && !package.is_registry)
        .collect();
    assert!(
        foreign.is_empty(),
        "from git or another registry: {foreign:#?}"
    );
}

#[test]
fn a_licence_expression_is_read_with_its_operators() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Apache-2.0".to_owned()]);
    for good in [
        "MIT",
        "MIT/GPL-3.0",
        "GPL-3.0 OR MIT",
        "(GPL-3.0 OR MIT) AND Apache-2.0",
        "MIT AND (Apache-2.0 OR GPL-3.0) AND MIT",
    ] {
        assert!(accepts(good, &allowed), "{good} is acceptable");
    }
    for bad in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT OR ISC) AND GPL-3.0",
        "Apache-2.0 WITH X",
    ] {
        assert!(!accepts(bad, &allowed), "{bad:?} is not acceptable");
    }
}

struct Rules {
    allowed: BTreeSet<String>,
    /// Banned package to those that may use it all the same.
    banned: BTreeMap<String, BTreeSet<String>>,
}

impl Rules {
    fn read() -> Self {
        let text = std::fs::read_to_string(metadata::root().join("deny.toml")).unwrap();
        let file: toml::Table = toml::from_str(&text).unwrap();
        let strings = |list: &toml::Value| -> BTreeSet<String> {
            let list = list.as_array().unwrap().iter();
            list.map(|entry| entry.as_str().unwrap().to_owned())
                .collect()
        };
        let banned = file["bans"]["deny"].as_array().unwrap().iter();
        let banned: BTreeMap<_, _> = banned
            .map(|ban| {
                let wrappers = ban.get("wrappers").map(strings).unwrap_or_default();
                (ban["crate"].as_str().unwrap().to_owned(), wrappers)
            })
            .collect();
        assert!(banned.contains_key("openssl-sys"), "the ban list was read");
        Self {
            allowed: strings(&file["licenses"]["allow"]),
            banned,
        }
    }
}

/// Whether an SPDX expression can be met with the allowed licences. `AND` binds tighter than `OR`.
fn accepts(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let accepted = any(&tokens, &mut at, allowed);
    accepted && at == tokens.len()
}

fn any(tokens: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut accepted = all(tokens, at, allowed);
    while tokens.get(*at) == Some(&"OR") {
        *at += 1;
        accepted |= all(tokens, at, allowed);
    }
    accepted
}

fn all(tokens: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut accepted = one(tokens, at, allowed);
    while tokens.get(*at) == Some(&"AND") {
        *at += 1;
        accepted &= one(tokens, at, allowed);
    }
    accepted
}

fn one(tokens: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let Some(token) = tokens.get(*at) else {
        return false;
    };
    *at += 1;
    if *token == "(" {
        let accepted = any(tokens, at, allowed);
        *at += 1;
        return accepted;
    }
    if tokens.get(*at) == Some(&"WITH") {
        let exception = tokens.get(*at + 1).copied().unwrap_or_default();
        *at += 2;
        return allowed.contains(&format!("{token} WITH {exception}"));
    }
    allowed.contains(*token)
}
