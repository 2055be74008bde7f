//! Queries of the agreement's tables. A row that people change is held first ([`annex::lock`], [`record::lock`])
//! and written back only if it still has the version that was seen.

pub mod agreement;
pub mod annex;
pub mod maintenance;
pub mod record;
pub mod renewal;
