//! The client of one connection.

use crate::error::Result;
use crate::model::SessionId;
use crate::store::{Connection, RequestContext};

/// One session's S3. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    connection: std::sync::Arc<Connection>,
}

impl Store {
    /// A store on a connection; nothing is sent yet.
    ///
    /// # Errors
    /// `InvalidInput` when the endpoint is no http(s) URL.
    pub fn connect(connection: Connection) -> Result<Self> {
        Ok(Self { connection: std::sync::Arc::new(connection) })
    }

    /// The session that acts.
    pub fn session(&self) -> &SessionId {
        &self.connection.session
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The plain context of its session.
    pub fn context(&self) -> RequestContext {
        RequestContext::of(self.connection.session.clone())
    }
}
