//! Placing: order, leases, crashes, and that writers and the sequencer do not hold each other up.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;

use super::*;
use crate::ledger::testing::Ground;
use crate::ledger::verify;

async fn place_all(g: &Ground, holder: Uuid) -> usize {
    let mut placed = 0;
    while let Pass::Placed(n) = once(&g.db, &g.clock, holder).await.unwrap() {
        placed += n;
    }
    placed
}

#[tokio::test]
async fn places_follow_the_order_of_appending_in_batches() {
    let g = Ground::steered().await;
    let holder = Uuid::from_u128(1);
    assert_eq!(once(&g.db, &g.clock, holder).await.unwrap(), Pass::Idle);
    let tx = g.db.write_tx().await.unwrap();
    let mut ids = Vec::new();
    for n in 0..1005 {
        ids.push(g.append_in(&tx, n).await);
    }
    tx.commit().await.unwrap();
    assert_eq!(once(&g.db, &g.clock, holder).await.unwrap(), Pass::Placed(1000));
    assert_eq!(once(&g.db, &g.clock, holder).await.unwrap(), Pass::Placed(5));
    assert_eq!(once(&g.db, &g.clock, holder).await.unwrap(), Pass::Idle);
    let places = crate::ledger::places(g.db.reader(), &ids).await.unwrap();
    for (i, id) in ids.iter().enumerate() {
        assert_eq!(places[id].0, i as i64 + 1);
        assert_eq!(places[id].1.len(), 64);
    }
    let report = verify(&g.db).await.unwrap();
    assert_eq!((report.bad, report.size, report.checkpoints, report.waiting), (None, 1005, 2, 0));
}

#[tokio::test]
async fn one_worker_at_a_time_and_the_next_when_it_is_gone() {
    let g = Ground::steered().await;
    let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
    g.append(1).await;
    assert_eq!(once(&g.db, &g.clock, a).await.unwrap(), Pass::Placed(1));
    g.append(2).await;
    assert_eq!(once(&g.db, &g.clock, b).await.unwrap(), Pass::Elsewhere);
    g.clock.advance(TimeDelta::milliseconds(LEASE_MILLIS));
    assert_eq!(once(&g.db, &g.clock, b).await.unwrap(), Pass::Placed(1));
    store::release_lease(g.db.writer(), b).await.unwrap();
    g.append(3).await;
    assert_eq!(once(&g.db, &g.clock, a).await.unwrap(), Pass::Placed(1));
    assert_eq!(verify(&g.db).await.unwrap().bad, None);
}

#[tokio::test]
async fn a_write_that_did_not_commit_leaves_nothing() {
    let g = Ground::steered().await;
    let tx = g.db.write_tx().await.unwrap();
    let id = g.append_in(&tx, 1).await;
    drop(tx);
    assert_eq!(place_all(&g, Uuid::from_u128(1)).await, 0);
    assert!(crate::ledger::places(g.db.reader(), &[id]).await.unwrap().is_empty());
    assert_eq!(verify(&g.db).await.unwrap().size, 0);
    // And the same when the sequencer's own batch does not commit.
    g.append(2).await;
    let tx = g.db.write_tx().await.unwrap();
    store::take_lease(&*tx, Uuid::from_u128(1), g.clock.now(), g.clock.now()).await.unwrap();
    let batch = Batch { placed: vec![], placed_at: 0, root: GENESIS, frontier: vec![] };
    store::write_batch(&*tx, &batch).await.unwrap();
    drop(tx);
    assert_eq!(place_all(&g, Uuid::from_u128(1)).await, 1);
    assert_eq!(verify(&g.db).await.unwrap().bad, None);
}

#[tokio::test]
async fn time_does_not_run_backwards_in_the_ledger() {
    let g = Ground::steered().await;
    let holder = Uuid::from_u128(1);
    g.append(1).await;
    place_all(&g, holder).await;
    g.clock.advance(TimeDelta::hours(-1));
    g.append(2).await;
    place_all(&g, holder).await;
    assert_eq!(verify(&g.db).await.unwrap().bad, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "tests may spawn")]
async fn eight_writers_and_two_sequencers_at_once() {
    const EACH: i64 = 60;
    let g = Arc::new(Ground::new(Clock::System).await);
    let stop = Arc::new(AtomicBool::new(false));
    let mut sequencers = Vec::new();
    for n in 1..=2_u128 {
        let (g, stop) = (g.clone(), stop.clone());
        sequencers.push(tokio::spawn(async move {
            let mut placed = 0;
            while !stop.load(Ordering::SeqCst) {
                if let Pass::Placed(n) = once(&g.db, &g.clock, Uuid::from_u128(n)).await.unwrap() {
                    placed += n;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            placed
        }));
    }
    let writers: Vec<_> = (0..8)
        .map(|w| {
            let g = g.clone();
            tokio::spawn(async move {
                let mut slowest = Duration::ZERO;
                for n in 0..EACH {
                    let began = Instant::now();
                    g.append(w * EACH + n).await;
                    slowest = slowest.max(began.elapsed());
                }
                slowest
            })
        })
        .collect();
    let began = Instant::now();
    let mut slowest = Duration::ZERO;
    for writer in writers {
        slowest = slowest.max(writer.await.unwrap());
    }
    println!("{} appends in {:?}, slowest {slowest:?}", 8 * EACH, began.elapsed());
    // The last entry is committed: from now on at most a second.
    let committed = Instant::now();
    while store::backlog(g.db.reader()).await.unwrap() > 0 {
        assert!(committed.elapsed() < Duration::from_secs(1), "not placed within a second");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stop.store(true, Ordering::SeqCst);
    let mut placed = 0;
    for sequencer in sequencers {
        placed += sequencer.await.unwrap();
    }
    assert_eq!(placed, 8 * usize::try_from(EACH).unwrap());
    let report = verify(&g.db).await.unwrap();
    assert_eq!((report.bad, report.size), (None, 8 * EACH.unsigned_abs()));
}
