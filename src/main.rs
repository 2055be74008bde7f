//! `lvyue`: see [`lvyue::cli`].

fn main() {}
