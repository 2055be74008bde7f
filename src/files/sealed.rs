//! A sealed file: `"BFA1" | 0x01 | attachment id (16) | salt (24) | age payload`. The payload's key comes
//! by HKDF-SHA256 from the file's own random key, the salt, the deployment and the attachment, so that no
//! file opens in another's place. Everything streams: neither side holds more than a few chunks.

use std::ops::Range;

use ring::digest::{Context, SHA256};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::kit::blob::{Blob, Draft};
use crate::kit::crypto::stream::{Layout, NONCE, Opener, Sealer};
use crate::kit::error::{Code, Error, Result};
use crate::kit::id::Ids;

const MAGIC: &[u8; 5] = b"BFA1\x01";
const SALT: usize = 24;
/// Bytes before the payload.
const HEADER: usize = 5 + 16 + SALT;
/// Ciphertext is handed to the disk in pieces of about this size.
const PIECE: usize = 256 * 1024;

/// Which file, in which deployment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub deployment: Uuid,
    pub id: Uuid,
}

struct Len32;

impl KeyType for Len32 {
    fn len(&self) -> usize {
        32
    }
}

fn payload_key(file_key: &[u8], salt: &[u8], place: Place) -> Result<Zeroizing<[u8; 32]>> {
    let failed = |_| Error::new(Code::Internal).because("key derivation failed");
    let parts: [&[u8]; 3] = [b"bff/att/v1", place.deployment.as_bytes(), place.id.as_bytes()];
    let mut info = 3_u16.to_be_bytes().to_vec();
    for part in parts {
        info.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        info.extend_from_slice(part);
    }
    let mut key = Zeroizing::new([0; 32]);
    let secret = Salt::new(HKDF_SHA256, salt).extract(file_key);
    secret.expand(&[&info], Len32).map_err(failed)?.fill(key.as_mut()).map_err(failed)?;
    Ok(key)
}

/// Writes one sealed file.
pub(super) struct Writer {
    draft: Draft,
    sealer: Sealer,
    buffer: Vec<u8>,
    digest: Context,
    size: u64,
}

/// What was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub size: u64,
    /// SHA-256 of the plain bytes.
    pub sha256: [u8; 32],
}

impl Writer {
    pub(super) fn begin(ids: &Ids, draft: Draft, file_key: &[u8], place: Place) -> Result<Self> {
        let salt: [u8; SALT] = ids.random()?;
        let mut buffer = Vec::with_capacity(PIECE * 2);
        buffer.extend_from_slice(MAGIC);
        buffer.extend_from_slice(place.id.as_bytes());
        buffer.extend_from_slice(&salt);
        let key = payload_key(file_key, &salt, place)?;
        let sealer = Sealer::begin(key.as_ref(), &mut buffer)?;
        Ok(Self { draft, sealer, buffer, digest: Context::new(&SHA256), size: 0 })
    }

    pub(super) async fn write(&mut self, plain: &[u8]) -> Result<()> {
        for piece in plain.chunks(PIECE) {
            self.digest.update(piece);
            self.size += piece.len() as u64;
            self.sealer.push(piece, &mut self.buffer)?;
            if self.buffer.len() >= PIECE {
                self.draft.write(std::mem::take(&mut self.buffer)).await?;
            }
        }
        Ok(())
    }

    /// Seals the last chunk; the draft is not published yet.
    pub(super) async fn finish(mut self) -> Result<(Draft, Written)> {
        self.sealer.finish(&mut self.buffer)?;
        self.draft.write(self.buffer).await?;
        let mut sha256 = [0; 32];
        for (to, from) in sha256.iter_mut().zip(self.digest.finish().as_ref()) {
            *to = *from;
        }
        Ok((self.draft, Written { size: self.size, sha256 }))
    }
}

/// Reads any part of one sealed file. Bytes come out only of chunks that are authentic as a whole.
#[derive(Debug)]
pub(super) struct Reader {
    blob: Blob,
    opener: Opener,
    layout: Layout,
    size: u64,
    /// The chunk opened last: small reads that follow each other open it once.
    last: Option<(u64, Zeroizing<Vec<u8>>)>,
}

impl Reader {
    /// `size` is the plain length that the database keeps: a file of another length was tampered with.
    pub(super) async fn open(blob: Blob, file_key: &[u8], place: Place, size: u64) -> Result<Self> {
        let broken = |what| Error::new(Code::DecryptFailed).because(what);
        let layout = Layout::of_plain(size);
        if blob.size() != HEADER as u64 + layout.sealed_len() {
            return Err(broken("a sealed file has another length than its row says"));
        }
        let head = blob.read_range(0, HEADER + NONCE).await?;
        let (header, nonce) = head.split_last_chunk::<NONCE>().ok_or_else(|| broken("short header"))?;
        let id = header.strip_prefix(MAGIC).and_then(|rest| rest.split_first_chunk::<16>());
        let (id, salt) = id.ok_or_else(|| broken("a sealed file begins otherwise"))?;
        if id != place.id.as_bytes() {
            return Err(broken("a sealed file is another attachment's"));
        }
        let opener = Opener::new(payload_key(file_key, salt, place)?.as_ref(), nonce)?;
        Ok(Self { blob, opener, layout, size, last: None })
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    async fn chunk(&mut self, index: u64) -> Result<&[u8]> {
        if self.last.as_ref().is_none_or(|(i, _)| *i != index) {
            let (offset, len) = self.layout.stored(index);
            let len = usize::try_from(len).map_err(|_| Error::new(Code::Internal))?;
            let sealed = self.blob.read_range(HEADER as u64 + offset, len).await?;
            let plain = self.opener.open_chunk(index, index == self.layout.last_index(), &sealed)?;
            self.last = Some((index, plain));
        }
        self.last
            .as_ref()
            .map(|(_, plain)| plain.as_slice())
            .ok_or_else(|| Error::new(Code::Internal).because("no chunk"))
    }

    /// Opens the last chunk: proves that the file was not cut, before anything near its end is released.
    pub(super) async fn check_end(&mut self) -> Result<()> {
        self.chunk(self.layout.last_index()).await.map(|_| ())
    }

    /// The bytes of `range` that lie in the same chunk as its start; empty when the range is.
    pub(super) async fn next(&mut self, range: &Range<u64>) -> Result<Vec<u8>> {
        if range.start >= range.end || range.end > self.size {
            return Ok(Vec::new());
        }
        let index = self.layout.index_of(range.start);
        let start = self.layout.plain_start(index);
        let from = usize::try_from(range.start - start).unwrap_or(usize::MAX);
        let chunk = self.chunk(index).await?;
        let to = usize::try_from(range.end - start).unwrap_or(usize::MAX).min(chunk.len());
        let part = chunk.get(from..to).filter(|p| !p.is_empty());
        part.map(<[u8]>::to_vec).ok_or_else(|| Error::new(Code::DecryptFailed).because("short chunk"))
    }
}
