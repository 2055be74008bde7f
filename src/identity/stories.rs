//! Identity on a SQLite file with the fake WeChat: the attacks of security.md 3 and the ways of a roster.

mod binding;
mod login;
mod roster;

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::SecretString;

use super::service::{Arrival, login::login, refresh::refresh};
use super::views::{LoginBody, SessionAnswer};
use crate::kit::Kit;
use crate::kit::actor::Side;
use crate::kit::blob::Blobs;
use crate::kit::clock::{Clock, Timestamp};
use crate::kit::config::Settings;
use crate::kit::crypto::{KeyFile, SessionKey, Tokens, Vault};
use crate::kit::ctx::Ctx;
use crate::kit::db::Db;
use crate::kit::error::{Code, Result};
use crate::kit::id::Ids;
use crate::kit::limit::Limits;
use crate::kit::net::install_crypto;
use crate::kit::session::Sessions;
use crate::wechat::fake::{Fake, FakeHandle};
use crate::wechat::{self};

const ROSTER: &str = "party,employee_no,name,phone,email,department,roles\n\
    client,E1001,陈雨,13800000001,,市场部,employee\n\
    client,E1002,欧阳临民,13800000002,,市场部,employee;client_manager\n\
    vendor,V2001,周可,13900000001,,运维组,vendor_agent\n";

struct Stage {
    _folder: tempfile::TempDir,
    kit: Arc<Kit>,
    fake: FakeHandle,
    wechat: wechat::Client,
    nonce: std::cell::Cell<u32>,
}

impl Stage {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        install_crypto();
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::steered(Timestamp::parse("2026-11-23T10:00:05+08:00").unwrap());
        let secret = SecretString::from("s3cr3t");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let fake = Fake::with_people(&[("chenyu", "13800000001"), ("mallory", "13700000009")]);
        let fake = fake.start(listener, "wxdemo0000000001", secret.clone(), clock.clone()).unwrap();
        let mut settings = Settings::defaults().unwrap();
        settings.database.url = format!("sqlite://{}/lvyue.db", folder.path().display()).into();
        settings.wechat.base_url = fake.base_url().to_owned();
        settings.wechat.appid = "wxdemo0000000001".to_owned();
        settings.wechat.secret = secret;
        settings.login.per_ip_per_minute = 1_000;
        settings.login.per_device_per_minute = 1_000;
        change(&mut settings);
        let keys = folder.path().join("keys.toml");
        KeyFile::init(&keys).unwrap();
        Db::migrate(&settings.database).await.unwrap();
        let db = Db::open(&settings.database).await.unwrap();
        Vault::adopt(&keys, &db, clock.clone()).await.unwrap();
        let vault = Vault::open(&keys, &db, clock.clone()).await.unwrap();
        let wechat = wechat::Client::with_clock(&settings, clock.clone()).unwrap();
        let kit = Kit {
            sessions: Sessions::open(&settings, &db, &vault).unwrap(),
            limits: Limits::open(&settings, &db, &vault).unwrap(),
            blobs: Blobs::open(&settings.blob).unwrap(),
            tokens: Tokens::open(&keys).unwrap(),
            ids: Arc::new(Ids::new(clock.clone())),
            settings: Arc::new(settings),
            clock,
            db,
            vault,
        };
        Self { _folder: folder, kit: Arc::new(kit), fake, wechat, nonce: std::cell::Cell::new(0) }
    }

    async fn with_roster() -> Self {
        let stage = Self::new().await;
        stage.load(ROSTER).await;
        stage
    }

    async fn load(&self, text: &str) -> super::Loaded {
        super::load(&self.kit, text.as_bytes()).await.unwrap()
    }

    fn fresh(&self, kind: &str, name: &str) -> String {
        self.nonce.set(self.nonce.get() + 1);
        format!("{kind}-{name}-{}", self.nonce.get())
    }

    fn arrival(&self) -> Arrival {
        Arrival {
            ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            request_id: self.kit.ids.fresh().unwrap(),
            now: self.kit.clock.now(),
        }
    }

    async fn login_with(&self, code: &str) -> Result<SessionAnswer> {
        let body = LoginBody { code: code.to_owned(), device: Some("iPhone 15".to_owned()) };
        login(&self.kit, &self.wechat, self.arrival(), &body).await
    }

    async fn login(&self, name: &str) -> SessionAnswer {
        self.login_with(&self.fresh("web", name)).await.unwrap()
    }

    async fn refresh(&self, token: &str) -> Result<SessionAnswer> {
        refresh(&self.kit, self.arrival(), token).await
    }

    /// What the edge does with a token.
    async fn ctx(&self, answer: &SessionAnswer) -> Result<Ctx> {
        let now = self.kit.clock.now();
        let claims = self.kit.tokens.check_access(&answer.access_token, now)?;
        let key: SessionKey = claims.session()?;
        let live = self.kit.sessions.find(&key, now).await?;
        let live = live.ok_or_else(|| crate::kit::error::Error::new(Code::SessionEnded))?;
        Ok(Ctx {
            kit: Arc::clone(&self.kit),
            actor: live.actor,
            request_id: self.kit.ids.fresh().unwrap(),
            now,
        })
    }

    async fn invite(&self, side: Side, number: &str) -> String {
        super::invite(&self.kit, side, number, None, false).await.unwrap().code
    }

    /// Signed in and bound.
    async fn bound(&self, name: &str, side: Side, number: &str) -> SessionAnswer {
        let answer = self.login(name).await;
        let code = self.invite(side, number).await;
        let ctx = self.ctx(&answer).await.unwrap();
        self.bind(&ctx, Some(&code), None).await.unwrap();
        answer
    }

    async fn bind(
        &self,
        ctx: &Ctx,
        invitation: Option<&str>,
        phone: Option<(&str, &str)>,
    ) -> Result<super::views::Me> {
        let body = super::views::BindingBody {
            invitation: invitation.map(str::to_owned),
            phone_code: phone.map(|p| p.0.to_owned()),
            employee_no: phone.map(|p| p.1.to_owned()),
        };
        let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
        super::service::binding::bind(ctx, &self.wechat, ip, &body, async |_, _| Ok(())).await
    }

    fn wait(&self, seconds: i64) {
        self.kit.clock.advance(TimeDelta::seconds(seconds));
    }
}

fn code<T>(result: Result<T>) -> Code {
    result.err().unwrap().code()
}
