//! Single steps of a request, on one core without a server.

use std::hint::black_box;
use std::time::Instant;

use lvyue::app::App;
use lvyue::clocks::{self, Book, By, Event, Opening, Severity, What};
use lvyue::kit::clock::{Clock, Timestamp};
use lvyue::kit::config::Settings;
use lvyue::kit::crypto::{Claims, Column, KeyScope, SessionKey};
use uuid::Uuid;

/// The best of nine passes, in nanoseconds a call: strangers only ever add.
fn best(calls: u32, mut step: impl FnMut()) -> f64 {
    let mut pass = || {
        let began = Instant::now();
        for _ in 0..calls {
            step();
        }
        began.elapsed().as_nanos() as f64 / f64::from(calls)
    };
    (0..9).map(|_| pass()).fold(f64::INFINITY, f64::min)
}

fn say(what: &str, ns: f64, goal_us: f64) {
    let verdict = if goal_us == 0.0 {
        String::new()
    } else {
        format!("goal {goal_us} us: {}", if ns <= goal_us * 1000.0 { "met" } else { "MISSED" })
    };
    println!("{what:<44} {:>9.2} us  {verdict}", ns / 1000.0);
}

/// A ticket with as much history as any will have: asked, supplied, solved, rejected and said again.
fn fifty_events() -> Vec<Event> {
    let round = [
        (By::Vendor, What::AskedClient),
        (By::Client, What::Supplied),
        (By::Vendor, What::Said),
        (By::Vendor, What::SolutionPublished { eta: Some(Timestamp(9_000_000_000)) }),
        (By::Client, What::SolutionRejected),
    ];
    let mut all = vec![Event { at: Timestamp(0), by: By::Client, public: true, what: What::Submitted(Opening::Fault { severity: Severity::Major }) }];
    for (i, (by, what)) in round.iter().cycle().take(49).enumerate() {
        all.push(Event { at: Timestamp((i as i64 + 1) * 600_000), by: *by, public: true, what: *what });
    }
    all
}

/// A change whose notice was thought over as often as fits: every round counts working days of its own.
fn fifty_events_of_a_change() -> Vec<Event> {
    let round = [(By::Vendor, What::ContactLogged), (By::Vendor, What::Replied), (By::Client, What::Reconsidered)];
    // 2026-01-05: Spring Festival lies in most of the rounds.
    let event = |n: i64, by, what| Event { at: Timestamp(1_767_571_200_000 + n * 43_200_000), by, public: true, what };
    let begun = [event(0, By::Client, What::Submitted(Opening::Change)), event(0, By::Client, What::Issued)];
    let rest = round.iter().cycle().zip(1..49).map(|((by, what), n)| event(n, *by, *what));
    begun.into_iter().chain(rest).collect()
}

pub async fn micro() {
    let app = App::build(Settings::load().unwrap(), Clock::System).await.unwrap();
    let kit = app.kit();
    let events = fifty_events();
    let now = Timestamp(100_000_000);
    let book = Book::builtin();
    let derived = |events: &[Event]| drop(black_box(clocks::derive(black_box(events), &book, now)));
    say("clocks of a fault with 50 events", best(2_000, || derived(&events)), 100.0);
    let change = fifty_events_of_a_change();
    say("clocks of a change with 50 events", best(2_000, || derived(&change)), 100.0);

    let (id, owner) = (kit.ids.fresh().unwrap(), kit.ids.fresh().unwrap());
    let key = kit.vault.new_key(kit.db.writer(), id, KeyScope::Ticket, owner, now).await.unwrap();
    let column = Column::new("tickets", "title_sealed");
    let sealed = key.seal(column, owner, "打印机离线 #12345".as_bytes()).unwrap();
    say("seal one value", best(20_000, || drop(black_box(key.seal(column, owner, "打印机离线 #12345".as_bytes()).unwrap()))), 2.0);
    say("open one value", best(20_000, || drop(black_box(key.open_text(column, owner, &sealed).unwrap()))), 2.0);
    let long = key.seal(column, owner, &[b'x'; 2000]).unwrap();
    say("open a value of 2,000 bytes", best(20_000, || drop(black_box(key.open_text(column, owner, &long).unwrap()))), 0.0);

    let session = SessionKey::fresh(&kit.ids).unwrap();
    let at = kit.clock.now();
    let token = kit.tokens.sign_access(&Claims::new(Uuid::now_v7(), &session, Uuid::now_v7(), at, 600)).unwrap();
    say("check an access token", best(20_000, || drop(black_box(kit.tokens.check_access(&token, at).unwrap()))), 0.0);
    say("digest of a session key", best(20_000, || drop(black_box(kit.vault.digest("session", &session.0)))), 0.0);
}
