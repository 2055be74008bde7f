//! 履约台: the service desk that keeps an agreement.
//!
//! The crate in dependency order; a module may use what stands above it, never below
//! (`tests/architecture.rs` keeps this):
//!
//! - [`kit`]: plumbing without business nouns: settings, time, ids, errors, database, sealing, sessions, HTTP edge
//! - [`calendar`]: pure: which days are worked in China, and when an allowance of hours or days is used up
//! - [`clocks`]: pure: events of a record, under the annex in force, become clocks with verdicts and their explanation
//! - [`ledger`]: the append-only chain of what happened, and its verifier
//! - [`wechat`]: the WeChat API, one file per family, and a badly behaved fake of it
//! - [`identity`]: people, roster, login, sessions, consents, and the policy table
//! - [`files`]: attachments: checked by content, sealed on disk
//! - [`notices`]: the inbox: who is told what
//! - [`roster`]: what people hand to each other: codes for a WeChat account, the sight of a department
//! - [`duties`]: the clocks of both sides as stored: warnings, breaches, the list of what is owed
//! - [`contract`]: the agreement itself: annexes in signed versions, milestones, delivery, maintenance, exit
//! - [`tickets`]: the ticket engine
//! - [`search`]: Chinese search over published materials, and suggestions for drafts
//! - [`courses`]: courses: written, reviewed, published in editions, with their media
//! - [`classes`]: classes, online or on site: planned by both sides, attended with a rotating code, signed by both
//! - [`learning`]: what a learner sees and does: progress, quizzes, certificates, coverage
//! - [`ops`]: health, readiness, metrics
//! - [`routes`]: the only list of what is served
//! - [`app`]: the composition root
//! - [`demo`]: the seeded demonstration
//! - [`cli`]: the command line

pub mod app;
pub mod calendar;
pub mod classes;
pub mod cli;
pub mod clocks;
pub mod contract;
pub mod courses;
pub mod demo;
pub mod duties;
pub mod files;
pub mod identity;
pub mod kit;
pub mod learning;
pub mod ledger;
pub mod notices;
pub mod ops;
pub mod roster;
pub mod routes;
pub mod search;
pub mod tickets;
pub mod wechat;
