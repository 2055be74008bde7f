//! Sound as MP3: a row of frames, each of which says how long it is. Only the frames are kept: tags, covers and
//! comments around them go. Pure; the caller feeds headers. (M4A is an MP4 file and goes the way of videos.)

use crate::kit::error::{Code, Error, Result};

/// Bytes that tell about a frame.
pub(super) const HEADER: u64 = 4;
/// Bytes that tell about a tag in front.
pub(super) const TAG: u64 = 10;
/// What may stand behind the last frame: tags of several kinds.
const MOST_BEHIND: u64 = 256 * 1024;
const FEWEST_FRAMES: u64 = 4;

fn broken(what: &'static str) -> Error {
    Error::new(Code::AttachmentBroken).detail("这个音频文件打不开，请换成正常的 MP3 或 M4A").because(what)
}

/// How long a tag at the beginning is, itself included; 0 when there is none.
pub(super) fn tag(head: &[u8]) -> u64 {
    let Some(rest) = head.strip_prefix(b"ID3") else { return 0 };
    let Some(([_, _, flags], size)) = rest.split_first_chunk::<3>() else { return 0 };
    let Some([a, b, c, d]) = size.first_chunk::<4>().copied() else { return 0 };
    let size = [a, b, c, d].iter().fold(0_u64, |n, b| n << 7 | u64::from(b & 0x7f));
    let footer = if flags & 0x10 == 0 { 0 } else { TAG };
    TAG + size + footer
}

/// One frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frame {
    bytes: u64,
    samples: u64,
    rate: u64,
}

fn frame(head: &[u8]) -> Option<Frame> {
    const KBITS_1: [u64; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const KBITS_2: [u64; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    const RATES: [u64; 3] = [44_100, 48_000, 32_000];
    let [sync, kind, rates, _] = head.first_chunk::<4>().copied()?;
    // Eleven bits of synchronisation, then layer III.
    if sync != 0xff || kind & 0xe6 != 0xe2 {
        return None;
    }
    let (table, slot, samples, halved) = match kind >> 3 & 3 {
        3 => (KBITS_1, 144_000, 1152, 1),
        2 => (KBITS_2, 72_000, 576, 2),
        0 => (KBITS_2, 72_000, 576, 4),
        _ => return None,
    };
    let kbits = table.get(usize::from(rates >> 4).checked_sub(1)?)?;
    let rate = RATES.get(usize::from(rates >> 2 & 3))? / halved;
    Some(Frame { bytes: slot * kbits / rate + u64::from(rates >> 1 & 1), samples, rate })
}

/// Walks from frame to frame.
#[derive(Debug)]
pub(super) struct Frames {
    first: u64,
    at: u64,
    count: u64,
    nanos: u64,
}

impl Frames {
    pub(super) fn from(at: u64) -> Self {
        Self { first: at, at, count: 0, nanos: 0 }
    }

    /// Where the next header stands.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Takes the header there; `false` when no whole frame follows.
    pub(super) fn add(&mut self, head: &[u8], size: u64) -> bool {
        let Some(frame) = frame(head).filter(|f| self.at + f.bytes <= size) else { return false };
        self.at += frame.bytes;
        self.count += 1;
        self.nanos += frame.samples * 1_000_000_000 / frame.rate;
        true
    }

    /// The bytes that are frames, and how many milliseconds they last.
    ///
    /// # Errors
    /// `ATTACHMENT_BROKEN` when most of it is something else.
    pub(super) fn finish(self, size: u64) -> Result<(std::ops::Range<u64>, i64)> {
        if self.count < FEWEST_FRAMES || size.saturating_sub(self.at) > MOST_BEHIND {
            return Err(broken("not a row of MP3 frames"));
        }
        Ok((self.first..self.at, i64::try_from(self.nanos / 1_000_000).unwrap_or(i64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_walked_and_tags_left_out() {
        // 128 kbit/s at 44.1 kHz: 417 bytes, 418 with padding; 26.12 ms.
        let plain = [&[0xff, 0xfb, 0x90, 0x00][..], &[0; 413]].concat();
        let padded = [&[0xff, 0xfb, 0x92, 0x00][..], &[0; 414]].concat();
        let tag_bytes = [&b"ID3\x04\0\0\0\0\x01\x00"[..], &[7; 128]].concat();
        let file = [&tag_bytes[..], &plain, &padded, &plain, &plain, &padded, b"TAG", &[0; 125]].concat();
        let size = file.len() as u64;
        let mut frames = Frames::from(tag(&file));
        while frames.add(&file[usize::try_from(frames.at()).unwrap()..], size) {}
        let (range, ms) = frames.finish(size).unwrap();
        assert_eq!((range.start, range.end, ms), (138, 138 + 417 * 3 + 418 * 2, 130));
        assert!(frame(b"\xff\xfd\x90\x00").is_none(), "layer II");
        assert!(frame(b"\xff\xfb\xf0\x00").is_none() && frame(b"\xff\xfb\x9c\x00").is_none());
        assert!(Frames::from(0).finish(10).is_err());
    }
}
