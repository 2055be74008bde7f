//! The client against the fake: both under one steered clock, over real sockets.

mod answers;
mod leaks;
mod lines;
mod strings;
mod tokens;

use std::net::TcpListener;

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};

use super::Client;
use super::fake::{Fake, FakeCall, FakeHandle, openid_of};
use crate::kit::clock::{Clock, Timestamp};
use crate::kit::config::Settings;
use crate::kit::error::{Error, Result};

pub(super) const APPID: &str = "wxdemo0000000001";
pub(super) const SECRET: &str = "s3cr3t-of-the-mini-program";

pub(super) struct Stage {
    pub(super) clock: Clock,
    pub(super) fake: FakeHandle,
    pub(super) client: Client,
}

pub(super) fn settings(base_url: &str) -> Settings {
    let mut settings = Settings::defaults().unwrap();
    settings.wechat.base_url = base_url.to_owned();
    settings.wechat.appid = APPID.to_owned();
    settings.wechat.secret = SecretString::from(SECRET);
    settings
}

impl Stage {
    pub(super) fn new() -> Self {
        Self::with(Fake::default())
    }

    pub(super) fn with(fake: Fake) -> Self {
        let clock = Clock::steered(Timestamp::parse("2026-11-22T10:00:05+08:00").unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let fake = fake.start(listener, APPID, SecretString::from(SECRET), clock.clone()).unwrap();
        let client = Client::with_clock(&settings(fake.base_url()), clock.clone()).unwrap();
        Self { clock, fake, client }
    }

    /// A client that gives up after half a second; scripted delays are longer.
    pub(super) fn impatient() -> Self {
        let mut stage = Self::new();
        let mut settings = settings(stage.fake.base_url());
        settings.wechat.timeout_ms = 500;
        stage.client = Client::with_clock(&settings, stage.clock.clone()).unwrap();
        stage
    }

    pub(super) async fn login(&self, code: &str) -> Result<String> {
        Ok(self.client.code2session(code).await?.openid.expose_secret().to_owned())
    }

    /// Asks as the person whom the code names.
    pub(super) async fn phone(&self, code: &str) -> Result<String> {
        let name = code.split('-').nth(1).unwrap();
        let openid = SecretString::from(openid_of(name));
        Ok(self.client.phone_number(code, &openid).await?.expose_secret().to_owned())
    }

    pub(super) fn pass(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    pub(super) fn calls(&self, call: FakeCall) -> u64 {
        self.fake.calls(call)
    }

    /// Last line of every story: the client kept the manners that WeChat asks for.
    pub(super) async fn end(self) {
        assert_eq!(self.fake.violations(), Vec::<String>::new());
        self.fake.stop().await;
    }
}

pub(super) fn code_of<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
    result.as_ref().err().map(Error::code).expect("an error").wire()
}
