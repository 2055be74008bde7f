//! Warnings go out exactly once: three workers over one database, a worker killed in the middle again and
//! again, and what the databases say about how they find what is due.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use lvyue::clocks::Book;
use lvyue::duties::jobs;
use lvyue::kit::clock::Clock;
use lvyue::kit::config::Settings;
use lvyue::kit::db::{Db, Dialect};
use lvyue::ledger;
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::support::child::{self, Home};
use crate::support::engine::Place;
use crate::support::world::{folder, runtime};
use crate::support::{Engine, sql};

const HOUR: i64 = 3_600_000;
/// Enough that a kill finds the worker at work.
const DUTIES: i64 = 20_000;
const KILLS: usize = 3;

/// `count` running duties of eight natural hours, owned by vera, the n-th started `age(n)` ms before now.
async fn put(db: &Db, now: i64, count: i64, age: &str) {
    let vera = "(SELECT id FROM people WHERE roles = 'vendor_agent' ORDER BY id LIMIT 1)";
    let (series, id) = match db.dialect() {
        Dialect::Sqlite => (
            format!(
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"
            ),
            "unhex(printf('0193b3a00000700080{02d}%012x', n))",
        ),
        Dialect::Postgres => (
            format!("(SELECT n FROM generate_series(1, {count}) n)"),
            "('0193b3a00000700080{02d}' || lpad(to_hex(n), 12, '0'))::uuid",
        ),
    };
    let id = |kind: u8| id.replace("{02d}", &format!("{kind:02}"));
    let insert = format!(
        "INSERT INTO duties (id, record_kind, record_id, number, owner_id, code, clause, cycle, round, obligor, unit, \
         amount, started_at, due_at, in_time_until, provisional, pauses, state, in_force, warned, skipped, warn_at) \
         SELECT {}, 'fault', {}, 'GZ-2026-' || n, {vera}, 'R8', '4.2', 1, 0, 'vendor', 'natural_hours', 8, \
         {now} - {age}, {now} - {age} + {whole}, {now} - {age} + {whole}, FALSE, '[]', 'running', 1, 0, '', \
         {now} - {age} + {half} FROM {series} s",
        id(1),
        id(2),
        whole = 8 * HOUR,
        half = 4 * HOUR,
    );
    assert_eq!(sql::execute(db, &insert).await.unwrap(), u64::try_from(count).unwrap());
}

/// Three workers, each a kit of its own on a thread of its own, until nothing is due.
fn three_workers(settings: &Settings, clock: &Clock) -> Vec<usize> {
    let work = |_| {
        let (settings, clock) = (settings.clone(), clock.clone());
        thread::spawn(move || {
            runtime().block_on(async {
                let kit = lvyue::app::tool(settings, clock.clone()).await.unwrap();
                let (book, began, mut warned) = (Book::builtin(), Instant::now(), 0);
                loop {
                    match jobs::warn(&kit, &book).await {
                        Ok(round) => {
                            warned += round.warned;
                            if round.next.is_none_or(|at| at > clock.now()) {
                                break;
                            }
                        }
                        // One writer at a time: who waits too long tries again, as the worker does.
                        Err(error) => {
                            assert!(error.is(lvyue::kit::error::Code::DatabaseUnavailable), "{error}")
                        }
                    }
                    assert!(began.elapsed() < Duration::from_secs(240), "warnings stay due");
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                kit.db.close().await.unwrap();
                warned
            })
        })
    };
    let workers: Vec<_> = (0..3).map(work).collect();
    workers.into_iter().map(|w| w.join().unwrap()).collect()
}

/// Minutes since a duty began, by its number: far from every threshold, so that none is crossed while the
/// test runs. Of eight hours, 50 % are 240 minutes, 75 % 360, 90 % 432.
const AGES: [(i64, i32); 5] = [(60, 0), (300, 50), (390, 75), (450, 90), (540, 100)];

fn age() -> String {
    let cases =
        AGES.iter().enumerate().map(|(n, (minutes, _))| format!("WHEN {n} THEN {}", minutes * 60_000));
    format!("(CASE n % 5 {} END)", cases.collect::<Vec<_>>().join(" "))
}

/// Every duty was warned of at its highest threshold and no other, once per person, once in the ledger.
async fn exactly_once(db: &Db, expected: &BTreeMap<i32, i64>) {
    let warned = sql::rows(db, "SELECT warned, COUNT(*) AS n FROM duties GROUP BY warned").await;
    let warned: BTreeMap<i32, i64> =
        warned.iter().map(|r| (r.try_get("", "warned").unwrap(), r.try_get("", "n").unwrap())).collect();
    assert_eq!(&warned, expected);
    let of = |percent: i32| expected.get(&percent).copied().unwrap_or(0);
    // The owner at 50; the lead as well at 75; the manager too at 90; there is no reporter to tell at 100.
    let told = sql::rows(db, "SELECT event, COUNT(*) AS n FROM notices GROUP BY event").await;
    let told: BTreeMap<String, i64> =
        told.iter().map(|r| (r.try_get("", "event").unwrap(), r.try_get("", "n").unwrap())).collect();
    let should: BTreeMap<String, i64> = [(50, 1), (75, 2), (90, 3), (100, 3)]
        .into_iter()
        .filter(|(percent, _)| of(*percent) > 0)
        .map(|(percent, people)| (format!("duty.{percent}.R8"), people * of(percent)))
        .collect();
    assert_eq!(told, should);
    let twice =
        "SELECT COUNT(*) FROM (SELECT 1 FROM notices GROUP BY person_id, object_id HAVING COUNT(*) > 1) x";
    assert_eq!(sql::number(db, twice).await, 0, "told twice");
    assert_eq!(sql::number(db, "SELECT COUNT(*) FROM notices WHERE count <> 1").await, 0, "told twice");
    assert_eq!(sql::number(db, "SELECT COUNT(*) FROM breaches").await, of(100));
    assert_eq!(sql::number(db, "SELECT COUNT(*) FROM breach_events").await, of(100));

    let entries = sql::rows(db, "SELECT detail FROM ledger_entries WHERE action = 'duties.warned'").await;
    let mut entered: BTreeMap<String, i64> = BTreeMap::new();
    for row in entries {
        let detail: Value = serde_json::from_str(&row.try_get::<String>("", "detail").unwrap()).unwrap();
        for warning in detail["warnings"].as_array().unwrap() {
            let skipped: Vec<i64> =
                warning["skipped"].as_array().unwrap().iter().map(|s| s.as_i64().unwrap()).collect();
            let percent = warning["percent"].as_i64().unwrap();
            let lower: Vec<i64> = [50, 75, 90, 100].into_iter().filter(|t| *t < percent).collect();
            assert_eq!(skipped, lower);
            *entered.entry(warning["duty"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    assert!(entered.values().all(|n| *n == 1), "entered twice");
    let all: i64 = [50, 75, 90, 100].into_iter().map(of).sum();
    assert_eq!(i64::try_from(entered.len()).unwrap(), all);
    let report = ledger::verify(db).await.unwrap();
    assert!(report.bad.is_none(), "{report:?}");
}

fn once_with_three_workers_and_kills(engine: Engine) {
    let folder = folder();
    let settings = engine.copy(folder.path());
    let wechat = child::wechat();
    let place = Place {
        database: settings.database.url.expose_secret().to_owned(),
        redis: settings.redis.url.expose_secret().to_owned(),
    };
    let home = Home::new(folder.path(), place, wechat.base_url());
    runtime().block_on(async {
        let db = Db::open(&settings.database).await.unwrap();
        put(&db, Clock::System.now().0, DUTIES, &age()).await;
        // The process is killed as soon as it has told somebody; each next one goes on where it was.
        let mut seen = 0;
        for kill in 0..KILLS {
            let worker = home.start(home.command(&["worker"]));
            let began = Instant::now();
            loop {
                let told = sql::number(&db, "SELECT COUNT(*) FROM notices").await;
                if told > seen {
                    seen = told;
                    break;
                }
                assert!(began.elapsed() < Duration::from_secs(60), "kill {kill}: {}", home.log());
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            worker.kill();
        }
        let left = "SELECT COUNT(*) FROM duties WHERE warned = 0 AND warn_at <= ";
        let left = sql::number(&db, &format!("{left}{}", Clock::System.now().0)).await;
        assert!(left > 0, "the worker was done before it was killed");
        db.close().await.unwrap();
    });
    let warned = three_workers(&settings, &Clock::System);
    // On SQLite whoever has the one place to write may keep it until nothing is due.
    let several = warned.iter().filter(|n| **n > 0).count() > 1;
    assert!(several || engine == Engine::Embedded, "one did it all: {warned:?}");
    runtime().block_on(async {
        let db = Db::open(&settings.database).await.unwrap();
        let expected = AGES.iter().map(|(_, percent)| (*percent, DUTIES / 5)).collect();
        exactly_once(&db, &expected).await;
        db.close().await.unwrap();
    });
}

#[test]
fn warnings_go_out_once_embedded() {
    once_with_three_workers_and_kills(Engine::Embedded);
}

#[test]
fn warnings_go_out_once_production() {
    once_with_three_workers_and_kills(Engine::Production);
}

/// What the database plans for a statement.
async fn plan(db: &Db, statement: &str) -> String {
    let explain = match db.dialect() {
        Dialect::Sqlite => "EXPLAIN QUERY PLAN",
        Dialect::Postgres => "EXPLAIN",
    };
    let column = if db.dialect() == Dialect::Sqlite { 3 } else { 0 };
    let rows = sql::rows(db, &format!("{explain} {statement}")).await;
    let lines = rows.iter().map(|r| r.try_get_by_index::<String>(column).unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

fn found_by_index(engine: Engine) {
    let folder = folder();
    let settings = engine.copy(folder.path());
    runtime().block_on(async {
        let db = Db::open(&settings.database).await.unwrap();
        let now = Clock::System.now();
        // Nearly all of them have been warned of and have a long time to go.
        put(&db, now.0, 20_000, "0").await;
        sql::execute(&db, "ANALYZE").await.unwrap();
        let due = jobs::DUE.replace("$1", &now.0.to_string());
        let hold = if engine == Engine::Production { " FOR UPDATE SKIP LOCKED" } else { "" };
        for statement in [jobs::NEXT_WARNING.to_owned(), format!("{due}{hold}")] {
            let plan = plan(&db, &statement).await;
            assert!(plan.contains("duties_warn"), "{statement}\n{plan}");
            for costly in ["SCAN duties\n", "Seq Scan", "Sort", "TEMP B-TREE"] {
                assert!(!plan.contains(costly), "{statement}\n{plan}");
            }
        }
        // Totals look at rows only of what runs; PostgreSQL may find reading all of a small table quicker than its index.
        let plan = plan(&db, &jobs::totals().replace("$1", &now.0.to_string())).await;
        assert!(plan.contains("duties_not_owed"), "{plan}");
        if engine == Engine::Embedded {
            assert!(plan.contains("COVERING INDEX duties_page"), "{plan}");
            assert!(plan.contains("duties_page (obligor=? AND state=?)"), "{plan}");
        }
        db.close().await.unwrap();
    });
}

#[test]
fn what_is_due_is_found_by_index_embedded() {
    found_by_index(Engine::Embedded);
}

#[test]
fn what_is_due_is_found_by_index_production() {
    found_by_index(Engine::Production);
}
