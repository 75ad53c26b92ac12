//! What the engine tells without being asked.
//!
//! Events name what changed; whoever cares asks for the present state. State changes are never
//! dropped (a receiver that lags is told so and asks anew); progress is coalesced by the queue to
//! at most ten a second and job.

use crate::model::{JobId, ListingId, SessionId};

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineEvent {
    /// A listing grew, ended, failed or was sorted anew.
    ListingChanged(ListingId),
    /// A job was made, moved, changed state or ended.
    JobChanged(JobId),
    /// A job left the list.
    JobForgotten(JobId),
    /// Sessions were added, removed, renewed, or their config files changed.
    SessionsChanged,
    /// What waits for a session to be signed in may go on: its secret was entered, its keychain was
    /// unlocked, its keys were renewed. None stands for every session.
    SignedIn(Option<SessionId>),
}

/// How many events may wait for a slow receiver before it is told to ask anew: some seconds of the
/// busiest queue.
pub const EVENT_BACKLOG: usize = 4096;
