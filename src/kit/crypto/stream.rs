//! Sealed files: the payload format of age v1, which other programs can read and which has test vectors.
//!
//! Chunks of 64 KiB, each under ChaCha20-Poly1305 with its number and a last-chunk flag in the nonce, so
//! that chunks cannot be dropped, added, swapped or cut off unnoticed and any range opens by itself.
//! Nothing of a chunk is released before all of it is authenticated.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use super::data_key::{no_random, undecryptable};
use super::field::derive;
use crate::kit::error::Result;

/// Plain bytes of every chunk but the last.
pub const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
/// Stored bytes of every chunk but the last.
pub const SEALED_CHUNK: usize = CHUNK + TAG;
/// The nonce that stands before the first chunk.
pub const NONCE: usize = 16;

/// The secret of one file: random, made here, kept sealed in a column.
pub type FileKey = Zeroizing<[u8; 32]>;

/// # Errors
/// The system's random source failed.
pub fn new_file_key() -> Result<FileKey> {
    let mut key = Zeroizing::new([0; 32]);
    SystemRandom::new().fill(key.as_mut()).map_err(no_random)?;
    Ok(key)
}

/// Opens the chunks of one file; made from its key and the 16 bytes it begins with.
pub struct Opener(LessSafeKey);

impl std::fmt::Debug for Opener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opener(..)")
    }
}

impl Opener {
    /// # Errors
    /// None that can be brought about; the type follows the cryptography.
    pub fn new(file_key: &[u8], nonce: &[u8; NONCE]) -> Result<Self> {
        payload_key(file_key, nonce).map(Self)
    }

    /// Opens chunk `index`; `last` says whether the file must end with it (see [`Layout::last_index`]).
    ///
    /// # Errors
    /// `DECRYPT_FAILED`: changed, moved, cut, or not the last one.
    pub fn open_chunk(&self, index: u64, last: bool, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let failed = || undecryptable("a chunk of a sealed file did not open");
        // Only the last chunk may be short, and only an empty file has an empty one.
        let plain = sealed.len().checked_sub(TAG).ok_or_else(failed)?;
        if plain > CHUNK || (plain < CHUNK && !last) || (plain == 0 && index > 0) {
            return Err(failed());
        }
        let nonce = chunk_nonce(index, last).ok_or_else(failed)?;
        let mut bytes = Zeroizing::new(sealed.to_vec());
        let len = self.0.open_in_place(nonce, Aad::empty(), &mut bytes).map_err(|_| failed())?.len();
        bytes.truncate(len);
        Ok(bytes)
    }
}

/// Opens one chunk with a key set up for it alone.
///
/// # Errors
/// As [`Opener::open_chunk`].
pub fn open_chunk(
    file_key: &[u8],
    nonce: &[u8; NONCE],
    index: u64,
    last: bool,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    Opener::new(file_key, nonce)?.open_chunk(index, last, sealed)
}

/// Seals a file as its bytes arrive.
pub struct Sealer {
    key: LessSafeKey,
    index: u64,
    /// Up to one whole chunk: only what follows tells whether it is the last.
    pending: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer").field("index", &self.index).finish_non_exhaustive()
    }
}

impl Sealer {
    /// Begins a file and writes its nonce to `out`.
    ///
    /// # Errors
    /// The system's random source failed.
    pub fn begin(file_key: &[u8], out: &mut Vec<u8>) -> Result<Self> {
        let mut nonce = [0; NONCE];
        SystemRandom::new().fill(&mut nonce).map_err(no_random)?;
        out.extend_from_slice(&nonce);
        Self::with_nonce(file_key, &nonce)
    }

    fn with_nonce(file_key: &[u8], nonce: &[u8; NONCE]) -> Result<Self> {
        let key = payload_key(file_key, nonce)?;
        Ok(Self { key, index: 0, pending: Zeroizing::new(Vec::with_capacity(SEALED_CHUNK)) })
    }

    /// Takes bytes and appends the chunks that are whole to `out`.
    ///
    /// # Errors
    /// More than 2^64 chunks.
    pub fn push(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> Result<()> {
        while !bytes.is_empty() {
            if self.pending.len() == CHUNK {
                self.seal(false, out)?;
            }
            let room = CHUNK - self.pending.len();
            let (now, later) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.pending.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Appends the last chunk to `out`.
    ///
    /// # Errors
    /// More than 2^64 chunks.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<()> {
        self.seal(true, out)
    }

    fn seal(&mut self, last: bool, out: &mut Vec<u8>) -> Result<()> {
        let nonce = chunk_nonce(self.index, last).ok_or_else(|| no_random(ring::error::Unspecified))?;
        let tag =
            self.key.seal_in_place_separate_tag(nonce, Aad::empty(), &mut self.pending).map_err(no_random)?;
        out.extend_from_slice(&self.pending);
        out.extend_from_slice(tag.as_ref());
        // Holds ciphertext by now.
        self.pending.clear();
        self.index += 1;
        Ok(())
    }
}

fn payload_key(file_key: &[u8], nonce: &[u8; NONCE]) -> Result<LessSafeKey> {
    let key = derive::<32>(file_key, nonce, b"payload").map_err(no_random)?;
    UnboundKey::new(&CHACHA20_POLY1305, key.as_ref()).map(LessSafeKey::new).map_err(no_random)
}

/// 11 bytes of big-endian count, one byte that is 1 for the last chunk.
fn chunk_nonce(index: u64, last: bool) -> Option<Nonce> {
    // The count would have 88 bits; a file of 2^64 chunks does not exist.
    if index == u64::MAX {
        return None;
    }
    let [a, b, c, d, e, f, g, h] = index.to_be_bytes();
    Some(Nonce::assume_unique_for_key([0, 0, 0, a, b, c, d, e, f, g, h, u8::from(last)]))
}

/// Where the chunks of a file stand, from the plain length that its row keeps. Offsets count from the
/// file's first byte, the nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    plain: u64,
}

impl Layout {
    #[must_use]
    pub const fn of_plain(plain: u64) -> Self {
        Self { plain }
    }

    /// The layout of a stored file, nonce included; none when no file has that length.
    #[must_use]
    pub fn of_sealed(stored: u64) -> Option<Self> {
        plain_len(stored).map(Self::of_plain)
    }

    /// Length of the stored file, nonce included.
    #[must_use]
    pub const fn sealed_len(self) -> u64 {
        NONCE as u64 + self.plain + (self.last_index() + 1) * TAG as u64
    }

    #[must_use]
    pub const fn last_index(self) -> u64 {
        self.plain.saturating_sub(1) / CHUNK as u64
    }

    /// The chunk that holds a plain byte.
    #[must_use]
    pub const fn index_of(self, plain_offset: u64) -> u64 {
        plain_offset / CHUNK as u64
    }

    /// Plain offset of a chunk's first byte.
    #[must_use]
    pub const fn plain_start(self, index: u64) -> u64 {
        index * CHUNK as u64
    }

    /// Offset and length of a chunk in the stored file.
    #[must_use]
    pub const fn stored(self, index: u64) -> (u64, u64) {
        let start = NONCE as u64 + index * SEALED_CHUNK as u64;
        let len = if index < self.last_index() {
            SEALED_CHUNK as u64
        } else {
            self.sealed_len().saturating_sub(start)
        };
        (start, len)
    }
}

/// Plain length of a stored file (nonce included); none when no file has that length.
#[must_use]
pub fn plain_len(stored: u64) -> Option<u64> {
    let chunks = stored.checked_sub(NONCE as u64)?;
    let (whole, rest) = (chunks / SEALED_CHUNK as u64, chunks % SEALED_CHUNK as u64);
    match (whole, rest) {
        (0, 0) => None,
        (_, 0) => Some(whole * CHUNK as u64),
        (0, rest) => rest.checked_sub(TAG as u64),
        // A last chunk without content exists only in an empty file.
        (_, rest) => Some(whole * CHUNK as u64 + rest.checked_sub(TAG as u64).filter(|r| *r > 0)?),
    }
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
