//! The WeChat API as far as we use it, one file per family, and a badly behaved [`fake`] of it.
//!
//! Rules kept here: a code is sent once; secrets, codes, openids and keys reach neither logs nor errors;
//! what WeChat answers is read leniently and believed strictly.

mod call;
pub mod errcode;
pub mod fake;
mod login;
mod phone;
#[cfg(test)]
mod tests;
mod token;
mod types;

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

pub use login::WechatSubject;

use self::call::Line;
use self::token::Tokens;
use crate::kit::clock::Clock;
use crate::kit::config::{ConfigError, DEMO_APPID_PREFIX, Settings};

/// Speaks to WeChat for one mini-program. Built once per process and shared, for it holds the access token.
#[derive(Debug)]
pub struct Client {
    appid: String,
    secret: SecretString,
    line: Line,
    tokens: Tokens,
}

impl Client {
    /// # Errors
    /// No appid, no secret, or an address that a real mini-program must not talk to. Exit status 78.
    pub fn new(settings: &Settings) -> Result<Self, ConfigError> {
        Self::with_clock(settings, Clock::System)
    }

    /// The same under a steered clock.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_clock(settings: &Settings, clock: Clock) -> Result<Self, ConfigError> {
        let wechat = &settings.wechat;
        let wrong = |text: String| ConfigError::Wrong(text);
        if wechat.appid.is_empty() {
            return Err(wrong("缺少 wechat.appid：请填写小程序的 AppID".to_owned()));
        }
        if !wechat.appid.starts_with(DEMO_APPID_PREFIX) && !is_official(&wechat.base_url) {
            return Err(wrong(
                "wechat.base_url 不是微信的地址；真实小程序只能连接 https://api.weixin.qq.com".to_owned(),
            ));
        }
        let secret = read_secret(&wechat.secret_file)?.unwrap_or_else(|| wechat.secret.clone());
        if secret.expose_secret().is_empty() {
            return Err(wrong("缺少微信密钥：请填写 wechat.secret 或 wechat.secret_file".to_owned()));
        }
        if wechat.timeout_ms == 0 {
            return Err(wrong("wechat.timeout_ms 不能为 0".to_owned()));
        }
        let line = Line::new(&wechat.base_url, Duration::from_millis(wechat.timeout_ms), clock)
            .map_err(|err| wrong(format!("wechat.base_url 不能用：{err}")))?;
        Ok(Self { appid: wechat.appid.clone(), secret, line, tokens: Tokens::default() })
    }

    /// The mini-program's public id.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.appid
    }
}

/// Decided by the host, not by how the text ends: `https://example.com/.weixin.qq.com` is not WeChat.
fn is_official(base_url: &str) -> bool {
    reqwest::Url::parse(base_url).is_ok_and(|url| {
        url.scheme() == "https" && url.host_str().is_some_and(|host| host.ends_with(".weixin.qq.com"))
    })
}

fn read_secret(file: &str) -> Result<Option<SecretString>, ConfigError> {
    if file.is_empty() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(file).map(zeroize::Zeroizing::new).map_err(|err| {
        ConfigError::Wrong(format!("wechat.secret_file 读不出来：{file}（{}）", err.kind()))
    })?;
    Ok(Some(SecretString::from(text.trim_end_matches(['\r', '\n']))))
}
