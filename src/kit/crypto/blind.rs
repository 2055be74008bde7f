//! Blind indexes: equality of a personal value without opening it, and the normalisers that decide what
//! counts as equal. One normaliser per kind of value is shared by validation, sealing and index.
//!
//! Sixteen bytes suffice for unique columns; the key is not the key of any value, so that shredding a
//! person leaves everyone else's index usable.

use ring::error::Unspecified;
use ring::{hkdf, hmac};
use unicode_normalization::UnicodeNormalization;

use super::field::{expand, lp};
use crate::kit::error::{Error, Result};

/// What indexes and digests are made with; extracted once from the key of the key file.
pub(super) struct IndexKey {
    prk: hkdf::Prk,
    version: u32,
}

impl IndexKey {
    pub(super) fn new(root: &[u8; 32], version: u32) -> Self {
        Self { prk: hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(root), version }
    }

    pub(super) fn blind(
        &self,
        deployment: &[u8; 16],
        table: &str,
        column: &str,
        normalised: &[u8],
    ) -> Result<Vec<u8>, Unspecified> {
        let version = self.version.to_string();
        let info = lp(&[b"bff/bidx/v1", table.as_bytes(), column.as_bytes(), version.as_bytes()]);
        let mut tag = self.mac(&info, &lp(&[deployment, normalised]))?;
        tag.truncate(16);
        Ok(tag)
    }

    pub(super) fn digest(
        &self,
        deployment: &[u8; 16],
        purpose: &str,
        value: &[u8],
    ) -> Result<Vec<u8>, Unspecified> {
        self.mac(&lp(&[b"bff/digest/v1", purpose.as_bytes()]), &lp(&[deployment, value]))
    }

    fn mac(&self, info: &[u8], message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let key = expand::<32>(&self.prk, info)?;
        Ok(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()), message).as_ref().to_vec())
    }
}

/// A phone number as E.164 without the plus; numbers without a country are Chinese.
///
/// # Errors
/// 422 naming `field`: not a phone number.
pub fn phone(field: &str, text: &str) -> Result<String> {
    let refused = || Error::field(field, "PHONE", "请填写正确的电话号码，如 13800138000 或 +86 10 8888 8888");
    let folded: String = text.nfkc().collect();
    let mut digits = String::with_capacity(16);
    let mut plus = false;
    for (i, c) in folded.trim().chars().enumerate() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if i == 0 => plus = true,
            // What people and address books put between the digits, dashes of every width included.
            ' ' | '-' | '(' | ')' | '.' | '·' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            _ => return Err(refused()),
        }
    }
    let number = if plus {
        digits
    } else if let Some(international) = digits.strip_prefix("00") {
        international.to_owned()
    } else if is_mobile(&digits) {
        format!("86{digits}")
    } else if let Some(rest) = digits.strip_prefix("86").filter(|rest| is_mobile(rest)) {
        format!("86{rest}")
    } else if let Some(area) = digits.strip_prefix('0').filter(|area| (9..=11).contains(&area.len())) {
        format!("86{area}")
    } else {
        return Err(refused());
    };
    // E.164: at most 15 digits, no country code begins with 0; Chinese numbers keep their own lengths.
    let fits = (8..=15).contains(&number.len()) && !number.starts_with('0');
    let chinese = number.strip_prefix("86").is_none_or(|rest| {
        is_mobile(rest)
            || ((9..=11).contains(&rest.len()) && !rest.starts_with('1') && !rest.starts_with('0'))
            || (rest.len() == 10 && rest.starts_with("10"))
    });
    if fits && chinese { Ok(number) } else { Err(refused()) }
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11
        && digits.starts_with('1')
        && digits.chars().nth(1).is_some_and(|c| ('3'..='9').contains(&c))
}

/// An employee number: full-width folded, upper-case, without spaces.
///
/// # Errors
/// 422 naming `field`: empty, over 32 characters, or with something else than letters, digits, `-_./`.
pub fn employee_no(field: &str, text: &str) -> Result<String> {
    // Folding once more after upper-casing makes the result its own fixed point (as for ŉ or ǰ).
    let folded: String = text.nfkc().collect::<String>().to_uppercase().nfkc().collect();
    let number: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
    let accepted = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if number.is_empty() || number.chars().count() > 32 || !number.chars().all(accepted) {
        return Err(Error::field(field, "EMPLOYEE_NO", "请填写正确的工号（字母、数字，最多 32 位）"));
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index() -> (IndexKey, [u8; 16]) {
        let root = std::array::from_fn(|i| 0x80 + u8::try_from(i).unwrap());
        let mut deployment = [0; 16];
        deployment[15] = 1;
        (IndexKey::new(&root, 1), deployment)
    }

    #[test]
    fn the_published_known_answer() {
        let (index, deployment) = index();
        let made = index.blind(&deployment, "users", "phone", b"13812341234").unwrap();
        let hex: String = made.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "ee23baf2e3accfde4b0ec79d1331d376");
    }

    #[test]
    fn indexes_differ_by_column_deployment_version_and_purpose() {
        let (index, deployment) = index();
        let one = index.blind(&deployment, "users", "phone", b"1").unwrap();
        assert_ne!(one, index.blind(&deployment, "users", "email", b"1").unwrap());
        assert_ne!(one, index.blind(&[0; 16], "users", "phone", b"1").unwrap());
        assert_ne!(one, IndexKey::new(&[0; 32], 1).blind(&deployment, "users", "phone", b"1").unwrap());
        let code = index.digest(&deployment, "code", b"1").unwrap();
        let hex: String = code.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "f996770c41c01038aa4141053b312ddbee271b712588c3b0e1ce5dd34748d626");
        assert_ne!(code, index.digest(&deployment, "body", b"1").unwrap());
    }

    #[test]
    fn phones_as_people_write_them() {
        for text in [
            "13800138000",
            "138 0013 8000",
            "138-0013-8000",
            "１３８００１３８０００",
            "+86 138 0013 8000",
            "＋86（138）00138000",
            "0086-13800138000",
            "8613800138000",
        ] {
            assert_eq!(phone("phone", text).unwrap(), "8613800138000", "{text}");
        }
        assert_eq!(phone("phone", "010-8888 8888").unwrap(), "861088888888");
        assert_eq!(phone("phone", "0755-8888888").unwrap(), "867558888888");
        assert_eq!(phone("phone", "+852 2345 6789").unwrap(), "85223456789");
        for text in ["", "1", "110", "12800138000", "1380013800a", "13800138000+", "+0 123456789", "+86123"] {
            assert!(phone("phone", text).is_err(), "{text}");
        }
    }

    #[test]
    fn employee_numbers_fold_width_and_case() {
        assert_eq!(employee_no("no", " ａb-０0１ ").unwrap(), "AB-001");
        for text in ["", "  ", "a'b", "a;b", &"9".repeat(33), "a\u{202e}b", "a\u{200b}b"] {
            assert!(employee_no("no", text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(text in "\\PC{0,40}") {
            if let Ok(once) = employee_no("no", &text) {
                prop_assert_eq!(employee_no("no", &once).unwrap(), once);
            }
            if let Ok(once) = phone("phone", &text) {
                prop_assert_eq!(phone("phone", &format!("+{once}")).unwrap(), once);
            }
        }

        #[test]
        fn equal_after_normalising_means_equal_index(a in "1[3-9][0-9]{9}", b in "1[3-9][0-9]{9}", at in 1usize..10) {
            let (index, deployment) = index();
            let blind = |t: &str| {
                index.blind(&deployment, "people", "phone", phone("phone", t).unwrap().as_bytes()).unwrap()
            };
            let (left, right) = a.split_at(at);
            prop_assert_eq!(blind(&a), blind(&format!("+86 {left}-{right}")));
            prop_assert_eq!(blind(&a) == blind(&b), a == b);
        }
    }
}
