//! What the tests stand on: servers nobody here wrote, a proxy that can misbehave, a second
//! pair of eyes.
//!
//! - [`servers`] starts SeaweedFS and moto on free loopback ports and stops them again;
//! - [`s3`] is a small S3 client of its own, so that what Longshore did is never judged by
//!   Longshore's own code;
//! - [`proxy`] stands between Longshore and a server, counts what crosses and breaks what a rule
//!   tells it to break;
//! - [`window`] opens the real window on a desktop of its own and uses it as a person would;
//! - [`tools`] installs the servers once into a cache outside the clone.
//!
//! Invariant: nothing here touches the user's home but the cache directory, and everything that
//! is started ends with the process that started it, however that process ends.

pub mod process;
pub mod proxy;
pub mod s3;
pub mod samples;
pub mod servers;
pub mod tools;
pub mod utc;
pub mod window;
