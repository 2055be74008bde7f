//! Made-up data in the real schema, sealed by the real vault, with sessions in the real store. The rule is
//! the limit's: N tickets, 50 to a user; one ticket in ten is open, the others went through a whole history;
//! one ticket of each user (the second by age) has the replies, and is the one that plans ask for.

mod course;
mod data;
mod kinds;
mod sink;

use std::io::Write;
use std::sync::mpsc;
use std::time::Instant;

use lvyue::app::App;
use lvyue::identity::notice;
use lvyue::kit::Kit;
use lvyue::kit::actor::{Actor, Member, Role, Side};
use lvyue::kit::clock::Clock;
use lvyue::kit::config::Settings;
use lvyue::kit::crypto::{Claims, SessionKey};
use lvyue::kit::session::{LiveSession, NewSession};
use uuid::Uuid;

use crate::limit::load::users;
pub use course::learners;
use data::Maker;
pub use data::{Cast, openid};
use sink::Chunk;
pub use sink::Sink;

/// Tickets sealed and stored at a time.
const CHUNK: i64 = 2_000;
/// Long enough for a run, whatever the settings give to tokens of real sign-ins.
const TOKEN_SECONDS: i64 = 30 * 86_400;
const TOKENS: i64 = 20_000;

/// Fills the database that the settings name (migrated, empty), and writes a line for each token:
/// user, token, id of the ticket that has replies. `all_kinds`: tickets of every kind with their histories, and what
/// happened has its ledger entries.
pub async fn load(tickets: i64, replies: i64, tokens: &str, all_kinds: bool) {
    let began = Instant::now();
    let settings = Settings::load().unwrap();
    let mut sink = Sink::open(&settings).await;
    let app = App::build(settings, Clock::System).await.unwrap();
    let kit = app.kit();
    let users = users(tickets);
    let cast = Cast::new(kit, users);
    sink.begin().await;
    sink.store(cast.rows(kit)).await;
    let lanes: Vec<mpsc::Receiver<Chunk>> = (0..2).map(|lane| make(kit, &cast, tickets, (replies, all_kinds), lane)).collect();
    for chunk in 0..(tickets + CHUNK - 1) / CHUNK {
        sink.store(lanes[(chunk % 2) as usize].recv().unwrap()).await;
    }
    sink.finish().await;
    let stored = began.elapsed().as_secs_f64();
    sign_in(kit, &cast, users, tokens).await;
    println!("loaded {tickets} tickets of {users} users in {stored:.1} s, sessions in {:.1} s", began.elapsed().as_secs_f64() - stored);
}

/// Every second chunk, made on a thread of its own: sealing is most of the work.
fn make(kit: &Kit, cast: &Cast, tickets: i64, what: (i64, bool), lane: i64) -> mpsc::Receiver<Chunk> {
    let (to, from) = mpsc::sync_channel(2);
    let mut maker = Maker::new(kit.vault.clone(), cast.clone(), what, lane);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut first = 1 + lane * CHUNK;
        while first <= tickets {
            let mut chunk = Chunk::default();
            for i in first..=(first + CHUNK - 1).min(tickets) {
                runtime.block_on(maker.ticket(i, &mut chunk));
            }
            if to.send(chunk).is_err() {
                return;
            }
            first += 2 * CHUNK;
        }
    });
    from
}

async fn sign_in(kit: &Kit, cast: &Cast, users: i64, file: &str) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).unwrap());
    let now = kit.clock.now();
    let count = users.min(TOKENS);
    for n in 0..count {
        let user = 1 + n * (users / count);
        let person = &cast.clients[user as usize - 1];
        let key = SessionKey::fresh(&kit.ids).unwrap();
        let live = LiveSession {
            actor: Actor {
                account_id: person.account,
                session_id: kit.ids.fresh().unwrap(),
                member: Some(Member {
                    person_id: person.id,
                    side: Side::Client,
                    roles: vec![Role::Employee],
                    department_id: Some(person.department),
                }),
                consent: Some(notice::current().version.clone()),
            },
            authorisation: 0,
            created_at: now,
            last_seen_at: now,
            idle_ms: TOKEN_SECONDS * 1000,
            absolute_expiry: now.plus_seconds(TOKEN_SECONDS),
            counter: 0,
            rotated_at: now,
            refresh_mac_key: kit.ids.random().unwrap().into(),
        };
        let claims = Claims::new(person.account, &key, Uuid::now_v7(), now, TOKEN_SECONDS);
        kit.sessions.create(&NewSession { key, live }, 5).await.unwrap();
        let token = kit.tokens.sign_access(&claims).unwrap();
        writeln!(out, "{user} {token} {}", data::ticket_id(data::shown(user, users))).unwrap();
    }
}
