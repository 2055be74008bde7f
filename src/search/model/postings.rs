//! Where a token stands: for each of up to 1,024 documents of a block two bytes, ten bits for the document
//! within the block and six for how much the token says about it. Sorted, so that a change is one look-up.

/// Documents in a block.
pub const BLOCK: i32 = 1024;

/// The block of a document, and its place there.
#[must_use]
pub fn split(doc: i32) -> (i32, u16) {
    (doc.div_euclid(BLOCK), u16::try_from(doc.rem_euclid(BLOCK)).unwrap_or_default())
}

/// The numbers that a block may hold.
#[must_use]
pub fn docs(block: i32) -> std::ops::Range<i32> {
    let first = block.saturating_mul(BLOCK);
    first..first.saturating_add(BLOCK)
}

/// The documents of a block in which the token stands, with the impact in each.
pub fn read(bytes: &[u8]) -> impl Iterator<Item = (u16, u8)> {
    let (pairs, _) = bytes.as_chunks::<2>();
    pairs.iter().map(|pair| {
        let both = u16::from_be_bytes(*pair);
        (both >> 6, u8::try_from(both & 0x3f).unwrap_or_default())
    })
}

/// Sets the impact of the token in a document; `None` takes it out.
pub fn set(bytes: &mut Vec<u8>, place: u16, impact: Option<u8>) {
    let (pairs, _) = bytes.as_chunks::<2>();
    let found = pairs.binary_search_by_key(&place, |pair| u16::from_be_bytes(*pair) >> 6);
    let (at, there) = found.map_or_else(|at| (2 * at, 0), |at| (2 * at, 2));
    let new = impact.map(|i| (place << 6 | u16::from(i & 0x3f)).to_be_bytes());
    bytes.splice(at..at + there, new.into_iter().flatten());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_block_is_a_map(changes in prop::collection::vec((0..1024_u16, prop::option::of(1..64_u8)), 0..300)) {
            let (mut bytes, mut map) = (Vec::new(), BTreeMap::new());
            for (place, impact) in changes {
                set(&mut bytes, place, impact);
                match impact {
                    Some(impact) => map.insert(place, impact),
                    None => map.remove(&place),
                };
            }
            prop_assert_eq!(read(&bytes).collect::<Vec<_>>(), map.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn documents_are_numbered_through_their_blocks() {
        assert_eq!((split(1), split(1023), split(1024), split(2049)), ((0, 1), (0, 1023), (1, 0), (2, 1)));
        assert!(docs(1).all(|doc| split(doc).0 == 1) && docs(1).len() == 1024);
    }
}
