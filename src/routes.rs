//! The only list of what is served.
