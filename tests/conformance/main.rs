//! The engine's store against servers that nobody here wrote.
//!
//! Each case runs against SeaweedFS and against moto and never looks at a server's name: where
//! servers differ, it asks what the engine discovered. Cases about authority run where signatures
//! are checked. The capability tables are printed and compared with the committed ones, so that a
//! capability that disappears is a failure.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

/// Makes a test of each case for each server.
macro_rules! on_each_server {
    ($($case:ident),* $(,)?) => {
        mod on_seaweedfs {
            $(#[tokio::test]
            async fn $case() {
                super::$case(&crate::ground::seaweedfs()).await;
            })*
        }
        mod on_moto {
            $(#[tokio::test]
            async fn $case() {
                super::$case(&crate::ground::moto()).await;
            })*
        }
    };
}

mod buckets;
mod deleting;
mod faults;
mod ground;
mod listing;
mod multipart;
mod objects;
mod refusals;
mod table;
