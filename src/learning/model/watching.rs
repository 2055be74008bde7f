//! Verified watching: how much of what a player claims is believed. One player per person; its beats are
//! numbered; and it spends credit that only the server's clock earns.
//!
//! Rule: whatever is sent in whatever order, a person is never credited with more than twice the time that
//! passed, plus three seconds. What exceeds that is cut off, never an error: networks are bad, people are not.

use uuid::Uuid;

use super::intervals::Intervals;
use crate::kit::clock::Timestamp;

/// The fastest speed at which anybody follows: players go up to 2×.
const RATE: i64 = 2;
/// What networks and rounding may lose.
const SLACK_MS: i64 = 3_000;

/// How long one page has to be shown in one go, where whoever reads is shown one page at a time.
const PAGE_MS: i64 = 3_000;

/// The one player of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Player {
    /// As the client calls it; one for each opening of a page on each device.
    pub name: String,
    pub version_id: Uuid,
    /// The last beat that was taken.
    pub seq: i64,
    /// Milliseconds that may still be claimed, as of `at`.
    pub credit_ms: i64,
    pub at: Timestamp,
}

/// What a beat says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Played from here to there, and stands there now; milliseconds of the material.
    Stretch { from_ms: i64, to_ms: i64, position_ms: i64 },
    /// Looked at it for so long since the beat before, on this page (from 1).
    Dwell { ms: i64, page: Option<i32> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    /// From 1; 1 opens the player and takes over from any other.
    pub seq: i64,
    pub claim: Claim,
}

/// What has to be seen of a material.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Milliseconds of a video or audio.
    pub duration_ms: Option<i64>,
    /// Pages of a document that has pages.
    pub pages: Option<i32>,
    /// Percent of duration or pages, 1..100.
    pub min_coverage: i32,
    /// Seconds that a document must have been open; 0 for what plays.
    pub min_dwell_seconds: i32,
    /// Milliseconds for which a page must have been shown in one go to count.
    pub page_ms: i64,
}

/// What one person has seen of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Milliseconds played, or pages (page 1 is `[0, 1)`).
    pub intervals: Intervals,
    pub position_ms: i64,
    pub page: Option<i32>,
    pub dwell_ms: i64,
}

/// What becomes of a beat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Another player has taken over: this one has to open again.
    Elsewhere,
    /// Taken before: nothing changes.
    Known,
    /// To be credited, by this player as it stands now.
    On(Player),
}

/// Whether the beat counts, given the player that the person has.
#[must_use]
pub fn turn(held: Option<&Player>, name: &str, version_id: Uuid, seq: i64, now: Timestamp) -> Turn {
    let earned = |p: &Player| p.credit_ms.saturating_add(now.since(p.at).max(0).saturating_mul(RATE));
    if seq == 1 {
        // Opening gives nothing: who opens again and again has what the clock gave, and no more than the slack.
        let credit_ms = held.map_or(SLACK_MS, |p| earned(p).min(SLACK_MS));
        return Turn::On(Player { name: name.to_owned(), version_id, seq, credit_ms, at: now });
    }
    match held {
        Some(p) if p.name == name && p.version_id == version_id => {
            if seq <= p.seq {
                return Turn::Known;
            }
            Turn::On(Player { seq, credit_ms: earned(p), at: p.at.max(now), ..p.clone() })
        }
        _ => Turn::Elsewhere,
    }
}

/// Credits a claim as far as the player can pay for it.
pub fn credit(player: &mut Player, seen: &mut Seen, claim: Claim, measure: &Measure) {
    match claim {
        Claim::Stretch { from_ms, to_ms, position_ms } => {
            let end = measure.duration_ms.unwrap_or(i64::MAX);
            let (from, to) = (from_ms.clamp(0, end), to_ms.clamp(0, end));
            let length = (to - from).clamp(0, player.credit_ms.max(0));
            player.credit_ms -= length;
            seen.intervals.add(from, from + length);
            seen.position_ms = position_ms.clamp(0, end);
        }
        Claim::Dwell { ms, page } => {
            // Reading has no speed: a second is a second, so it costs all that the clock earned in it.
            let believed = ms.clamp(0, player.credit_ms.max(0) / RATE);
            player.credit_ms -= believed * RATE;
            seen.dwell_ms = seen.dwell_ms.saturating_add(believed);
            if let (Some(page), Some(pages)) = (page, measure.pages)
                && (1..=pages).contains(&page)
            {
                seen.page = Some(page);
                if believed >= measure.page_ms {
                    seen.intervals.add(i64::from(page) - 1, i64::from(page));
                }
            }
        }
    }
}

/// How long each of so many pages has to be shown: its share of the whole time, and three seconds at most.
#[must_use]
pub fn page_ms(pages: i32, min_dwell_seconds: i32) -> i64 {
    (i64::from(min_dwell_seconds) * 1000 / i64::from(pages.max(1))).clamp(0, PAGE_MS)
}

impl Measure {
    /// Percent seen, rounded down, 0..100.
    #[must_use]
    pub fn coverage(&self, seen: &Seen) -> i32 {
        let (done, whole) = match (self.duration_ms, self.pages) {
            (Some(duration), _) => (seen.intervals.total(), duration),
            (None, Some(pages)) => (seen.intervals.total(), i64::from(pages)),
            (None, None) => (seen.dwell_ms, i64::from(self.min_dwell_seconds) * 1000),
        };
        if whole <= 0 {
            return 100;
        }
        i32::try_from(done.saturating_mul(100) / whole).unwrap_or(100).clamp(0, 100)
    }

    /// Whether enough was seen.
    #[must_use]
    pub fn is_complete(&self, seen: &Seen) -> bool {
        let whole = self.duration_ms.map_or_else(|| self.pages.map(i64::from), Some);
        let covered = whole.is_none_or(|whole| {
            seen.intervals.total().saturating_mul(100) >= whole.saturating_mul(i64::from(self.min_coverage))
        });
        covered && seen.dwell_ms >= i64::from(self.min_dwell_seconds).saturating_mul(1000)
    }
}

#[cfg(test)]
#[path = "watching_tests.rs"]
mod tests;
