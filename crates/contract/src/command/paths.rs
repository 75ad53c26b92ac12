//! Local paths: picked in a dialog or typed and confirmed, always answered as grants.

use std::path::{Path, PathBuf};

use super::Reply;
use crate::router::Call;
use crate::wire::{NoArgs, PathConfirmArgs, PathGrant, PickDestinationArgs, PickFolderArgs};
use crate::{AppError, ErrorCode};

/// Lets a person pick files, which are then granted.
pub(crate) async fn pick_files(call: &Call, _args: NoArgs) -> Reply<Vec<PathGrant>> {
    let paths = call.router.host.pick_files(&call.caller).await?;
    paths
        .iter()
        .map(|path| call.router.grants.grant_reading(&call.caller, path))
        .collect()
}

/// Lets a person pick a folder, which is then granted.
pub(crate) async fn pick_folder(call: &Call, args: PickFolderArgs) -> Reply<Option<PathGrant>> {
    let picked = call
        .router
        .host
        .pick_folder(&call.caller, args.title.as_deref())
        .await?;
    picked
        .map(|path| call.router.grants.grant(&call.caller, &path))
        .transpose()
}

/// Lets a person say where a file is saved, which is then granted.
pub(crate) async fn pick_destination(
    call: &Call,
    args: PickDestinationArgs,
) -> Reply<Option<PathGrant>> {
    let picked = call
        .router
        .host
        .pick_destination(&call.caller, &args.name)
        .await?;
    picked
        .map(|path| call.router.grants.grant_destination(&call.caller, &path))
        .transpose()
}

/// None when the person said no.
pub(crate) async fn confirm(call: &Call, args: PathConfirmArgs) -> Reply<Option<PathGrant>> {
    let path = typed_path(&args.text, call.router.options.home.as_deref())?;
    // Asked before anything is looked at: a page must not learn which paths exist.
    if !call.router.host.confirm_path(&call.caller, &path).await? {
        return Ok(None);
    }
    // To be read alone, which is all that the prompt asked for.
    call.router
        .grants
        .grant_reading(&call.caller, &path)
        .map(Some)
}

fn typed_path(text: &str, home: Option<&Path>) -> Reply<PathBuf> {
    let text = text.trim_matches(|c: char| matches!(c, '\t' | '\r' | '\n'));
    let path = match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text),
    };
    if path.is_absolute() && !text.contains('\0') {
        return Ok(path);
    }
    Err(AppError::new(
        ErrorCode::BadInput,
        format!("“{text}” is not an absolute path"),
    )
    .advise("Write a path that begins with / or ~/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_path_is_absolute_or_below_the_home() {
        let home = Path::new("/home/jo");
        let typed = |text: &str| typed_path(text, Some(home)).ok();
        assert_eq!(
            typed("~/a b"),
            Some(PathBuf::from("/home/jo/a b")),
            "the home is known"
        );
        assert_eq!(
            typed("/a/b\n"),
            Some(PathBuf::from("/a/b")),
            "a pasted line break is none"
        );
        assert_eq!(typed("a/b"), None, "a relative path has no meaning here");
        assert_eq!(typed("~other/x"), None, "another's home is not looked up");
    }
}
