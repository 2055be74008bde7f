//! Whatever is done to the tables behind the program's back is found and named.

use super::*;
use crate::ledger::testing::Ground;
use crate::ledger::{hex, merkle, prove, sequencer};

const TABLES: [&str; 3] = ["ledger_entries", "ledger_places", "ledger_checkpoints"];

async fn filled() -> Ground {
    let g = Ground::steered().await;
    let mut n = 0;
    for batch in [3, 1, 5, 2, 7] {
        for _ in 0..batch {
            n += 1;
            g.append(n).await;
        }
        sequencer::once(&g.db, &g.clock, Uuid::from_u128(1)).await.unwrap();
    }
    assert_eq!(verify(&g.db).await.unwrap().bad, None);
    g
}

async fn without_triggers(g: &Ground) {
    for table in TABLES {
        for kind in ["fixed", "kept", "new"] {
            g.run(&format!("DROP TRIGGER {table}_{kind}")).await.unwrap();
        }
    }
}

#[tokio::test]
async fn ordinary_means_cannot_touch_the_tables() {
    let g = filled().await;
    for table in TABLES {
        let column = if table == "ledger_places" { "placed_at" } else { "at" };
        let update = g.run(&format!("UPDATE {table} SET {column} = 0")).await.unwrap_err();
        assert!(update.to_string().contains("append-only"), "{update}");
        let delete = g.run(&format!("DELETE FROM {table}")).await.unwrap_err();
        assert!(delete.to_string().contains("append-only"), "{delete}");
        let key = match table {
            "ledger_places" => "seq",
            "ledger_checkpoints" => "size",
            _ => "id",
        };
        // REPLACE deletes without firing delete triggers.
        let replace = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table} ORDER BY {key} LIMIT 1");
        let replace = g.run(&replace).await.unwrap_err();
        assert!(replace.to_string().contains("append-only"), "{replace}");
    }
    assert_eq!(verify(&g.db).await.unwrap().bad, None);
}

/// A small generator, so that a seed repeats a run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

fn mutation(dice: &mut Dice) -> String {
    let seq = dice.below(18) + 1;
    let entry = format!("(SELECT entry_id FROM ledger_places WHERE seq = {seq})");
    let size = [3, 4, 9, 11, 18][usize::try_from(dice.below(5)).unwrap()];
    match dice.below(16) {
        0 => {
            let edits = [
                "at = at + 1",
                "actor_id = CASE WHEN actor_id IS NULL THEN zeroblob(16) ELSE NULL END",
                "actor_side = 'vendor'",
                "action = action || ' '",
                "object_kind = 'person'",
                "object_id = randomblob(16)",
                "request_id = CASE WHEN request_id IS NULL THEN zeroblob(16) ELSE NULL END",
                "detail = replace(detail, 'submitted', 'closed')",
                "detail = detail || ' '",
                "content_digest = zeroblob(32)",
                "content_digest = zeroblob(0)",
                "detail = CAST(detail AS BLOB) || x'ff'",
            ];
            let edit = edits[usize::try_from(dice.below(edits.len() as u64)).unwrap()];
            format!("UPDATE ledger_entries SET {edit} WHERE id = {entry}")
        }
        1 => format!("UPDATE ledger_entries SET id = randomblob(16) WHERE id = {entry}"),
        2 => format!("DELETE FROM ledger_entries WHERE id = {entry}"),
        3 => format!(
            "DELETE FROM ledger_entries WHERE id = {entry}; DELETE FROM ledger_places WHERE seq = {seq}"
        ),
        4 => format!("DELETE FROM ledger_places WHERE seq = {seq}"),
        5 => format!("UPDATE ledger_places SET hash = randomblob(32) WHERE seq = {seq}"),
        6 => format!("UPDATE ledger_places SET placed_at = placed_at + 1 WHERE seq = {seq}"),
        7 => format!("UPDATE ledger_places SET entry_id = randomblob(16) WHERE seq = {seq}"),
        8 => format!("UPDATE ledger_places SET seq = seq + 1000 WHERE seq >= {seq}"),
        9 => {
            let other = seq % 18 + 1;
            format!(
                "UPDATE ledger_places SET seq = -1 WHERE seq = {seq}; \
                 UPDATE ledger_places SET seq = {seq} WHERE seq = {other}; \
                 UPDATE ledger_places SET seq = {other} WHERE seq = -1"
            )
        }
        10 => format!(
            "DELETE FROM ledger_entries WHERE id IN (SELECT entry_id FROM ledger_places WHERE seq >= {seq}); \
             DELETE FROM ledger_places WHERE seq >= {seq}"
        ),
        11 => "INSERT INTO ledger_entries SELECT randomblob(16), at, actor_id, actor_side, action, \
               object_kind, object_id, request_id, detail, content_digest FROM ledger_entries LIMIT 1"
            .to_owned(),
        12 => "INSERT INTO ledger_places SELECT 0, randomblob(16), hash, placed_at FROM ledger_places \
               WHERE seq = 1"
            .to_owned(),
        13 => {
            let edits =
                ["root = randomblob(32)", "frontier = zeroblob(32)", "at = at + 1", "size = size + 50"];
            let edit = edits[usize::try_from(dice.below(4)).unwrap()];
            format!("UPDATE ledger_checkpoints SET {edit} WHERE size = {size}")
        }
        14 => format!("DELETE FROM ledger_checkpoints WHERE size = {size}"),
        _ => {
            let edits = [
                format!("INSERT INTO ledger_queue VALUES ({entry})"),
                "INSERT INTO ledger_queue VALUES (randomblob(16))".to_owned(),
                "INSERT INTO ledger_checkpoints SELECT 0, root, frontier, at FROM ledger_checkpoints LIMIT 1"
                    .to_owned(),
                "INSERT INTO ledger_checkpoints SELECT 2, root, frontier, at FROM ledger_checkpoints LIMIT 1"
                    .to_owned(),
                "INSERT INTO ledger_checkpoints SELECT 99, root, frontier, at FROM ledger_checkpoints LIMIT 1"
                    .to_owned(),
                "UPDATE deployment SET id = randomblob(16)".to_owned(),
            ];
            edits[usize::try_from(dice.below(6)).unwrap()].clone()
        }
    }
}

#[tokio::test]
async fn every_mutation_is_found_and_named() {
    let rounds = std::env::var_os("LVYUE_MUTATIONS")
        .and_then(|n| n.to_str().and_then(|n| n.parse().ok()))
        .unwrap_or(500_u32);
    let mut seed = [0; 8];
    ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut seed).unwrap();
    let seed = u64::from_be_bytes(seed) | 1;
    println!("seed {seed}");
    let g = filled().await;
    without_triggers(&g).await;
    let mut dice = Dice(seed);
    for round in 0..rounds {
        let sql = mutation(&mut dice);
        let tables = TABLES.iter().chain(&["ledger_queue", "deployment"]);
        let keep: String = tables
            .clone()
            .map(|t| format!("DROP TABLE IF EXISTS keep_{t}; CREATE TABLE keep_{t} AS SELECT * FROM {t};"))
            .collect();
        if round == 0 {
            g.run(&keep).await.unwrap();
        }
        g.run(&sql).await.unwrap_or_else(|e| panic!("seed {seed} round {round}: {sql}: {e}"));
        let report = verify(&g.db).await.unwrap_or_else(|e| panic!("seed {seed} round {round}: {sql}: {e}"));
        let bad = report.bad.unwrap_or_else(|| panic!("seed {seed} round {round}: not found: {sql}"));
        assert!(!bad.fault.to_string().is_empty());
        let back: String =
            tables.map(|t| format!("DELETE FROM {t}; INSERT INTO {t} SELECT * FROM keep_{t};")).collect();
        g.run(&back).await.unwrap();
    }
    assert_eq!(verify(&g.db).await.unwrap().bad, None);
}

#[tokio::test]
async fn the_place_that_was_changed_is_the_place_that_is_named() {
    let g = filled().await;
    without_triggers(&g).await;
    g.run("UPDATE ledger_entries SET action = 'x' WHERE id = (SELECT entry_id FROM ledger_places WHERE seq = 7)")
        .await
        .unwrap();
    let bad = verify(&g.db).await.unwrap().bad.unwrap();
    assert_eq!(bad, Bad { seq: Some(7), fault: Fault::HashWrong });
    g.run("DELETE FROM ledger_places WHERE seq = 5").await.unwrap();
    let bad = verify(&g.db).await.unwrap().bad.unwrap();
    assert_eq!(bad, Bad { seq: Some(5), fault: Fault::PlaceMissing });
}

#[tokio::test]
async fn a_kept_checkpoint_finds_a_tail_that_was_cut_with_its_checkpoints() {
    let g = filled().await;
    let report = verify(&g.db).await.unwrap();
    let kept = BTreeMap::from([(report.size, report.root)]);
    assert_eq!(verify_against(&g.db, &kept).await.unwrap().bad, None);
    without_triggers(&g).await;
    g.run(
        "DELETE FROM ledger_entries WHERE id IN (SELECT entry_id FROM ledger_places WHERE seq > 11); \
         DELETE FROM ledger_places WHERE seq > 11; DELETE FROM ledger_checkpoints WHERE size > 11",
    )
    .await
    .unwrap();
    assert_eq!(verify(&g.db).await.unwrap().bad, None, "nothing inside tells");
    let bad = verify_against(&g.db, &kept).await.unwrap().bad.unwrap();
    assert_eq!(bad, Bad { seq: Some(12), fault: Fault::Truncated });
    // Going on from there gives another history of the same length.
    for n in 100..107 {
        g.append(n).await;
    }
    sequencer::once(&g.db, &g.clock, Uuid::from_u128(1)).await.unwrap();
    assert_eq!(verify(&g.db).await.unwrap().bad, None);
    let bad = verify_against(&g.db, &kept).await.unwrap().bad.unwrap();
    assert_eq!(bad, Bad { seq: Some(18), fault: Fault::OutsideCheckpointWrong });
}

fn hash(hex: &str) -> Hash {
    let bytes: Vec<u8> =
        (0..64).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect();
    bytes.try_into().unwrap()
}

#[tokio::test]
async fn proofs_from_the_database_hold() {
    let g = filled().await;
    for seq in 1..=18 {
        let p = prove::inclusion(&g.db, seq).await.unwrap();
        let proof: Vec<Hash> = p.proof.iter().map(|h| hash(h)).collect();
        let linked = link(
            p.deployment,
            p.seq.unsigned_abs(),
            p.placed_at,
            &hash(&p.entry_digest),
            &hash(&p.hash_before),
        );
        assert_eq!(hex(&linked), p.hash);
        let (index, size) = (p.leaf_index.unsigned_abs(), p.tree_size.unsigned_abs());
        assert!(merkle::verify_inclusion(index, size, &leaf(&linked), &proof, &hash(&p.root)));
        let c = prove::consistency(&g.db, seq).await.unwrap();
        let proof: Vec<Hash> = c.proof.iter().map(|h| hash(h)).collect();
        let (old, new) = (c.old_size.unsigned_abs(), c.new_size.unsigned_abs());
        assert!(merkle::verify_consistency(old, new, &proof, &hash(&c.old_root), &hash(&c.new_root)));
    }
    for seq in [-1, 0, 19, i64::MIN, i64::MAX] {
        assert!(prove::inclusion(&g.db, seq).await.is_err());
        assert!(prove::consistency(&g.db, seq).await.is_err());
    }
}
