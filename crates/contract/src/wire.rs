//! The types that cross between page and engine, as JSON in camelCase.
//!
//! Times are milliseconds since 1970 UTC. Numbers are JavaScript's: sizes and counts stay below
//! 2^53 (8 PiB), which no object and no bucket of ours passes. What is absent is `null` in a reply
//! and may be left out in arguments.

mod app;
mod bucket;
mod event;
mod job;
mod listing;
mod object;
mod path;
mod plan;
mod session;

pub use app::{AppInfo, NoArgs, SubscriptionArgs};
pub use bucket::{
    Address, AddressArgs, Bucket, BucketArgs, BucketCreateArgs, FolderCreateArgs, FolderCreated,
};
pub use event::{Drop, DropMessage, DropPhase, Event, EventMessage};
pub use job::{Job, JobItem, JobItemsArgs, JobState, JobWant, JobWantArgs, Verified, WantAllArgs};
pub use listing::{
    ListingFindArgs, ListingIdArgs, ListingOpenArgs, ListingPhase, ListingPositionArgs, ListingRow,
    ListingRowsArgs, ListingShowArgs, ListingStatus, RowKind, RowWindow, SortColumn,
};
pub use object::{AclGrant, Encryption, InspectArgs, ObjectDetail, ObjectLock};
pub use path::{GrantId, PathConfirmArgs, PathGrant, PickDestinationArgs, PickFolderArgs};
pub use plan::{
    ConflictPolicy, Operation, Plan, PlanDeleteArgs, PlanDownloadArgs, PlanIdArgs, PlanMoveArgs,
    PlanRow, PlanStartArgs, PlanUploadArgs, Reversible, Started, Target,
};
pub use session::{
    CallerIdentity, Hop, KeychainState, PathStyle, Session, SessionDraft, SessionIdArgs,
    SessionSaved, SessionTest, Source,
};
