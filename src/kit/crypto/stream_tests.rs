//! Sealed files: what is written is read, in whole and in ranges, and nothing else is.

use proptest::prelude::*;

use super::*;
use crate::kit::error::Code;

const KEY: [u8; 32] = [3; 32];
const SIZES: [usize; 9] =
    [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 3 * CHUNK + 77];

fn bytes(len: usize) -> Vec<u8> {
    (0..len).map(|i| u8::try_from((i * 31 + i / 256) % 251).unwrap()).collect()
}

fn sealed(plain: &[u8], step: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut sealer = Sealer::begin(&KEY, &mut out).unwrap();
    for part in plain.chunks(step.max(1)) {
        sealer.push(part, &mut out).unwrap();
    }
    sealer.finish(&mut out).unwrap();
    out
}

/// Reads a whole stored file as a download would.
fn opened(stored: &[u8]) -> Option<Vec<u8>> {
    let layout = Layout::of_sealed(stored.len() as u64)?;
    let opener = Opener::new(&KEY, stored.first_chunk()?).ok()?;
    let mut plain = Vec::new();
    for index in 0..=layout.last_index() {
        let (start, len) = layout.stored(index);
        let chunk = &stored[start as usize..(start + len) as usize];
        plain.extend_from_slice(&opener.open_chunk(index, index == layout.last_index(), chunk).ok()?);
    }
    Some(plain)
}

/// Computed by another implementation from the written format alone.
#[test]
fn known_answers() {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let seal = |plain: &[u8]| {
        let mut out = Vec::new();
        let mut sealer = Sealer::with_nonce(&KEY, &[1; NONCE]).unwrap();
        sealer.push(plain, &mut out).unwrap();
        sealer.finish(&mut out).unwrap();
        out
    };
    assert_eq!(hex(&seal(b"")), "14768e5f5934ec1ee76ea5ee2960320f");
    let three = seal(&bytes(2 * CHUNK + 5));
    assert_eq!(three.len(), 131_125);
    assert_eq!(
        hex(ring::digest::digest(&ring::digest::SHA256, &three).as_ref()),
        "22632a1bf6018de8185a940f185be8bea5517a2cf57b4e6f40921a5bbe6ad1fd"
    );
}

#[test]
fn every_size_comes_back_however_it_was_pushed() {
    for size in SIZES {
        let plain = bytes(size);
        for step in [1000, CHUNK, CHUNK + 1, 5 * CHUNK] {
            let stored = sealed(&plain, step);
            let layout = Layout::of_plain(size as u64);
            assert_eq!(layout.sealed_len(), stored.len() as u64, "{size}");
            assert_eq!(plain_len(stored.len() as u64), Some(size as u64));
            assert!(opened(&stored).unwrap() == plain, "{size} by {step}");
        }
    }
}

#[test]
fn lengths_that_no_file_has() {
    let sealed_lens: Vec<u64> = (0..200_000).map(|n| Layout::of_plain(n).sealed_len()).collect();
    assert!(sealed_lens.windows(2).all(|w| w[0] < w[1]));
    for stored in 0..200_000 {
        match sealed_lens.binary_search(&stored) {
            Ok(plain) => assert_eq!(plain_len(stored), Some(plain as u64)),
            Err(_) => assert_eq!(plain_len(stored), None, "{stored}"),
        }
    }
}

#[test]
fn cutting_adding_swapping_and_repeating_fail() {
    let plain = bytes(3 * CHUNK + 77);
    let stored = sealed(&plain, CHUNK);
    let chunk = |i: usize| {
        let start = NONCE + i * SEALED_CHUNK;
        stored[start..stored.len().min(start + SEALED_CHUNK)].to_vec()
    };
    let head = stored[..NONCE].to_vec();
    let with = |order: &[usize]| {
        let mut file = head.clone();
        order.iter().for_each(|i| file.extend_from_slice(&chunk(*i)));
        file
    };
    assert!(opened(&with(&[0, 1, 2, 3])).is_some());
    for order in
        [&[1, 0, 2, 3][..], &[0, 1, 2], &[0, 1, 3], &[0, 1, 2, 3, 3], &[0, 0, 1, 2, 3], &[3], &[0], &[]]
    {
        assert!(opened(&with(order)).is_none(), "{order:?}");
    }
    for cut in
        [0, 1, NONCE, NONCE + 15, NONCE + 16, NONCE + SEALED_CHUNK, stored.len() - 77, stored.len() - 1]
    {
        assert!(opened(&stored[..cut]).is_none(), "{cut}");
    }
    for extra in [1, 16, 17, SEALED_CHUNK] {
        let mut longer = stored.clone();
        longer.resize(stored.len() + extra, 0);
        assert!(opened(&longer).is_none(), "{extra}");
    }
}

#[test]
fn a_chunk_opens_only_in_its_place() {
    let stored = sealed(&bytes(CHUNK + 5), CHUNK);
    let nonce: &[u8; NONCE] = stored.first_chunk().unwrap();
    let (first, second) = (&stored[NONCE..NONCE + SEALED_CHUNK], &stored[NONCE + SEALED_CHUNK..]);
    open_chunk(&KEY, nonce, 0, false, first).unwrap();
    open_chunk(&KEY, nonce, 1, true, second).unwrap();
    let bad = [
        open_chunk(&KEY, nonce, 0, true, first),
        open_chunk(&KEY, nonce, 1, false, first),
        open_chunk(&KEY, nonce, 1, false, second),
        open_chunk(&KEY, nonce, 0, true, second),
        open_chunk(&KEY, nonce, u64::MAX, true, second),
        open_chunk(&[4; 32], nonce, 1, true, second),
        open_chunk(&KEY, &[0; NONCE], 1, true, second),
        open_chunk(&KEY, nonce, 1, true, &[]),
        open_chunk(&KEY, nonce, 1, true, &second[..15]),
    ];
    for result in bad {
        assert!(result.unwrap_err().is(Code::DecryptFailed));
    }
}

#[test]
fn a_last_chunk_without_content_is_refused() {
    let mut out = Vec::new();
    let mut sealer = Sealer::with_nonce(&KEY, &[1; NONCE]).unwrap();
    sealer.push(&bytes(CHUNK), &mut out).unwrap();
    sealer.seal(false, &mut out).unwrap();
    sealer.finish(&mut out).unwrap();
    assert_eq!(out.len(), SEALED_CHUNK + TAG);
    assert!(open_chunk(&KEY, &[1; NONCE], 1, true, &out[SEALED_CHUNK..]).is_err());
}

#[test]
fn ranges_take_whole_chunks() {
    let plain = bytes(3 * CHUNK + 77);
    let stored = sealed(&plain, CHUNK);
    let layout = Layout::of_plain(plain.len() as u64);
    let opener = Opener::new(&KEY, stored.first_chunk().unwrap()).unwrap();
    for (from, to) in [(0, 1), (CHUNK - 1, CHUNK + 1), (70_000, 140_000), (plain.len() - 1, plain.len())] {
        let (first, last) = (layout.index_of(from as u64), layout.index_of(to as u64 - 1));
        let mut got = Vec::new();
        for index in first..=last {
            let (start, len) = layout.stored(index);
            let chunk = &stored[start as usize..(start + len) as usize];
            got.extend_from_slice(&opener.open_chunk(index, index == layout.last_index(), chunk).unwrap());
        }
        let skip = from - layout.plain_start(first) as usize;
        assert!(got[skip..skip + to - from] == plain[from..to], "{from}..{to}");
    }
}

#[test]
fn two_files_of_the_same_bytes_differ() {
    assert_ne!(sealed(b"x", 1), sealed(b"x", 1));
    assert_ne!(*new_file_key().unwrap(), *new_file_key().unwrap());
    assert_eq!(format!("{:?}", Opener::new(&KEY, &[0; NONCE]).unwrap()), "Opener(..)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn one_flipped_bit_anywhere_fails(size in 0usize..CHUNK + 100, at: prop::sample::Index, bit in 0u8..8) {
        let mut stored = sealed(&bytes(size), 4096);
        let at = at.index(stored.len());
        stored[at] ^= 1 << bit;
        prop_assert!(opened(&stored).is_none());
    }
}
