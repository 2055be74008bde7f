//! `lvyue`: see [`lvyue::cli`].

use std::process::ExitCode;

/// A page of a list is a few hundred small strings; what it saves is in docs/PERFORMANCE.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    lvyue::cli::main()
}
