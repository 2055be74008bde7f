//! Files made byte by byte: each carries what must not survive.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};

pub(super) fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    crate::ledger::hex(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref())
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn gradient(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8 * 20, y as u8 * 20, 90])).into()
}

pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&gradient(width, height), ImageFormat::Png)
}

pub(super) fn webp(alpha: bool) -> Vec<u8> {
    let picture = if alpha {
        RgbaImage::from_fn(6, 6, |x, _| image::Rgba([9, 9, 9, x as u8 * 40])).into()
    } else {
        gradient(6, 6)
    };
    encoded(&picture, ImageFormat::WebP)
}

/// 8 × 6, to be turned by a quarter, taken at a place, with a script behind the end.
pub(super) fn jpeg_with_gps() -> Vec<u8> {
    let plain = encoded(&gradient(8, 6), ImageFormat::Jpeg);
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    tiff.extend(2_u16.to_be_bytes());
    tiff.extend(entry(0x0112, 3, 1, [0, 6, 0, 0]));
    tiff.extend(entry(0x8825, 4, 1, 38_u32.to_be_bytes()));
    tiff.extend(0_u32.to_be_bytes());
    tiff.extend(1_u16.to_be_bytes());
    tiff.extend(entry(0x001b, 7, 9, 56_u32.to_be_bytes()));
    tiff.extend(0_u32.to_be_bytes());
    tiff.extend(b"GPSMARKER");
    let app1 = [b"Exif\0\0".to_vec(), tiff].concat();
    let length = u16::try_from(app1.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], b"\xff\xe1", &length, &app1, &plain[2..], b"<script>alert(1)</script>"].concat()
}

/// A PNG whose header promises 2.5 gigapixels.
pub(super) fn flood() -> Vec<u8> {
    let mut png = png(5, 4);
    png[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
    let crc = png[12..29].iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    });
    png[29..33].copy_from_slice(&(!crc).to_be_bytes());
    png
}

pub(super) fn pdf(len: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut line = 0;
    while bytes.len() < len {
        line += 1;
        bytes.extend(format!("{line} 0 obj <</Length {len}>> endobj\n").bytes());
    }
    bytes.extend(b"trailer <<>>\n%%EOF\n");
    bytes
}

fn boxed(name: &[u8; 4], payload: &[&[u8]]) -> Vec<u8> {
    let payload = payload.concat();
    let size = u32::try_from(payload.len() + 8).unwrap();
    [&size.to_be_bytes()[..], name, &payload].concat()
}

fn track(handler: &[u8; 4], format: &[u8; 4], offset: u32, sizes: &[u32]) -> Vec<u8> {
    let number = |n: u32| n.to_be_bytes();
    let count = u32::try_from(sizes.len()).unwrap();
    let list: Vec<u8> = sizes.iter().flat_map(|n| n.to_be_bytes()).collect();
    let table = boxed(
        b"stbl",
        &[
            &boxed(b"stsd", &[&[0; 4], &number(1), &boxed(format, &[&[0; 8]])]),
            &boxed(b"stsc", &[&[0; 4], &number(1), &number(1), &number(count), &number(1)]),
            &boxed(b"stsz", &[&[0; 4], &number(0), &number(count), &list]),
            &boxed(b"stco", &[&[0; 4], &number(1), &number(offset)]),
        ],
    );
    let media = boxed(
        b"mdia",
        &[
            &boxed(b"mdhd", &[&[0; 24]]),
            &boxed(b"hdlr", &[&[0; 8], handler, &[0; 12]]),
            &boxed(b"minf", &[&table]),
        ],
    );
    boxed(b"trak", &[&boxed(b"tkhd", &[&[0; 84]]), &media, &boxed(b"udta", &[b"trackname"])])
}

/// Picture track, place track with samples in `mdat`, place in `udta`, `meta` and a `uuid` box.
pub(super) fn mp4() -> Vec<u8> {
    let ftyp = boxed(b"ftyp", &[b"isom", &[0, 0, 2, 0], b"isommp41"]);
    let mdat = boxed(b"mdat", &[b"picturepicture", b"gpsdgpsd", b"picture"]);
    let start = u32::try_from(ftyp.len() + 8).unwrap();
    let moov = boxed(
        b"moov",
        &[
            &boxed(b"mvhd", &[&[0; 100]]),
            &track(b"vide", b"avc1", start, &[14]),
            &track(b"meta", b"gpmd", start + 14, &[4, 4]),
            &boxed(b"udta", &[&boxed(b"\xa9xyz", &[b"\0\x11\x15\xc7+39.9042+116.4074/"]), &[0; 4]]),
            &boxed(b"meta", &[&boxed(b"keys", &[b"PLACEKEY"])]),
        ],
    );
    let uuid = boxed(b"uuid", &[&[7; 16], b"XMPPLACE"]);
    [ftyp, mdat, moov, uuid].concat()
}
