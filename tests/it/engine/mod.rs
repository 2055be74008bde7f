//! Tickets against a real database, through the services: stories, refusals, and random histories after
//! which the stored clocks must be what follows from the stored events.

mod histories;
mod lists;
mod stories;
mod world;
