//! The phone number behind a `getPhoneNumber` code.
//!
//! The openid goes along, so that WeChat checks that the code is this person's; the answer counts only if
//! its watermark names our mini-program.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::Client;
use super::errcode::{Call, Class, Failure};
use super::login::CODE_LIMIT;
use super::types::Whole;
use crate::kit::error::Result;

#[derive(Serialize)]
struct Ask<'a> {
    code: &'a str,
    openid: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    phone_info: Info,
}

#[derive(Deserialize)]
struct Info {
    #[serde(rename = "purePhoneNumber")]
    number: SecretString,
    #[serde(rename = "countryCode")]
    country: Whole,
    watermark: Watermark,
}

#[derive(Deserialize)]
struct Watermark {
    appid: String,
}

impl Client {
    /// The number as E.164 digits without `+`: `8613812341234`.
    ///
    /// # Errors
    /// 422 on `phone_code` (wrong, spent, too old, somebody else's), 429, 500 `WECHAT_CONFIG`,
    /// 502 `WECHAT_UNKNOWN`, 503 `WECHAT_UNAVAILABLE` (the code may be spent: tap again).
    pub async fn phone_number(&self, code: &str, openid: &SecretString) -> Result<SecretString> {
        self.look_up(code, openid).await.map_err(|failure| failure.into_error(self.line.clock.now()))
    }

    async fn look_up(&self, code: &str, openid: &SecretString) -> Result<SecretString, Failure> {
        const CALL: Call = Call::PhoneNumber;
        if code.is_empty() || code.len() > CODE_LIMIT {
            return Err(Failure::new(CALL, Class::CodeRejected, "not asked, no code looks like this"));
        }
        let ask = Ask { code, openid: openid.expose_secret() };
        let asking = self.ask_with_token(CALL, |token| {
            self.line
                .http
                .post("/wxa/business/getuserphonenumber")
                .query(&[("access_token", token)])
                .json(&ask)
        });
        // Up to four calls, each within its own limit; together no longer than a person waits.
        let answer: Answer = tokio::time::timeout(self.line.http.timeout().saturating_mul(2), asking)
            .await
            .map_err(|_| Failure::new(CALL, Class::Busy, "took too long with its token"))??;
        let info = answer.phone_info;
        if info.watermark.appid != self.appid {
            return Err(Failure::new(CALL, Class::Unknown, "watermark of another mini-program"));
        }
        e164(info.country.0, info.number.expose_secret())
            .ok_or_else(|| Failure::new(CALL, Class::Unknown, "not a phone number"))
    }
}

/// Country code and national number in a row; 7 to 15 digits, which is all E.164 allows.
fn e164(country: i64, national: &str) -> Option<SecretString> {
    if !(1..=999).contains(&country) {
        return None;
    }
    let national: String = national.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let digits = format!("{country}{national}");
    let fits = digits.bytes().all(|b| b.is_ascii_digit()) && (7..=15).contains(&digits.len());
    fits.then(|| SecretString::from(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_e164_digits() {
        let read = |country, number| e164(country, number).map(|n| n.expose_secret().to_owned());
        assert_eq!(read(86, "13812341234").as_deref(), Some("8613812341234"));
        assert_eq!(read(852, "9123 4567").as_deref(), Some("85291234567"));
        assert_eq!(read(0, "13812341234"), None);
        assert_eq!(read(86, ""), None);
        assert_eq!(read(86, "1381234123x"), None);
        assert_eq!(read(86, "1381234123456789"), None);
    }
}
