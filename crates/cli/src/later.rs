//! Words of the command line that are planned and not in this version.
//!
//! They stay unknown, so that none is taken and ignored; their refusal says so instead of guessing
//! at a typing error.

use clap::error::{ContextKind, ContextValue, ErrorKind};

const FLAGS: [&str; 21] = [
    "--acl",
    "--as-of",
    "--delete",
    "--exclude",
    "--expires",
    "--limit-rate",
    "--metadata",
    "--method",
    "--mfa-code",
    "--request-payer",
    "--seed",
    "--sse",
    "--sse-c",
    "--sse-kms-key-id",
    "--storage-class",
    "--tag",
    "--tier",
    "--two-way",
    "--version-id",
    "--versions",
    "--watch",
];
const COMMANDS: [&str; 10] = [
    "multipart",
    "mv",
    "playground",
    "presign",
    "restore",
    "roles",
    "set",
    "sync",
    "thaw",
    "undelete",
];

/// What is said of a wrong command line that uses such a word; none for any other.
pub(crate) fn refusal(error: &clap::Error) -> Option<String> {
    let (kind, known, what) = match error.kind() {
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, &FLAGS[..], "option"),
        ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, &COMMANDS[..], "command"),
        _ => return None,
    };
    let Some(ContextValue::String(typed)) = error.get(kind) else {
        return None;
    };
    let word = typed.split('=').next().unwrap_or(typed);
    known
        .contains(&word)
        .then(|| format!("the {what} {word} is not in this version of longshore"))
}

/// Takes guesses at what was meant out of a refusal where they lead astray: that an unknown option
/// may be a file's name, or mean the version or the help.
pub(crate) fn drop_bad_guesses(error: &mut clap::Error) {
    error.remove(ContextKind::Suggested);
    let guess = match error.get(ContextKind::SuggestedArg) {
        Some(ContextValue::String(guess)) => guess.as_str(),
        _ => return,
    };
    if guess.starts_with("--version") || guess.starts_with("--help") {
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::Usage);
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::Cli;

    fn refused(line: &[&str]) -> Option<String> {
        let line = [&["longshore"], line].concat();
        refusal(&Cli::try_parse_from(line).unwrap_err())
    }

    #[test]
    fn only_guesses_that_help_are_kept() {
        let said = |line: &[&str]| {
            let line = [&["longshore"], line].concat();
            let mut error = Cli::try_parse_from(line).unwrap_err();
            drop_bad_guesses(&mut error);
            error.to_string()
        };
        let near = said(&["ls", "--recursiv"]);
        assert!(
            near.contains("exists: '--recursive'"),
            "a near one is told: {near}"
        );
        let astray = said(&["ls", "--verions"]);
        assert!(
            !astray.contains("--version") && astray.contains("--verions"),
            "{astray}"
        );
        assert!(
            !said(&["cp", "a", "b", "--xyz"]).contains("as a value"),
            "no file's name"
        );
    }

    #[test]
    fn what_a_later_version_knows_is_named_and_a_typing_error_is_not() {
        let said = refused(&["cp", "a", "s3://b/", "--sse=aws:kms"]).unwrap();
        assert!(
            said.contains("--sse ") && said.contains("version"),
            "{said}"
        );
        assert!(
            refused(&["set", "acl"]).unwrap().contains("command set"),
            "a command"
        );
        assert!(
            refused(&["--mfa-code", "1", "ls"]).is_some(),
            "before the command"
        );
        assert_eq!(refused(&["ls", "--recursiv"]), None, "a typing error");
    }
}
