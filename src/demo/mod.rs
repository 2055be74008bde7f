//! The seeded demonstration.
