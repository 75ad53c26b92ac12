//! `longshore`: the engine and its transfers from a terminal.
//!
//! `args` is what can be typed, `session` finds out who acts, each command has its file, `job`
//! carries out and shows a transfer, `output` prints. Nothing here knows S3: every question goes to
//! the engine. Exit codes are in `failure`.

use std::process::ExitCode;

use clap::Parser as _;

use crate::failure::{Failure, SOME_FAILED, USAGE};
use crate::output::Output;

mod args;
mod command;
mod failure;
mod job;
mod later;
mod output;
mod place;
mod run;
mod session;
mod size;
mod time;

fn main() -> ExitCode {
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(error),
    };
    log_to_stderr();
    let output = Output {
        json: cli.global.json,
        quiet: cli.global.quiet,
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output.failure(&Failure::usage(format!(
                "No threads can be started ({error})"
            )));
            return ExitCode::from(SOME_FAILED);
        }
    };
    let done = runtime.block_on(Box::pin(run::run(&cli, output)));
    // What still runs (a keychain that waits for a person) must not hold the exit.
    runtime.shutdown_background();
    ExitCode::from(done.unwrap_or_else(|failure| {
        output.failure(&failure);
        failure.exit
    }))
}

/// Help and version go to stdout, a wrong command line to stderr: as JSON where that was asked for.
fn refuse(mut error: clap::Error) -> ExitCode {
    let wrong = error.use_stderr();
    later::drop_bad_guesses(&mut error);
    if let Some(words) = later::refusal(&error) {
        let json = std::env::args_os().any(|arg| arg == "--json");
        let output = Output { json, quiet: false };
        output.failure(&Failure::usage(words));
    } else if wrong && std::env::args_os().any(|arg| arg == "--json") {
        let output = Output {
            json: true,
            quiet: false,
        };
        output.failure(&Failure::usage(error.to_string().trim_end().to_owned()));
    } else {
        // There is nobody to tell when stdout is gone.
        let _ = error.print();
    }
    ExitCode::from(if wrong { USAGE } else { 0 })
}

/// Logs only what `LONGSHORE_LOG` asks for, such as `longshore_engine=debug`.
fn log_to_stderr() {
    let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("LONGSHORE_LOG") else {
        return;
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
