//! The rotating code: six digits that the trainer's screen shows and the people in the room type or scan. It
//! changes every ten seconds and is taken for five more, so that one that is passed on is dead when it arrives.
//!
//! `HOTP`-like (RFC 4226, 5.3) over the class, the purpose and the window, under a secret of the class.

use ring::hmac;
use uuid::Uuid;

use crate::clocks::words::words;
use crate::kit::clock::Timestamp;

/// A code is shown for so long.
const WINDOW_MS: i64 = 10_000;
/// And taken for so much longer: typing takes a moment.
const GRACE_MS: i64 = 5_000;

words! {
    CodePurpose {
        SignIn = "sign_in", "签到";
        SignOut = "sign_out", "签退";
    }
}

/// A code with its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub code: String,
    /// When it is taken no more.
    pub expires_at: Timestamp,
    /// Until the next one.
    pub refresh_in_ms: i64,
}

fn digits(secret: &[u8], class: Uuid, purpose: CodePurpose, window: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let mut message = class.as_bytes().to_vec();
    message.extend_from_slice(purpose.wire().as_bytes());
    message.extend_from_slice(&window.to_be_bytes());
    let tag = hmac::sign(&key, &message);
    let number = tag.as_ref().first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    format!("{:06}", number % 1_000_000)
}

/// The code to show now.
#[must_use]
pub fn shown(secret: &[u8], class: Uuid, purpose: CodePurpose, now: Timestamp) -> Shown {
    let window = now.0.div_euclid(WINDOW_MS);
    let ends = (window + 1) * WINDOW_MS;
    Shown {
        code: digits(secret, class, purpose, window),
        expires_at: Timestamp(ends + GRACE_MS),
        refresh_in_ms: ends - now.0,
    }
}

/// Whether the code is taken now.
#[must_use]
pub fn is_taken(secret: &[u8], class: Uuid, purpose: CodePurpose, code: &str, now: Timestamp) -> bool {
    let window = now.0.div_euclid(WINDOW_MS);
    let mut good = code == digits(secret, class, purpose, window);
    if now.0.rem_euclid(WINDOW_MS) < GRACE_MS {
        good |= code == digits(secret, class, purpose, window - 1);
    }
    good
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLASS: Uuid = Uuid::from_u128(7);

    #[test]
    fn a_code_lives_for_its_window_and_five_seconds() {
        let at = Timestamp(1_800_000_000_000);
        let code = shown(b"secret", CLASS, CodePurpose::SignIn, at);
        assert_eq!((code.code.len(), code.refresh_in_ms), (6, 10_000));
        assert_eq!(code.expires_at, at.plus_millis(15_000));
        let taken = |ms| is_taken(b"secret", CLASS, CodePurpose::SignIn, &code.code, at.plus_millis(ms));
        assert_eq!(
            [0, 9_999, 14_999, 15_000, 60_000, -1].map(taken),
            [true, true, true, false, false, false]
        );
        assert_eq!(shown(b"secret", CLASS, CodePurpose::SignIn, at.plus_millis(9_999)).refresh_in_ms, 1);
    }

    #[test]
    fn another_class_purpose_or_secret_has_other_codes() {
        let at = Timestamp(1_800_000_000_000);
        let code = shown(b"secret", CLASS, CodePurpose::SignIn, at).code;
        assert!(!is_taken(b"secret", CLASS, CodePurpose::SignOut, &code, at));
        assert!(!is_taken(b"secret", Uuid::from_u128(8), CodePurpose::SignIn, &code, at));
        assert!(!is_taken(b"another", CLASS, CodePurpose::SignIn, &code, at));
        assert!(!is_taken(b"secret", CLASS, CodePurpose::SignIn, "", at));
    }

    #[test]
    fn codes_are_spread_evenly() {
        let mut first = [0_u32; 10];
        for window in 0..10_000 {
            let digit = digits(b"secret", CLASS, CodePurpose::SignIn, window).as_bytes()[0] - b'0';
            first[usize::from(digit)] += 1;
        }
        assert!(first.iter().all(|n| (850..1150).contains(n)), "{first:?}");
    }
}
