//! Pure rules of attachments: which kinds there are, what a name may be, what a range means.

use std::fmt::Write as _;
use std::ops::Range;

use crate::kit::error::{Code, Error, Result};
use crate::kit::text::{Lines, checked};

/// An upload that hangs on nothing is dropped after this long.
pub const LOOSE_SECONDS: i64 = 24 * 3600;
/// Loose uploads that one person may have at a time.
pub const MOST_LOOSE: u64 = 40;
/// Bytes of an image or a document; of a video.
const MIB: u64 = 1024 * 1024;
/// Bytes from the beginning that tell what a file is.
pub const HEAD: usize = 512;
/// Longest name for display.
const NAME_CHARS: usize = 120;

/// Who may see an attachment of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    Public,
    /// The vendor's own people only.
    Internal,
}

impl Visibility {
    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
        }
    }

    #[must_use]
    pub fn from_wire(text: &str) -> Option<Self> {
        [Self::Public, Self::Internal].into_iter().find(|v| v.wire() == text)
    }
}

/// What may be uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    Png,
    Webp,
    Mp4,
    Mov,
    Pdf,
    M4a,
    Mp3,
}

/// What a file is uploaded for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To hang on a ticket or a record.
    Attachment,
    /// To be part of a course.
    Course,
}

impl Kind {
    pub const ALL: [Self; 8] =
        [Self::Jpeg, Self::Png, Self::Webp, Self::Mp4, Self::Mov, Self::Pdf, Self::M4a, Self::Mp3];

    #[must_use]
    pub fn from_media_type(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.media_type() == text)
    }

    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::Pdf => "application/pdf",
            Self::M4a => "audio/mp4",
            Self::Mp3 => "audio/mpeg",
        }
    }

    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::Pdf => "pdf",
            Self::M4a => "m4a",
            Self::Mp3 => "mp3",
        }
    }

    #[must_use]
    pub const fn is_video(self) -> bool {
        matches!(self, Self::Mp4 | Self::Mov)
    }

    #[must_use]
    pub const fn is_audio(self) -> bool {
        matches!(self, Self::M4a | Self::Mp3)
    }

    #[must_use]
    pub const fn is_image(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }

    /// Bytes that may be sent of this kind; 0 = none of it is taken.
    #[must_use]
    pub const fn most(self, purpose: Purpose) -> u64 {
        match purpose {
            Purpose::Attachment if self.is_audio() => 0,
            Purpose::Attachment if self.is_video() => 100 * MIB,
            Purpose::Course if self.is_video() || self.is_audio() => 1024 * MIB,
            Purpose::Course if matches!(self, Self::Pdf) => 100 * MIB,
            Purpose::Attachment | Purpose::Course => 20 * MIB,
        }
    }

    /// By the first bytes of the content, nothing else.
    #[must_use]
    pub fn sniff(head: &[u8]) -> Option<Self> {
        match infer::get(head)?.mime_type() {
            "image/jpeg" => Some(Self::Jpeg),
            "image/png" => Some(Self::Png),
            "image/webp" => Some(Self::Webp),
            "application/pdf" => Some(Self::Pdf),
            "video/mp4" | "video/x-m4v" => Some(Self::Mp4),
            "audio/m4a" | "audio/x-m4a" | "audio/mp4" => Some(Self::M4a),
            "audio/mpeg" => Some(Self::Mp3),
            // QuickTime knows files that begin otherwise; those cannot be told from anything else.
            "video/quicktime" if head.get(4..8) == Some(b"ftyp") => Some(Self::Mov),
            _ => None,
        }
    }

    /// Whether the name's extension and the declared type say the same as the content. MP4 and MOV are
    /// one family here, because phones mix them up; no type at all and `application/octet-stream` claim
    /// nothing.
    #[must_use]
    pub fn agrees(self, extension: Option<&str>, declared: Option<&str>) -> bool {
        let extension = extension.map(str::to_ascii_lowercase);
        let by_name = match extension.as_deref() {
            None => true,
            Some("jpg" | "jpeg") => self == Self::Jpeg,
            Some("png") => self == Self::Png,
            Some("webp") => self == Self::Webp,
            Some("mp4" | "m4v" | "mov") => self.is_video(),
            Some("pdf") => self == Self::Pdf,
            Some("m4a") => self == Self::M4a,
            Some("mp3") => self == Self::Mp3,
            Some(_) => false,
        };
        let declared = declared.map(str::to_ascii_lowercase);
        let by_type = match declared.as_deref() {
            None | Some("" | "application/octet-stream") => true,
            Some("image/jpg" | "image/pjpeg") => self == Self::Jpeg,
            Some("video/mp4" | "video/quicktime" | "video/x-m4v") => self.is_video(),
            Some("audio/m4a" | "audio/x-m4a") => self == Self::M4a,
            Some("audio/mp3") => self == Self::Mp3,
            Some(other) => other == self.media_type(),
        };
        by_name && by_type
    }
}

/// What somebody called the file, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentName {
    stem: String,
    extension: Option<String>,
}

impl SentName {
    /// Keeps the last part of a path (phones send paths), refuses what misleads readers.
    ///
    /// # Errors
    /// 422 about `file`: control, zero-width or direction-changing characters.
    pub fn parse(raw: &str) -> Result<Self> {
        let last = raw.rsplit(['/', '\\']).next().unwrap_or_default().trim().trim_matches('.').trim();
        if last.is_empty() {
            return Ok(Self { stem: String::new(), extension: None });
        }
        let misleads = |c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{61c}');
        if last.chars().any(misleads) {
            return Err(Error::field("file", "CHARACTER_REFUSED", "文件名含有无法显示的字符，请改名后再传"));
        }
        // Long names are cut for display rather than refused.
        let (stem, extension) = match last.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() && extension.len() <= 8 => (stem, Some(extension)),
            _ => (last, None),
        };
        let stem: String = stem.chars().take(NAME_CHARS).collect();
        let stem: String = checked("file", &stem, Lines::One, NAME_CHARS)?
            .chars()
            .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
            .collect();
        Ok(Self { stem, extension: extension.map(str::to_owned) })
    }

    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// For display and download: the extension is the stored kind's.
    #[must_use]
    pub fn display(&self, kind: Kind) -> String {
        let stem = if self.stem.is_empty() { "附件" } else { &self.stem };
        format!("{stem}.{}", kind.extension())
    }
}

/// `attachment; filename*=UTF-8''…` (RFC 6266, RFC 8187).
#[must_use]
pub fn disposition(name: &str) -> String {
    name.bytes().fold("attachment; filename*=UTF-8''".to_owned(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// What a `Range` header asks of a file of `size` bytes: `None` when it is to be ignored (RFC 9110, 14.2:
/// other units, several ranges, nonsense).
///
/// # Errors
/// 416 when it lies beyond the end.
pub fn range(header: &str, size: u64) -> Result<Option<Range<u64>>> {
    let Some(spec) = header.strip_prefix("bytes=").map(str::trim) else { return Ok(None) };
    let Some((first, last)) = spec.split_once('-').filter(|_| !spec.contains(',')) else { return Ok(None) };
    // More digits than u64 has lie beyond every end.
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let beyond = || Err(Error::new(Code::RangeNotSatisfiable).with("size", size));
    match (first.is_empty(), number(first), last.is_empty(), number(last)) {
        (true, _, false, Some(0)) => beyond(),
        (true, _, false, Some(suffix)) if size > 0 => Ok(Some(size.saturating_sub(suffix)..size)),
        (true, _, false, Some(_)) => beyond(),
        (false, Some(from), true, _) if from < size => Ok(Some(from..size)),
        (false, Some(from), false, Some(to)) if from > to => Ok(None),
        (false, Some(from), false, Some(to)) if from < size => Ok(Some(from..to.saturating_add(1).min(size))),
        (false, Some(_), true, _) | (false, Some(_), false, Some(_)) => beyond(),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_and_misleading_ones_refused() {
        let shown = |raw: &str, kind| SentName::parse(raw).unwrap().display(kind);
        assert_eq!(shown("../../etc/照片.JPEG", Kind::Jpeg), "照片.jpg");
        assert_eq!(shown("C:\\Users\\x\\a.b.pdf", Kind::Pdf), "a.b.pdf");
        assert_eq!(shown("", Kind::Png), "附件.png");
        assert_eq!(shown("..", Kind::Png), "附件.png");
        assert_eq!(shown("wxfile://tmp_1a2b.mp4", Kind::Mp4), "tmp_1a2b.mp4");
        assert_eq!(shown("a<script>\".png", Kind::Png), "a_script__.png");
        assert_eq!(shown(&"长".repeat(500), Kind::Png).chars().count(), NAME_CHARS + 4);
        for bad in ["a\u{202e}gpj.exe", "a\u{200b}.jpg", "a\u{200d}.jpg", "a\0.jpg", "a\u{feff}.jpg", "a\nb"]
        {
            assert!(SentName::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(SentName::parse("x.tar.gz").unwrap().extension(), Some("gz"));
        assert_eq!(SentName::parse("无扩展名").unwrap().extension(), None);
    }

    #[test]
    fn content_name_and_type_must_agree() {
        assert!(Kind::Jpeg.agrees(Some("JPG"), Some("image/jpeg")));
        assert!(Kind::Jpeg.agrees(Some("jpeg"), Some("application/octet-stream")));
        assert!(Kind::Mp4.agrees(Some("mov"), Some("video/quicktime")));
        assert!(!Kind::Jpeg.agrees(Some("png"), None));
        assert!(!Kind::Pdf.agrees(Some("html"), Some("application/pdf")));
        assert!(!Kind::Png.agrees(Some("png"), Some("text/html")));
    }

    #[test]
    fn ranges_as_rfc_9110_has_them() {
        let ask = |h: &str| range(h, 100).map_err(|e| e.code());
        assert_eq!(ask("bytes=0-0"), Ok(Some(0..1)));
        assert_eq!(ask("bytes=10-"), Ok(Some(10..100)));
        assert_eq!(ask("bytes=90-1000"), Ok(Some(90..100)));
        assert_eq!(ask("bytes=-30"), Ok(Some(70..100)));
        assert_eq!(ask("bytes=-1000"), Ok(Some(0..100)));
        assert_eq!(ask("bytes=0-99999999999999999999999"), Ok(Some(0..100)));
        for beyond in ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"] {
            assert_eq!(ask(beyond), Err(Code::RangeNotSatisfiable), "{beyond}");
        }
        for ignored in
            ["bytes=5-2", "bytes=a-b", "bytes=-", "bytes=", "items=0-1", "bytes=0-1,5-6", "bytes=+1-2"]
        {
            assert_eq!(ask(ignored), Ok(None), "{ignored}");
        }
        assert_eq!(range("bytes=-5", 0).unwrap_err().code(), Code::RangeNotSatisfiable);
    }

    #[test]
    fn the_download_name_is_ascii_and_whole() {
        assert_eq!(disposition("截图 1.png"), "attachment; filename*=UTF-8''%E6%88%AA%E5%9B%BE%201.png");
        assert_eq!(disposition("a\"\r\nb"), "attachment; filename*=UTF-8''a%22%0D%0Ab");
    }
}
