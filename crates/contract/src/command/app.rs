//! The program itself.

use super::Reply;
use crate::router::Call;
use crate::wire::{AppInfo, NoArgs, SubscriptionArgs};

/// The version, where the state is, and what is to be said of the start.
pub(crate) async fn info(call: &Call, _args: NoArgs) -> Reply<AppInfo> {
    let options = &call.router.options;
    Ok(AppInfo {
        version: options.version.clone(),
        data_dir: options.data_dir.display().to_string(),
        notes: options.notes.clone(),
        unfinished: options.unfinished,
    })
}

/// Ends a subscription; one that is over already is no failure.
pub(crate) async fn unsubscribe(call: &Call, args: SubscriptionArgs) -> Reply<()> {
    call.router.subscriptions.end(&call.caller, &args.id);
    Ok(())
}
