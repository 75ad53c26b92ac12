//! What each command does: checks its arguments into the engine's types and asks the engine.
//!
//! A body takes the call and its arguments and holds no state. Whatever takes long is the
//! engine's; a body only waits for it.

pub(crate) mod address;
pub(crate) mod app;
pub(crate) mod buckets;
pub(crate) mod jobs;
pub(crate) mod listings;
pub(crate) mod paths;
pub(crate) mod plans;
pub(crate) mod sessions;

use longshore_engine::model::SessionId;
use longshore_engine::store::Store;

use crate::AppError;
use crate::router::Call;

/// What a body answers.
pub(crate) type Reply<T> = Result<T, AppError>;

impl Call {
    async fn store(&self, session: &str) -> Reply<Store> {
        Ok(self.router.engine.store(&SessionId::new(session)).await?)
    }
}
