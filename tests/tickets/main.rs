//! Tickets against a real database, through the services: stories, refusals, and random histories after
//! which the stored clocks must be what follows from the stored events.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test; what surprises it should stop it")]

mod histories;
mod lists;
mod stories;
mod world;
