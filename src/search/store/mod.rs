//! The tables of search, by what they hold. Statements are written out: there is nothing here that an
//! entity would save.

pub mod entries;
pub mod index;
pub mod suggestions;
