//! Who comes in and what they may: roster, WeChat accounts, sessions, consents, and the policy table.

pub mod policy;
