//! The search over many materials: titles and texts shuffled from the sentences of the courses, so that words
//! are as frequent as words are; questions cut from the same sentences and those of the golden set.

use std::time::{Duration, Instant};

use lvyue::kit::clock::Clock;
use lvyue::kit::config::Settings;
use lvyue::search::{Entry, put_all};
use uuid::Uuid;

use crate::fire::Conn;

const AT_ONCE: u128 = 1024;
const QUESTIONS: usize = 3000;
const WARM: usize = 300;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % sides
    }

    fn one<'a>(&mut self, all: &'a [String]) -> &'a str {
        &all[self.roll(all.len())]
    }
}

/// Every sentence of the articles below `folder`.
fn sentences(folder: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "md") {
                let text = std::fs::read_to_string(path).unwrap();
                let text = text.rsplit("+++").next().unwrap_or_default().to_owned();
                all.extend(text.split(['。', '\n', '|']).map(|s| s.trim().to_owned()).filter(|s| s.chars().count() > 5));
            }
        }
    }
    all.sort();
    all
}

/// `materials` of them, published a thousand at a time.
pub async fn load(materials: u128, folder: &str) {
    let kit = lvyue::app::tool(Settings::load().unwrap(), Clock::System).await.unwrap();
    let (sentences, mut dice) = (sentences(folder), Dice(1));
    let began = Instant::now();
    let mut written = 0;
    let mut letters = 0;
    while written < materials {
        let batch: Vec<Entry> = (written..materials.min(written + AT_ONCE)).map(|n| material(n, &sentences, &mut dice)).collect();
        letters += batch.iter().map(|e| e.body.chars().count()).sum::<usize>();
        written += batch.len() as u128;
        let tx = kit.db.write_tx().await.unwrap();
        put_all(&tx, &batch).await.unwrap();
        tx.commit().await.unwrap();
    }
    let all = began.elapsed().as_secs_f64();
    // One more, as an author publishes it.
    let mut singles = Vec::new();
    for n in 0..20 {
        let entry = material(materials + n, &sentences, &mut dice);
        let began = Instant::now();
        let tx = kit.db.write_tx().await.unwrap();
        put_all(&tx, &[entry]).await.unwrap();
        tx.commit().await.unwrap();
        singles.push(began.elapsed().as_secs_f64() * 1e3);
    }
    singles.sort_by(f64::total_cmp);
    println!(
        "{materials} materials of {} characters from {} sentences in {all:.1} s; one more in {:.1} ms",
        letters / materials as usize,
        sentences.len(),
        singles[singles.len() / 2]
    );
    kit.db.close().await.unwrap();
}

fn material(n: u128, sentences: &[String], dice: &mut Dice) -> Entry {
    let body: Vec<&str> = (0..8 + dice.roll(24)).map(|_| dice.one(sentences)).collect();
    let title: String = dice.one(sentences).chars().take(14).collect();
    Entry {
        id: Uuid::from_u128(0x0193_b3a0_0000_7000_8000_0000_0000_0000 + n),
        course_id: Uuid::from_u128(n / 8),
        kind: "article".to_owned(),
        title,
        body: body.join("。"),
        tags: Vec::new(),
        category: ["基本操作", "功能使用", "故障排查", "数据安全与隐私"][n as usize % 4].to_owned(),
    }
}

/// Questions one after the other, as one person asks them; what a whole answer took.
pub fn ask(address: &str, tokens: &str, folder: &str, golden: &str) {
    let tokens = std::fs::read_to_string(tokens).unwrap();
    let token = tokens.split(' ').nth(1).unwrap();
    let (sentences, mut dice) = (sentences(folder), Dice(2));
    let golden = std::fs::read_to_string(golden).unwrap();
    let typed: Vec<String> =
        golden.lines().filter(|l| !l.starts_with('#')).filter_map(|l| Some(l.split_once('\t')?.0.to_owned())).collect();
    let cut = |length: usize, dice: &mut Dice| -> String {
        let letters: Vec<char> = dice.one(&sentences).chars().collect();
        let from = dice.roll(letters.len());
        letters.iter().skip(from).take(length).collect()
    };
    type Cut<'a> = Box<dyn Fn(&mut Dice) -> String + 'a>;
    let kinds: [(&str, Cut<'_>); 6] = [
        ("1 character", Box::new(|d| cut(1, d))),
        ("2 characters", Box::new(|d| cut(2, d))),
        ("4 characters", Box::new(|d| cut(4, d))),
        ("12 characters", Box::new(|d| cut(12, d))),
        ("200 characters", Box::new(|d| (0..9).map(|_| cut(22, d)).collect())),
        ("golden", Box::new(|d| d.one(&typed).to_owned())),
    ];
    let mut connection = Conn::new(address).unwrap();
    let mut all = Vec::new();
    for (name, question) in kinds {
        let mut took: Vec<f64> = Vec::new();
        for n in 0..QUESTIONS / 6 + WARM / 6 {
            let q: String = question(&mut dice).bytes().map(|b| format!("%{b:02X}")).collect();
            let request = format!("GET /api/v1/search?q={q} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n");
            let began = Instant::now();
            let status = connection.ask(request.as_bytes()).unwrap();
            if n >= WARM / 6 {
                took.push(began.elapsed().as_secs_f64() * 1e3);
            }
            assert_eq!(status, 200, "{q}");
            std::thread::sleep(Duration::from_millis(1));
        }
        report(name, &mut took);
        all.extend(took);
    }
    report("all", &mut all);
}

fn report(name: &str, took: &mut [f64]) {
    took.sort_by(f64::total_cmp);
    let at = |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)];
    println!("{name}: p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, most {:.1} ms of {}", at(50), at(90), at(99), took[took.len() - 1], took.len());
}
