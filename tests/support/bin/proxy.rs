//! `longshore-proxy --upstream http://127.0.0.1:PORT`: the fault proxy as a process of its own.
//!
//! Prints one line of JSON when it listens, `{"proxy":URL,"control":URL}`, and runs until it is
//! killed. With `--with-parent` it ends when the process that started it is gone.

use std::io::Write as _;
use std::sync::Arc;

use anyhow::Result;
use clap::Parser;
use longshore_tests::process::parent_gone;
use longshore_tests::proxy::{Proxy, control};

#[derive(Parser)]
struct Arguments {
    /// The server behind the proxy.
    #[arg(long)]
    upstream: String,
    /// The proxy's port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// End when the process that started this one ends.
    #[arg(long)]
    with_parent: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let proxy = Arc::new(Proxy::start_on(&arguments.upstream, arguments.port)?);
    let control = control::serve(Arc::clone(&proxy)).await?;
    let ready = serde_json::json!({
        "proxy": proxy.endpoint(),
        "control": format!("http://{control}"),
    });
    writeln!(std::io::stdout(), "{ready}")?;
    if arguments.with_parent {
        parent_gone().await;
        return Ok(());
    }
    std::future::pending().await
}
