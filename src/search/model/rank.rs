//! How much a document says about what was asked. Integers only, so that every machine and both databases
//! come to the same order. Each token weighs more the rarer it is (BM25's idf); a document counts the
//! weights of what it has times the impacts there, and less the more of the question it leaves out.

use super::postings;

/// Most postings read for one question, about a millisecond of counting; the rarest tokens come first.
const MOST_POSTINGS: i64 = 250_000;
/// Most tokens of one question.
const MOST_TOKENS: usize = 32;

/// Sixteenths: log₂ as an integer, straight between powers of two.
fn log2_16(x: u64) -> u64 {
    let whole = u64::from(x.max(1).ilog2());
    let rest = (x << 4 >> whole) & 0xf;
    16 * whole + rest
}

/// The weight of a token that stands in `df` of `docs` documents: 1..=400.
#[must_use]
pub fn weight(docs: i32, df: i64) -> u32 {
    let docs = u64::try_from(docs).unwrap_or(0) + 1;
    let df = u64::try_from(df).unwrap_or(0).max(1);
    u32::try_from(log2_16((docs << 8) / df).saturating_sub(16 * 8)).unwrap_or(400).clamp(1, 400)
}

/// Of the tokens with the number of documents of each, those that are counted: the rarest.
#[must_use]
pub fn worth_reading(mut tokens: Vec<(String, i64)>) -> Vec<(String, i64)> {
    tokens.sort_unstable_by(|(a, m), (b, n)| (m, a).cmp(&(n, b)));
    tokens.truncate(MOST_TOKENS);
    let mut read = 0;
    let mut first = true;
    tokens.retain(|(_, df)| {
        read += df;
        std::mem::take(&mut first) || read <= MOST_POSTINGS
    });
    tokens
}

/// Counts documents, token by token.
#[derive(Debug)]
pub struct Tally {
    /// By document: points, and the weight of the tokens it has.
    docs: Vec<(u32, u32)>,
    total: u32,
}

/// A document that says something about the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub doc: i32,
    pub points: u64,
}

impl Tally {
    #[must_use]
    pub fn new(last_doc: i32) -> Self {
        Self { docs: vec![(0, 0); usize::try_from(last_doc).unwrap_or(0) + 1], total: 0 }
    }

    /// A token of this weight is asked for.
    pub fn expect(&mut self, weight: u32) {
        self.total += weight;
    }

    /// The documents of one block that have the token.
    pub fn count(&mut self, weight: u32, block: i32, bytes: &[u8]) {
        let from = usize::try_from(block.saturating_mul(postings::BLOCK)).unwrap_or(usize::MAX);
        let Some(docs) = self.docs.get_mut(from..) else { return };
        for (place, impact) in postings::read(bytes) {
            if let Some((points, weights)) = docs.get_mut(usize::from(place)) {
                *points += weight * u32::from(impact);
                *weights += weight;
            }
        }
    }

    /// Those that have at least `percent` of what was asked, the best first, equals by their age.
    #[must_use]
    pub fn hits(&self, percent: u32) -> Vec<Hit> {
        let (total, floor) = (u64::from(self.total.max(1)), self.total.max(1) * percent);
        let mut hits = Vec::new();
        for ((points, weights), doc) in self.docs.iter().zip(0..) {
            if *weights > 0 && weights * 100 >= floor {
                hits.push(Hit { doc, points: u64::from(*points) * u64::from(*weights) / total });
            }
        }
        hits.sort_unstable_by_key(|hit| (std::cmp::Reverse(hit.points), hit.doc));
        hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_rise_and_are_right_at_powers_of_two() {
        for k in 0..40 {
            assert_eq!(log2_16(1 << k), 16 * k);
        }
        let mut before = 0;
        for x in 1..100_000 {
            let (now, exact) = (log2_16(x), 16.0 * f64::from(u32::try_from(x).unwrap()).log2());
            assert!(now >= before && (exact - f64::from(u32::try_from(now).unwrap())).abs() < 2.4, "{x}");
            before = now;
        }
    }

    #[test]
    fn rare_tokens_weigh_more_and_are_read_first() {
        assert!(weight(50_000, 1) > weight(50_000, 2) && weight(50_000, 2) > weight(50_000, 49_999));
        assert_eq!((weight(50_000, 50_000), weight(0, 0)), (1, 1));
        let tokens = |n: usize, df: i64| (0..n).map(|i| (format!("{i:03}"), df)).collect::<Vec<_>>();
        assert_eq!(worth_reading(tokens(200, 50)).len(), MOST_TOKENS);
        assert_eq!(worth_reading(tokens(9, 50_000)).len(), 5);
        assert_eq!(worth_reading(tokens(1, 9_999_999)).len(), 1);
        let mixed = worth_reading(vec![("b".into(), 7), ("a".into(), 7), ("c".into(), 3)]);
        assert_eq!(mixed.iter().map(|(t, _)| t.as_str()).collect::<Vec<_>>(), ["c", "a", "b"]);
    }

    #[test]
    fn who_has_all_of_it_comes_before_who_has_the_half() {
        let mut tally = Tally::new(3);
        let mut bytes = Vec::new();
        postings::set(&mut bytes, 1, Some(10));
        postings::set(&mut bytes, 2, Some(12));
        for weight in [100, 100] {
            tally.expect(weight);
        }
        tally.count(100, 0, &bytes);
        postings::set(&mut bytes, 2, None);
        tally.count(100, 0, &bytes);
        let docs = |percent| tally.hits(percent).iter().map(|h| h.doc).collect::<Vec<_>>();
        assert_eq!((docs(50), docs(51)), (vec![1, 2], vec![1]));
        assert_eq!(tally.hits(50)[0].points, 2000);
    }
}
