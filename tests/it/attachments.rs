//! Pictures, films and documents: cleaned, sealed, and seen only by whom the ticket belongs to.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::Method;
use serde_json::json;

use crate::support::faults::{id, report};
use crate::support::{Answer, Client, World};

/// A picture with so many pixels.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Png)
}

fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let pixels = RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, (x * y) as u8]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG that says where it was taken: an EXIF block with a GPS directory, a maker and a comment.
pub fn photo_with_place(mark: &str) -> Vec<u8> {
    let jpeg = encoded(16, 16, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    // IFD0: Make (ASCII, at 0x26+…), GPS pointer.
    exif.extend_from_slice(&2_u16.to_le_bytes());
    exif.extend_from_slice(&entry(0x010f, 2, mark.len() as u32 + 1, 68));
    exif.extend_from_slice(&entry(0x8825, 4, 1, 38));
    exif.extend_from_slice(&0_u32.to_le_bytes());
    // GPS IFD at 38: latitude reference, latitude (three rationals that reuse the text's bytes).
    exif.extend_from_slice(&2_u16.to_le_bytes());
    exif.extend_from_slice(&entry(1, 2, 2, u32::from_le_bytes(*b"N\0\0\0")));
    exif.extend_from_slice(&entry(2, 5, 1, 68));
    exif.extend_from_slice(&0_u32.to_le_bytes());
    exif.extend_from_slice(mark.as_bytes());
    exif.push(0);
    let mut out = jpeg[..2].to_vec();
    out.extend_from_slice(&[0xff, 0xe1]);
    out.extend_from_slice(&(exif.len() as u16 + 2).to_be_bytes());
    out.extend_from_slice(&exif);
    out.extend_from_slice(&[0xff, 0xfe]);
    out.extend_from_slice(&(mark.len() as u16 + 2).to_be_bytes());
    out.extend_from_slice(mark.as_bytes());
    out.extend_from_slice(&jpeg[2..]);
    out
}

fn entry(tag: u16, kind: u16, count: u32, value: u32) -> Vec<u8> {
    let mut bytes = tag.to_le_bytes().to_vec();
    bytes.extend_from_slice(&kind.to_le_bytes());
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes.extend_from_slice(&value.to_le_bytes());
    bytes
}

/// The smallest document that readers open.
pub fn pdf() -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for object in [
        "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
        "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n",
    ] {
        places.push(out.len());
        out.extend_from_slice(object.as_bytes());
    }
    let xref = out.len();
    out.extend_from_slice(b"xref\n0 4\n0000000000 65535 f \n");
    for place in places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    out.extend_from_slice(
        format!("trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n").as_bytes(),
    );
    out
}

async fn ranged(client: &Client, id: &str, range: &str) -> Answer {
    client.send(client.request(Method::GET, &format!("/attachments/{id}")).header("range", range)).await
}

fn contains(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|w| w == needle.as_bytes())
}

story!(a_photo_loses_its_place_and_keeps_its_picture, async |w: World| {
    const MARK: &str = "PHONE-MAKER-4711";
    let amy = w.as_("amy").await;
    let sent = photo_with_place(MARK);
    assert!(contains(&sent, MARK) && contains(&sent, "Exif"));
    let made = amy.upload("照片 1.JPG", "image/jpeg", &sent).await.created();
    assert_eq!(
        (made["media_type"].as_str(), made["width"].as_i64(), made["height"].as_i64()),
        (Some("image/jpeg"), Some(16), Some(16))
    );
    assert_eq!(made["name"], "照片 1.jpg");
    let got = amy.get(&format!("/attachments/{}", id(&made))).await;
    assert_eq!((got.status, got.header("content-type")), (200, "image/jpeg"));
    assert!(got.header("content-disposition").contains("filename"), "{}", got.header("content-disposition"));
    assert_eq!(Some(got.bytes.len() as i64), made["size"].as_i64());
    assert!(!contains(&got.bytes, MARK) && !contains(&got.bytes, "Exif"));
    assert_eq!(image::load_from_memory(&got.bytes).unwrap().width(), 16);
    let digest = ring::digest::digest(&ring::digest::SHA256, &got.bytes);
    let hex: String = digest.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(made["sha256"], hex);
    w
});

story!(ranges_give_parts, async |w: World| {
    let amy = w.as_("amy").await;
    let made = amy.upload("a.png", "image/png", &png(200, 150)).await.created();
    let id = id(&made);
    let whole = amy.get(&format!("/attachments/{id}")).await.bytes;
    let size = whole.len();
    for (range, from, to) in [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=-5", size - 5, size),
        ("bytes=100-", 100, size),
        ("bytes=0-999999999", 0, size),
    ] {
        let part = ranged(&amy, &id, range).await;
        assert_eq!(
            (part.status, part.header("content-range")),
            (206, format!("bytes {from}-{}/{size}", to - 1).as_str()),
            "{range}"
        );
        assert_eq!(part.bytes, whole[from..to], "{range}");
    }
    for range in [format!("bytes={size}-"), "bytes=-0".into(), format!("bytes={}-{}", size, size + 5)] {
        ranged(&amy, &id, &range).await.refused(416, "RANGE_NOT_SATISFIABLE");
    }
    for range in ["bytes=5-1", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b"] {
        let answer = ranged(&amy, &id, range).await;
        assert_eq!((answer.status, answer.bytes.len()), (200, size), "{range}");
    }
    let tag = amy.get(&format!("/attachments/{id}")).await.header("etag").to_owned();
    let same = amy.request(Method::GET, &format!("/attachments/{id}")).header("if-none-match", tag);
    assert_eq!(amy.send(same).await.status, 304);
    w
});

story!(files_are_seen_with_their_ticket_only, async |w: World| {
    let amy = w.as_("amy").await;
    let file = id(&amy.upload("a.png", "image/png", &png(4, 4)).await.created());
    let path = format!("/attachments/{file}");
    // Nobody but the uploader while it hangs on nothing.
    for other in ["ben", "cara", "vera", "lena", "audrey", "adam"] {
        w.as_(other).await.get(&path).await.refused(404, "NOT_FOUND");
    }
    let mut body = report("有截图");
    body["attachment_ids"] = json!([file]);
    // Nor can somebody else use it.
    w.as_("ben").await.post("/tickets", body.clone()).await.refused(422, "ATTACHMENT_NOT_USABLE");
    let ticket = amy.post("/tickets", body.clone()).await.created();
    assert_eq!(ticket["attachments"][0]["id"], json!(file));
    amy.post("/tickets", body).await.refused(422, "ATTACHMENT_NOT_USABLE");
    for (who, status) in
        [("amy", 200), ("cara", 200), ("vera", 200), ("lena", 200), ("audrey", 200), ("ben", 404)]
    {
        assert_eq!(w.as_(who).await.get(&path).await.status, status, "{who}");
    }
    let reply = id(&w.as_("vera").await.upload("b.pdf", "application/pdf", &pdf()).await.created());
    let message = json!({ "body": "请看附件", "visibility": "public", "attachment_ids": [reply] });
    w.as_("vera").await.post(&format!("/tickets/{}/messages", id(&ticket)), message).await.created();
    amy.get(&format!("/attachments/{reply}")).await.ok();
    w.as_("ben").await.get(&format!("/attachments/{reply}")).await.refused(404, "NOT_FOUND");
    let seen = amy.ticket(&id(&ticket)).await;
    assert_eq!(seen["messages"]["items"][0]["attachments"][0]["id"], json!(reply));
    w
});

story!(what_is_no_picture_is_refused, async |w: World| {
    let amy = w.as_("amy").await;
    let cut = encoded(64, 64, ImageFormat::Jpeg)[..200].to_vec();
    let cases: [(&str, &str, Vec<u8>, u16, &str); 7] = [
        ("a.exe", "application/octet-stream", b"MZ\x90\0".repeat(50), 415, "ATTACHMENT_TYPE"),
        (
            "a.svg",
            "image/svg+xml",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec(),
            415,
            "ATTACHMENT_TYPE",
        ),
        ("a.html", "text/html", b"<html><script>alert(1)</script></html>".to_vec(), 415, "ATTACHMENT_TYPE"),
        ("a.png", "image/png", b"GIF89a\x01\0\x01\0\x80\0\0".to_vec(), 415, "ATTACHMENT_TYPE"),
        ("a.jpg", "image/jpeg", cut, 422, "ATTACHMENT_BROKEN"),
        ("a.zip", "application/zip", b"PK\x03\x04\x14\0".repeat(20), 415, "ATTACHMENT_TYPE"),
        ("a.png", "image/png", png(2, 2)[..20].to_vec(), 422, "ATTACHMENT_BROKEN"),
    ];
    for (name, media_type, bytes, status, code) in cases {
        let answer = amy.upload(name, media_type, &bytes).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{name}: {answer}");
    }
    let empty = amy.upload("a.png", "image/png", b"").await;
    assert!([415, 422].contains(&empty.status), "{empty}");
    let misnamed = amy.upload("a.jpg", "image/jpeg", &png(3, 3)).await;
    assert!([201, 415].contains(&misnamed.status), "{misnamed}");
    for name in ["a\u{202e}gnp.exe", "a\u{200b}.png"] {
        let answer = amy.upload(name, "image/png", &png(3, 3)).await;
        assert_eq!(answer.status, 422, "{answer}");
    }
    let twenty_one = [png(2, 2), vec![0; 21 * 1024 * 1024]].concat();
    amy.upload("big.png", "image/png", &twenty_one).await.refused(413, "ATTACHMENT_TOO_LARGE");
    let rows = crate::support::sql::number(w.db(), "SELECT COUNT(*) FROM attachments").await;
    assert!(rows <= 1, "{rows}");
    let blobs = files(&w.path("blobs"));
    assert_eq!(blobs.len() as i64, rows, "nothing half written stays: {blobs:?}");
    w
});

story!(the_same_upload_twice_is_one_file, async |w: World| {
    let amy = w.as_("amy").await;
    let send = |bytes: Vec<u8>| {
        amy.upload_request("a.png", "image/png", &bytes).header("idempotency-key", "one-photo")
    };
    let first = amy.send(send(png(5, 5))).await.created();
    let again = amy.send(send(png(5, 5))).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.created()["id"], first["id"]);
    amy.send(send(png(6, 6))).await.refused(422, "IDEMPOTENCY_KEY_REUSED");
    amy.send(amy.upload_request("a.png", "image/png", &png(5, 5))).await.refused(400, "HEADER_MISSING");
    assert_eq!(files(&w.path("blobs")).len(), 1);
    w
});

story!(who_may_not_write_may_not_upload, async |w: World| {
    for reader in ["audrey", "adam"] {
        let answer = w.as_(reader).await.upload("a.png", "image/png", &png(3, 3)).await;
        answer.refused(403, "FORBIDDEN");
    }
    w
});

/// All files below a folder.
pub fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}
