//! Refresh tokens: `r1.<session>.<counter>.<mac>`. They carry their own generation, so that a repeated or
//! stolen one is recognised without a table of tokens; the key of the MAC lives and dies with the session.

use ring::hmac;

use super::field::lp;
use super::token::{SessionKey, Tokens, decode_32};
use crate::kit::error::{Code, Error, Result};

const VERSION: &str = "r1";
const LABEL: &[u8] = b"lvyue/refresh/v1";
/// `r1.` + 43 + `.` + 10 digits + `.` + 43.
const MAX_BYTES: usize = 101;

/// What a refresh token claims; believed only after [`Tokens::refresh_matches`].
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshClaim {
    pub sid: SessionKey,
    pub counter: u32,
    pub mac: [u8; 32],
}

impl std::fmt::Debug for RefreshClaim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefreshClaim").field("counter", &self.counter).finish_non_exhaustive()
    }
}

fn message(sid: &SessionKey, counter: u32) -> Vec<u8> {
    lp(&[LABEL, &sid.0, &counter.to_be_bytes()])
}

impl Tokens {
    /// The token of one generation of one session; the same input gives the same token.
    #[must_use]
    pub fn new_refresh(sid: &SessionKey, counter: u32, mac_key: &[u8; 32]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, mac_key);
        let tag = hmac::sign(&key, &message(sid, counter));
        let mac: [u8; 32] = std::array::from_fn(|i| tag.as_ref().get(i).copied().unwrap_or_default());
        format!("{VERSION}.{}.{counter}.{}", sid.encode(), SessionKey(mac).encode())
    }

    /// Reads a token of the one spelling that [`Tokens::new_refresh`] writes.
    ///
    /// # Errors
    /// 401 `SESSION_ENDED`.
    pub fn parse_refresh(text: &str) -> Result<RefreshClaim> {
        let refused = || Error::new(Code::SessionEnded).because("not a refresh token");
        if text.len() > MAX_BYTES {
            return Err(refused());
        }
        let mut parts = text.split('.');
        match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(VERSION), Some(sid), Some(counter), Some(mac), None) => {
                let number: u32 = counter.parse().map_err(|_| refused())?;
                if number.to_string() != counter {
                    return Err(refused());
                }
                let sid = SessionKey::parse(sid).ok_or_else(refused)?;
                Ok(RefreshClaim { sid, counter: number, mac: decode_32(mac).ok_or_else(refused)? })
            }
            _ => Err(refused()),
        }
    }

    /// Whether the session whose key this is gave that token out; takes the same time either way.
    #[must_use]
    pub fn refresh_matches(claim: &RefreshClaim, mac_key: &[u8; 32]) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, mac_key);
        hmac::verify(&key, &message(&claim.sid, claim.counter), &claim.mac).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_very_token_matches() {
        let (sid, key) = (SessionKey([7; 32]), [9; 32]);
        let token = Tokens::new_refresh(&sid, 41, &key);
        // Computed by another implementation from the written format alone.
        let known = "KHz1UVtUURfVNGTdX-t423o_wSzeUFl0Yxeq43hSVv8";
        assert_eq!(token, format!("r1.BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc.41.{known}"));
        let claim = Tokens::parse_refresh(&token).unwrap();
        assert_eq!((claim.sid, claim.counter), (sid, 41));
        assert!(Tokens::refresh_matches(&claim, &key));
        assert!(!Tokens::refresh_matches(&claim, &[8; 32]));
        assert!(!Tokens::refresh_matches(&RefreshClaim { counter: 42, ..claim.clone() }, &key));
        assert!(!Tokens::refresh_matches(&RefreshClaim { sid: SessionKey([6; 32]), ..claim.clone() }, &key));
        for at in 0..32 {
            let mut mac = claim.mac;
            mac[at] ^= 1;
            assert!(!Tokens::refresh_matches(&RefreshClaim { mac, ..claim.clone() }, &key));
        }
        assert!(!format!("{claim:?}").contains('7'));
    }

    #[test]
    fn no_token_has_a_second_spelling() {
        let token = Tokens::new_refresh(&SessionKey([7; 32]), 41, &[9; 32]);
        let bad = [
            String::new(),
            "...".to_owned(),
            "r1...".to_owned(),
            token.replace("r1.", "r2."),
            token.replace("r1.", "R1."),
            token.replace(".41.", ".041."),
            token.replace(".41.", ".+41."),
            token.replace(".41.", ".-1."),
            token.replace(".41.", ".4294967296."),
            token.replace(".41.", ".４１."),
            format!("{token}."),
            format!("{token}="),
            format!(" {token}"),
            format!("{token}\n"),
            token[..token.len() - 1].to_owned(),
            "r1.".repeat(10_000),
        ];
        for text in bad {
            assert!(Tokens::parse_refresh(&text).err().unwrap().is(Code::SessionEnded), "{text}");
        }
        // The last character of 32 bytes carries four bits; the two below it must be zero.
        let last = &token[..token.len() - 1];
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let spellings = alphabet.chars().filter(|c| Tokens::parse_refresh(&format!("{last}{c}")).is_ok());
        assert_eq!(spellings.count(), 16);
    }

    proptest! {
        #[test]
        fn what_parses_is_what_was_written(sid: [u8; 32], counter: u32, key: [u8; 32], noise in "\\PC{0,120}") {
            let token = Tokens::new_refresh(&SessionKey(sid), counter, &key);
            let claim = Tokens::parse_refresh(&token).unwrap();
            prop_assert!(Tokens::refresh_matches(&claim, &key));
            prop_assert_eq!((claim.sid.0, claim.counter), (sid, counter));
            prop_assert!(Tokens::parse_refresh(&noise).is_err());
        }
    }
}
