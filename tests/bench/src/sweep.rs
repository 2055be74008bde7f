//! The look-out for deadlines over many open clocks: the real job on the real schema. What is measured is the
//! wall time of the job, the database's own and ours together, with an fsync per batch.

use std::time::Instant;

use lvyue::clocks::Book;
use lvyue::duties::jobs;
use lvyue::kit::Kit;
use lvyue::kit::clock::Clock;
use lvyue::kit::config::Settings;
use lvyue::kit::db::Dialect;

use crate::ours::{Cast, Sink};

const HOUR: i64 = 3_600_000;
/// Rounds with nothing due.
const IDLE: usize = 200;

/// `open` running clocks in an empty, migrated database; then rounds in which so many of them are due.
pub async fn sweep(open: i64, due: &[i64]) {
    let settings = Settings::load().unwrap();
    let mut sink = Sink::open(&settings).await;
    let kit = lvyue::app::tool(settings, Clock::System).await.unwrap();
    load(&kit, &mut sink, open).await;
    let book = Book::builtin();

    let mut idle: Vec<f64> = Vec::with_capacity(IDLE);
    for _ in 0..IDLE {
        let began = Instant::now();
        let round = jobs::warn(&kit, &book).await.unwrap();
        idle.push(began.elapsed().as_secs_f64() * 1e3);
        assert_eq!(round.warned, 0);
    }
    idle.sort_by(f64::total_cmp);
    println!("nothing due of {open}: {:.2} ms in the middle, {:.2} ms at most of {IDLE} rounds", idle[IDLE / 2], idle[IDLE - 1]);

    let mut from = 1;
    for (what, ages) in [("at 50, 75 or 90 %", [300, 390, 450, 390]), ("overdue", [540, 600, 660, 720])] {
        for count in due {
            make_due(&kit, &mut sink, from, *count, ages).await;
            from += count;
            let began = Instant::now();
            let mut warned = 0;
            loop {
                let round = jobs::warn(&kit, &book).await.unwrap();
                warned += round.warned;
                if round.next.is_none_or(|at| at > kit.clock.now()) {
                    break;
                }
            }
            let took = began.elapsed().as_secs_f64() * 1e3;
            assert_eq!(warned, usize::try_from(*count).unwrap());
            println!("{count} due of {open}, {what}: {took:.1} ms, {:.1} us each", took * 1e3 / *count as f64);
        }
    }
    kit.db.close().await.unwrap();
}

/// People of both sides, and clocks that all run and have none of their warnings due.
async fn load(kit: &Kit, sink: &mut Sink, open: i64) {
    let began = Instant::now();
    let cast = Cast::new(kit, 50);
    sink.begin().await;
    sink.store(cast.rows(kit)).await;
    let now = kit.clock.now().0;
    let (series, id) = series(kit, open);
    sink.run(&format!(
        "INSERT INTO duties (id, record_kind, record_id, number, owner_id, reporter_id, code, clause, cycle, round, obligor, unit, amount, \
         started_at, due_at, in_time_until, provisional, pauses, state, in_force, warned, skipped, warn_at) \
         SELECT {}, 'fault', {}, 'GZ-2026-' || n, p.vera, p.amy, 'R8', '4.2', 1, 0, 'vendor', 'natural_hours', 8, \
         {now} + n, {now} + n + {whole}, {now} + n + {whole}, FALSE, '[]', 'running', 1, 0, '', {now} + n + {half} \
         FROM {series} s, (SELECT (SELECT id FROM people WHERE roles = 'vendor_agent' ORDER BY id LIMIT 1) AS vera, \
         (SELECT id FROM people WHERE roles = 'employee' ORDER BY id LIMIT 1) AS amy) p",
        id("01"),
        id("02"),
        whole = 8 * HOUR,
        half = 4 * HOUR,
    ))
    .await;
    for (roles, of) in [("vendor_lead", "vendor_agent"), ("employee;client_manager", "employee")] {
        sink.run(&format!(
            "UPDATE people SET roles = '{roles}' WHERE id = (SELECT id FROM people WHERE roles = '{of}' ORDER BY id DESC LIMIT 1)"
        ))
        .await;
    }
    sink.finish().await;
    println!("{open} open clocks loaded in {:.1} s", began.elapsed().as_secs_f64());
}

type Id = Box<dyn Fn(&str) -> String>;

/// The numbers 1 to `count` as `n`, and how an id is made of `n`.
fn series(kit: &Kit, count: i64) -> (String, Id) {
    match kit.db.dialect() {
        Dialect::Sqlite => (
            format!("(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"),
            Box::new(|kind| format!("unhex(printf('0193b3a00000700080{kind}%012x', n))")),
        ),
        Dialect::Postgres => (
            format!("(SELECT n FROM generate_series(1, {count}) n)"),
            Box::new(|kind| format!("('0193b3a00000700080{kind}' || lpad(to_hex(n), 12, '0'))::uuid")),
        ),
    }
}

/// Moves the next clocks into the past, by these minutes in turn.
async fn make_due(kit: &Kit, sink: &mut Sink, from: i64, count: i64, ages: [i64; 4]) {
    let now = kit.clock.now().0;
    let cases: Vec<String> = ages.iter().enumerate().map(|(n, minutes)| format!("WHEN {n} THEN {}", minutes * 60_000)).collect();
    let age = format!("(CASE n % 4 {} END)", cases.join(" "));
    let (series, id) = series(kit, count);
    let sql = format!(
        "UPDATE duties SET started_at = {now} - v.age, due_at = {now} - v.age + {whole}, in_time_until = {now} - v.age + {whole}, \
         warn_at = {now} - v.age + {half} FROM (SELECT {} AS id, {age} AS age FROM (SELECT n + {} AS n FROM {series} a) b) AS v WHERE duties.id = v.id",
        id("01"),
        from - 1,
        whole = 8 * HOUR,
        half = 4 * HOUR,
    );
    sink.run(&sql).await;
}
