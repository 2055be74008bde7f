//! Attachments from the form to the disk and back, on a temporary SQLite file and folder.

mod corpus;
mod ground;

use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use self::ground::Ground;
use super::{jobs, link, of_ticket, video};
use crate::kit::error::Code;

async fn refused(g: &Ground, name: &str, kind: &str, bytes: &[u8]) -> Code {
    g.upload(g.client, name, kind, bytes).await.unwrap_err().code()
}

#[actix_web::test]
async fn a_photo_loses_its_place_and_is_turned_upright() {
    let g = Ground::new().await;
    let photo = corpus::jpeg_with_gps();
    assert!(corpus::has(&photo, b"GPSMARKER") && corpus::has(&photo, b"Exif"));
    let sent = g.upload(g.client, "IMG_0001.JPG", "image/jpeg", &photo).await.unwrap();
    assert_eq!((sent["width"].as_i64(), sent["height"].as_i64()), (Some(6), Some(8)));
    assert_eq!((&sent["name"], &sent["media_type"]), (&"IMG_0001.jpg".into(), &"image/jpeg".into()));
    let kept = g.read(g.client, &sent).await;
    for gone in [&b"GPSMARKER"[..], b"Exif", b"<script>"] {
        assert!(!corpus::has(&kept, gone));
    }
    assert_eq!(sent["size"].as_u64().unwrap(), kept.len() as u64);
    assert_eq!(sent["sha256"].as_str().unwrap(), corpus::sha256(&kept));
    assert_eq!(infer::get(&kept).unwrap().mime_type(), "image/jpeg");
}

#[actix_web::test]
async fn png_and_webp_are_written_anew() {
    let g = Ground::new().await;
    let png = [corpus::png(5, 4), b"<script>alert(1)</script>".to_vec()].concat();
    let sent = g.upload(g.client, "a.png", "image/png", &png).await.unwrap();
    let kept = g.read(g.client, &sent).await;
    assert!(!corpus::has(&kept, b"script") && kept.starts_with(b"\x89PNG"));
    for (alpha, kind, name) in [(true, "image/webp", "w.webp"), (false, "image/jpeg", "w.jpg")] {
        let sent = g.upload(g.client, "w.webp", "image/webp", &corpus::webp(alpha)).await.unwrap();
        assert_eq!((&sent["media_type"], &sent["name"]), (&kind.into(), &name.into()));
    }
}

#[actix_web::test]
async fn what_is_not_what_it_says_is_refused() {
    let g = Ground::new().await;
    let (jpeg, png) = (corpus::jpeg_with_gps(), corpus::png(5, 4));
    let html = b"<!DOCTYPE html><html><script>alert(1)</script></html>";
    assert_eq!(refused(&g, "a.pdf", "application/pdf", html).await, Code::AttachmentType);
    assert_eq!(refused(&g, "a.png", "image/png", &jpeg).await, Code::AttachmentType);
    assert_eq!(refused(&g, "a.jpg", "text/html", &jpeg).await, Code::AttachmentType);
    assert_eq!(refused(&g, "a.exe", "image/png", &png).await, Code::AttachmentType);
    assert_eq!(refused(&g, "a.svg", "image/svg+xml", b"<svg onload=x>").await, Code::AttachmentType);
    assert_eq!(refused(&g, "a.jpg", "image/jpeg", b"").await, Code::AttachmentType);
    assert_eq!(refused(&g, "a.zip", "application/zip", b"PK\x03\x04").await, Code::AttachmentType);
    assert_eq!(refused(&g, "a\u{202e}gpj.png", "image/png", &png).await, Code::Invalid);
    assert_eq!(refused(&g, "a.png", "image/png", &png[..png.len() / 2]).await, Code::AttachmentBroken);
    assert_eq!(refused(&g, "a.png", "image/png", &corpus::flood()).await, Code::AttachmentTooLarge);
    let script = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/J#61vaScript/JS(x)>>>>endobj\n%%EOF\n";
    assert_eq!(refused(&g, "a.pdf", "application/pdf", script).await, Code::AttachmentType);
    let mut large = corpus::pdf(100);
    large.resize(20 * 1024 * 1024 + 1, b' ');
    assert_eq!(refused(&g, "a.pdf", "application/pdf", &large).await, Code::AttachmentTooLarge);
    // A cut photo is either refused or cleaned, never kept as it came.
    let cut = g.upload(g.client, "a.jpg", "image/jpeg", &jpeg[..jpeg.len() - 40]).await;
    if let Ok(sent) = &cut {
        assert!(!corpus::has(&g.read(g.client, sent).await, b"GPSMARKER"));
    }
    g.nothing_left_but(usize::from(cut.is_ok())).await;
}

#[actix_web::test]
async fn a_video_keeps_its_size_and_loses_its_place() {
    let g = Ground::new().await;
    let video = corpus::mp4();
    let sent = g.upload(g.client, "VID.MOV", "video/quicktime", &video).await.unwrap();
    assert_eq!(sent["media_type"], "video/mp4");
    let kept = g.read(g.client, &sent).await;
    assert_eq!(kept.len(), video.len());
    for gone in
        [&b"+39.9042+116.4074"[..], b"\xa9xyz", b"PLACEKEY", b"XMPPLACE", b"gpsdgpsd", b"udta", b"gpmd"]
    {
        assert!(corpus::has(&video, gone), "{gone:?} is in the corpus");
        assert!(!corpus::has(&kept, gone), "{gone:?} stayed");
    }
    for stays in [&b"vide"[..], b"picturepicture", b"mvhd", b"isom"] {
        assert!(corpus::has(&kept, stays));
    }
    for len in (0..video.len()).filter(|len| len % 13 == 0 || len + 33 > video.len()) {
        if len + 32 == video.len() {
            // Without its last box it is a whole video.
            continue;
        }
        let err = refused(&g, "v.mp4", "video/mp4", &video[..len]).await;
        assert!(matches!(err, Code::AttachmentBroken | Code::AttachmentType), "{len}: {err:?}");
    }
    // Bytes bent anywhere never panic.
    for at in 0..video.len() {
        let mut bent = video.clone();
        bent[at] ^= 0x81;
        let mut top = video::Top::default();
        let mut from = 0;
        while from < bent.len() as u64 {
            let head = &bent[usize::try_from(from).unwrap()..];
            let Ok(found) = video::header(&head[..head.len().min(16)], from, bent.len() as u64) else {
                break;
            };
            let payload = usize::try_from(found.payload).unwrap()..usize::try_from(found.end).unwrap();
            if top.add(found).is_ok_and(|movie| movie)
                && top.movie(&bent[payload], found.payload, bent.len() as u64).is_err()
            {
                break;
            }
            from = found.end;
        }
    }
}

#[actix_web::test]
async fn ranges_are_slices() {
    let g = Ground::new().await;
    let file = corpus::pdf(300_000);
    let sent = g.upload(g.client, "手册.pdf", "application/pdf", &file).await.unwrap();
    assert_eq!(g.read(g.client, &sent).await, file, "documents are kept as they came");
    let size = file.len();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut dice = |n: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % (n as u64)).unwrap()
    };
    let mut asked: Vec<(String, std::ops::Range<usize>)> = vec![
        ("bytes=0-0".into(), 0..1),
        ("bytes=65535-65536".into(), 65535..65537),
        ("bytes=65536-131071".into(), 65536..131_072),
        (format!("bytes={}-", size - 1), size - 1..size),
        ("bytes=-1".into(), size - 1..size),
        (format!("bytes=-{}", size * 2), 0..size),
    ];
    for _ in 0..40 {
        let (a, b) = (dice(size), dice(size));
        let (a, b) = (a.min(b), a.max(b));
        asked.push((format!("bytes={a}-{b}"), a..b + 1));
    }
    for (range, expected) in asked {
        let answer = g.get(g.client, &sent, &[("range", &range)]).await.unwrap();
        assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT);
        let said = answer.headers().get(header::CONTENT_RANGE).unwrap().to_str().unwrap().to_owned();
        assert_eq!(said, format!("bytes {}-{}/{size}", expected.start, expected.end - 1));
        assert_eq!(to_bytes(answer.into_body()).await.unwrap(), file[expected], "{range}");
    }
    let beyond = g.get(g.client, &sent, &[("range", &format!("bytes={size}-"))]).await.unwrap_err();
    assert_eq!(beyond.code(), Code::RangeNotSatisfiable);
    let whole = g.get(g.client, &sent, &[("range", "bytes=0-1"), ("if-range", "\"other\"")]).await.unwrap();
    assert_eq!(whole.status(), StatusCode::OK);
    let etag = whole.headers().get(header::ETAG).unwrap().to_str().unwrap().to_owned();
    let same = g.get(g.client, &sent, &[("if-none-match", &etag)]).await.unwrap();
    assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-disposition", "attachment; filename*=UTF-8''%E6%89%8B%E5%86%8C.pdf"),
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; sandbox",
        ),
        ("cache-control", "private, no-store"),
    ] {
        assert_eq!(whole.headers().get(name).unwrap(), &HeaderValue::from_static(value));
    }
}

#[actix_web::test]
async fn nothing_plain_is_on_the_disk_and_a_bent_file_does_not_open() {
    let g = Ground::new().await;
    let file = [corpus::pdf(200_000), b"PLAINMARKER %%EOF".to_vec()].concat();
    let sent = g.upload(g.client, "名字标记甲乙丙.pdf", "application/pdf", &file).await.unwrap();
    let digest: Vec<u8> = (0..32)
        .map(|i| u8::from_str_radix(&sent["sha256"].as_str().unwrap()[2 * i..2 * i + 2], 16).unwrap())
        .collect();
    for (path, bytes) in g.files() {
        for marker in [&b"PLAINMARKER"[..], b"%PDF-", "名字标记甲乙丙".as_bytes(), &digest] {
            assert!(!corpus::has(&bytes, marker), "{}", path.display());
        }
    }
    let (path, bytes) = g.files().into_iter().find(|(_, b)| b.starts_with(b"BFA1")).unwrap();
    for at in [0, 4, 10, 30, 50, 100, 70_000, bytes.len() - 1] {
        let mut bent = bytes.clone();
        bent[at] ^= 1;
        std::fs::write(&path, &bent).unwrap();
        assert!(g.read_all(g.client, &sent).await.is_err(), "byte {at}");
    }
    for shorter in [0, 44, 61, 65_597, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..shorter]).unwrap();
        let err = g.get(g.client, &sent, &[]).await.unwrap_err();
        assert_eq!(err.code(), Code::DecryptFailed, "cut to {shorter}");
    }
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(g.read(g.client, &sent).await, file);
    // Another file's bytes in its place.
    let other = g.upload(g.client, "b.pdf", "application/pdf", &file).await.unwrap();
    let id = other["id"].as_str().unwrap().replace('-', "");
    let (elsewhere, _) = g.files().into_iter().find(|(p, _)| p.ends_with(&id)).unwrap();
    std::fs::write(&elsewhere, &bytes).unwrap();
    assert!(g.get(g.client, &other, &[]).await.is_err());
}

#[actix_web::test]
async fn the_same_submission_is_kept_once() {
    let g = Ground::new().await;
    let file = corpus::pdf(1000);
    let first = g.upload_as(g.client, "k1", "a.pdf", "application/pdf", &file).await.unwrap();
    let again = g.upload_as(g.client, "k1", "a.pdf", "application/pdf", &file).await.unwrap();
    assert_eq!(first, again);
    g.nothing_left_but(1).await;
    let other = g.upload_as(g.client, "k1", "a.pdf", "application/pdf", &corpus::pdf(1001)).await;
    assert_eq!(other.unwrap_err().code(), Code::IdempotencyKeyReused);
    g.nothing_left_but(1).await;
}

#[actix_web::test]
async fn linking_takes_own_fresh_uploads_only_and_changes_the_key() {
    let g = Ground::new().await;
    let sent = g.upload(g.client, "a.pdf", "application/pdf", &corpus::pdf(1000)).await.unwrap();
    let id: Uuid = sent["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(g.get(g.vendor, &sent, &[]).await.unwrap_err().code(), Code::NotFound, "loose: uploader only");
    let (ticket, key) = g.ticket().await;
    let try_link = async |who, ids: &[Uuid]| {
        let ctx = g.ctx(who);
        let tx = g.kit.db.write_tx().await.unwrap();
        let done = link(&ctx, &*tx, ids, ticket, &key, None, "public").await;
        if done.is_ok() {
            tx.commit().await.unwrap();
        }
        done
    };
    for (who, ids) in
        [(g.vendor, vec![id]), (g.client, vec![id, id]), (g.client, vec![id, Uuid::from_u128(9)])]
    {
        assert_eq!(try_link(who, &ids).await.unwrap_err().code(), Code::AttachmentNotUsable);
    }
    let linked = try_link(g.client, &[id]).await.unwrap();
    assert_eq!((linked[0].id, linked[0].name.as_str()), (id, "a.pdf"));
    assert_eq!(try_link(g.client, &[id]).await.unwrap_err().code(), Code::AttachmentNotUsable);
    let listed = of_ticket(&g.ctx(g.vendor), g.kit.db.reader(), ticket, &key, true).await.unwrap();
    assert_eq!(listed, linked);
    // Read by the other side: once in the ledger, however many ranges.
    for range in ["bytes=0-1", "bytes=5-9", "bytes=0-"] {
        g.get(g.vendor, &sent, &[("range", range)]).await.unwrap();
    }
    assert_eq!(g.read(g.client, &sent).await, corpus::pdf(1000));
    assert_eq!(g.entries("attachment.read").await, 1);
    assert_eq!(g.entries("attachment.link").await, 1);
    // A day old: not usable any more.
    let old = g.upload(g.client, "b.pdf", "application/pdf", &corpus::pdf(10)).await.unwrap();
    g.clock.advance(TimeDelta::hours(24));
    let id = old["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(try_link(g.client, &[id]).await.unwrap_err().code(), Code::AttachmentNotUsable);
}

#[actix_web::test]
async fn what_nobody_needs_is_swept_and_nothing_else() {
    let g = Ground::new().await;
    let keep = g.upload(g.client, "keep.pdf", "application/pdf", &corpus::pdf(500)).await.unwrap();
    let (ticket, key) = g.ticket().await;
    let id: Uuid = keep["id"].as_str().unwrap().parse().unwrap();
    let tx = g.kit.db.write_tx().await.unwrap();
    link(&g.ctx(g.client), &*tx, &[id], ticket, &key, None, "internal").await.unwrap();
    tx.commit().await.unwrap();
    g.upload(g.client, "loose.pdf", "application/pdf", &corpus::pdf(501)).await.unwrap();
    // Killed between the blob and its row: the transaction never commits.
    let checked = g.check("orphan.pdf", "application/pdf", &corpus::pdf(502)).await.unwrap();
    checked.publish().await.unwrap();
    g.nothing_left_but(3).await;
    let rounds = async || {
        let mut all = jobs::Swept::default();
        for _ in 0..16 {
            let swept = jobs::sweep(&g.kit).await.unwrap();
            all.loose += swept.loose;
            all.orphans += swept.orphans;
            g.clock.advance(TimeDelta::minutes(5));
        }
        (all.loose, all.orphans)
    };
    assert_eq!(rounds().await, (0, 0));
    g.clock.advance(TimeDelta::hours(24));
    assert_eq!(rounds().await, (1, 1));
    assert_eq!(rounds().await, (0, 0));
    g.nothing_left_but(1).await;
    assert_eq!(g.read(g.client, &keep).await, corpus::pdf(500));
}

#[actix_web::test]
async fn forms_that_are_none_are_refused() {
    let g = Ground::new().await;
    let part = |name: &str| {
        format!(
            "--B\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4 %%EOF\r\n"
        )
    };
    for (body, code) in [
        (String::new(), Code::BadRequest),
        ("--B--\r\n".to_owned(), Code::Invalid),
        (format!("{}--B--\r\n", part("other")), Code::Invalid),
        (format!("{}{}--B--\r\n", part("file"), part("file")), Code::Invalid),
        (part("file"), Code::BadRequest),
    ] {
        assert_eq!(g.form(g.client, body.clone().into_bytes()).await.unwrap_err().code(), code, "{body}");
    }
    g.nothing_left_but(0).await;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    assert_eq!(g.raw(g.client, &headers, vec![]).await.unwrap_err().code(), Code::BadRequest);
    assert!(g.kit.db.reader().execute_unprepared("SELECT 1").await.is_ok());
}
