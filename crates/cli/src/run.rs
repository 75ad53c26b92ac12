//! What a command runs on: the engine over the data directory, the chosen session, the output.

use std::collections::BTreeMap;
use std::path::PathBuf;

use longshore_engine::model::SessionId;
use longshore_engine::store::Store;
use longshore_engine::{Engine, EngineOptions};

use crate::args::{Cli, Command, Global};
use crate::failure::{Failure, Result};
use crate::output::Output;
use crate::{command, session};

/// An opened engine and whose turn it is.
pub(crate) struct Run<'a> {
    pub(crate) engine: Engine,
    pub(crate) output: Output,
    flags: &'a Global,
    environment: BTreeMap<String, String>,
}

impl Run<'_> {
    /// The session that the flags name.
    pub(crate) fn session(&self) -> Result<SessionId> {
        session::choose(self.engine.sessions(), self.flags, &self.environment)
    }

    /// Its store.
    pub(crate) async fn store(&self) -> Result<Store> {
        Ok(self.engine.store(&self.session()?).await?)
    }

    /// The region that the flags name.
    pub(crate) fn region(&self) -> Option<&str> {
        self.flags.region.as_deref()
    }
}

/// Runs one command; the exit code.
pub(crate) async fn run(cli: &Cli, output: Output) -> Result<u8> {
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let mut options = EngineOptions::new(data_dir(&cli.global, &environment)?);
    options.environment.clone_from(&environment);
    if let Command::Cp(cp) = &cli.command {
        options.part_size = cp.part_size.unwrap_or(options.part_size);
        options.concurrency = cp.concurrency.map_or(options.concurrency, usize::from);
    }
    let (engine, notes) = Box::pin(Engine::open(options)).await?;
    if let Some(aside) = notes.moved_aside {
        output.warn(&format!(
            "The state database was damaged and was moved to {}; earlier transfers are forgotten here",
            aside.display()
        ));
    }
    let run = Run {
        engine,
        output,
        flags: &cli.global,
        environment,
    };
    let done = Box::pin(carry_out(&run, &cli.command)).await;
    run.engine.close().await;
    done
}

async fn carry_out(run: &Run<'_>, command: &Command) -> Result<u8> {
    match command {
        Command::Buckets(args) => command::buckets::run(run, args.action.as_ref()).await,
        Command::Ls(args) => command::ls::run(run, args).await,
        Command::Stat(args) => command::stat::run(run, args).await,
        Command::Whoami => command::whoami::run(run).await,
        Command::Cp(args) => command::cp::run(run, args).await,
        Command::Rm(args) => command::rm::run(run, args).await,
        Command::Transfers(args) => command::transfers::run(run, args.action.as_ref()).await,
    }
}

/// `--data-dir`, or the user's data directory by the XDG rules.
fn data_dir(flags: &Global, environment: &BTreeMap<String, String>) -> Result<PathBuf> {
    if let Some(dir) = &flags.data_dir {
        return Ok(dir.clone());
    }
    let set = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    let base = match (set("XDG_DATA_HOME"), set("HOME"), set("LOCALAPPDATA")) {
        (Some(data), _, _) if data.starts_with('/') => PathBuf::from(data),
        (_, Some(home), _) => PathBuf::from(home).join(".local/share"),
        (_, None, Some(local)) => PathBuf::from(local),
        _ => {
            return Err(Failure::usage(
                "There is no home directory; name one with --data-dir",
            ));
        }
    };
    Ok(base.join("longshore"))
}
