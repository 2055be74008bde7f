//! Phone videos (MP4, MOV): the boxes must fit into each other up to the last byte, and whatever may tell
//! a place or a device is blanked in place: user data and metadata boxes become `free` boxes of zeros,
//! tracks that are neither picture, sound nor time code lose their samples too. Sizes never change,
//! so the offsets inside stay right.
//!
//! Pure. The caller feeds box headers and the `moov` box, and applies the [`Blanks`] while copying.

use std::ops::Range;

use crate::kit::error::{Code, Error, Result};

/// A `moov` box describes the tracks: an hour of video needs about one megabyte.
pub(super) const LARGEST_MOOV: u64 = 16 * 1024 * 1024;
/// Boxes at the top of a file; phones write fewer than ten.
const MOST_TOP_BOXES: usize = 1000;
/// Samples of a blanked track.
const MOST_SAMPLES: usize = 1_000_000;
/// Bytes of a box header with a 64-bit size.
pub(super) const HEADER: usize = 16;

type Name = [u8; 4];

/// One box: where its payload begins and ends, counted from the beginning of what it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Atom {
    pub name: Name,
    pub start: u64,
    pub payload: u64,
    pub end: u64,
}

fn broken(what: &'static str) -> Error {
    Error::new(Code::AttachmentBroken).because(what)
}

/// Reads the header of the box at `start` of something that ends at `limit`. `head` holds up to 16 bytes.
pub(super) fn header(head: &[u8], start: u64, limit: u64) -> Result<Atom> {
    let (size, rest) = head.split_first_chunk::<4>().ok_or_else(|| broken("box header cut"))?;
    let (name, rest) = rest.split_first_chunk::<4>().ok_or_else(|| broken("box header cut"))?;
    let (len, size) = match u32::from_be_bytes(*size) {
        0 => (8, limit.saturating_sub(start)),
        1 => {
            let (large, _) = rest.split_first_chunk::<8>().ok_or_else(|| broken("box header cut"))?;
            (16, u64::from_be_bytes(*large))
        }
        small => (8, u64::from(small)),
    };
    let end = start.checked_add(size).filter(|end| size >= len && *end <= limit);
    let end = end.ok_or_else(|| broken("a box is larger than what holds it"))?;
    Ok(Atom { name: *name, start, payload: start + len, end })
}

/// What to overwrite while copying.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Blanks {
    /// Boxes renamed to `free`: where their names stand.
    names: Vec<u64>,
    zeros: Vec<Range<u64>>,
}

impl Blanks {
    fn whole(&mut self, found: Atom) {
        self.names.push(found.start + 4);
        self.zeros.push(found.payload..found.end);
    }

    /// In order and without overlaps, so that [`Self::apply`] finds its part quickly.
    fn settled(mut self) -> Self {
        self.names.sort_unstable();
        self.zeros.sort_unstable_by_key(|zeros| zeros.start);
        let mut merged: Vec<Range<u64>> = Vec::with_capacity(self.zeros.len());
        for zeros in self.zeros {
            match merged.last_mut() {
                Some(last) if zeros.start <= last.end => last.end = last.end.max(zeros.end),
                _ => merged.push(zeros),
            }
        }
        Self { names: self.names, zeros: merged }
    }

    /// Overwrites what concerns these bytes, which stand at `offset` of the file.
    pub(super) fn apply(&self, offset: u64, bytes: &mut [u8]) {
        let end = offset + bytes.len() as u64;
        let place = |at: u64| usize::try_from(at.saturating_sub(offset)).unwrap_or(usize::MAX);
        let first = self.zeros.partition_point(|zeros| zeros.end <= offset);
        for zeros in self.zeros.iter().skip(first).take_while(|zeros| zeros.start < end) {
            if let Some(part) = bytes.get_mut(place(zeros.start)..place(zeros.end.min(end))) {
                part.fill(0);
            }
        }
        // A name may lie across the border of two pieces.
        let first = self.names.partition_point(|name| name + 4 <= offset);
        for name in self.names.iter().skip(first).take_while(|name| **name < end) {
            for (at, letter) in (*name..).zip(b"free").filter(|(at, _)| *at >= offset) {
                if let Some(byte) = bytes.get_mut(place(at)) {
                    *byte = *letter;
                }
            }
        }
    }
}

/// Takes in the boxes at the top of a file, in order.
#[derive(Debug, Default)]
pub(super) struct Top {
    blanks: Blanks,
    count: usize,
    moov: bool,
    mdat: bool,
    film: Film,
}

/// What a film says about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Film {
    pub duration_ms: Option<i64>,
    pub has_picture: bool,
}

/// Milliseconds, from the payload of `mvhd`.
fn duration(mvhd: &[u8]) -> Option<i64> {
    let (scale, units) = match mvhd.first()? {
        0 => (number(mvhd, 12)?, u64::from(number(mvhd, 16)?)),
        _ => (number(mvhd, 20)?, u64::from_be_bytes(*mvhd.get(24..)?.first_chunk()?)),
    };
    let ms = units.checked_mul(1000)?.checked_div(scale.into())?;
    i64::try_from(ms).ok().filter(|ms| *ms > 0)
}

impl Top {
    /// `true` when the caller must pass this box's payload to [`Self::movie`].
    pub(super) fn add(&mut self, found: Atom) -> Result<bool> {
        self.count += 1;
        if self.count > MOST_TOP_BOXES || (self.count == 1) != (&found.name == b"ftyp") {
            return Err(broken("the file does not begin with one ftyp box, or has too many boxes"));
        }
        match &found.name {
            b"ftyp" | b"wide" if found.end - found.start <= 4096 => {}
            b"mdat" => self.mdat = true,
            b"moov" if !self.moov && found.end - found.payload <= LARGEST_MOOV => {
                self.moov = true;
                return Ok(true);
            }
            b"moov" => return Err(broken("several or too large moov boxes")),
            b"moof" | b"mfra" | b"styp" | b"sidx" => {
                return Err(broken("fragmented").detail("不支持分段封装的视频，请用手机相册导出后再传"));
            }
            name if name.iter().all(|b| b.is_ascii_graphic() || *b == b' ') => self.blanks.whole(found),
            _ => return Err(broken("a box name is not one")),
        }
        Ok(false)
    }

    /// The payload of `moov`, which stands at `at` of the file of `size` bytes.
    pub(super) fn movie(&mut self, payload: &[u8], at: u64, size: u64) -> Result<()> {
        let mut tracks = 0;
        for child in children(payload)? {
            match &child.name {
                b"mvhd" => self.film.duration_ms = duration(inside(payload, child)?),
                b"iods" => {}
                b"trak" => {
                    tracks += 1;
                    self.track(payload, child, at, size)?;
                }
                b"cmov" | b"rmra" | b"mvex" => return Err(broken("compressed, fragmented or by reference")),
                _ => self.blanks.whole(shifted(child, at)),
            }
        }
        if tracks == 0 { Err(broken("no track")) } else { Ok(()) }
    }

    fn track(&mut self, moov: &[u8], track: Atom, at: u64, size: u64) -> Result<()> {
        let mut shown = false;
        let mut media = None;
        for child in children_of(moov, track)? {
            match &child.name {
                b"tkhd" | b"edts" | b"tref" | b"tapt" | b"load" => {}
                b"mdia" => media = Some(child),
                _ => self.blanks.whole(shifted(child, at)),
            }
        }
        let media = media.ok_or_else(|| broken("a track without media"))?;
        let mut table = None;
        for child in children_of(moov, media)? {
            match &child.name {
                b"mdhd" | b"elng" => {}
                b"hdlr" => {
                    let kind = inside(moov, child)?.get(8..12);
                    // Text is not among them: drones and car cameras write places as subtitles.
                    const SHOWN: [&[u8]; 3] = [b"vide", b"soun", b"tmcd"];
                    shown = kind.is_some_and(|kind| SHOWN.contains(&kind));
                    self.film.has_picture |= kind.is_some_and(|kind| kind == b"vide");
                }
                b"minf" => {
                    for part in children_of(moov, child)? {
                        match &part.name {
                            b"stbl" => table = Some(part),
                            b"udta" | b"meta" | b"uuid" => self.blanks.whole(shifted(part, at)),
                            _ => {}
                        }
                    }
                }
                _ => self.blanks.whole(shifted(child, at)),
            }
        }
        if !shown {
            if let Some(table) = table {
                for samples in samples(moov, table, size)? {
                    self.blanks.zeros.push(samples);
                }
            }
            self.blanks.whole(shifted(track, at));
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(Blanks, Film)> {
        if self.moov && self.mdat {
            Ok((self.blanks.settled(), self.film))
        } else {
            Err(broken("no moov or no mdat box"))
        }
    }
}

fn shifted(found: Atom, by: u64) -> Atom {
    Atom { start: found.start + by, payload: found.payload + by, end: found.end + by, ..found }
}

fn inside(bytes: &[u8], of: Atom) -> Result<&[u8]> {
    let (from, to) = (usize::try_from(of.payload), usize::try_from(of.end));
    let part = from.ok().zip(to.ok()).and_then(|(from, to)| bytes.get(from..to));
    part.ok_or_else(|| broken("box out of bounds"))
}

fn children(bytes: &[u8]) -> Result<Vec<Atom>> {
    children_of(bytes, Atom { name: *b"root", start: 0, payload: 0, end: bytes.len() as u64 })
}

/// The boxes inside a box, which they must fill up.
fn children_of(bytes: &[u8], parent: Atom) -> Result<Vec<Atom>> {
    let mut found = Vec::new();
    let mut at = parent.payload;
    while at < parent.end {
        let left = inside(bytes, Atom { payload: at, ..parent })?;
        if left == [0; 4] {
            // QuickTime ends some lists with four zero bytes.
            break;
        }
        let child = header(left.get(..HEADER).unwrap_or(left), at, parent.end)?;
        at = child.end;
        found.push(child);
    }
    Ok(found)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

/// Where the samples of a track stand in the file: chunk offsets, samples per chunk, sample sizes.
fn samples(moov: &[u8], table: Atom, size: u64) -> Result<Vec<Range<u64>>> {
    let cut = || broken("a sample table is cut");
    let (mut offsets, mut runs, mut sizes): (Vec<u64>, Vec<(u32, u32)>, _) = (Vec::new(), Vec::new(), None);
    for part in children_of(moov, table)? {
        let body = inside(moov, part)?;
        let count = |at| number(body, at).and_then(|n| usize::try_from(n).ok()).ok_or_else(cut);
        match &part.name {
            b"stco" => {
                for entry in body.get(8..).ok_or_else(cut)?.as_chunks::<4>().0.iter().take(count(4)?) {
                    offsets.push(u32::from_be_bytes(*entry).into());
                }
            }
            b"co64" => {
                for entry in body.get(8..).ok_or_else(cut)?.as_chunks::<8>().0.iter().take(count(4)?) {
                    offsets.push(u64::from_be_bytes(*entry));
                }
            }
            b"stsc" => {
                for entry in body.get(8..).ok_or_else(cut)?.as_chunks::<12>().0.iter().take(count(4)?) {
                    runs.push((number(entry, 0).ok_or_else(cut)?, number(entry, 4).ok_or_else(cut)?));
                }
            }
            b"stsz" => {
                let (each, n) = (number(body, 4).ok_or_else(cut)?, count(8)?);
                if n > MOST_SAMPLES {
                    return Err(broken("too many samples"));
                }
                sizes = Some(if each > 0 {
                    vec![each; n]
                } else {
                    let list = body.get(12..).ok_or_else(cut)?.as_chunks::<4>().0;
                    list.iter().take(n).map(|b| u32::from_be_bytes(*b)).collect()
                });
            }
            _ => {}
        }
    }
    let mut sizes = sizes.unwrap_or_default().into_iter();
    let mut found = Vec::new();
    for (chunk, offset) in (1_u32..).zip(offsets) {
        let run = runs.iter().rev().find(|(first, _)| *first <= chunk);
        let per_chunk = usize::try_from(run.map_or(0, |(_, n)| *n)).unwrap_or(0);
        let bytes: u64 = sizes.by_ref().take(per_chunk).map(u64::from).sum();
        let end = offset.checked_add(bytes).filter(|end| *end <= size);
        found.push(offset..end.ok_or_else(|| broken("samples beyond the end"))?);
    }
    Ok(found)
}
