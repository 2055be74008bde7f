//! Signing in: the code of `wx.login` becomes an openid.
//!
//! A code works once. So it is sent once; whatever happens then, the mini-program fetches a fresh one. The
//! session key in the answer is never read: nothing here needs it, and what is not kept cannot leak.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::Client;
use super::errcode::{Call, Class, Failure};
use crate::kit::error::Result;

/// Longer than any code seen.
pub(super) const CODE_LIMIT: usize = 256;
/// Seen are 28; the documents promise nothing.
const OPENID_LIMIT: usize = 64;

/// Who WeChat says it is.
#[derive(Clone, Debug)]
pub struct WechatSubject {
    /// Of the person in this mini-program.
    pub openid: SecretString,
    /// Of the person across the apps of one owner; only if the mini-program is bound to an Open Platform account.
    pub unionid: Option<SecretString>,
}

#[derive(Deserialize)]
struct Answer {
    openid: SecretString,
    unionid: Option<SecretString>,
}

impl Client {
    /// Exchanges the code of `wx.login`. Asks WeChat at most once.
    ///
    /// # Errors
    /// 401 `LOGIN_CODE_INVALID` (wrong, spent, too old), 403 `ACCOUNT_RISK`, 429, 500 `WECHAT_CONFIG`,
    /// 502 `WECHAT_UNKNOWN`, 503 `WECHAT_UNAVAILABLE` (the code may be spent: come back with a fresh one).
    pub async fn code2session(&self, code: &str) -> Result<WechatSubject> {
        self.exchange(code).await.map_err(|failure| failure.into_error(self.line.clock.now()))
    }

    async fn exchange(&self, code: &str) -> Result<WechatSubject, Failure> {
        const CALL: Call = Call::Code2Session;
        if code.is_empty() || code.len() > CODE_LIMIT {
            return Err(Failure::new(CALL, Class::CodeRejected, "not asked, no code looks like this"));
        }
        let request = self.line.http.get("/sns/jscode2session").query(&[
            ("appid", self.appid.as_str()),
            ("secret", self.secret.expose_secret()),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ]);
        let answer: Answer = self.line.ask(CALL, request).await?;
        if !is_id(&answer.openid) {
            return Err(Failure::new(CALL, Class::Unknown, "openid is empty or too long"));
        }
        Ok(WechatSubject { openid: answer.openid, unionid: answer.unionid.filter(is_id) })
    }
}

fn is_id(id: &SecretString) -> bool {
    (1..=OPENID_LIMIT).contains(&id.expose_secret().len())
}
