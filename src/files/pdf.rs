//! PDF documents are stored as they came, so those that do something when opened are refused. Names can
//! be written with hex escapes (`/J#61vaScript`) and stand in compressed object streams; what hides deeper is not
//! seen, which is why documents are only ever served for download.

use super::pdf_objects::{Objects, Pages};
use crate::kit::error::{Code, Error, Result};

const REFUSED: [&[u8]; 2] = [b"/JavaScript", b"/Launch"];
/// An escaped name is at most three times as long, and one byte tells where it ends.
const OVERLAP: usize = 11 * 3 + 1;
/// Where the end mark must be, as readers have it.
const TAIL: usize = 1024;

/// Looks at a document as it streams by.
pub(super) struct Scan {
    tail: Vec<u8>,
    started: bool,
    pages: Pages,
    objects: Objects,
    hidden: Hidden,
}

/// What stands in compressed object streams.
#[derive(Default)]
struct Hidden {
    tail: Vec<u8>,
    pages: Pages,
    does_something: bool,
}

impl Hidden {
    fn add(&mut self, bytes: &[u8]) {
        self.pages.add(bytes);
        self.tail.extend_from_slice(bytes);
        self.does_something = self.does_something || does_something(&self.tail);
        let surplus = self.tail.len().saturating_sub(OVERLAP);
        self.tail.drain(..surplus);
    }
}

fn does_something(window: &[u8]) -> bool {
    let plain = unescaped(window);
    REFUSED.iter().any(|name| plain.windows(name.len()).any(|w| w == *name))
}

impl Scan {
    pub(super) fn new() -> Self {
        let (pages, hidden) = (Pages::default(), Hidden::default());
        Self { tail: Vec::new(), started: false, pages, objects: Objects::new(), hidden }
    }

    /// # Errors
    /// `ATTACHMENT_BROKEN` without the head mark; `ATTACHMENT_TYPE` for a document with scripts or programs.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let seen = self.tail.len().saturating_sub(OVERLAP);
        let mut window = self.tail.get(seen..).unwrap_or_default().to_vec();
        window.extend_from_slice(bytes);
        if !self.started {
            self.started = true;
            if !window.starts_with(b"%PDF-") {
                return Err(Error::new(Code::AttachmentBroken).because("no PDF header"));
            }
        }
        self.pages.add(bytes);
        self.objects.add(bytes, |opened| self.hidden.add(opened));
        if does_something(&window) || self.hidden.does_something {
            return Err(Error::new(Code::AttachmentType)
                .detail("这份 PDF 含有脚本或可启动的程序，不能上传；请另存为普通 PDF 后再试"));
        }
        self.tail.extend_from_slice(bytes);
        let surplus = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..surplus);
        Ok(())
    }

    /// How many pages it has, where they could be counted.
    ///
    /// # Errors
    /// `ATTACHMENT_BROKEN` without the end mark.
    pub(super) fn finish(self) -> Result<Option<i32>> {
        let ends = self.tail.windows(5).any(|w| w == b"%%EOF");
        if !ends {
            return Err(Error::new(Code::AttachmentBroken).because("no PDF end"));
        }
        let pages = self.pages.count().unwrap_or(0).saturating_add(self.hidden.pages.count().unwrap_or(0));
        Ok(Some(pages).filter(|n| *n > 0))
    }
}

/// With `#xx` read as the byte it stands for.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let hex = |b: &u8| char::from(*b).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let pair = after.first_chunk::<2>().map(|[a, b]| (hex(a), hex(b)));
        match (first, pair) {
            (b'#', Some((Some(high), Some(low)))) => {
                out.push(high << 4 | low);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(bytes: &[u8], piece: usize) -> Result<Option<i32>> {
        let mut scan = Scan::new();
        bytes.chunks(piece).try_for_each(|part| scan.add(part))?;
        scan.finish()
    }

    #[test]
    fn scripts_are_found_however_they_are_written_and_cut() {
        let plain = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF\n";
        for piece in [5, 7, 64] {
            assert!(scan(plain, piece).is_ok());
        }
        for evil in
            ["/JavaScript (x)", "/J#61vaScript (x)", "/#4a#61#76#61#53#63#72#69#70#74(x)", "/Launch<<>>"]
        {
            let text = format!("%PDF-1.7\n{}1 0 obj<</S{evil}>>endobj\n%%EOF\n", "x".repeat(90));
            for piece in 5..80 {
                let err = scan(text.as_bytes(), piece).unwrap_err();
                assert_eq!(err.code(), Code::AttachmentType, "{evil} {piece}");
                assert!(err.detail_text().unwrap().contains("脚本"));
            }
        }
        assert_eq!(scan(b"<html>%PDF-1.7 %%EOF", 64).unwrap_err().code(), Code::AttachmentBroken);
        assert_eq!(scan(&plain[..40], 64).unwrap_err().code(), Code::AttachmentBroken);
    }
}
