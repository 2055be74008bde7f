//! Limits of tries and rates: windows that count, in Redis or in the database.

/// The counters; which store is configuration.
#[derive(Clone, Debug)]
pub enum Limits {}
