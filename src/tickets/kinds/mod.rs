//! One file per kind of ticket: its table of transitions and the prefix of its numbers.

mod fault;

use super::machine::Rule;
use super::model::Kind;

/// The transitions of a kind.
#[must_use]
pub fn table(kind: Kind) -> &'static [Rule] {
    match kind {
        Kind::Fault => fault::TABLE,
    }
}

/// What numbers of the kind begin with.
#[must_use]
pub const fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Fault => fault::PREFIX,
    }
}
