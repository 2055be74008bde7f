//! Both stores behave alike: every scenario runs on the database and, where a `redis-server` is
//! installed, on a real Redis; and when Redis goes away, the answer is a quick 503.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use zeroize::Zeroizing;

use super::*;
use crate::kit::actor::{Actor, Member, Role, Side};
use crate::kit::clock::Clock;
use crate::kit::crypto::KeyFile;
use crate::kit::error::Code;
use crate::kit::id::Ids;
use crate::kit::limit::Limits;

const NOW: Timestamp = Timestamp(1_795_309_323_004);

struct Bench {
    folder: tempfile::TempDir,
    ids: Ids,
    settings: Settings,
    db: Db,
    vault: Vault,
    redis: Option<Child>,
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Some(redis) = &mut self.redis {
            let _ = redis.kill();
            let _ = redis.wait();
        }
    }
}

impl Bench {
    async fn embedded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults().unwrap();
        settings.database.url = format!("sqlite://{}/lvyue.db", folder.path().display()).into();
        let keys = folder.path().join("keys.toml");
        KeyFile::init(&keys).unwrap();
        Db::migrate(&settings.database).await.unwrap();
        let db = Db::open(&settings.database).await.unwrap();
        Vault::adopt(&keys, &db, Clock::steered(NOW)).await.unwrap();
        let vault = Vault::open(&keys, &db, Clock::steered(NOW)).await.unwrap();
        Self { folder, ids: Ids::new(Clock::steered(NOW)), settings, db, vault, redis: None }
    }

    /// `None` where no `redis-server` is installed.
    async fn redis() -> Option<Self> {
        let mut bench = Self::embedded().await;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let started = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"])
            .current_dir(bench.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match started {
            Ok(child) => bench.redis = Some(child),
            Err(_) => {
                eprintln!("SKIPPED: no redis-server on this machine");
                return None;
            }
        }
        bench.settings.redis.url = format!("redis://127.0.0.1:{port}").into();
        let until = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "redis-server did not come up");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(bench)
    }

    async fn both() -> Vec<Self> {
        let mut all = vec![Self::embedded().await];
        all.extend(Self::redis().await);
        all
    }

    fn sessions(&self) -> Sessions {
        Sessions::open(&self.settings, &self.db, &self.vault).unwrap()
    }

    fn new_session(&self, account: Uuid) -> NewSession {
        NewSession {
            key: SessionKey::fresh(&self.ids).unwrap(),
            live: LiveSession {
                actor: Actor {
                    account_id: account,
                    session_id: self.ids.fresh().unwrap(),
                    member: None,
                    consent: None,
                },
                authorisation: 0,
                created_at: NOW,
                last_seen_at: NOW,
                idle_ms: 3_600_000,
                absolute_expiry: NOW.plus_seconds(86_400),
                counter: 0,
                rotated_at: NOW,
                refresh_mac_key: Zeroizing::new([7; 32]),
            },
        }
    }
}

fn verdict(rotation: &Rotation) -> &'static str {
    match rotation {
        Rotation::Advanced(_) => "advanced",
        Rotation::Repeated(_) => "repeated",
        Rotation::Reused(_) => "reused",
        Rotation::Gone => "gone",
    }
}

#[actix_web::test]
async fn found_until_ended() {
    for bench in Bench::both().await {
        let sessions = bench.sessions();
        let (one, two) = (bench.new_session(Uuid::from_u128(1)), bench.new_session(Uuid::from_u128(1)));
        assert!(sessions.find(&one.key, NOW).await.unwrap().is_none());
        sessions.create(&one, 5).await.unwrap();
        sessions.create(&two, 5).await.unwrap();
        let found = sessions.find(&one.key, NOW).await.unwrap().unwrap();
        assert_eq!(found.actor, one.live.actor);
        assert_eq!(*found.refresh_mac_key, [7; 32]);
        assert_eq!(sessions.list(Uuid::from_u128(1), NOW).await.unwrap().len(), 2);
        assert!(sessions.end(Uuid::from_u128(1), one.live.actor.session_id).await.unwrap());
        assert!(!sessions.end(Uuid::from_u128(1), one.live.actor.session_id).await.unwrap());
        assert!(sessions.find(&one.key, NOW).await.unwrap().is_none());
        assert_eq!(sessions.end_all(Uuid::from_u128(1)).await.unwrap(), [two.live.actor.session_id]);
        assert!(sessions.find(&two.key, NOW).await.unwrap().is_none());
        assert!(sessions.list(Uuid::from_u128(1), NOW).await.unwrap().is_empty());
        sessions.ping().await.unwrap();
    }
}

#[actix_web::test]
async fn use_keeps_alive_up_to_the_absolute_end() {
    for bench in Bench::both().await {
        let sessions = bench.sessions();
        let (used, unused) = (bench.new_session(Uuid::from_u128(1)), bench.new_session(Uuid::from_u128(2)));
        sessions.create(&used, 5).await.unwrap();
        sessions.create(&unused, 5).await.unwrap();
        for half_hours in 1..48 {
            let now = NOW.plus_seconds(half_hours * 1800);
            let found = sessions.find(&used.key, now).await.unwrap();
            assert!(found.is_some(), "{half_hours}");
        }
        assert!(sessions.find(&unused.key, NOW.plus_seconds(3600)).await.unwrap().is_none());
        assert!(sessions.find(&used.key, NOW.plus_seconds(86_400)).await.unwrap().is_none());
        assert!(matches!(
            sessions.rotate(&used.key, 0, NOW.plus_seconds(86_400)).await.unwrap(),
            Rotation::Gone
        ));
        sessions.sweep(NOW.plus_seconds(86_400)).await.unwrap();
    }
}

#[actix_web::test]
async fn rotation_judges_by_distance_and_age() {
    for bench in Bench::both().await {
        let sessions = bench.sessions();
        for (steps, expected) in [
            (&[(0, 0), (0, 1)][..], "repeated"),
            (&[(0, 0), (0, 60)][..], "repeated"),
            (&[(0, 0), (0, 61)][..], "reused"),
            (&[(0, 0), (1, 1), (0, 2)][..], "reused"),
            (&[(0, 0), (1, 1), (1, 2)][..], "repeated"),
            (&[(1, 0)][..], "reused"),
        ] {
            let new = bench.new_session(Uuid::from_u128(3));
            sessions.create(&new, 100).await.unwrap();
            let mut last = "";
            for (counter, second) in steps {
                last =
                    verdict(&sessions.rotate(&new.key, *counter, NOW.plus_seconds(*second)).await.unwrap());
            }
            assert_eq!(last, expected, "{steps:?}");
            let after = sessions.find(&new.key, NOW.plus_seconds(61)).await.unwrap();
            assert_eq!(after.is_none(), expected == "reused", "{steps:?}");
        }
    }
}

#[actix_web::test]
async fn of_fifty_rotations_at_once_one_advances() {
    for bench in Bench::both().await {
        let sessions = bench.sessions();
        let new = bench.new_session(Uuid::from_u128(4));
        sessions.create(&new, 5).await.unwrap();
        let done = join_all((0..50).map(|_| sessions.rotate(&new.key, 0, NOW))).await;
        let verdicts: Vec<&str> = done.iter().map(|r| verdict(r.as_ref().unwrap())).collect();
        assert_eq!(verdicts.iter().filter(|v| **v == "advanced").count(), 1);
        assert_eq!(verdicts.iter().filter(|v| **v == "repeated").count(), 49);
        assert_eq!(sessions.find(&new.key, NOW).await.unwrap().unwrap().counter, 1);
    }
}

#[actix_web::test]
async fn the_oldest_beyond_the_cap_are_evicted() {
    for bench in Bench::both().await {
        let sessions = bench.sessions();
        let all: Vec<NewSession> = (0..4).map(|_| bench.new_session(Uuid::from_u128(5))).collect();
        let mut evicted = Vec::new();
        for new in &all {
            evicted.extend(sessions.create(new, 3).await.unwrap());
        }
        assert_eq!(evicted, [all[0].live.actor.session_id]);
        assert!(sessions.find(&all[0].key, NOW).await.unwrap().is_none());
        assert!(sessions.find(&all[1].key, NOW).await.unwrap().is_some());
    }
}

#[actix_web::test]
async fn changes_reach_every_session_and_never_go_back() {
    for bench in Bench::both().await {
        let sessions = bench.sessions();
        let account = Uuid::from_u128(6);
        let (one, two) = (bench.new_session(account), bench.new_session(account));
        sessions.create(&one, 5).await.unwrap();
        sessions.create(&two, 5).await.unwrap();
        sessions.find(&one.key, NOW).await.unwrap();
        let member = |role: Role| Member {
            person_id: Uuid::from_u128(60),
            side: Side::Vendor,
            roles: vec![role],
            department_id: None,
        };
        let promote = |live: &mut LiveSession| {
            live.actor.member = Some(member(Role::VendorLead));
            live.idle_ms = 60_000;
        };
        sessions.update_actor(account, 2, NOW, promote).await.unwrap();
        // An older change arrives late: it knows less and changes nothing.
        let demote = |live: &mut LiveSession| live.actor.member = None;
        sessions.update_actor(account, 1, NOW, demote).await.unwrap();
        for new in [&one, &two] {
            let found = sessions.find(&new.key, NOW.plus_seconds(1)).await.unwrap().unwrap();
            assert!(found.actor.has(Role::VendorLead));
            assert_eq!(found.actor.session_id, new.live.actor.session_id);
            assert_eq!((found.authorisation, found.counter), (2, 0));
            assert!(sessions.find(&new.key, NOW.plus_seconds(120)).await.unwrap().is_none());
        }
    }
}

#[actix_web::test]
async fn windows_count_and_marks_hold() {
    for bench in Bench::both().await {
        let limits = Limits::open(&bench.settings, &bench.db, &bench.vault).unwrap();
        for _ in 0..3 {
            limits.hit("tries", b"me", 3, 60, NOW).await.unwrap();
        }
        let refused = limits.hit("tries", b"me", 3, 60, NOW.plus_seconds(20)).await.unwrap_err();
        assert!(refused.is(Code::TooManyRequests));
        assert_eq!(refused.retry_after_seconds(), Some(40));
        limits.hit("tries", b"you", 3, 60, NOW).await.unwrap();
        limits.hit("others", b"me", 3, 60, NOW).await.unwrap();
        limits.hit("tries", b"me", 3, 60, NOW.plus_seconds(60)).await.unwrap();
        let marks = join_all((0..20).map(|_| limits.mark_used("code", b"abc", 600, NOW))).await;
        assert_eq!(marks.into_iter().filter(|m| *m.as_ref().unwrap()).count(), 1);
        assert!(limits.mark_used("code", b"abd", 600, NOW).await.unwrap());
        limits.sweep(NOW.plus_seconds(601)).await.unwrap();
    }
}

/// Longer than another process' change may go unheard.
async fn heard() {
    tokio::time::sleep(Duration::from_millis(2_100)).await;
}

#[actix_web::test]
async fn two_processes_on_one_database_hear_of_an_end_within_two_seconds() {
    let bench = Bench::embedded().await;
    let (server, command) = (bench.sessions(), bench.sessions());
    let (gone, kept) = (bench.new_session(Uuid::from_u128(7)), bench.new_session(Uuid::from_u128(9)));
    for new in [&gone, &kept] {
        server.create(new, 5).await.unwrap();
        assert!(server.find(&new.key, NOW).await.unwrap().is_some());
    }
    // What the server itself ends in the meantime hides nothing.
    let own = bench.new_session(Uuid::from_u128(10));
    server.create(&own, 5).await.unwrap();
    server.end_all(Uuid::from_u128(10)).await.unwrap();
    command.end_all(Uuid::from_u128(7)).await.unwrap();
    heard().await;
    assert!(server.find(&gone.key, NOW).await.unwrap().is_none());
    assert!(server.find(&kept.key, NOW).await.unwrap().is_some());
    // And the other way round, after each has heard of the other before.
    assert!(command.find(&kept.key, NOW).await.unwrap().is_some());
    let change = |live: &mut LiveSession| live.actor.member = None;
    server.update_actor(Uuid::from_u128(9), 99, NOW, change).await.unwrap();
    heard().await;
    assert!(command.find(&kept.key, NOW).await.unwrap().unwrap().actor.member.is_none());
    server.end_all(Uuid::from_u128(9)).await.unwrap();
    heard().await;
    assert!(command.find(&kept.key, NOW).await.unwrap().is_none());
}

#[actix_web::test]
async fn a_session_that_is_used_through_another_process_goes_on() {
    let bench = Bench::embedded().await;
    let (first, second) = (bench.sessions(), bench.sessions());
    let new = bench.new_session(Uuid::from_u128(11));
    first.create(&new, 5).await.unwrap();
    assert!(first.find(&new.key, NOW).await.unwrap().is_some());
    let nearly = NOW.plus_millis(new.live.idle_ms - 1);
    assert!(second.find(&new.key, nearly).await.unwrap().is_some());
    assert!(first.find(&new.key, NOW.plus_millis(new.live.idle_ms + 1)).await.unwrap().is_some());
}

#[actix_web::test]
async fn without_redis_nobody_passes_and_the_answer_is_quick() {
    let Some(mut bench) = Bench::redis().await else { return };
    let sessions = bench.sessions();
    let new = bench.new_session(Uuid::from_u128(8));
    sessions.create(&new, 5).await.unwrap();
    let mut redis = bench.redis.take().unwrap();
    redis.kill().unwrap();
    redis.wait().unwrap();
    for round in 0..12 {
        let began = Instant::now();
        let err = sessions.find(&new.key, NOW).await.unwrap_err();
        assert!(err.is(Code::SessionStoreUnavailable));
        assert!(err.retry_after_seconds().is_some_and(|s| (1..=5).contains(&s)));
        // 250 ms by rule; the rest is room for a busy machine.
        assert!(began.elapsed() < Duration::from_millis(600), "round {round}: {:?}", began.elapsed());
    }
    assert!(sessions.ping().await.is_err());
}
