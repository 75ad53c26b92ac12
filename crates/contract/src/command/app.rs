//! The program itself.

use super::Reply;
use crate::router::Call;
use crate::wire::{AppInfo, NoArgs, SubscriptionArgs};

pub(crate) async fn info(call: &Call, _args: NoArgs) -> Reply<AppInfo> {
    let options = &call.router.options;
    Ok(AppInfo {
        version: options.version.clone(),
        data_dir: options.data_dir.display().to_string(),
        memory_only: call
            .router
            .engine
            .sessions()
            .list()
            .iter()
            .any(|s| s.memory_only),
        notes: options.notes.clone(),
        unfinished: options.unfinished,
    })
}

pub(crate) async fn unsubscribe(call: &Call, args: SubscriptionArgs) -> Reply<()> {
    call.router.subscriptions.end(&call.caller, &args.id);
    Ok(())
}
