//! Images are decoded within limits and written anew: what is stored has pixels and nothing else, no
//! place, no device, no thumbnail, nothing behind the end. CPU work: run it off the serving threads.
//!
//! The orientation that a camera noted is applied first. JPEG stays JPEG; PNG stays PNG; a WebP without
//! transparency becomes JPEG (there is only a lossless WebP encoder, which would multiply a photo's
//! size), one with transparency a lossless WebP. Of an animation the first frame is kept.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::codecs::webp::{WebPDecoder, WebPEncoder};
use image::{DynamicImage, ImageDecoder, ImageError, Limits};

use super::model::Kind;
use crate::kit::error::{Code, Error, Result};

const MOST_PIXELS: u64 = 40_000_000;
const LONGEST_SIDE: u32 = 20_000;
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
const QUALITY: u8 = 85;

/// A picture as it is stored.
#[derive(Debug)]
pub(super) struct Clean {
    pub kind: Kind,
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Decodes and writes anew.
///
/// # Errors
/// `ATTACHMENT_BROKEN` when it does not decode; `ATTACHMENT_TOO_LARGE` when it has too many pixels.
pub(super) fn clean(kind: Kind, bytes: &[u8]) -> Result<Clean> {
    let input = Cursor::new(bytes);
    let mut picture = match kind {
        Kind::Jpeg => decode(JpegDecoder::new(input).map_err(broken)?)?,
        Kind::Png => decode(PngDecoder::with_limits(input, limits()).map_err(broken)?)?,
        Kind::Webp => decode(WebPDecoder::new(input).map_err(broken)?)?,
        Kind::Mp4 | Kind::Mov | Kind::Pdf | Kind::M4a | Kind::Mp3 => {
            return Err(Error::new(Code::AttachmentType).because("not an image"));
        }
    };
    let kind = if kind == Kind::Webp && !picture.color().has_alpha() { Kind::Jpeg } else { kind };
    let mut out = Vec::new();
    match kind {
        Kind::Png => picture.write_with_encoder(PngEncoder::new(&mut out)).map_err(broken)?,
        Kind::Webp => {
            picture = picture.into_rgba8().into();
            picture.write_with_encoder(WebPEncoder::new_lossless(&mut out)).map_err(broken)?;
        }
        _ => {
            // JPEG knows 8-bit grey and colour only.
            picture = match picture {
                DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => picture,
                DynamicImage::ImageLuma16(_) => picture.into_luma8().into(),
                other => other.into_rgb8().into(),
            };
            picture.write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).map_err(broken)?;
        }
    }
    Ok(Clean { kind, bytes: out, width: picture.width(), height: picture.height() })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

fn decode(mut decoder: impl ImageDecoder) -> Result<DynamicImage> {
    // The header alone decides, before anything of the picture is decoded.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(too_many());
    }
    let mut limits = limits();
    decoder.set_limits(limits.clone()).map_err(broken)?;
    limits.reserve(decoder.total_bytes()).map_err(broken)?;
    decoder.set_limits(limits).map_err(broken)?;
    let orientation = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn too_many() -> Error {
    Error::new(Code::AttachmentTooLarge).detail("图片的像素太多：最多 4000 万像素，长边最多 20000")
}

fn broken(err: ImageError) -> Error {
    match err {
        ImageError::Limits(_) => too_many(),
        // The library's text may quote the file.
        _ => Error::new(Code::AttachmentBroken).because("the image does not decode"),
    }
}
