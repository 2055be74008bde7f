//! How forged progress was tried, in the small: every trick against the pure rule, and honest people beside it.

use proptest::prelude::*;

use super::*;

const VIDEO: Measure =
    Measure { duration_ms: Some(600_000), pages: None, min_coverage: 90, min_dwell_seconds: 0, page_ms: 0 };

/// A person, what they have seen, and a clock.
struct Viewer {
    held: Option<Player>,
    seen: Seen,
    now: Timestamp,
}

impl Viewer {
    fn new() -> Self {
        Self { held: None, seen: Seen::default(), now: Timestamp(1_000_000) }
    }

    fn wait(&mut self, seconds: i64) -> &mut Self {
        self.now = self.now.plus_seconds(seconds);
        self
    }

    fn send(&mut self, name: &str, version: u128, seq: i64, claim: Claim, measure: &Measure) -> Turn {
        let turn = turn(self.held.as_ref(), name, Uuid::from_u128(version), seq, self.now);
        if let Turn::On(mut player) = turn.clone() {
            credit(&mut player, &mut self.seen, claim, measure);
            self.held = Some(player);
        }
        turn
    }

    /// Seconds of the video.
    fn beat(&mut self, seq: i64, from: i64, to: i64) -> Turn {
        self.send("a", 1, seq, stretch(from, to), &VIDEO)
    }

    fn seen_seconds(&self) -> i64 {
        self.seen.intervals.total() / 1000
    }
}

fn stretch(from: i64, to: i64) -> Claim {
    Claim::Stretch { from_ms: from * 1000, to_ms: to * 1000, position_ms: to * 1000 }
}

#[test]
fn one_claim_of_the_whole_video_is_worth_three_seconds() {
    let mut v = Viewer::new();
    v.beat(1, 0, 0);
    v.beat(2, 0, 600);
    assert_eq!((v.seen_seconds(), VIDEO.coverage(&v.seen)), (3, 0));
    // Without opening first: nothing at all.
    let mut v = Viewer::new();
    assert_eq!(v.beat(2, 0, 600), Turn::Elsewhere);
    assert_eq!(v.seen_seconds(), 0);
}

#[test]
fn ten_times_the_speed_is_credited_as_twice() {
    let mut v = Viewer::new();
    v.beat(1, 0, 0);
    for n in 0..5 {
        v.wait(10).beat(n + 2, n * 100, n * 100 + 100);
    }
    assert_eq!(v.seen_seconds(), 50 * 2 + 3);
}

#[test]
fn opening_again_and_again_gives_nothing() {
    let mut v = Viewer::new();
    for n in 0..200 {
        v.beat(1, n, n);
        v.beat(2, n * 3, n * 3 + 3);
    }
    assert_eq!(v.seen_seconds(), 3);
    // A closing and opening player has no more than the slack saved, however long it was away.
    v.wait(3600).beat(1, 0, 0);
    v.beat(2, 0, 600);
    assert_eq!(v.seen_seconds(), 3, "the same three seconds again");
    v.wait(3600).beat(1, 100, 100);
    v.beat(2, 100, 600);
    assert_eq!(v.seen_seconds(), 6);
}

#[test]
fn replayed_and_reordered_beats_change_nothing() {
    let mut v = Viewer::new();
    v.beat(1, 0, 0);
    v.wait(10).beat(3, 0, 10);
    let before = v.seen.clone();
    for seq in [3, 2, 0, -7, i64::MIN] {
        v.wait(60);
        assert_eq!(v.beat(seq, 100, 160), Turn::Known);
    }
    assert_eq!(v.seen, before);
    // A gap in the numbers is a lost beat, no offence.
    assert!(matches!(v.beat(900, 10, 20), Turn::On(_)));
    assert_eq!(v.seen_seconds(), 20);
}

#[test]
fn the_second_player_takes_over_and_the_first_earns_no_more() {
    let mut v = Viewer::new();
    v.beat(1, 0, 0);
    v.wait(100);
    assert!(matches!(v.send("b", 1, 1, stretch(50, 50), &VIDEO), Turn::On(_)));
    assert_eq!(v.beat(2, 0, 100), Turn::Elsewhere);
    // The other one on another video at the same time, too.
    assert_eq!(v.send("b", 2, 2, stretch(0, 100), &VIDEO), Turn::Elsewhere);
    assert_eq!(v.seen_seconds(), 0);
    v.wait(10).send("b", 1, 2, stretch(50, 60), &VIDEO);
    assert_eq!(v.seen_seconds(), 10);
}

#[test]
fn stretches_outside_the_material_and_positions_are_worth_nothing() {
    let mut v = Viewer::new();
    v.beat(1, 0, 0);
    v.wait(900);
    v.beat(2, 600, 10_000);
    v.beat(3, -50, 0);
    v.beat(4, 500, 400);
    v.send("a", 1, 5, Claim::Stretch { from_ms: 9, to_ms: 9, position_ms: 599_000 }, &VIDEO);
    assert_eq!((v.seen_seconds(), v.seen.position_ms), (0, 599_000));
    let wild = Claim::Stretch { from_ms: i64::MIN, to_ms: i64::MAX, position_ms: i64::MAX };
    v.send("a", 1, 6, wild, &VIDEO);
    assert_eq!((v.seen_seconds(), v.seen.position_ms), (600, 600_000), "fifteen minutes pay for ten");
}

#[test]
fn an_honest_person_is_believed_to_the_second() {
    // Pausing, seeking back, changing the device, and 20 minutes without a network, sent late and at once.
    let long = Measure { duration_ms: Some(1_800_000), ..VIDEO };
    let mut v = Viewer::new();
    let say = |v: &mut Viewer, name: &str, seq, from, to| v.send(name, 1, seq, stretch(from, to), &long);
    say(&mut v, "phone", 1, 0, 0);
    v.wait(10);
    say(&mut v, "phone", 2, 0, 10);
    v.wait(300);
    v.wait(10);
    say(&mut v, "phone", 3, 10, 20);
    v.wait(10);
    say(&mut v, "phone", 4, 5, 15);
    assert_eq!(v.seen_seconds(), 20);
    v.wait(86_400);
    say(&mut v, "tablet", 1, 20, 20);
    v.wait(1200);
    for n in 0..120 {
        say(&mut v, "tablet", n + 2, 20 + n * 10, 30 + n * 10);
    }
    assert_eq!(v.seen_seconds(), 1220);
    assert!(!long.is_complete(&v.seen));
    v.wait(200);
    say(&mut v, "tablet", 122, 1220, 1620);
    assert_eq!((long.coverage(&v.seen), long.is_complete(&v.seen)), (90, true), "at twice the speed");
}

#[test]
fn reading_takes_its_time_and_its_pages() {
    let pdf =
        Measure { duration_ms: None, pages: Some(4), min_coverage: 75, min_dwell_seconds: 20, page_ms: 0 };
    let page = |ms, page| Claim::Dwell { ms, page: Some(page) };
    let mut v = Viewer::new();
    v.send("a", 1, 1, page(0, 1), &pdf);
    for n in 2..=4 {
        v.send("a", 1, n, page(60_000, i32::try_from(n).unwrap()), &pdf);
    }
    assert_eq!((pdf.coverage(&v.seen), v.seen.dwell_ms), (100, 1500), "all pages at once, but no time");
    assert!(!pdf.is_complete(&v.seen));
    v.wait(18).send("a", 1, 5, page(60_000, 9), &pdf);
    assert_eq!((v.seen.dwell_ms, v.seen.page), (19_500, Some(4)));
    v.wait(1).send("a", 1, 6, Claim::Dwell { ms: 1000, page: None }, &pdf);
    assert!(pdf.is_complete(&v.seen));

    let article =
        Measure { duration_ms: None, pages: None, min_coverage: 90, min_dwell_seconds: 10, page_ms: 0 };
    let mut v = Viewer::new();
    v.send("a", 1, 1, Claim::Dwell { ms: 0, page: None }, &article);
    v.wait(5).send("a", 1, 2, Claim::Dwell { ms: 5000, page: None }, &article);
    assert_eq!((article.coverage(&v.seen), article.is_complete(&v.seen)), (50, false));
    v.wait(5).send("a", 1, 3, Claim::Dwell { ms: 5000, page: None }, &article);
    assert_eq!((article.coverage(&v.seen), article.is_complete(&v.seen)), (100, true));
}

#[test]
fn a_page_of_slides_counts_when_it_was_shown_long_enough() {
    let slides = Measure {
        duration_ms: None,
        pages: Some(4),
        min_coverage: 100,
        min_dwell_seconds: 20,
        page_ms: page_ms(4, 20),
    };
    assert_eq!((page_ms(4, 20), page_ms(10, 20), page_ms(4, 0), page_ms(0, 7)), (3000, 2000, 0, 3000));
    let page = |ms, page| Claim::Dwell { ms, page: Some(page) };
    let mut v = Viewer::new();
    v.send("a", 1, 1, page(0, 1), &slides);
    // Whoever only turns the pages has seen none of them, however long each is said to have been shown.
    for n in 2..=5 {
        v.wait(1).send("a", 1, n, page(60_000, i32::try_from(n).unwrap() - 1), &slides);
    }
    assert_eq!((slides.coverage(&v.seen), v.seen.page), (0, Some(4)), "the place is kept all the same");
    for n in 1..=4 {
        v.wait(4).send("a", 1, 5 + i64::from(n), page(4000, n), &slides);
        assert_eq!(slides.coverage(&v.seen), n * 25);
    }
    assert_eq!((v.seen.dwell_ms, slides.is_complete(&v.seen)), (21_500, true));
    // Sent late as one list: the clock earned it all the same.
    let mut v = Viewer::new();
    v.send("a", 1, 1, page(0, 1), &slides);
    v.wait(16);
    for n in 1..=4 {
        v.send("a", 1, 1 + i64::from(n), page(4000, n), &slides);
    }
    assert_eq!(
        (slides.coverage(&v.seen), slides.is_complete(&v.seen)),
        (100, false),
        "four seconds are left"
    );
    v.wait(4).send("a", 1, 6, page(4000, 4), &slides);
    assert!(slides.is_complete(&v.seen));
}

proptest! {
    /// Any beats of any players in any order: never more than twice the time that passed and three seconds.
    #[test]
    fn no_sequence_of_beats_beats_the_clock(
        beats in prop::collection::vec((0_i64..20, 0_usize..3, 1_u128..3, 1_i64..6, 0_i64..600, 0_i64..600), 1..80),
    ) {
        let mut v = Viewer::new();
        let began = v.now;
        // Both videos add to the one sum: a person watches one at a time.
        let mut sums = [Seen::default(), Seen::default()];
        for (wait, name, version, seq, from, to) in beats {
            v.wait(wait);
            let which = usize::try_from(version - 1).unwrap();
            v.seen = sums[which].clone();
            v.send(["a", "b", ""][name], version, seq, stretch(from, to), &VIDEO);
            sums[which] = v.seen.clone();
        }
        let seen: i64 = sums.iter().map(|s| s.intervals.total()).sum();
        prop_assert!(seen <= 3000 + 2 * v.now.since(began), "{seen} ms");
    }

    /// Whoever really plays, at up to twice the speed, with pauses and seeks, sending at once or late: all of it counts.
    #[test]
    fn all_that_was_really_played_counts(
        parts in prop::collection::vec((0_i64..590, 1_i64..60, 1_i64..=2, 0_i64..100, any::<bool>()), 1..40),
    ) {
        let mut v = Viewer::new();
        let mut truth = Intervals::default();
        let mut queue = Vec::new();
        let mut seq = 1;
        v.beat(1, 0, 0);
        for (from, length, speed, pause, offline) in parts {
            let to = (from + length).min(600);
            v.wait(pause + (to - from + speed - 1) / speed);
            truth.add(from * 1000, to * 1000);
            queue.push((from, to));
            if !offline {
                for (from, to) in queue.drain(..) {
                    seq += 1;
                    v.beat(seq, from, to);
                }
            }
        }
        for (from, to) in queue {
            seq += 1;
            v.beat(seq, from, to);
        }
        prop_assert_eq!(v.seen.intervals, truth);
    }
}
