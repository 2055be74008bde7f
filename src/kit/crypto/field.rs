//! The format of one sealed value, version 1: `01 | key id 16 | salt 24 | AES-256-GCM body`.
//!
//! Every value gets its own key and nonce out of HKDF, so that no number of values exhausts a nonce
//! space. The additional data binds deployment, table, column, row and key id: a ciphertext that is
//! moved anywhere else does not open. The labels are part of the format and never change.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::error::Unspecified;
use ring::hkdf;
use zeroize::Zeroizing;

const LABEL: &[u8] = b"bff/field/v1";
/// Algorithm byte of the only format there is; 0x02 is kept free for SM4-GCM.
const VERSION: u8 = 0x01;
const KEY_ID: usize = 16;
pub(super) const SALT: usize = 24;
const HEADER: usize = 1 + KEY_ID + SALT;
const TAG: usize = 16;

/// Where a value stands; all of it is authenticated, none of it but the key id is stored with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) deployment: &'a [u8; 16],
    pub(super) table: &'a str,
    pub(super) column: &'a str,
    pub(super) row: &'a [u8; 16],
    pub(super) key_id: &'a [u8; 16],
}

/// Joins parts so that no two lists of parts give the same bytes: count, then each with its length.
pub(super) fn lp(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(2 + parts.iter().map(|p| p.len() + 4).sum::<usize>());
    out.extend_from_slice(&u16::try_from(parts.len()).unwrap_or(u16::MAX).to_be_bytes());
    for part in parts {
        out.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}

struct Len(usize);

impl hkdf::KeyType for Len {
    fn len(&self) -> usize {
        self.0
    }
}

/// `N` bytes of HKDF-SHA256 from an extracted key.
pub(super) fn expand<const N: usize>(
    prk: &hkdf::Prk,
    info: &[u8],
) -> Result<Zeroizing<[u8; N]>, Unspecified> {
    let mut okm = Zeroizing::new([0; N]);
    prk.expand(&[info], Len(N))?.fill(okm.as_mut())?;
    Ok(okm)
}

/// `N` bytes of HKDF-SHA256.
pub(super) fn derive<const N: usize>(
    ikm: &[u8],
    salt: &[u8],
    info: &[u8],
) -> Result<Zeroizing<[u8; N]>, Unspecified> {
    expand(&hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(ikm), info)
}

/// The AES-256-GCM key and nonce of one value.
pub(super) fn aead_for(
    key: &[u8; 32],
    salt: &[u8; SALT],
    info: &[u8],
) -> Result<(LessSafeKey, Nonce), Unspecified> {
    let okm = derive::<44>(key, salt, info)?;
    let (key, rest) = okm.split_first_chunk::<32>().ok_or(Unspecified)?;
    let nonce = rest.first_chunk::<12>().ok_or(Unspecified)?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key)?);
    Ok((key, Nonce::assume_unique_for_key(*nonce)))
}

/// Length after padding: 0x80 and zeros up to 32 bytes, for values over 256 bytes up to 256.
const fn padded(len: usize) -> usize {
    let step = if len <= 256 { 32 } else { 256 };
    (len / step + 1) * step
}

/// Seals one value. `salt` comes from the system's generator; only known-answer tests choose it.
pub(super) fn seal(
    key: &[u8; 32],
    place: Place<'_>,
    salt: &[u8; SALT],
    plain: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    let (aead, nonce) = aead_for(key, salt, &info(place))?;
    let body = padded(plain.len());
    let mut blob = Vec::with_capacity(HEADER + body + TAG);
    blob.push(VERSION);
    blob.extend_from_slice(place.key_id);
    blob.extend_from_slice(salt);
    blob.extend_from_slice(plain);
    blob.push(0x80);
    blob.resize(HEADER + body, 0);
    // Encrypted where it stands: no second copy of the plain text to wipe.
    let in_place = blob.get_mut(HEADER..).ok_or(Unspecified)?;
    let tag = aead.seal_in_place_separate_tag(nonce, Aad::from(aad(place)), in_place)?;
    blob.extend_from_slice(tag.as_ref());
    Ok(blob)
}

/// Opens one value; anything but the very bytes of this place and key fails alike.
pub(super) fn open(key: &[u8; 32], place: Place<'_>, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
    let (&[version], rest) = blob.split_first_chunk::<1>().ok_or(Unspecified)?;
    let (key_id, rest) = rest.split_first_chunk::<KEY_ID>().ok_or(Unspecified)?;
    let (salt, body) = rest.split_first_chunk::<SALT>().ok_or(Unspecified)?;
    if version != VERSION || key_id != place.key_id || body.len() < TAG {
        return Err(Unspecified);
    }
    let (aead, nonce) = aead_for(key, salt, &info(place))?;
    let mut plain = Zeroizing::new(body.to_vec());
    let len = aead.open_in_place(nonce, Aad::from(aad(place)), &mut plain)?.len();
    plain.truncate(len);
    let end = plain.iter().rposition(|b| *b != 0).ok_or(Unspecified)?;
    if plain.get(end) != Some(&0x80) || padded(end) != len {
        return Err(Unspecified);
    }
    plain.truncate(end);
    Ok(plain)
}

/// The key id a sealed value names, without opening it.
pub(super) fn key_id(blob: &[u8]) -> Option<[u8; KEY_ID]> {
    let (&[version], rest) = blob.split_first_chunk::<1>()?;
    (version == VERSION).then(|| rest.first_chunk::<KEY_ID>().copied()).flatten()
}

fn info(place: Place<'_>) -> Vec<u8> {
    lp(&[LABEL, place.table.as_bytes(), place.column.as_bytes()])
}

fn aad(place: Place<'_>) -> Vec<u8> {
    lp(&[LABEL, place.deployment, place.table.as_bytes(), place.column.as_bytes(), place.row, place.key_id])
}

#[cfg(test)]
#[path = "field_tests.rs"]
mod tests;
