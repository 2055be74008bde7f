//! The plan of the last two months: 200 plots of faults in all states, ended ones here, open ones in `recent`.

use super::dice::Dice;
use super::plot::{Beat, Deed, Pen, Plot, agent, place_of, reporter};
use super::recent;
use super::scenes::SCENES;
use crate::kit::clock::Timestamp;

pub const TICKETS: usize = 200;
const WITHDRAWN: usize = 8;
const MERGED: usize = 7;
const CLOSED_TODAY: usize = 6;
const DAY_SECONDS: i64 = 86_400;
const TWISTS: &[&str] = &["", "", "（安卓）", "（苹果）", "，同事也有", "（又出现了）"];

/// All plots as of `now`, which none of them passes.
pub fn plots(now: Timestamp) -> Vec<Plot> {
    let mut dice = Dice::new(0x1f_2026);
    let mut plots = recent::open(now, &mut dice);
    for n in 0..WITHDRAWN {
        plots.push(withdrawn(now, &mut dice, n));
    }
    for n in 0..CLOSED_TODAY {
        plots.push(closed_today(now, &mut dice, n));
    }
    let first_closed = plots.len();
    for n in 0..TICKETS.saturating_sub(first_closed + MERGED) {
        plots.push(closed(now, &mut dice, n));
    }
    for n in 0..MERGED {
        let into = first_closed + n * 9;
        if let Some(target) = plots.get(into).cloned() {
            plots.push(merged(&mut dice, &target, into));
        }
    }
    plots
}

/// Every deed of every plot in the order of time, with the place of its plot.
pub fn in_order(plots: &[Plot]) -> Vec<(usize, Beat)> {
    let all = plots.iter().enumerate();
    let mut beats: Vec<_> = all.flat_map(|(n, plot)| plot.beats.iter().map(move |b| (n, *b))).collect();
    // Stable: the deeds of one ticket keep their order.
    beats.sort_by_key(|(_, beat)| beat.at);
    beats
}

pub fn begin<'a>(dice: &'a mut Dice, n: usize, at: Timestamp, who: Option<usize>) -> Pen<'a> {
    let other = reporter(dice);
    let scene = SCENES.get(n.wrapping_mul(5) % SCENES.len().max(1)).unwrap_or(&recent::SPARE);
    let plot = Plot {
        scene,
        twist: dice.pick(TWISTS).copied().unwrap_or(""),
        reporter: who.unwrap_or(other),
        agent: agent(dice),
        beats: Vec::new(),
    };
    Pen { dice, at, plot }
}

/// A moment of the working day so many days ago, in Beijing.
fn office_hours(now: Timestamp, dice: &mut Dice, days: i64) -> Timestamp {
    let midnight = (now.0 / 1000 + 8 * 3600).div_euclid(DAY_SECONDS) * DAY_SECONDS - 8 * 3600;
    let seconds = dice.between(8 * 3600 + 1800, 18 * 3600);
    Timestamp((midnight - days * DAY_SECONDS) * 1000).plus_seconds(seconds)
}

fn chenyu_every(n: usize, nth: usize) -> Option<usize> {
    n.is_multiple_of(nth).then(|| place_of("chenyu"))
}

fn withdrawn(now: Timestamp, dice: &mut Dice, n: usize) -> Plot {
    let days = dice.between(2, 50);
    let at = office_hours(now, dice, days);
    let mut pen = begin(dice, n, at, chenyu_every(n, 8));
    pen.client(Deed::Report { photo: false });
    if n % 2 == 1 {
        pen.wait(5, 50).vendor(Deed::Accept);
    }
    pen.wait(10, 200).client(Deed::Withdraw);
    pen.plot
}

/// Reported and done within hours, lately.
fn closed_today(now: Timestamp, dice: &mut Dice, n: usize) -> Plot {
    let at = now.plus_seconds(-60 * dice.between(700, 1500));
    let mut pen = begin(dice, n + 3, at, None);
    pen.client(Deed::Report { photo: false }).wait(4, 30).vendor(Deed::Accept);
    pen.wait(20, 90).chatter().wait(10, 60);
    let eta = pen.at.plus_seconds(4 * 3600);
    pen.vendor(Deed::Solve { eta: Some(eta) }).wait(30, 180).vendor(Deed::Repair);
    pen.wait(5, 120).client(Deed::Confirm { rating: 5 });
    pen.plot
}

fn closed(now: Timestamp, dice: &mut Dice, n: usize) -> Plot {
    let days = 4 + i64::try_from(n * 54 / 130).unwrap_or(0);
    let at = office_hours(now, dice, days);
    let mut pen = begin(dice, n, at, chenyu_every(n, 16));
    let photo = n.is_multiple_of(12);
    pen.client(Deed::Report { photo });
    // Now and then nobody answers within eight hours, as it happens.
    if n % 19 == 7 {
        pen.wait(490, 620).client(Deed::Remind).wait(5, 20);
    } else {
        pen.wait(4, 170);
    }
    pen.vendor(Deed::Accept);
    if pen.dice.percent(25) {
        pen.wait(2, 30).hand_over();
    }
    if pen.dice.percent(20) {
        pen.wait(2, 30).vendor(Deed::Reveal);
    }
    if pen.dice.percent(45) {
        pen.wait(5, 60).vendor(Deed::Ask).wait(15, 200).client(Deed::Supply { photo: n.is_multiple_of(24) });
    }
    if pen.dice.percent(60) {
        pen.wait(10, 120).chatter();
    }
    if n % 17 == 5 {
        pen.wait(1440, 1800)
    } else {
        pen.wait(30, 540)
    };
    solve_and_repair(&mut pen, n % 13 == 4);
    if n % 11 == 3 {
        pen.wait(30, 300).client(Deed::Fail).wait(30, 300);
        // The solution still stands; a new one follows the failed repair.
        solve_and_repair(&mut pen, false);
    }
    close(&mut pen);
    if n > 40 && n.is_multiple_of(15) {
        pen.wait(600, 2600).client(Deed::Reopen).wait(10, 200);
        pen.vendor(Deed::Say { text: "抱歉又出现了，我们重新看，有结论马上告诉您。" }).wait(60, 600);
        solve_and_repair(&mut pen, false);
        close(&mut pen);
    }
    pen.plot
}

fn solve_and_repair(pen: &mut Pen<'_>, late: bool) {
    let hours = pen.dice.between(6, 30);
    let eta = pen.at.plus_seconds(hours * 3600);
    pen.vendor(Deed::Solve { eta: Some(eta) });
    if late {
        pen.on(eta).wait(30, 400)
    } else {
        pen.wait(60, hours * 50)
    };
    pen.vendor(Deed::Repair);
}

fn close(pen: &mut Pen<'_>) {
    let rating = pen.dice.pick(&[5, 5, 5, 5, 4, 4, 4, 3, 3, 2]).copied().unwrap_or(5);
    pen.wait(10, 900).client(Deed::Confirm { rating });
}

/// Somebody else reports the same while the first is still open; the agent puts them together.
fn merged(dice: &mut Dice, target: &Plot, into: usize) -> Plot {
    let reported = target.beats.first().map_or(Timestamp(0), |b| b.at);
    let accepted = target.beats.iter().find(|b| b.deed == Deed::Accept).map_or(reported, |b| b.at);
    let who = (0..8).map(|_| reporter(dice)).find(|r| *r != target.reporter).unwrap_or(2);
    let beats = vec![
        Beat { at: reported.plus_seconds(100), who, deed: Deed::Report { photo: false } },
        Beat { at: accepted.plus_seconds(50), who: target.agent, deed: Deed::Merge { into } },
    ];
    Plot { reporter: who, beats, twist: "，同事也有", ..target.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_plots_that_never_run_backwards_or_into_the_future() {
        for now in [1_795_309_920_000, 1_795_340_000_123, 1_798_700_000_000] {
            let now = Timestamp(now);
            let plots = plots(now);
            assert_eq!(plots.len(), TICKETS);
            for plot in &plots {
                assert!(plot.beats.windows(2).all(|w| w[0].at < w[1].at), "{plot:?}");
                assert!(plot.beats.last().unwrap().at <= now, "{plot:?}");
                assert!(now.since(plot.beats[0].at) < 62 * DAY_SECONDS * 1000, "{plot:?}");
            }
        }
    }
}
