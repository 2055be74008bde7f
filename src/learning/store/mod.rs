//! Queries of learning, by what they are about. A beat is two reads and one write; everything else is rarer.

pub mod attempts;
pub mod certificates;
pub mod progress;
pub mod reminders;
pub mod report;
