//! The Merkle tree of RFC 6962 / RFC 9162 over the chain's hashes: roots, inclusion and consistency.
//! Pure. The tree itself is never stored: a frontier (one hash per set bit of the size) is enough to go
//! on, and a proof names the ranges of leaves whose roots it needs.

use std::ops::Range;

use ring::digest::{Context, SHA256};

use super::entry::{Hash, finish};

/// Hash of a leaf's data.
#[must_use]
pub fn leaf(data: &[u8]) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[0]);
    context.update(data);
    finish(context)
}

/// Hash of an inner node.
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[1]);
    context.update(left);
    context.update(right);
    finish(context)
}

/// Roots of the perfect subtrees that cover the leaves so far, largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes in the next leaf.
    pub fn push(&mut self, leaf_hash: Hash) {
        let mut hash = leaf_hash;
        let mut size = self.size;
        while size & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                hash = node(&left, &hash);
            }
            size >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root; of no leaves, the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            Some(last) => peaks.fold(*last, |right, left| node(left, &right)),
            None => finish(Context::new(&SHA256)),
        }
    }

    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    /// `None` when the bytes are not a frontier of that size.
    #[must_use]
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Self> {
        let (peaks, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && u32::try_from(peaks.len()) == Ok(size.count_ones());
        fits.then(|| Self { size, peaks: peaks.to_vec() })
    }
}

/// Largest power of two below `n`; `n` is at least 2.
fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// The ranges of leaves whose roots prove that leaf `index` is in the tree of `size`, in the order of the
/// proof (RFC 9162, 2.1.3.1). `None` when it is not in that tree.
#[must_use]
pub fn inclusion_ranges(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let (mut from, mut to) = (0, size);
    let mut path = Vec::new();
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            path.push(middle..to);
            to = middle;
        } else {
            path.push(from..middle);
            from = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// The ranges of leaves whose roots prove that the tree of `old` is the beginning of the tree of `new`
/// (RFC 9162, 2.1.4.1). `None` when `old` is 0 or larger than `new`.
#[must_use]
pub fn consistency_ranges(old: u64, new: u64) -> Option<Vec<Range<u64>>> {
    if old == 0 || old > new {
        return None;
    }
    let (mut from, mut to) = (0, new);
    let mut path = Vec::new();
    while to != old {
        let middle = from + split(to - from);
        if old <= middle {
            path.push(middle..to);
            to = middle;
        } else {
            path.push(from..middle);
            from = middle;
        }
    }
    // The old tree's last subtree: known to the verifier when it is the whole old tree.
    if from != 0 {
        path.push(from..to);
    }
    path.reverse();
    Some(path)
}

/// RFC 9162, 2.1.3.2.
#[must_use]
pub fn verify_inclusion(index: u64, size: u64, leaf_hash: &Hash, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = *leaf_hash;
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// RFC 9162, 2.1.4.2. An empty old tree is the beginning of every tree.
#[must_use]
pub fn verify_consistency(old: u64, new: u64, proof: &[Hash], old_root: &Hash, new_root: &Hash) -> bool {
    if old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return proof.is_empty() && *old_root == Frontier::default().root();
    }
    let whole = [*old_root];
    let mut path = if old.is_power_of_two() { whole.iter() } else { [].iter() }.chain(proof);
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let Some(first) = path.next() else { return false };
    let (mut older, mut newer) = (*first, *first);
    for hash in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            older = node(hash, &older);
            newer = node(hash, &newer);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            newer = node(&newer, hash);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && older == *old_root && newer == *new_root
}

#[cfg(test)]
mod tests;
