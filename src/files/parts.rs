//! What was sent, in one piece or in many, read as one file. One piece is open at a time.

use std::ops::Range;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::sealed::{Place, Reader};
use crate::kit::blob::Blobs;
use crate::kit::error::{Code, Error, Result};

/// A piece that lies in the store.
pub(super) struct Piece {
    pub id: Uuid,
    pub file_key: Zeroizing<Vec<u8>>,
    pub from: u64,
    pub size: u64,
}

pub(super) struct Parts {
    /// Where the pieces lie; none for a file that is open already.
    store: Option<(Blobs, Uuid)>,
    pieces: Vec<Piece>,
    /// The piece that is open, and where it begins.
    open: Option<(u64, Reader)>,
    size: u64,
}

impl Parts {
    pub(super) fn whole(reader: Reader) -> Self {
        let size = reader.size();
        Self { store: None, pieces: Vec::new(), open: Some((0, reader)), size }
    }

    /// `pieces` follow each other without gaps.
    pub(super) fn of(blobs: &Blobs, deployment: Uuid, pieces: Vec<Piece>) -> Self {
        let size = pieces.iter().map(|p| p.size).sum();
        Self { store: Some((blobs.clone(), deployment)), pieces, open: None, size }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Bytes from the beginning of `range`: as many as are at hand, none when it is empty.
    pub(super) async fn next(&mut self, range: &Range<u64>) -> Result<Vec<u8>> {
        if range.start >= range.end || range.end > self.size {
            return Ok(Vec::new());
        }
        let (from, reader) = self.at(range.start).await?;
        let end = range.end.min(from + reader.size());
        reader.next(&(range.start - from..end - from)).await
    }

    async fn at(&mut self, offset: u64) -> Result<(u64, &mut Reader)> {
        let lost = || Error::new(Code::Internal).because("a piece of an upload is missing");
        let holds = |(from, reader): &(u64, Reader)| (*from..*from + reader.size()).contains(&offset);
        if !self.open.as_ref().is_some_and(holds) {
            let (blobs, deployment) = self.store.as_ref().ok_or_else(lost)?;
            let at = self.pieces.partition_point(|p| p.from + p.size <= offset);
            let piece = self.pieces.get(at).filter(|p| p.from <= offset).ok_or_else(lost)?;
            let place = Place { deployment: *deployment, id: piece.id };
            let blob = blobs.blob(piece.id).await?;
            self.open = Some((piece.from, Reader::open(blob, &piece.file_key, place, piece.size).await?));
        }
        self.open.as_mut().map(|(from, reader)| (*from, reader)).ok_or_else(lost)
    }

    /// All of a range, which the caller keeps small.
    pub(super) async fn read(&mut self, mut range: Range<u64>) -> Result<Vec<u8>> {
        let len = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0);
        let mut all = Vec::with_capacity(len);
        while range.start < range.end {
            let part = self.next(&range).await?;
            if part.is_empty() {
                return Err(Error::new(Code::AttachmentBroken));
            }
            range.start += part.len() as u64;
            all.extend_from_slice(&part);
        }
        Ok(all)
    }
}
