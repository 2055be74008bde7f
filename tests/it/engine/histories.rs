//! Random histories by random people. Whatever they try: the machine's offers are kept, refusals change
//! nothing, no breach is taken back, and the stored clocks follow from the stored events.

use std::collections::HashMap;

use lvyue::clocks::Verdict;
use lvyue::kit::actor::Actor;
use lvyue::tickets::model::Action;
use lvyue::tickets::views::Ticket;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::World;

/// SplitMix64: small, seeded, the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }
}

fn body(w: &World, action: Action, dice: &mut Dice, other: Uuid) -> Value {
    let eta = w.clock.now().plus_seconds(60 * i64::try_from(1 + dice.roll(900)).unwrap());
    let agents = [&w.zhouke, &w.sunli, &w.hejun];
    match action {
        Action::Accept | Action::Supply => json!({"action": action, "text": "好的"}),
        Action::Assign => {
            json!({"action": action, "assignee_id": agents[dice.roll(3)].person_id(), "note": "看一下"})
        }
        Action::AskClient => json!({"action": action, "question": "哪一层？"}),
        Action::PublishSolution if dice.roll(2) == 0 => {
            json!({"action": action, "solution_type": "fix", "text": "已换"})
        }
        Action::PublishSolution => {
            json!({"action": action, "solution_type": "plan", "text": "明天换", "eta": eta})
        }
        Action::RejectSolution | Action::FailVerification | Action::Reopen | Action::Withdraw => {
            json!({"action": action, "reason": "不行"})
        }
        Action::Confirm => json!({"action": action, "rating": 1 + dice.roll(5)}),
        Action::Merge => json!({"action": action, "into": other}),
        Action::EscalateToIncident => json!({"action": action, "text": "像是被入侵"}),
        Action::SetSeverity => {
            let severity = ["critical", "major", "minor"][dice.roll(3)];
            json!({"action": action, "severity": severity, "reason": "更急"})
        }
        Action::Reclassify => json!({"action": action, "kind": "fault", "reason": "其实一样"}),
        Action::RefuseReclassify => json!({"action": action, "reason": "不是"}),
        Action::Link => json!({"action": action, "to": other}),
        // Of a fault only; the others have random walks of their own.
        _ => json!({"action": action}),
    }
}

type Seen = HashMap<(Uuid, &'static str, i32, String), Verdict>;

fn watch(seen: &mut Seen, ticket: &Ticket, context: &str) {
    for c in &ticket.clocks {
        let key = (
            ticket.summary.id,
            c.code,
            c.cycle,
            if c.code == "P" { c.started_at.to_string() } else { String::new() },
        );
        let before = seen.insert(key, c.verdict);
        if before == Some(Verdict::Breached) {
            assert_eq!(c.verdict, Verdict::Breached, "{context}: a breach was taken back");
        }
    }
}

#[actix_web::test]
async fn stored_clocks_follow_from_stored_events() {
    let w = World::new().await;
    let people: [&Actor; 8] =
        [&w.chenyu, &w.wangwu, &w.linmin, &w.zhouke, &w.sunli, &w.hejun, &w.auditor, &w.admin];
    let mut done: HashMap<Action, u32> = HashMap::new();
    for seed in 0..12_u64 {
        let mut dice = Dice(seed);
        let tickets =
            [w.report(&w.chenyu, json!({})).await.unwrap(), w.report(&w.wangwu, json!({})).await.unwrap()];
        let mut verdicts = Seen::new();
        for turn in 0..60 {
            let context = format!("seed {seed}, turn {turn}");
            w.pass(i64::try_from(dice.roll(300)).unwrap());
            let which = usize::from(dice.roll(4) == 0);
            let id = tickets[which].summary.id;
            let actor = people[dice.roll(people.len())];
            let Ok(now) = w.show(actor, id).await else { continue };
            watch(&mut verdicts, &now, &context);
            if dice.roll(5) == 0 {
                let visibility = ["public", "internal"][dice.roll(2)];
                let _ = w.say(actor, id, visibility).await;
                w.assert_sound(&context).await;
                continue;
            }
            // Ending actions are tried seldom, so that histories get long.
            let ends = |a: Action| matches!(a, Action::Withdraw | Action::Merge | Action::EscalateToIncident);
            let leads_nowhere = |a: Action| {
                use Action as A;
                matches!(a, A::SetSeverity | A::Remind | A::Link | A::MeToo | A::Assign | A::Reclassify)
            };
            let offered: Vec<Action> = now
                .allowed_actions
                .iter()
                .copied()
                .filter(|a| {
                    dice.roll(if ends(*a) {
                        12
                    } else if leads_nowhere(*a) {
                        4
                    } else {
                        1
                    }) == 0
                })
                .collect();
            let action = match offered.len() {
                n if n > 0 && dice.roll(6) > 0 => offered[dice.roll(n)],
                _ => Action::ALL[dice.roll(Action::ALL.len())],
            };
            let promised = now.allowed_actions.contains(&action);
            let other = tickets[1 - which].summary.id;
            let tried = w.act(actor, &now, body(&w, action, &mut dice, other)).await;
            match tried {
                Ok(after) => {
                    assert!(promised, "{context}: {action:?} was done and not offered");
                    assert_eq!(after.summary.version, now.summary.version + 1, "{context}");
                    *done.entry(action).or_default() += 1;
                }
                Err(refused) => {
                    // Cool-down and a target that is not open are the only reasons left for what was offered.
                    let known = matches!(
                        action,
                        Action::Remind
                            | Action::Merge
                            | Action::Link
                            | Action::SetSeverity
                            | Action::Reclassify
                    );
                    assert!(!promised || known, "{context}: {action:?} was offered: {refused}");
                    let after = w.show(actor, id).await.unwrap();
                    assert_eq!(after.summary.version, now.summary.version, "{context}");
                    assert_eq!(after.summary.updated_at, now.summary.updated_at, "{context}");
                }
            }
            w.assert_sound(&context).await;
        }
    }
    for action in [
        Action::Accept,
        Action::Assign,
        Action::AskClient,
        Action::Supply,
        Action::AcknowledgeWait,
        Action::SetSeverity,
        Action::PublishSolution,
        Action::RejectSolution,
        Action::MarkRepaired,
        Action::Confirm,
        Action::FailVerification,
        Action::Reopen,
        Action::Withdraw,
        Action::Merge,
        Action::Remind,
        Action::Link,
    ] {
        assert!(done.contains_key(&action), "{action:?} never happened: {done:?}");
    }
}
