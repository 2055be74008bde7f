//! The published known answer, everything an attacker with write access to the database can do to a
//! value, and the round trip. None of it may open, none of it may panic.

use proptest::prelude::*;

use super::*;

const ANSWER: &str = "01101112131415161718191a1b1c1d1e1f404142434445464748494a4b4c4d4e4f50515253545556575378\
07577d25e8319c8a85753faccb9aa127039ec5c5d74041b9e8e84d42ff4a68383e782a618b5822852e718126cba9";
const PLAIN: &[u8] = b"13812341234";

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|c| u8::try_from(c[0] * 16 + c[1]).unwrap()).collect()
}

fn counting<const N: usize>(from: u8) -> [u8; N] {
    std::array::from_fn(|i| from + u8::try_from(i).unwrap())
}

struct Known {
    key: [u8; 32],
    key_id: [u8; 16],
    deployment: [u8; 16],
    row: [u8; 16],
}

fn known() -> Known {
    let mut deployment = [0; 16];
    deployment[15] = 1;
    let row = unhex("0190f3a1b2c37d4e8f90a1b2c3d4e5f6").try_into().unwrap();
    Known { key: counting(0), key_id: counting(0x10), deployment, row }
}

impl Known {
    fn place(&self) -> Place<'_> {
        Place {
            deployment: &self.deployment,
            table: "users",
            column: "phone",
            row: &self.row,
            key_id: &self.key_id,
        }
    }
}

#[test]
fn the_published_known_answer() {
    let k = known();
    let blob = seal(&k.key, k.place(), &counting(0x40), PLAIN).unwrap();
    assert_eq!(blob, unhex(ANSWER));
    assert_eq!(blob.len(), 89);
    assert_eq!(open(&k.key, k.place(), &blob).unwrap().as_slice(), PLAIN);
    assert_eq!(key_id(&blob), Some(k.key_id));
}

#[test]
fn every_flipped_bit_fails() {
    let k = known();
    let blob = unhex(ANSWER);
    for bit in 0..blob.len() * 8 {
        let mut bad = blob.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(open(&k.key, k.place(), &bad).is_err(), "bit {bit}");
    }
}

#[test]
fn every_truncation_and_extension_fails() {
    let k = known();
    let blob = unhex(ANSWER);
    for len in 0..blob.len() {
        assert!(open(&k.key, k.place(), &blob[..len]).is_err(), "length {len}");
        assert!(open(&k.key, k.place(), &blob[blob.len() - len..]).is_err(), "tail {len}");
    }
    for extra in [1, 15, 16, 32, 256] {
        let mut bad = blob.clone();
        bad.resize(blob.len() + extra, 0);
        assert!(open(&k.key, k.place(), &bad).is_err());
    }
}

#[test]
fn every_other_version_byte_fails() {
    let k = known();
    let mut blob = unhex(ANSWER);
    for version in (0..=255).filter(|v| *v != 1) {
        blob[0] = version;
        assert!(open(&k.key, k.place(), &blob).is_err());
        assert_eq!(key_id(&blob), None);
    }
}

#[test]
fn a_value_does_not_open_anywhere_else() {
    let k = known();
    let blob = unhex(ANSWER);
    let (other, mut other_key) = ([9; 16], k.key);
    other_key[0] ^= 1;
    let here = k.place();
    for place in [
        Place { deployment: &other, ..here },
        Place { table: "people", ..here },
        Place { column: "email", ..here },
        // The border between table and column cannot be moved.
        Place { table: "user", column: "sphone", ..here },
        Place { table: "", column: "usersphone", ..here },
        Place { row: &other, ..here },
        Place { key_id: &other, ..here },
    ] {
        assert!(open(&k.key, place, &blob).is_err(), "{place:?}");
    }
    assert!(open(&other_key, here, &blob).is_err());
    // Renaming the key inside the blob as well does not help.
    let mut renamed = blob;
    renamed[1..17].copy_from_slice(&other);
    assert!(open(&k.key, Place { key_id: &other, ..here }, &renamed).is_err());
}

#[test]
fn padding_hides_lengths_and_is_unambiguous() {
    let k = known();
    let len = |n: usize| seal(&k.key, k.place(), &[7; SALT], &vec![b'x'; n]).unwrap().len() - 57;
    assert_eq!((len(0), len(31), len(32), len(255), len(256), len(257)), (32, 32, 64, 256, 288, 512));
    for plain in [&b""[..], b"\x80", b"\x80\0\0", b"\0", &[0; 300]] {
        let blob = seal(&k.key, k.place(), &[7; SALT], plain).unwrap();
        assert_eq!(open(&k.key, k.place(), &blob).unwrap().as_slice(), plain);
    }
}

proptest! {
    #[test]
    fn any_value_comes_back(
        plain in prop::collection::vec(any::<u8>(), 0..2000),
        key: [u8; 32], key_id: [u8; 16], deployment: [u8; 16], row: [u8; 16], salt: [u8; SALT],
        table in "[a-z_]{1,20}", column in "[a-z_]{1,20}",
    ) {
        let place = Place { deployment: &deployment, table: &table, column: &column, row: &row, key_id: &key_id };
        let blob = seal(&key, place, &salt, &plain).unwrap();
        prop_assert_eq!(open(&key, place, &blob).unwrap().to_vec(), plain);
    }

    #[test]
    fn noise_never_opens_or_panics(noise in prop::collection::vec(any::<u8>(), 0..400), at in 0usize..89, by in 1u8..) {
        let k = known();
        prop_assert!(open(&k.key, k.place(), &noise).is_err());
        let mut bad = unhex(ANSWER);
        bad[at] ^= by;
        prop_assert!(open(&k.key, k.place(), &bad).is_err());
    }
}
