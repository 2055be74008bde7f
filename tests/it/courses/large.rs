//! A large film through real processes: killed in the middle, gone on with by the next one, read back whole, and all
//! of it in little memory. `LVYUE_LARGE_MIB=1024` makes it as large as it may be.

use reqwest::Method;
use serde_json::json;

use super::media::mp4;
use super::uploads::send;
use super::{about, add, item, step};
use crate::resilience::{home, token};
use crate::support::child;
use crate::support::faults::id;
use crate::support::{Client, Engine};

const MIB: usize = 1024 * 1024;
/// Of the process, above what it needed for a small file; a piece is 16 MiB.
const MOST_GROWTH_KIB: u64 = 96 * 1024;
/// Bytes of one request.
const PIECE: usize = 24 * MIB;

/// A film that is never whole in memory: its picture data are one block again and again.
struct Film {
    head: Vec<u8>,
    block: Vec<u8>,
    blocks: usize,
    tail: Vec<u8>,
}

impl Film {
    fn new(mib: usize) -> Self {
        let small = mp4(60_000, MIB);
        let blocks = mib - 1;
        let size = u32::try_from(blocks * MIB + 8).unwrap();
        // ftyp is 24 bytes, then the header of mdat.
        let head = [&small[..24], &size.to_be_bytes(), b"mdat"].concat();
        Self { head, block: small[32..32 + MIB].to_vec(), blocks, tail: small[32 + MIB..].to_vec() }
    }

    fn len(&self) -> usize {
        self.head.len() + self.blocks * MIB + self.tail.len()
    }

    fn at(&self, place: usize) -> u8 {
        match place.checked_sub(self.head.len()) {
            None => self.head[place],
            Some(place) if place < self.blocks * MIB => self.block[place % MIB],
            Some(place) => self.tail[place - self.blocks * MIB],
        }
    }

    fn part(&self, from: usize, to: usize) -> Vec<u8> {
        let mut part = Vec::with_capacity(to - from);
        let mut place = from;
        while place < to {
            let inside = place.checked_sub(self.head.len()).filter(|p| *p < self.blocks * MIB);
            match inside {
                Some(inside) => {
                    let start = inside % MIB;
                    let end = (start + to - place).min(MIB);
                    part.extend_from_slice(&self.block[start..end]);
                    place += end - start;
                }
                None => {
                    part.push(self.at(place));
                    place += 1;
                }
            }
        }
        part
    }
}

/// The most memory that the process ever held, in KiB.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

async fn upload(client: &Client, film: &Film, upload: &str, from: usize, to: usize) {
    let mut at = from;
    while at < to {
        let end = (at + PIECE).min(to);
        let answer = send(client, upload, at, &film.part(at, end)).await;
        assert_eq!(answer.status, 204, "{answer}");
        at = end;
    }
}

fn a_large_film(engine: Engine) {
    let mib = std::env::var("LVYUE_LARGE_MIB").ok().and_then(|n| n.parse().ok()).unwrap_or(160);
    let film = Film::new(mib);
    let folder = crate::support::world::folder();
    let wechat = child::wechat();
    let home = home(engine, folder.path(), wechat.base_url());
    crate::support::world::runtime().block_on(async {
        let mut serving = home.serve();
        let nobody = serving.ready().await;
        let vera = nobody.with_token(&token(&nobody, "vera").await);
        let small = mp4(1000, 300_000);
        super::uploads::whole(&vera, "small.mp4", "video/mp4", &small).await;
        let announced = json!({ "name": "film.mp4", "media_type": "video/mp4", "size": film.len() });
        let film_id = id(&vera.post("/uploads", announced).await.created());
        let half = film.len() / 2;
        upload(&vera, &film, &film_id, 0, half).await;
        // Killed: the next process knows what had arrived.
        serving.kill();
        let mut serving = home.serve();
        let nobody = serving.ready().await;
        let vera = nobody.with_token(&token(&nobody, "vera").await);
        let seen = vera.get(&format!("/uploads/{film_id}")).await.ok();
        assert_eq!(seen["offset"].as_u64(), Some(half as u64));
        super::uploads::whole(&vera, "small.mp4", "video/mp4", &small).await;
        let before = peak(serving.id());
        upload(&vera, &film, &film_id, half, film.len()).await;
        let written = peak(serving.id());
        let course = vera.post("/courses", about("长片")).await.created();
        let body = json!({ "kind": "video", "section_title": "看", "title": "片", "required": true, "upload_id": film_id });
        let course = add(&vera, &course, body).await;
        let url = item(&course, "片")["media"]["content_url"].as_str().unwrap().to_owned();
        step(&vera, &course, json!({ "action": "submit_for_review" })).await.ok();
        let mut answer = nobody.request(Method::GET, &url).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let mut at = 0;
        let data = film.head.len() + film.blocks * MIB;
        while let Some(bytes) = answer.chunk().await.unwrap() {
            let end = (at + bytes.len()).min(data);
            if at < data {
                assert!(bytes[..end - at] == film.part(at, end)[..], "other bytes after {at}");
            }
            at += bytes.len();
        }
        assert_eq!(at, film.len());
        let read = peak(serving.id());
        eprintln!("{engine:?}: {mib} MiB; peak {before} KiB before, {written} KiB after writing, {read} KiB after reading");
        assert!(read < before + MOST_GROWTH_KIB, "{before} {written} {read}");
        assert!(serving.stop().await.success());
    });
}

#[test]
fn a_large_film_needs_little_memory_embedded() {
    a_large_film(Engine::Embedded);
}

#[test]
fn a_large_film_needs_little_memory_production() {
    a_large_film(Engine::Production);
}
