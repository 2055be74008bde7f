//! What was seen of a material, as the union of stretches: watching the same minute twice counts once.
//! The unit is the caller's: milliseconds of a video, pages of a document.

use serde::{Deserialize, Serialize};

/// More pieces than this nobody watches; beyond it the shortest is forgotten, so that a row stays small.
const MOST: usize = 500;

/// Half-open stretches, in order, none touching the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Intervals(Vec<(i64, i64)>);

impl Intervals {
    /// As stored; what cannot be read counts as nothing seen.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// For the column that stores it: `[[0,12000],[15000,20000]]`.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// Adds one stretch; an empty one changes nothing.
    pub fn add(&mut self, from: i64, to: i64) {
        if from >= to {
            return;
        }
        let (mut from, mut to) = (from, to);
        // Everything that touches the new stretch becomes part of it.
        let first = self.0.partition_point(|(_, end)| *end < from);
        let after = self.0.partition_point(|(begin, _)| *begin <= to);
        for (begin, end) in self.0.drain(first..after.max(first)) {
            from = from.min(begin);
            to = to.max(end);
        }
        self.0.insert(first, (from, to));
        if self.0.len() > MOST {
            let shortest =
                self.0.iter().enumerate().min_by_key(|(_, (from, to))| to - from).map(|(at, _)| at);
            if let Some(at) = shortest {
                self.0.remove(at);
            }
        }
    }

    /// How much was seen.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.0.iter().map(|(from, to)| to - from).sum()
    }

    #[must_use]
    pub fn pairs(&self) -> &[(i64, i64)] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stretches_that_touch_are_one() {
        let mut seen = Intervals::default();
        for (from, to) in [(10, 20), (30, 40), (20, 25), (5, 5), (9, 3), (24, 30)] {
            seen.add(from, to);
        }
        assert_eq!(seen.pairs(), [(10, 40)]);
        seen.add(0, 9);
        assert_eq!((seen.pairs(), seen.total()), (&[(0, 9), (10, 40)][..], 39));
        assert_eq!(Intervals::from_text(&seen.to_text()), seen);
        assert_eq!(Intervals::from_text("nonsense"), Intervals::default());
    }

    #[test]
    fn dust_does_not_grow_a_row_without_end() {
        let mut seen = Intervals::default();
        seen.add(-100, -50);
        for at in 0..5000 {
            seen.add(at * 10, at * 10 + 1);
        }
        assert_eq!(seen.pairs().len(), MOST);
        assert_eq!(seen.pairs().first(), Some(&(-100, -50)));
    }

    proptest! {
        /// Against the plainest oracle: one flag for each unit.
        #[test]
        fn the_union_is_what_flags_say(stretches in prop::collection::vec((0_i64..300, 0_i64..60), 0..60)) {
            let mut seen = Intervals::default();
            let mut flags = [false; 400];
            for (from, length) in stretches {
                seen.add(from, from + length);
                for at in from..from + length {
                    flags[usize::try_from(at).unwrap()] = true;
                }
            }
            prop_assert_eq!(seen.total(), i64::try_from(flags.iter().filter(|f| **f).count()).unwrap());
            prop_assert!(seen.pairs().windows(2).all(|w| w[0].1 < w[1].0));
        }
    }
}
