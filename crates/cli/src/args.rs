//! The command line: its flags and commands, as they are typed and nothing more.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// S3 storage from a terminal: the same engine and the same transfers as the window
#[derive(Debug, Parser)]
#[command(name = "longshore", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Session and output")]
pub(crate) struct Global {
    /// A profile of the AWS config files, or a session that was saved in the window
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// A role to assume first
    #[arg(long, global = true, value_name = "ARN")]
    pub(crate) role: Option<String>,
    /// The external id that goes with --role
    #[arg(long, global = true, value_name = "ID", requires = "role")]
    pub(crate) external_id: Option<String>,
    /// An S3-compatible endpoint instead of AWS
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// The region to sign for
    #[arg(long, global = true)]
    pub(crate) region: Option<String>,
    /// Whether buckets stand in the path or in the host name
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) path_style: PathStyle,
    /// Send requests unsigned
    #[arg(long, global = true, conflicts_with_all = ["profile", "role"])]
    pub(crate) no_sign_request: bool,
    /// Where transfers and saved sessions are kept
    #[arg(long, global = true, value_name = "DIR", env = "LONGSHORE_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Print one JSON object a line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print nothing but errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum PathStyle {
    Auto,
    On,
    Off,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List, create and delete buckets
    Buckets(Buckets),
    /// List what is in a bucket
    Ls(Ls),
    /// Say everything about one object
    Stat(Stat),
    /// Copy files into a bucket or objects out of one
    Cp(Cp),
    /// Delete objects; one that is not there is said, and the others go (exit code 1)
    Rm(Rm),
    /// List and show transfers; resume, pause or cancel them
    Transfers(Transfers),
    /// Say who the session acts as
    Whoami,
}

#[derive(Debug, Args)]
pub(crate) struct Buckets {
    #[command(subcommand)]
    pub(crate) action: Option<BucketAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BucketAction {
    /// Create a bucket
    Create {
        /// The bucket's name
        name: String,
    },
    /// Delete an empty bucket
    Delete {
        /// The bucket's name
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Ls {
    /// s3://BUCKET/PREFIX; without it the buckets are listed
    pub(crate) uri: Option<String>,
    /// List everything below, not one level
    #[arg(long, short = 'r')]
    pub(crate) recursive: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Stat {
    /// s3://BUCKET/KEY
    pub(crate) uri: String,
    /// A version of it
    #[arg(long, value_name = "ID")]
    pub(crate) version_id: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Cp {
    /// Sources, then the destination; one side is s3://BUCKET/…, the other is local
    #[arg(required = true, num_args = 2.., value_name = "SRC… DST")]
    pub(crate) paths: Vec<OsString>,
    /// Copy folders and prefixes with all that is below
    #[arg(long, short = 'r')]
    pub(crate) recursive: bool,
    /// Smallest size of a part, such as 8MiB; S3 takes 5MiB or more
    #[arg(long, value_name = "SIZE", value_parser = crate::size::parse_part)]
    pub(crate) part_size: Option<u64>,
    /// Requests at the same time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) concurrency: Option<u16>,
    /// Leave out what exists at the destination
    #[arg(long)]
    pub(crate) no_overwrite: bool,
    /// Say what would happen and change nothing; exits with 1 if something that was named cannot be
    /// had
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Rm {
    /// s3://BUCKET/KEY, or s3://BUCKET/PREFIX with --recursive
    #[arg(required = true, value_name = "URI")]
    pub(crate) uris: Vec<String>,
    /// Delete everything below
    #[arg(long, short = 'r')]
    pub(crate) recursive: bool,
    /// Say what would happen and change nothing; exits with 1 if something that was named cannot be
    /// had
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Transfers {
    #[command(subcommand)]
    pub(crate) action: Option<TransferAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TransferAction {
    /// List all transfers
    List,
    /// Show what was done of a transfer, what was not, and what to do
    Show(Chosen),
    /// Resume, and carry on here until the end
    Resume(Chosen),
    /// Pause, in whichever process they run
    Pause(Chosen),
    /// Cancel, in whichever process they run
    Cancel(Chosen),
}

#[derive(Debug, Args)]
pub(crate) struct Chosen {
    /// Ids, as `transfers list` names them
    #[arg(
        required_unless_present = "all",
        conflicts_with = "all",
        value_name = "ID"
    )]
    pub(crate) ids: Vec<String>,
    /// All that are not over
    #[arg(long)]
    pub(crate) all: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
