//! Types as they come over the wire, where numbers drift between number and text.
//! Every whole number of the WeChat API is read through [`Whole`].

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// A whole number, sent as a number or as its digits in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole(pub i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Lenient;
        impl Visitor<'_> for Lenient {
            type Value = Whole;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number or its digits")
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Whole, E> {
                Ok(Whole(value))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Whole, E> {
                i64::try_from(value).map(Whole).map_err(|_| E::custom("number out of range"))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Whole, E> {
                // `7200.0` is read by way of its text: no cast that could round.
                format!("{value:.0}")
                    .parse()
                    .ok()
                    .filter(|_| value.fract() == 0.0)
                    .map(Whole)
                    .ok_or_else(|| E::custom("not a whole number"))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Whole, E> {
                let digits = value.trim();
                let digits = digits.strip_prefix('+').unwrap_or(digits);
                digits.parse().map(Whole).map_err(|_| E::custom("not a whole number"))
            }
        }
        deserializer.deserialize_any(Lenient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_either_form() {
        let table = [
            ("86", Some(86)),
            ("\"86\"", Some(86)),
            ("\"+86\"", Some(86)),
            ("\" 86 \"", Some(86)),
            ("86.0", Some(86)),
            ("-1", Some(-1)),
            ("\"-1\"", Some(-1)),
            ("3395159288267931652", Some(3_395_159_288_267_931_652)),
            ("18446744073709551615", None),
            ("86.5", None),
            ("\"\"", None),
            ("\"abc\"", None),
            ("null", None),
            ("true", None),
            ("[86]", None),
        ];
        for (text, expected) in table {
            let read = serde_json::from_str::<Whole>(text).ok().map(|w| w.0);
            assert_eq!(read, expected, "{text}");
        }
    }
}
