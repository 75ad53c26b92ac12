//! `cargo xtask …`: what a person does with this repository, in one command each.
//!
//! Reading order: [`gate`] (test, check, e2e), [`open`] (run, screenshots), then what both stand
//! on: [`tool`] runs programs, [`debian`] installs packages, [`node`] the page's, [`stage`] prints
//! the table, [`count`] reads test counts, [`twice`] gives a
//! failed test its second try, [`home`] proves that nothing was left behind.
//!
//! Invariant: no program that is started here gets an input, every one is shown before it runs,
//! and nothing is installed without saying so.

// This program talks to a terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod count;
mod debian;
mod gate;
mod home;
mod node;
mod open;
mod place;
mod stage;
mod tool;
mod twice;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::place::Place;
use crate::tool::Tool;

const USAGE: &str = "\
cargo xtask COMMAND

  run          install what is missing, build, and open Longshore on a local server
  test         install what the tests need and run everything
  check        the fast part of it, before a commit
  e2e          the page in a browser and the real window
  screenshots  the pictures of the README, from the real window
  bench [NAME] one measurement of bench/, built for release; without a name, which there are";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything that the command ran succeeded.
fn dispatch(arguments: &[String]) -> Result<bool> {
    let place = Place::find()?;
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["run"] => open::run(&place).map(|()| true),
        ["screenshots"] => open::screenshots(&place).map(|()| true),
        ["test"] => gate::test(&place),
        ["check"] => gate::check(&place),
        ["e2e"] => gate::end_to_end(&place),
        ["bench"] => list_benches(&place).map(|()| true),
        ["bench", name, rest @ ..] if !is_help(name) => bench(&place, name, rest).map(|()| true),
        [] | ["help", ..] => {
            println!("{USAGE}");
            Ok(true)
        }
        [.., last] if is_help(last) => {
            println!("{USAGE}");
            Ok(true)
        }
        _ => bail!("there is no `{}`\n\n{USAGE}", words.join(" ")),
    }
}

fn is_help(word: &str) -> bool {
    ["--help", "-h"].contains(&word)
}

/// Says which measurements there are, each with the first line of what it says about itself.
fn list_benches(place: &Place) -> Result<()> {
    let dir = place.root().join("bench/src/bin");
    let mut benches = Vec::new();
    for entry in fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let path = entry?.path();
        let Some(name) = path.file_stem().filter(|_| path.is_file()) else {
            continue;
        };
        let text = fs::read_to_string(&path)?;
        let says = text.lines().next().unwrap_or_default();
        // A first line begins with the command itself.
        let says = says.split_once("`: ").map_or(says, |(_, says)| says);
        benches.push(format!("  {:10}{says}", name.to_string_lossy()));
    }
    benches.sort();
    println!("cargo xtask bench NAME\n\n{}", benches.join("\n"));
    Ok(())
}

fn bench(place: &Place, name: &str, rest: &[&str]) -> Result<()> {
    Tool::new("cargo")
        .args([
            "run",
            "--release",
            "--manifest-path",
            "bench/Cargo.toml",
            "--bin",
            name,
            "--",
        ])
        .args(rest)
        .dir(place.root())
        .run()
}
