//! A WeChat that behaves badly, on loopback: for tests and for the demonstration.
//!
//! It answers 200 to everything under misleading content types, spends codes once, ages tokens by the
//! steered clock and can be told what to answer next (`POST /__fake/script`). It refuses to serve a real
//! appid, and to listen where others can reach it. Every code `web-NAME…` signs NAME in.

mod admin;
mod answer;
mod login;
mod people;
mod phone;
mod token;
mod world;

use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};
use secrecy::SecretString;

pub use self::people::{openid_of, phone_of};
pub use self::world::{ErrcodeForm, FakeCall, Modes, Script};

use self::people::People;
use self::world::World;
use crate::kit::clock::Clock;
use crate::kit::config::DEMO_APPID_PREFIX;

/// Why the fake does not start.
#[derive(Debug, thiserror::Error)]
pub enum FakeError {
    #[error("演示用的假微信只接受演示号（{DEMO_APPID_PREFIX}…），不接受真实的 AppID")]
    RealAppid,
    #[error("演示用的假微信只能监听本机回环地址")]
    NotLoopback,
    #[error("演示用的假微信没有启动：{0}")]
    Io(#[from] std::io::Error),
    #[error("演示用的假微信没有启动")]
    Died,
}

/// A fake before it starts: whom it knows.
#[derive(Clone, Debug, Default)]
pub struct Fake {
    people: People,
}

impl Fake {
    /// People whose phone numbers matter; everybody else gets [`phone_of`]. A number is `13812341234`, or
    /// `+852 91234567` for one from elsewhere.
    #[must_use]
    pub fn with_people(people: &[(&str, &str)]) -> Self {
        Self { people: People::new(people) }
    }

    /// Serves on a thread of its own until [`FakeHandle::stop`].
    ///
    /// # Errors
    /// A real appid, a listener that is not on loopback, or no server.
    pub fn start(
        self,
        listener: TcpListener,
        appid: &str,
        secret: SecretString,
        clock: Clock,
    ) -> Result<FakeHandle, FakeError> {
        if !appid.starts_with(DEMO_APPID_PREFIX) {
            return Err(FakeError::RealAppid);
        }
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() {
            return Err(FakeError::NotLoopback);
        }
        let world = web::Data::new(World::new(appid, secret, clock, self.people));
        let shared = world.clone();
        let (started, wait) = mpsc::channel();
        thread::Builder::new()
            .name("fake-wechat".to_owned())
            .spawn(move || serve(listener, &shared, &started))?;
        let server = wait.recv().map_err(|_| FakeError::Died)??;
        Ok(FakeHandle { base_url: format!("http://{address}"), world, server })
    }
}

fn serve(
    listener: TcpListener,
    world: &web::Data<World>,
    started: &mpsc::Sender<Result<ServerHandle, std::io::Error>>,
) {
    actix_web::rt::System::new().block_on(async {
        let served = world.clone();
        let app = move || App::new().app_data(served.clone()).configure(routes);
        match HttpServer::new(app).workers(1).disable_signals().shutdown_timeout(1).listen(listener) {
            Ok(server) => {
                let server = server.run();
                // Nobody waits any more: then nobody needs the server either.
                if started.send(Ok(server.handle())).is_ok() {
                    let _ = server.await;
                }
            }
            Err(err) => {
                let _ = started.send(Err(err));
            }
        }
    });
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/sns/jscode2session", web::to(login::code2session))
        .route("/cgi-bin/stable_token", web::to(token::stable))
        .route("/cgi-bin/token", web::to(token::legacy))
        .route("/wxa/business/getuserphonenumber", web::to(phone::number))
        .configure(admin::routes);
}

/// A running fake, and the strings to pull.
pub struct FakeHandle {
    base_url: String,
    world: web::Data<World>,
    server: ServerHandle,
}

impl FakeHandle {
    /// For `wechat.base_url`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The next answer to that call; several queue up.
    pub fn script(&self, script: Script) {
        self.world.script(script);
    }

    /// Changes how it behaves from now on.
    pub fn modes(&self, change: impl FnOnce(&mut Modes)) {
        self.world.modes(change);
    }

    /// Issues a code now, so that it can grow old before it is used.
    pub fn issue(&self, code: &str) {
        self.world.issue(code);
    }

    /// All tokens handed out so far are no longer good (40001).
    pub fn revoke_tokens(&self) {
        self.world.revoke_tokens();
    }

    /// How often that call arrived.
    #[must_use]
    pub fn calls(&self, call: FakeCall) -> u64 {
        self.world.calls(call)
    }

    /// What the client did that it must not do.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.world.violations()
    }

    /// Stops without waiting for calls in flight.
    pub async fn stop(&self) {
        self.server.stop(false).await;
    }
}

impl std::fmt::Debug for FakeHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeHandle").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
