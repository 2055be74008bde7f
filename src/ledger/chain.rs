//! The chain: each place's hash covers the deployment, the place, its time, the entry and the hash
//! before, so that a row cannot be changed, moved or dropped without every later hash changing. Pure.

use uuid::Uuid;

use super::entry::{Hash, lp_digest};

const LABEL: &[u8] = b"lvyue/ledger/v1";

/// What stands before place 1.
pub const GENESIS: Hash = [0; 32];

/// `SHA-256(lp("lvyue/ledger/v1", deployment id (16), place (u64 BE), placed at (ms, i64 BE), entry
/// digest (32), hash before (32)))`. These hashes are the leaves' data of the Merkle tree.
#[must_use]
pub fn link(deployment: Uuid, seq: u64, placed_at: i64, entry: &Hash, before: &Hash) -> Hash {
    lp_digest(&[LABEL, deployment.as_bytes(), &seq.to_be_bytes(), &placed_at.to_be_bytes(), entry, before])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_counts() {
        let d = Uuid::from_u128(1);
        let base = link(d, 1, 2, &[3; 32], &GENESIS);
        assert_ne!(base, link(Uuid::from_u128(2), 1, 2, &[3; 32], &GENESIS));
        assert_ne!(base, link(d, 2, 2, &[3; 32], &GENESIS));
        assert_ne!(base, link(d, 1, 3, &[3; 32], &GENESIS));
        assert_ne!(base, link(d, 1, 2, &[4; 32], &GENESIS));
        assert_ne!(base, link(d, 1, 2, &[3; 32], &base));
    }
}
