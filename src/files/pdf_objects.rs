//! What newer PDF documents hide in compressed object streams: opened as they stream by, so that pages can be
//! counted and scripts are found there too. Whatever cannot be opened is passed over: readers will do the same.

use flate2::{Decompress, FlushDecompress, Status};

/// Bytes kept to see the dictionary that stands before a stream.
const KEPT: usize = 4096;
/// Bytes that are opened of one document; a bomb gets no further.
const MOST_OPENED: u64 = 64 * 1024 * 1024;
const PIECE: usize = 16 * 1024;

/// Looks into the object streams of a document.
pub(super) struct Objects {
    outside: Vec<u8>,
    inside: Option<Decompress>,
    opened: u64,
}

impl Objects {
    pub(super) fn new() -> Self {
        Self { outside: Vec::new(), inside: None, opened: 0 }
    }

    /// Takes the next bytes; `each` gets what was opened.
    pub(super) fn add(&mut self, mut bytes: &[u8], mut each: impl FnMut(&[u8])) {
        while !bytes.is_empty() && self.opened < MOST_OPENED {
            if let Some(open) = &mut self.inside {
                let mut out = vec![0; PIECE];
                let (before_in, before_out) = (open.total_in(), open.total_out());
                let done = open.decompress(bytes, &mut out, FlushDecompress::None);
                let took = usize::try_from(open.total_in() - before_in).unwrap_or(bytes.len());
                let gave = usize::try_from(open.total_out() - before_out).unwrap_or(0);
                each(out.get(..gave).unwrap_or_default());
                self.opened += gave as u64;
                bytes = bytes.get(took..).unwrap_or_default();
                let stuck = took == 0 && gave == 0;
                if stuck || !matches!(done, Ok(Status::Ok | Status::BufError)) {
                    self.inside = None;
                }
                continue;
            }
            // Stops behind the first stream mark: what follows may be compressed.
            let old = self.outside.len();
            self.outside.extend_from_slice(bytes);
            match stream_after(&self.outside, old.saturating_sub(8)) {
                Some((mark, start)) => {
                    let before = self.outside.get(mark.saturating_sub(KEPT)..mark).unwrap_or_default();
                    let dictionary =
                        before.windows(3).rposition(|w| w == b"obj").and_then(|at| before.get(at..));
                    let has =
                        |name: &[u8]| dictionary.unwrap_or(before).windows(name.len()).any(|w| w == name);
                    self.inside = (has(b"/ObjStm") && has(b"/FlateDecode")).then(|| Decompress::new(true));
                    bytes = bytes.get(start.saturating_sub(old)..).unwrap_or_default();
                    self.outside.clear();
                }
                None => {
                    let surplus = self.outside.len().saturating_sub(KEPT);
                    self.outside.drain(..surplus);
                    bytes = &[];
                }
            }
        }
    }
}

/// Where `stream` stands with its end of line, and what follows it; not `endstream`.
fn stream_after(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    bytes.windows(6).enumerate().skip(from).find_map(|(at, word)| {
        let own = word == b"stream" && !bytes.get(..at).unwrap_or_default().ends_with(b"end");
        let rest = bytes.get(at + 6..).unwrap_or_default();
        let line = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            _ => return None,
        };
        own.then_some((at, at + 6 + line))
    })
}

/// Counts page objects.
#[derive(Debug, Default)]
pub(super) struct Pages {
    tail: Vec<u8>,
    count: i32,
}

impl Pages {
    const KEPT: usize = 32;

    pub(super) fn add(&mut self, bytes: &[u8]) {
        let seen = self.tail.len();
        let mut window = std::mem::take(&mut self.tail);
        window.extend_from_slice(bytes);
        let starts = window.windows(5).enumerate().filter(|(_, w)| *w == b"/Type").map(|(at, _)| at);
        for at in starts {
            let rest = window.get(at + 5..).unwrap_or_default();
            let blanks = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
            let name = rest.get(blanks..).unwrap_or_default();
            let behind = name.strip_prefix(b"/Page").and_then(<[u8]>::first);
            // Counted with the byte behind the name, which tells /Page from /Pages and comes once only.
            let fresh = at + 5 + blanks + 5 >= seen;
            if fresh && behind.is_some_and(|b| !b.is_ascii_alphanumeric()) {
                self.count = self.count.saturating_add(1);
            }
        }
        let surplus = window.len().saturating_sub(Self::KEPT);
        window.drain(..surplus);
        self.tail = window;
    }

    /// None when no page was seen: then nobody knows.
    pub(super) fn count(&self) -> Option<i32> {
        Some(self.count).filter(|n| *n > 0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn deflated(plain: &[u8]) -> Vec<u8> {
        let mut to = ZlibEncoder::new(Vec::new(), Compression::default());
        to.write_all(plain).unwrap();
        to.finish().unwrap()
    }

    #[test]
    fn pages_are_counted_wherever_they_stand_and_however_they_are_cut() {
        let hidden = b"<</Type/Page/Parent 1 0 R>><</Type /Page>><</Type/Pages/Count 2>>".repeat(40);
        let packed = deflated(&hidden);
        let mut file =
            b"%PDF-1.7\n1 0 obj<</Type /Page\n>>endobj 2 0 obj<</Type/PageLabel>>endobj\n".to_vec();
        file.extend(
            format!("3 0 obj<</Type/ObjStm/Filter/FlateDecode/Length {}>>stream\r\n", packed.len()).bytes(),
        );
        file.extend(&packed);
        file.extend(b"\nendstream endobj 4 0 obj<</Filter/FlateDecode>>stream\n");
        file.extend(deflated(b"<</Type/Page>>"));
        file.extend(b"\nendstream endobj 5 0 obj<</Type/Page>>endobj\n%%EOF\n");
        for piece in [1, 2, 3, 7, 31, 500, 100_000] {
            let (mut outer, mut inner, mut objects) = (Pages::default(), Pages::default(), Objects::new());
            for part in file.chunks(piece) {
                outer.add(part);
                objects.add(part, |opened| inner.add(opened));
            }
            assert_eq!((outer.count(), inner.count()), (Some(2), Some(80)), "pieces of {piece}");
        }
        assert_eq!(Pages::default().count(), None);
    }
}
