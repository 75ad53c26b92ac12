//! `longshore-drive`: one transfer in a process of its own, to be killed, limited or doubled.
//!
//! Session, endpoint and state come from the environment (`AWS_*`, `LONGSHORE_DATA_DIR`). Prints the
//! job's id when it was started and ends when it has settled.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use longshore_engine::identity::Source;
use longshore_engine::model::{BucketName, Prefix, SessionId};
use longshore_engine::plan::ConflictPolicy;
use longshore_engine::transfer::{ChangeRequest, Target};
use longshore_engine::{Engine, EngineOptions};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    change: Change,
}

#[derive(Subcommand)]
enum Change {
    /// Files into a prefix.
    Upload {
        bucket: String,
        prefix: String,
        sources: Vec<PathBuf>,
    },
    /// All below a prefix into a folder.
    Download {
        bucket: String,
        prefix: String,
        folder: PathBuf,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let data_dir =
        std::env::var_os("LONGSHORE_DATA_DIR").context("LONGSHORE_DATA_DIR is not set")?;
    let mut options = EngineOptions::new(PathBuf::from(data_dir));
    options.part_size = 5 * 1024 * 1024;
    let (engine, _) = Engine::open(options).await?;
    let sessions = engine.sessions().list();
    let Some(session) = sessions
        .into_iter()
        .find(|s| s.source == Source::Environment)
    else {
        bail!("the environment holds no session");
    };
    let plan = engine
        .transfers()
        .plan(request(arguments.change, session.id)?)
        .await?;
    let job = engine.transfers().start(&plan.id, None).await?;
    writeln!(std::io::stdout(), "{job}")?;
    engine.transfers().settled(&job).await?;
    engine.close().await;
    Ok(())
}

fn request(change: Change, session: SessionId) -> Result<ChangeRequest> {
    let policy = ConflictPolicy::Overwrite;
    Ok(match change {
        Change::Upload {
            bucket,
            prefix,
            sources,
        } => ChangeRequest::Upload {
            session,
            bucket: BucketName::parse(bucket)?,
            prefix: Prefix::new(prefix),
            key: None,
            sources,
            contents: false,
            policy,
        },
        Change::Download {
            bucket,
            prefix,
            folder,
        } => ChangeRequest::Download {
            session,
            bucket: BucketName::parse(bucket)?,
            targets: vec![Target::Prefix(Prefix::new(prefix))],
            folder,
            file_name: None,
            policy,
        },
    })
}
