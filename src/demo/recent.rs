//! The tickets that are open when the demonstration begins: some deadlines near, some missed, most fine.
//! Times are minutes before the beginning.

use super::dice::Dice;
use super::plan::begin;
use super::plot::{Deed, Pen, Plot, place_of};
use super::scenes::Scene;
use crate::kit::clock::Timestamp;

/// Only so that picking a scene cannot fail.
pub const SPARE: Scene = Scene {
    title: "打不开页面",
    description: "点开以后没有反应。",
    severity: "major",
    scope: None,
    steps_tried: None,
    accept: "收到。",
    question: "请问是哪个页面？",
    answer: "首页。",
    solution_type: "fix",
    solution: "已找到原因，正在修复。",
    repaired: "已修复。",
    comment: "好了。",
};

/// The response is due 480 minutes after the report.
const SUBMITTED: [i64; 8] = [455, 468, 545, 8, 35, 95, 160, 250];
/// A solution is due 1440 minutes after it.
const IN_PROGRESS: [i64; 12] = [1410, 1392, 1560, 2100, 60, 120, 180, 300, 420, 640, 900, 1250];
const REOPENED: [i64; 2] = [300, 90];
const AWAITING_CLIENT: [i64; 8] = [340, 200, 600, 900, 1200, 1380, 1700, 2600];
/// Reported, solved, and minutes from now to the promised time.
const SOLUTION_GIVEN: [(i64, i64, Option<i64>); 10] = [
    (1500, 900, Some(55)),
    (1300, 600, Some(35)),
    (2900, 1800, Some(-150)),
    (1000, 300, Some(480)),
    (2000, 1100, Some(1440)),
    (800, 200, None),
    (2600, 1500, Some(180)),
    (4000, 2800, Some(2880)),
    (700, 100, None),
    (1900, 900, Some(-20)),
];
/// Reported, solved, repaired.
const AWAITING_CONFIRMATION: [(i64, i64, i64); 10] = [
    (1700, 1000, 90),
    (1400, 700, 20),
    (2600, 1500, 400),
    (900, 500, 45),
    (3100, 2200, 800),
    (4300, 3000, 1300),
    (1200, 640, 200),
    (2000, 1100, 150),
    (5200, 4100, 2000),
    (760, 400, 10),
];

pub fn open(now: Timestamp, dice: &mut Dice) -> Vec<Plot> {
    let mut plots = Vec::new();
    let mut number = 0;
    let mut next = |dice: &mut Dice, age: i64, first: bool, story: &dyn Fn(&mut Pen<'_>)| {
        number += 1;
        let who = first.then(|| place_of("chenyu"));
        let mut pen = begin(dice, number, before(now, age), who);
        story(&mut pen);
        plots.push(pen.plot);
    };
    for (n, age) in SUBMITTED.into_iter().enumerate() {
        next(dice, age, n == 0, &|pen| {
            pen.client(Deed::Report { photo: n < 2 });
            if age > 480 {
                pen.on(before(now, 20)).client(Deed::Remind);
            }
        });
    }
    for (n, age) in IN_PROGRESS.into_iter().enumerate() {
        next(dice, age, n == 4, &|pen| {
            accepted(pen, n % 5 == 0);
            if n > 6 {
                pen.wait(1, 15).hand_over();
            }
            if age > 200 {
                pen.wait(10, 100).chatter().wait(5, 30).chatter();
            }
        });
    }
    for age in REOPENED {
        next(dice, 7 * 1440 + age, false, &|pen| {
            accepted(pen, false);
            pen.on(before(now, 6 * 1440)).vendor(Deed::Solve { eta: None });
            pen.wait(60, 300).vendor(Deed::Repair).wait(60, 300).client(Deed::Confirm { rating: 4 });
            pen.on(before(now, age)).client(Deed::Reopen).wait(5, 30);
            pen.vendor(Deed::Say { text: "收到，重新打开的问题优先处理。" });
        });
    }
    for (n, age) in AWAITING_CLIENT.into_iter().enumerate() {
        next(dice, age, n == 0, &|pen| {
            accepted(pen, n % 4 == 0);
            pen.on(before(now, age / 2)).vendor(Deed::Ask);
        });
    }
    for (n, (age, solved, eta)) in SOLUTION_GIVEN.into_iter().enumerate() {
        next(dice, age, n == 0, &|pen| {
            accepted(pen, n % 5 == 0);
            pen.wait(10, 60).chatter();
            let eta = eta.map(|minutes| before(now, -minutes));
            pen.on(before(now, solved)).vendor(Deed::Solve { eta });
        });
    }
    for (n, (age, solved, repaired)) in AWAITING_CONFIRMATION.into_iter().enumerate() {
        next(dice, age, n == 0, &|pen| {
            accepted(pen, n % 5 == 0);
            pen.wait(5, 40).vendor(Deed::Ask).wait(5, 40).client(Deed::Supply { photo: n < 2 });
            let eta = Some(before(now, repaired - 300));
            pen.on(before(now, solved)).vendor(Deed::Solve { eta });
            if n == 2 {
                pen.wait(5, 20).client(Deed::Reject).wait(20, 60).vendor(Deed::Solve { eta });
            }
            pen.on(before(now, repaired)).vendor(Deed::Repair);
        });
    }
    plots
}

fn accepted(pen: &mut Pen<'_>, photo: bool) {
    pen.client(Deed::Report { photo }).wait(3, 40).vendor(Deed::Accept);
}

fn before(now: Timestamp, minutes: i64) -> Timestamp {
    now.plus_seconds(minutes.saturating_mul(-60))
}
