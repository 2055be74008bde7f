//! Large files over bad networks: pieces, broken connections, ranges, and what is not what it says it is.

use std::io::Write;
use std::net::TcpStream;

use reqwest::Method;
use serde_json::{Value, json};

use super::media::{mp3, mp4};
use super::{about, add, item, publish, seen};
use crate::support::faults::id;
use crate::support::{Answer, Client, World, sql};

pub async fn begin(client: &Client, name: &str, media_type: &str, bytes: &[u8]) -> Answer {
    client.post("/uploads", json!({ "name": name, "media_type": media_type, "size": bytes.len() })).await
}

pub async fn send(client: &Client, upload: &str, offset: usize, bytes: &[u8]) -> Answer {
    let request = client.request(Method::PATCH, &format!("/uploads/{upload}"));
    client.send(request.header("upload-offset", offset.to_string()).body(bytes.to_vec())).await
}

/// Uploads a file in one go.
pub async fn whole(client: &Client, name: &str, media_type: &str, bytes: &[u8]) -> String {
    let upload = id(&begin(client, name, media_type, bytes).await.created());
    let answer = send(client, &upload, 0, bytes).await;
    assert_eq!(
        (answer.status, answer.header("upload-offset")),
        (204, bytes.len().to_string().as_str()),
        "{answer}"
    );
    upload
}

async fn offset(client: &Client, upload: &str) -> usize {
    let head = client.send(client.request(Method::HEAD, &format!("/uploads/{upload}"))).await;
    head.header("upload-offset").parse().unwrap()
}

async fn video(w: &World, vera: &Client, upload: &str) -> (Value, String) {
    let course = vera.post("/courses", about("看一段")).await.created();
    let body = json!({
        "kind": "video", "section_title": "看", "title": "报障 / 一分钟", "required": true, "upload_id": upload,
        "captions": "WEBVTT\n\n00:00.000 --> 00:01.000\n你好\n",
    });
    let course = publish(w, &add(vera, &course, body).await).await;
    let path = format!("/materials/{}", id(item(&course, "报障 / 一分钟")));
    (course, path)
}

story!(an_upload_goes_on_where_it_broke_off, async |w: World| {
    let vera = w.as_("vera").await;
    let film = mp4(60_000, 40 * 1024 * 1024);
    let announced = {
        let digest = ring::digest::digest(&ring::digest::SHA256, &film);
        let hex: String = digest.as_ref().iter().map(|b| format!("{b:02x}")).collect();
        json!({ "name": "报障.mp4", "media_type": "video/mp4", "size": film.len(), "sha256": hex })
    };
    let upload = id(&vera.post("/uploads", announced).await.created());
    let first = 5 * 1024 * 1024;
    assert_eq!(send(&vera, &upload, 0, &film[..first]).await.status, 204);
    // A connection that breaks in the middle of a request: what arrived counts, at the latest by whole pieces.
    let host = w.base().trim_start_matches("http://").to_owned();
    let mut raw = TcpStream::connect(host).unwrap();
    let rest = &film[first..];
    let head = format!(
        "PATCH /api/v1/uploads/{upload} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nupload-offset: {first}\r\n\
         content-length: {}\r\n\r\n",
        vera.token(),
        rest.len()
    );
    raw.write_all(head.as_bytes()).unwrap();
    raw.write_all(&rest[..20 * 1024 * 1024]).unwrap();
    raw.shutdown(std::net::Shutdown::Both).unwrap();
    drop(raw);
    let mut got = offset(&vera, &upload).await;
    for _ in 0..200 {
        if got > first {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        got = offset(&vera, &upload).await;
    }
    assert!(got >= first + 16 * 1024 * 1024 && got <= first + 20 * 1024 * 1024, "{got}");
    // Until the broken request has counted everything it had: a busy machine takes its time.
    let mut steady = 0;
    while steady < 5 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let now = offset(&vera, &upload).await;
        steady = if now == got { steady + 1 } else { 0 };
        got = now;
    }
    let wrong =
        send(&vera, &upload, first, &film[first..first + 10]).await.refused(409, "UPLOAD_OFFSET_WRONG");
    let got = usize::try_from(wrong["offset"].as_u64().unwrap()).unwrap();
    assert_eq!(got, offset(&vera, &upload).await);
    // Another process of the same house goes on, and it is nobody else's.
    w.as_("vic").await.get(&format!("/uploads/{upload}")).await.refused(404, "NOT_FOUND");
    let middle = got + 1_234_567;
    assert_eq!(send(&vera, &upload, got, &film[got..middle]).await.status, 204);
    assert_eq!(send(&vera, &upload, middle, &film[middle..]).await.status, 204);
    let done = vera.get(&format!("/uploads/{upload}")).await.ok();
    assert_eq!((done["ready"].as_bool(), done["offset"].as_u64()), (Some(true), Some(film.len() as u64)));
    // The last request may be sent again.
    assert_eq!(send(&vera, &upload, film.len(), b"").await.status, 204);
    let (_, path) = video(&w, &vera, &upload).await;
    let amy = w.as_("amy").await;
    let whole = amy.get(&format!("{path}/content")).await;
    assert_eq!(
        (whole.status, whole.header("content-type"), whole.bytes.len()),
        (200, "video/mp4", film.len())
    );
    assert!(whole.bytes[..film.len() - 400] == film[..film.len() - 400], "the picture stays");
    assert!(!whole.bytes.windows(8).any(|w| w == b"+39.9042"), "the place goes");
    for (from, to) in [(0, 1), (65_530, 65_545), (film.len() - 7, film.len())] {
        let range = format!("bytes={from}-{}", to - 1);
        let part = amy.request(Method::GET, &format!("{path}/content")).header("range", range);
        let part = amy.send(part).await;
        assert_eq!((part.status, &part.bytes[..]), (206, &whole.bytes[from..to]));
    }
    let captions = amy.get(&format!("{path}/captions")).await;
    assert!(captions.header("content-type").starts_with("text/vtt") && captions.bytes.starts_with(b"WEBVTT"));
    let catalog = lvyue::courses::published(w.app.kit()).await.unwrap();
    assert_eq!(catalog.courses[0].items().next().unwrap().duration_ms, Some(60_000));
    assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM upload_parts").await, 0);
    assert_eq!(crate::attachments::files(&w.path("blobs")).len(), 1, "pieces go when the whole is there");
    w
});

story!(what_is_no_film_and_no_document_is_refused_and_dropped, async |w: World| {
    let vera = w.as_("vera").await;
    let pdf = crate::attachments::pdf();
    let evil = String::from_utf8(pdf.clone())
        .unwrap()
        .replace("/Type /Catalog", "/Type /Catalog /OpenAction << /S /JavaScript >>");
    let film = mp4(1000, 5000);
    let cases: Vec<(&str, &str, Vec<u8>, u16, &str)> = vec![
        ("a.pdf", "application/pdf", b"MZ\x90\0".repeat(200), 415, "不是 PDF"),
        ("a.pdf", "application/pdf", pdf[..60].to_vec(), 422, ""),
        ("a.pdf", "application/pdf", evil.into_bytes(), 415, "脚本"),
        ("a.mp4", "video/mp4", pdf.clone(), 415, "不是 MP4"),
        ("a.mp4", "video/mp4", film[..film.len() - 50].to_vec(), 422, ""),
        ("a.mp4", "video/mp4", mp4(0, 5000), 422, "时长"),
        ("a.mp3", "audio/mpeg", [&b"ID3\x04\0\0\0\0\0\x00"[..], &[7; 400_000]].concat(), 422, "音频"),
        ("a.png", "image/png", film.clone(), 415, "不是 JPG"),
    ];
    for (name, media_type, bytes, status, words) in cases {
        let upload = id(&begin(&vera, name, media_type, &bytes).await.created());
        let answer = send(&vera, &upload, 0, &bytes).await;
        assert_eq!(answer.status, status, "{name}: {answer}");
        assert!(answer.json["detail"].as_str().unwrap_or_default().contains(words), "{words}: {answer}");
        vera.get(&format!("/uploads/{upload}")).await.refused(404, "NOT_FOUND");
    }
    assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM uploads").await, 0);
    assert!(crate::attachments::files(&w.path("blobs")).is_empty());
    // Refused before a byte is sent.
    begin(&vera, "a.exe", "application/octet-stream", b"x").await.refused(415, "ATTACHMENT_TYPE");
    let huge = json!({ "name": "a.mp4", "media_type": "video/mp4", "size": 1025_i64 << 20 });
    vera.post("/uploads", huge).await.refused(413, "ATTACHMENT_TOO_LARGE");
    vera.post("/uploads", json!({ "name": "a.mp4", "media_type": "video/mp4", "size": 0 }))
        .await
        .field("size");
    w.as_("amy")
        .await
        .post("/uploads", json!({ "name": "a.mp4", "media_type": "video/mp4", "size": 9 }))
        .await
        .refused(403, "FORBIDDEN");
    // More than was announced, and other than was announced.
    let upload = id(&begin(&vera, "a.mp4", "video/mp4", &film[..100]).await.created());
    send(&vera, &upload, 0, &film).await.refused(413, "ATTACHMENT_TOO_LARGE");
    let other =
        json!({ "name": "a.mp4", "media_type": "video/mp4", "size": film.len(), "sha256": "0".repeat(64) });
    let upload = id(&vera.post("/uploads", other).await.created());
    let answer = send(&vera, &upload, 0, &film).await.refused(422, "ATTACHMENT_BROKEN");
    assert!(answer["detail"].as_str().unwrap().contains("不一致"));
    // A document is not a film, and an unfinished upload is nothing.
    let course = vera.post("/courses", about("混")).await.created();
    let document = whole(&vera, "a.pdf", "application/pdf", &pdf).await;
    let unfinished = id(&begin(&vera, "b.pdf", "application/pdf", &pdf).await.created());
    let new = |kind: &str, upload: &str| json!({ "kind": kind, "section_title": "看", "title": "a", "required": true, "upload_id": upload });
    seen(&vera, Method::POST, &course, "/items", &new("video", &document)).await.field("upload_id");
    seen(&vera, Method::POST, &course, "/items", &new("pdf", &unfinished))
        .await
        .refused(422, "ATTACHMENT_NOT_USABLE");
    let course = add(&vera, &course, new("pdf", &document)).await;
    assert_eq!(item(&course, "a")["media"]["pages"], 1);
    let sound = whole(&vera, "a.mp3", "audio/mpeg", &mp3()).await;
    let body =
        json!({ "kind": "audio", "section_title": "听", "title": "b", "required": true, "upload_id": sound });
    let course = add(&vera, &course, body).await;
    let media = &item(&course, "b")["media"];
    assert_eq!(
        (media["media_type"].as_str(), media["duration_ms"].as_i64()),
        (Some("audio/mpeg"), Some(130))
    );
    // Links are for players; a foreign upload is worth nothing.
    let url = media["content_url"].as_str().unwrap();
    let got = w.nobody().get(url).await;
    assert!(got.status == 200 && !got.bytes.windows(3).any(|w| w == b"amy"), "tags go");
    let vic = w.as_("vic").await;
    seen(&vic, Method::POST, &course, "/items", &new("pdf", &document))
        .await
        .refused(422, "ATTACHMENT_NOT_USABLE");
    w
});
