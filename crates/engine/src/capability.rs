//! What a connection was found to be able to do, asked of the server and remembered.
//!
//! Nothing is known at first. A call whose answer shows that the server can or cannot do a thing
//! records it; no capability is ever probed by a mutating call on an object that is not ours.

/// What one connection can do.
#[derive(Debug, Default)]
pub struct Capabilities {}
