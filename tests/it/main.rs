//! Everything that needs a running server, in one binary: the stories, each on SQLite alone and on PostgreSQL
//! with Redis, and what is checked about the whole (contract, permissions, edge, failures, leaks).
//! Without PostgreSQL or Redis the production half fails loudly; nothing is skipped.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests: what surprises them should stop them, and they are outside the program's rules"
)]

#[macro_use]
mod support;

mod agreement;
mod at_once;
mod attachments;
mod authz;
mod chain;
mod classes;
mod cli;
mod clocks_verify;
mod contract;
mod counters;
mod courses;
mod demo;
mod duties;
mod edge;
mod edge_agreement;
mod engine;
mod faults;
mod health;
mod inbox;
mod kinds;
mod learning;
mod markers;
mod notes;
mod resilience;
mod roster;
mod search;
mod shredding;
mod signing_in;
mod walk;
mod wire;
