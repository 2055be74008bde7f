//! The values that actions carry. Each type knows its own bounds, so that a body whose types fit needs one
//! pass of [`Field::check`] and nothing more; the field is named by who asks.

use std::ops::Deref;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Channel, Decision, Grade, InvoiceType, Kind, Mode, Severity, SolutionType};
use crate::kit::clock::Timestamp;
use crate::kit::error::{Error, Result};
use crate::kit::text::{Lines, checked};

const MAX_FILES: usize = 9;
/// 10 billion yuan: more is a slip of the pen.
const MAX_CENTS: i64 = 1_000_000_000_000;

/// A value of an action.
pub trait Field {
    /// Checks the value and brings it into its stored form.
    ///
    /// # Errors
    /// 422 naming `field`.
    fn check(&mut self, field: &str) -> Result<()>;
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $lines:ident, $max:tt;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[schema(value_type = String, min_length = 1, max_length = $max)]
        pub struct $name(String);

        impl $name {
            pub const MAX: usize = $max;
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Field for $name {
            fn check(&mut self, field: &str) -> Result<()> {
                self.0 = checked(field, &self.0, Lines::$lines, Self::MAX)?;
                Ok(())
            }
        }

        impl Field for Option<$name> {
            /// Blank is the same as absent.
            fn check(&mut self, field: &str) -> Result<()> {
                *self = self.take().filter(|text| !text.trim().is_empty());
                self.as_mut().map_or(Ok(()), |text| text.check(field))
            }
        }
    )*};
}

texts! {
    /// One line, 1 to 80 characters.
    TitleText: One, 80;
    /// One line, 1 to 100 characters.
    Line: One, 100;
    /// 1 to 2000 characters.
    ShortText: Many, 2000;
    /// 1 to 5000 characters.
    LongText: Many, 5000;
}

/// Up to nine files that the caller has uploaded and not used yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = Vec<Uuid>, max_items = 9)]
pub struct Files(pub Vec<Uuid>);

impl Deref for Files {
    type Target = [Uuid];

    fn deref(&self) -> &[Uuid] {
        &self.0
    }
}

impl Field for Files {
    fn check(&mut self, field: &str) -> Result<()> {
        if self.len() > MAX_FILES {
            return Err(Error::field(field, "TOO_MANY", format!("最多 {MAX_FILES} 个附件")));
        }
        Ok(())
    }
}

/// 1 to 5 points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = i32, minimum = 1, maximum = 5)]
pub struct Rating(pub i32);

impl Field for Rating {
    fn check(&mut self, field: &str) -> Result<()> {
        if (1..=5).contains(&self.0) {
            return Ok(());
        }
        Err(Error::field(field, "OUT_OF_RANGE", "请给 1 到 5 分"))
    }
}

impl Field for Option<Rating> {
    fn check(&mut self, field: &str) -> Result<()> {
        self.as_mut().map_or(Ok(()), |rating| rating.check(field))
    }
}

/// Money in 分, more than nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = i64, minimum = 1)]
pub struct Cents(pub i64);

impl Field for Cents {
    fn check(&mut self, field: &str) -> Result<()> {
        if (1..=MAX_CENTS).contains(&self.0) {
            return Ok(());
        }
        Err(Error::field(field, "OUT_OF_RANGE", "金额要大于零，最多 100 亿元"))
    }
}

macro_rules! plain {
    ($($name:ty),*) => {$(
        /// Whatever decodes is a value.
        impl Field for $name {
            fn check(&mut self, _field: &str) -> Result<()> {
                Ok(())
            }
        }
    )*};
}

plain! {
    bool, Uuid, NaiveDate, Option<NaiveDate>, Timestamp, Option<Timestamp>,
    Channel, Decision, Grade, InvoiceType, Kind, Mode, Severity, SolutionType
}
