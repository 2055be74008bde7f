//! Who the fake knows. Ids and phone numbers follow from the name alone, so that a seeded database and a
//! running fake agree without talking to each other.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};

/// The openid of a name: 28 characters that begin with `oFAKE`.
#[must_use]
pub fn openid_of(name: &str) -> String {
    format!("oFAKE{}", letters("openid", name, 23))
}

/// The phone number of a name that is not in the table: 11 digits beginning with 13.
#[must_use]
pub fn phone_of(name: &str) -> String {
    format!("13{:09}", number("phone", name) % 1_000_000_000)
}

pub(super) fn unionid_of(name: &str) -> String {
    format!("uFAKE{}", letters("unionid", name, 23))
}

/// The name in `web-NAME` or `web-NAME-NONCE`.
pub(super) fn name_in<'a>(prefix: &str, code: &'a str) -> Option<&'a str> {
    let rest = code.strip_prefix(prefix)?.strip_prefix('-')?;
    let name = rest.split_once('-').map_or(rest, |(name, _)| name);
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (plain && (1..=32).contains(&name.len())).then_some(name)
}

/// Text that looks random and follows from `what` and `of`.
pub(super) fn letters(what: &str, of: &str, length: usize) -> String {
    let mut text = String::new();
    let mut round = 0;
    while text.len() < length {
        text.push_str(&URL_SAFE_NO_PAD.encode(hash(&format!("{what}\0{of}\0{round}"))));
        round += 1;
    }
    text.truncate(length);
    text
}

pub(super) fn number(what: &str, of: &str) -> u64 {
    hash(&format!("{what}\0{of}")).iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

pub(super) fn hash(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}

/// Country code and national number by name.
#[derive(Clone, Debug, Default)]
pub(super) struct People(HashMap<String, (u16, String)>);

impl People {
    pub(super) fn new(people: &[(&str, &str)]) -> Self {
        Self(people.iter().map(|(name, phone)| ((*name).to_owned(), split(phone))).collect())
    }

    pub(super) fn phone(&self, name: &str) -> (u16, String) {
        self.0.get(name).cloned().unwrap_or_else(|| (86, phone_of(name)))
    }
}

fn split(phone: &str) -> (u16, String) {
    phone
        .strip_prefix('+')
        .and_then(|rest| rest.split_once(' '))
        .and_then(|(country, number)| Some((country.parse().ok()?, number.to_owned())))
        .unwrap_or_else(|| (86, phone.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_numbers_follow_from_the_name() {
        assert_eq!(openid_of("li").len(), 28);
        assert_eq!(openid_of("li"), openid_of("li"));
        assert_ne!(openid_of("li"), openid_of("wang"));
        assert_eq!(phone_of("li").len(), 11);
        assert!(phone_of("li").starts_with("13"));
    }

    #[test]
    fn codes_name_people() {
        assert_eq!(name_in("web", "web-li"), Some("li"));
        assert_eq!(name_in("web", "web-li-1-2"), Some("li"));
        for code in ["web-", "web", "web--1", "phone-li-1", "web-李", "li"] {
            assert_eq!(name_in("web", code), None, "{code}");
        }
    }

    #[test]
    fn numbers_from_elsewhere_keep_their_country() {
        let people = People::new(&[("chan", "+852 91234567"), ("li", "13812341234")]);
        assert_eq!(people.phone("chan"), (852, "91234567".to_owned()));
        assert_eq!(people.phone("li"), (86, "13812341234".to_owned()));
        assert_eq!(people.phone("wang"), (86, phone_of("wang")));
    }
}
