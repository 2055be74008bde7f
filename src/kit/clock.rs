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
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Millis, true))
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
    fn wire_form_has_milliseconds_and_z() {
        let t: Timestamp = serde_json::from_str("\"2026-11-22T09:02:03.004+08:00\"").unwrap();
        assert_eq!(serde_json::to_string(&t).unwrap(), "\"2026-11-22T01:02:03.004Z\"");
        assert_eq!(t.shanghai_date().to_string(), "2026-11-22");
        assert_eq!(t.shanghai().time().to_string(), "09:02:03.004");
    }
}
