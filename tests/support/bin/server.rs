//! `longshore-server [--samples] [--dir DIR]`: a local SeaweedFS for programs in other languages
//! and for `cargo xtask run`.
//!
//! Prints one line of JSON when it answers, `{"endpoint","region","accessKeyId","secretAccessKey"}`,
//! and runs until it is killed. With `--identities` the line also names `"limited":{…},"blind":{…}`,
//! and there is the bucket that those may use; a person who looks around sees none of it. With `--with-parent` it ends when the
//! process that started it is gone.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use longshore_tests::process::parent_gone;
use longshore_tests::s3::Keys;
use longshore_tests::samples;
use longshore_tests::servers::{Identity, SeaweedFs};
use serde_json::{Value, json};

#[derive(Parser)]
struct Arguments {
    /// Fill it with a few sample buckets.
    #[arg(long)]
    samples: bool,
    /// Make the bucket of the identities that may not do everything, and name their keys.
    #[arg(long)]
    identities: bool,
    /// Keep the objects here; without it they end with the process.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// End when the process that started this one ends.
    #[arg(long)]
    with_parent: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    // Before the runtime, since starting blocks.
    let weed = match &arguments.dir {
        Some(dir) => SeaweedFs::start_in(dir)?,
        None => SeaweedFs::start()?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        if arguments.samples {
            samples::fill(&weed.server().client()).await?;
        }
        if arguments.identities {
            let client = weed.server().client();
            client.ensure_bucket(SeaweedFs::LIMITED_BUCKET).await?;
        }
        writeln!(
            std::io::stdout(),
            "{}",
            describe(&weed, arguments.identities)
        )?;
        if arguments.with_parent {
            parent_gone().await;
            return Ok(());
        }
        std::future::pending().await
    })
}

fn describe(weed: &SeaweedFs, identities: bool) -> Value {
    let pair =
        |keys: Keys| json!({ "accessKeyId": keys.access_key, "secretAccessKey": keys.secret_key });
    let server = weed.server();
    let mut described = json!({
        "endpoint": server.endpoint(),
        "region": server.region(),
        "accessKeyId": server.access_key(),
        "secretAccessKey": server.secret_key(),
    });
    if identities {
        described["limited"] = pair(weed.keys(Identity::Limited));
        described["blind"] = pair(weed.keys(Identity::Blind));
    }
    described
}
