//! Live sessions: what authorises a request. Redis in production, the database in the embedded default.

/// The store; which one is configuration.
#[derive(Clone, Debug)]
pub enum Sessions {}
