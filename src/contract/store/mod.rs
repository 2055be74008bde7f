//! Queries of the agreement's tables. A row that people change is held first ([`annex::lock`]) and written back
//! only if it still has the version that was seen.

pub mod annex;
