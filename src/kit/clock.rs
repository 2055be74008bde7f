//! Time. One type from the database to the wire, one source that tests can steer.
//!
//! A [`Timestamp`] is whole milliseconds since 1970 in UTC: SQLite and PostgreSQL keep exactly the same
//! value, comparing is comparing integers, and on the wire it is RFC 3339 with milliseconds.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, TimeDelta, Utc};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

/// An instant in UTC, in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType, ToSchema)]
#[schema(value_type = String, format = DateTime, examples("2026-11-22T01:02:03.004Z"))]
pub struct Timestamp(pub i64);

/// China has had one zone and no daylight saving since 1991.
const SHANGHAI_SECONDS: i32 = 8 * 3600;

impl Timestamp {
    /// The instant in UTC; values outside chrono's range (±262,000 years) become the epoch.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// The instant as a wall clock in Asia/Shanghai shows it.
    #[must_use]
    pub fn shanghai(self) -> DateTime<FixedOffset> {
        match FixedOffset::east_opt(SHANGHAI_SECONDS) {
            Some(zone) => self.utc().with_timezone(&zone),
            None => self.utc().fixed_offset(),
        }
    }

    /// RFC 3339 of the years 1970 to 9999: a page of a list writes fifty of them.
    fn wire(self) -> Option<[u8; 24]> {
        let millis = u64::try_from(self.0).ok().filter(|ms| *ms < 253_402_300_800_000)?;
        // Days from 1 March of year 0, so that the leap day is the last day of a year (Hinnant's days_from_civil).
        let days = millis / 86_400_000 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let of_day = millis % 86_400_000;
        let (hour, minute, second) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60);
        let mut text = *b"0000-00-00T00:00:00.000Z";
        let places = [
            (0, 4, year),
            (5, 2, month),
            (8, 2, day),
            (11, 2, hour),
            (14, 2, minute),
            (17, 2, second),
            (20, 3, millis % 1000),
        ];
        for (start, width, mut value) in places {
            for digit in text.iter_mut().skip(start).take(width).rev() {
                *digit = b'0' + u8::try_from(value % 10).unwrap_or(0);
                value /= 10;
            }
        }
        Some(text)
    }

    /// The calendar day in Asia/Shanghai.
    #[must_use]
    pub fn shanghai_date(self) -> NaiveDate {
        self.shanghai().date_naive()
    }

    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_millis(seconds.saturating_mul(1000))
    }

    /// Whole milliseconds from `earlier` to `self`; negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// # Errors
    /// Text that is not an RFC 3339 instant.
    pub fn parse(text: &str) -> Result<Self, chrono::ParseError> {
        DateTime::parse_from_rfc3339(text).map(|t| Self(t.timestamp_millis()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wire() {
            Some(text) => f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?),
            None => f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Millis, true)),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| de::Error::custom("not an RFC 3339 instant"))
    }
}

/// The source of now. Cloning shares a steered clock.
#[derive(Clone, Debug)]
pub enum Clock {
    System,
    Steered(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still until it is told to move; tests and the seeding of the demo use it.
    #[must_use]
    pub fn steered(at: Timestamp) -> Self {
        Self::Steered(Arc::new(AtomicI64::new(at.0)))
    }

    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp(Utc::now().timestamp_millis()),
            Self::Steered(at) => Timestamp(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a steered clock; the machine's clock cannot be moved and ignores this.
    pub fn advance(&self, by: TimeDelta) {
        if let Self::Steered(at) = self {
            at.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        }
    }

    pub fn set(&self, to: Timestamp) {
        if let Self::Steered(at) = self {
            at.store(to.0, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_form_is_what_chrono_writes() {
        let chrono = |at: i64| Timestamp(at).utc().to_rfc3339_opts(SecondsFormat::Millis, true);
        let days = (0..2_932_900).step_by(97).map(|day| day * 86_400_000 + day % 86_400_000);
        let edges = [
            -1,
            0,
            951_782_399_999,
            951_782_400_000,
            4_107_542_400_000,
            253_402_300_799_999,
            253_402_300_800_000,
        ];
        for at in days.chain(edges) {
            assert_eq!(Timestamp(at).to_string(), chrono(at), "{at}");
        }
    }

    #[test]
    fn wire_form_has_milliseconds_and_z() {
        let t: Timestamp = serde_json::from_str("\"2026-11-22T09:02:03.004+08:00\"").unwrap();
        assert_eq!(serde_json::to_string(&t).unwrap(), "\"2026-11-22T01:02:03.004Z\"");
        assert_eq!(t.shanghai_date().to_string(), "2026-11-22");
        assert_eq!(t.shanghai().time().to_string(), "09:02:03.004");
    }
}
