//! `lvyue`: see [`lvyue::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    lvyue::cli::main()
}
