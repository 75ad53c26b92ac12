//! Plans: what a change would do, and its start.

use std::path::PathBuf;

use longshore_engine::model::{BucketName, ObjectKey, PlanId, Prefix, SessionId, VersionId};
use longshore_engine::transfer::{self, ChangeRequest};

use super::Reply;
use crate::router::Call;
use crate::wire::{
    GrantId, Plan, PlanDeleteArgs, PlanDownloadArgs, PlanIdArgs, PlanMoveArgs, PlanStartArgs,
    PlanUploadArgs, Started, Target,
};
use crate::{AppError, ErrorCode};

/// Finds out what an upload of granted paths would do.
pub(crate) async fn upload(call: &Call, args: PlanUploadArgs) -> Reply<Plan> {
    if args.grants.is_empty() {
        return Err(AppError::new(
            ErrorCode::BadInput,
            "There is nothing to upload",
        ));
    }
    let resolve = |id| Ok(call.router.grants.resolve(&call.caller, id)?.path);
    let request = ChangeRequest::Upload {
        session: SessionId::new(args.session),
        bucket: BucketName::parse(args.bucket)?,
        prefix: Prefix::new(args.prefix),
        key: None,
        sources: args
            .grants
            .iter()
            .map(resolve)
            .collect::<Reply<Vec<PathBuf>>>()?,
        contents: false,
        policy: args.policy.unwrap_or_default().into(),
    };
    plan(call, request).await
}

/// Finds out what a download to a granted place would do.
pub(crate) async fn download(call: &Call, args: PlanDownloadArgs) -> Reply<Plan> {
    let (folder, file_name) = destination(call, &args.destination)?;
    let request = ChangeRequest::Download {
        session: SessionId::new(args.session),
        bucket: BucketName::parse(args.bucket)?,
        targets: targets(args.targets)?,
        folder,
        file_name,
        policy: args.policy.unwrap_or_default().into(),
    };
    plan(call, request).await
}

/// Finds out what a deletion would take.
pub(crate) async fn delete(call: &Call, args: PlanDeleteArgs) -> Reply<Plan> {
    let request = ChangeRequest::Delete {
        session: SessionId::new(args.session),
        bucket: BucketName::parse(args.bucket)?,
        targets: targets(args.targets)?,
    };
    plan(call, request).await
}

/// Finds out what a rename would move.
pub(crate) async fn relocate(call: &Call, args: PlanMoveArgs) -> Reply<Plan> {
    let request = ChangeRequest::Move {
        session: SessionId::new(args.session),
        bucket: BucketName::parse(args.bucket)?,
        from: target(args.from)?,
        to: args.to,
    };
    plan(call, request).await
}

/// Turns a plan into a job.
pub(crate) async fn start(call: &Call, args: PlanStartArgs) -> Reply<Started> {
    let policy = args.policy.map(Into::into);
    let job = call
        .router
        .engine
        .transfers()
        .start(&PlanId::new(args.plan), policy)
        .await?;
    Ok(Started {
        job: job.into_string(),
    })
}

/// Forgets a plan that nobody started.
pub(crate) async fn drop(call: &Call, args: PlanIdArgs) -> Reply<()> {
    call.router
        .engine
        .transfers()
        .drop_plan(&PlanId::new(args.plan))
        .await;
    Ok(())
}

async fn plan(call: &Call, request: ChangeRequest) -> Reply<Plan> {
    Ok(call.router.engine.transfers().plan(request).await?.into())
}

/// A granted folder, or the folder and the name of a granted file.
fn destination(call: &Call, id: &GrantId) -> Reply<(PathBuf, Option<String>)> {
    let granted = call.router.grants.resolve(&call.caller, id)?;
    if !granted.is_writable {
        let message = format!(
            "“{}” was given to be uploaded, so nothing is written there",
            granted.path.display()
        );
        return Err(AppError::new(ErrorCode::BadInput, message).advise("Choose where to save"));
    }
    if granted.is_dir {
        return Ok((granted.path, None));
    }
    let name = granted
        .path
        .file_name()
        .and_then(|name| name.to_str())
        .map(str::to_owned);
    match (granted.path.parent(), name) {
        (Some(folder), Some(name)) => Ok((folder.to_owned(), Some(name))),
        _ => Err(AppError::new(
            ErrorCode::BadInput,
            format!("“{}” is no file to save under", granted.path.display()),
        )),
    }
}

fn targets(targets: Vec<Target>) -> Reply<Vec<transfer::Target>> {
    if targets.is_empty() {
        return Err(AppError::new(ErrorCode::BadInput, "Nothing is selected"));
    }
    targets.into_iter().map(target).collect()
}

fn target(from: Target) -> Reply<transfer::Target> {
    Ok(match from {
        Target::Object { key, version_id } => {
            transfer::Target::Object(ObjectKey::parse(key)?, version_id.map(VersionId::new))
        }
        Target::Prefix { prefix } => transfer::Target::Prefix(Prefix::new(prefix)),
    })
}
