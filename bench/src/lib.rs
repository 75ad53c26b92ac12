//! What the figures stand on: the loopback sink and the measuring of whole processes.
//!
//! The sink is small on purpose, so that the client under test is what the machine is busy with.
//! A way of working is run as a process of its own, so that its CPU time and its peak of memory are
//! its own; ways alternate within one run and the medians are compared as ratios, because absolute
//! times of a shared machine mean nothing.

pub mod measure;
pub mod sink;
