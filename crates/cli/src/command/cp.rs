//! `cp`: files into a bucket, objects out of one, by the AWS CLI's rules for names.
//!
//! One file or object goes under the destination's name unless that ends in `/` (or is a folder);
//! with `--recursive` the *contents* of a folder or prefix land below the destination.

use std::path::{Path, PathBuf, absolute};

use longshore_engine::model::{ObjectKey, Prefix, S3Uri};
use longshore_engine::plan::ConflictPolicy;
use longshore_engine::store::RowKind;
use longshore_engine::transfer::{ChangeRequest, Target};

use crate::args::Cp;
use crate::failure::{Failure, Result};
use crate::place::{self, Place};
use crate::run::Run;
use crate::{command, job};

pub(crate) async fn run(run: &Run<'_>, args: &Cp) -> Result<u8> {
    let Some((destination, sources)) = args.paths.split_last() else {
        return Err(Failure::usage("A source and a destination are needed"));
    };
    if args.paths.iter().any(|path| path == "-") {
        return Err(Failure::usage(
            "“-” for standard input or output is not in this version; a file of that name is ./-",
        ));
    }
    let sources = sources
        .iter()
        .map(|s| Place::of(s))
        .collect::<Result<Vec<_>>>()?;
    let request = match Place::of(destination)? {
        Place::S3(uri) => upload(run, args, locals(sources)?, uri)?,
        Place::Local(path) => download(run, args, remotes(sources)?, &path).await?,
    };
    job::carry_out(run, request, args.dry_run).await
}

fn policy(args: &Cp) -> ConflictPolicy {
    if args.no_overwrite {
        ConflictPolicy::Skip
    } else {
        ConflictPolicy::Overwrite
    }
}

fn locals(sources: Vec<Place>) -> Result<Vec<PathBuf>> {
    let local = |source| match source {
        Place::Local(path) => Ok(path),
        Place::S3(uri) => Err(Failure::usage(format!(
            "Copying {uri} into a bucket is not supported; copy it to a local path first, \
             then from there"
        ))),
    };
    sources.into_iter().map(local).collect()
}

fn remotes(sources: Vec<Place>) -> Result<Vec<S3Uri>> {
    let remote = |source| match source {
        Place::S3(uri) => Ok(uri),
        Place::Local(path) => Err(Failure::usage(format!(
            "Both {} and the destination are local; one side must be s3://BUCKET/…",
            path.display()
        ))),
    };
    sources.into_iter().map(remote).collect()
}

fn upload(run: &Run<'_>, args: &Cp, sources: Vec<PathBuf>, to: S3Uri) -> Result<ChangeRequest> {
    let single = sources.len() == 1 && !args.recursive;
    let exact = single && !to.rest.is_empty() && !to.rest.ends_with('/');
    let key = if exact {
        Some(ObjectKey::parse(to.rest.as_str())?)
    } else {
        None
    };
    let prefix = if exact {
        Prefix::new("")
    } else {
        Prefix::new(as_folder(&to.rest))
    };
    let mut paths = Vec::new();
    for source in sources {
        let path = absolute(&source).unwrap_or(source);
        if path.is_dir() && !args.recursive {
            return Err(Failure::usage(format!(
                "{} is a folder; copy it with --recursive",
                path.display()
            )));
        }
        paths.push(path);
    }
    let (session, bucket, policy) = (run.session()?, to.bucket, policy(args));
    Ok(ChangeRequest::Upload {
        session,
        bucket,
        prefix,
        key,
        sources: paths,
        // As the AWS CLI copies a folder: what it holds lands below the prefix.
        contents: true,
        policy,
    })
}

/// A prefix as the folder that it is meant to be.
fn as_folder(rest: &str) -> String {
    if rest.is_empty() || rest.ends_with('/') {
        rest.to_owned()
    } else {
        format!("{rest}/")
    }
}

async fn download(
    run: &Run<'_>,
    args: &Cp,
    sources: Vec<S3Uri>,
    to: &Path,
) -> Result<ChangeRequest> {
    let Some(bucket) = sources.first().map(|uri| uri.bucket.clone()) else {
        return Err(Failure::usage("A source and a destination are needed"));
    };
    if let Some(other) = sources.iter().find(|uri| uri.bucket != bucket) {
        return Err(Failure::usage(format!(
            "{other} is in another bucket; copy bucket by bucket"
        )));
    }
    let into_folder = args.recursive || sources.len() > 1 || to.is_dir() || ends_in_separator(to);
    let to = absolute(to).unwrap_or_else(|_| to.to_owned());
    let mut targets = Vec::new();
    for uri in &sources {
        match args.recursive {
            true => targets.extend(contents(run, uri).await?),
            false => targets.push(Target::Object(place::key(uri)?, None)),
        }
    }
    let (folder, file_name) = if into_folder {
        (to, None)
    } else {
        let name = to
            .file_name()
            .map(|name| name.to_str().map(ToOwned::to_owned));
        let Some(Some(name)) = name else {
            return Err(Failure::usage(format!(
                "{} is no file name in UTF-8",
                to.display()
            )));
        };
        (
            to.parent()
                .map_or_else(|| PathBuf::from("/"), Path::to_owned),
            Some(name),
        )
    };
    let (session, policy) = (run.session()?, policy(args));
    Ok(ChangeRequest::Download {
        session,
        bucket,
        targets,
        folder,
        file_name,
        policy,
    })
}

/// What is one level below a prefix, so that it lands in the folder without the prefix's own name.
async fn contents(run: &Run<'_>, uri: &S3Uri) -> Result<Vec<Target>> {
    let store = run.store().await?;
    let rows = command::ls::one_level(&store, &uri.bucket, &as_folder(&uri.rest)).await?;
    let own = as_folder(&uri.rest);
    let mut targets = Vec::new();
    for (kind, key) in rows {
        match kind {
            RowKind::Prefix => targets.push(Target::Prefix(Prefix::new(key))),
            // A marker of the prefix itself is the folder that is there anyway.
            _ if key == own => {}
            _ => targets.push(Target::Object(ObjectKey::parse(key)?, None)),
        }
    }
    if targets.is_empty() {
        return Err(longshore_engine::Error::new(
            longshore_engine::ErrorKind::NoSuchKey,
            "ListObjectsV2",
            format!("There is nothing below {uri}"),
        )
        .into());
    }
    Ok(targets)
}

fn ends_in_separator(path: &Path) -> bool {
    path.as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(|b| std::path::is_separator(char::from(*b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_prefix_is_a_folder_and_the_top_is_the_top() {
        assert_eq!(as_folder("a"), "a/", "a slash is added");
        assert_eq!(as_folder("a//"), "a//", "what is there is kept");
        assert_eq!(as_folder(""), "", "the bucket's top has no name");
    }

    #[test]
    fn a_trailing_separator_means_a_folder() {
        assert!(
            ends_in_separator(Path::new("new/")),
            "a folder that does not exist yet"
        );
        assert!(!ends_in_separator(Path::new("new")), "a file's name");
    }
}
