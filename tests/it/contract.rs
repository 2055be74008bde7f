//! Promises about shapes.
