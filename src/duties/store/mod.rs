//! Queries of duties and breaches: the only files of the feature that read and write its tables.

pub mod breaches;
pub mod duties;
pub mod pages;
