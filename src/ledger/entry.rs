//! What an entry is, and the exact bytes that its digest covers. Anybody can recompute them from a row
//! of `ledger_entries` with twenty lines of any language: length-prefixed parts, and JSON without floats.

use ring::digest::{Context, SHA256};
use serde_json::Value;
use uuid::Uuid;

use crate::kit::error::{Code, Error, Result};

/// SHA-256 output.
pub type Hash = [u8; 32];

/// The label keeps these digests apart from every other digest of the program.
const LABEL: &[u8] = b"lvyue/entry/v1";

/// Integers beyond this lose digits in readers that keep numbers as doubles (RFC 8785 refuses them too).
const LARGEST: i64 = (1 << 53) - 1;

/// What a write says about itself. `detail` holds no personal data and no floats; `content` is the bytes
/// whose digest the entry keeps (sealed values as stored, so that shredding a key leaves the chain whole).
#[derive(Debug)]
pub struct Entry<'a> {
    pub action: &'a str,
    pub object_kind: &'static str,
    pub object_id: Uuid,
    pub detail: Value,
    pub content: &'a [&'a [u8]],
}

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub id: Uuid,
    pub at: i64,
    pub actor_id: Option<Uuid>,
    pub actor_side: String,
    pub action: String,
    pub object_kind: String,
    pub object_id: Uuid,
    pub request_id: Option<Uuid>,
    pub detail: String,
    pub content_digest: Vec<u8>,
}

impl Stored {
    /// SHA-256 over every column. An absent id is the empty string, which no id is.
    #[must_use]
    pub fn digest(&self) -> Hash {
        lp_digest(&[
            LABEL,
            self.id.as_bytes(),
            &self.at.to_be_bytes(),
            self.actor_id.as_ref().map_or(&[], |id| id.as_bytes()),
            self.actor_side.as_bytes(),
            self.action.as_bytes(),
            self.object_kind.as_bytes(),
            self.object_id.as_bytes(),
            self.request_id.as_ref().map_or(&[], |id| id.as_bytes()),
            self.detail.as_bytes(),
            &self.content_digest,
        ])
    }
}

/// SHA-256 of `lp(parts…)`: the number of parts (u16, big-endian), then each as its length (u32,
/// big-endian) and its bytes. No two lists of parts give the same bytes.
#[must_use]
pub fn lp_digest(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&u16::try_from(parts.len()).unwrap_or(u16::MAX).to_be_bytes());
    for part in parts {
        context.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        context.update(part);
    }
    finish(context)
}

pub(super) fn finish(context: Context) -> Hash {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    out
}

/// JSON as RFC 8785 writes it: no blanks, keys by UTF-16 code units, shortest escapes. Numbers are
/// integers that a double holds exactly; floats are refused, because no two languages print them alike.
///
/// # Errors
/// A float or an integer beyond ±(2^53 − 1): a mistake of the caller.
pub fn canonical(value: &Value) -> Result<String> {
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut String) -> Result<()> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => match number.as_i64() {
            Some(n) if (-LARGEST..=LARGEST).contains(&n) => out.push_str(&n.to_string()),
            _ => return Err(wrong("a number in a ledger detail is not a plain integer")),
        },
        Value::String(text) => write_text(text, out)?,
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (i, (name, item)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_text(name, out)?;
                out.push(':');
                write(item, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_text(text: &str, out: &mut String) -> Result<()> {
    // serde_json escapes strings exactly as RFC 8785 asks.
    out.push_str(&serde_json::to_string(text).map_err(wrong)?);
    Ok(())
}

fn wrong(cause: impl std::fmt::Display) -> Error {
    Error::new(Code::Internal).because(cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn canonical_json_is_rfc_8785_without_floats() {
        let value =
            json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
        assert_eq!(
            canonical(&value).unwrap(),
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}",
            "the sorting example of RFC 8785, 3.2.3"
        );
        let value = json!({"b": [true, false, null, -7, "\u{8}\t\n\u{c}\r\"\\/\u{1f}\u{7f}受"], "a": {}});
        assert_eq!(
            canonical(&value).unwrap(),
            "{\"a\":{},\"b\":[true,false,null,-7,\"\\b\\t\\n\\f\\r\\\"\\\\/\\u001f\u{7f}受\"]}"
        );
        for bad in [json!(1.0), json!([0.5]), json!(1_u64 << 53), json!(u64::MAX), json!({"a": -0.0})] {
            assert!(canonical(&bad).is_err(), "{bad}");
        }
        assert_eq!(canonical(&json!(LARGEST)).unwrap(), "9007199254740991");
    }

    #[test]
    fn parts_cannot_be_shifted_into_each_other() {
        let digests = [
            lp_digest(&[]),
            lp_digest(&[b""]),
            lp_digest(&[b"", b""]),
            lp_digest(&[b"ab", b"c"]),
            lp_digest(&[b"a", b"bc"]),
            lp_digest(&[b"abc"]),
        ];
        for (i, a) in digests.iter().enumerate() {
            assert!(digests.iter().skip(i + 1).all(|b| a != b));
        }
        // printf '\0\1\0\0\0\3abc' | sha256sum
        assert_eq!(
            super::super::hex(&lp_digest(&[b"abc"])),
            "3261c88dcb60c77c66f5b98f4fd5cdab2af581702d48591185b207f9e27edd09".to_owned()
        );
    }
}
