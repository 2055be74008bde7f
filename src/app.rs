//! The composition root: settings become a running process, and a stop takes it down in order.
//!
//! Rule: `build` only opens what is there. Tables and key registers are made by [`prepare`], which
//! `lvyue migrate` calls and `serve` never does.

use std::fmt;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App as Actix, HttpResponse, HttpServer};
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use crate::kit::blob::Blobs;
use crate::kit::clock::Clock;
use crate::kit::config::{self, ConfigError, Settings};
use crate::kit::crypto::{KeyError, Tokens, Vault};
use crate::kit::ctx::Ctx;
use crate::kit::db::{Db, Dialect};
use crate::kit::error::{Code, Error};
use crate::kit::http::{Edge, JsonLimit, edge, idempotency};
use crate::kit::id::Ids;
use crate::kit::limit::Limits;
use crate::kit::session::Sessions;
use crate::kit::tasks::Tasks;
use crate::kit::{Kit, telemetry};
use crate::ledger::sequencer;
use crate::ops::{Health, Readiness};
use crate::routes;
use crate::{contract, duties, files, learning, tickets, wechat};
use futures_util::FutureExt;

const START_PATIENCE: Duration = Duration::from_secs(10);

/// Why the process does not start; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error("数据库结构还差 {0} 步没有更新。请先运行 `lvyue migrate`")]
    Pending(usize),
    #[error("打不开数据库或会话存储：{0}")]
    Failed(#[from] Error),
    #[error("{0}：{1}")]
    Io(&'static str, io::Error),
}

/// Everything that serving and working need, opened and checked.
#[derive(Clone)]
pub struct App {
    settings: Arc<Settings>,
    first: Arc<Kit>,
    /// One for each serving thread where that is faster.
    kits: Arc<[Arc<Kit>]>,
    edge: Data<Edge>,
    health: Data<Health>,
    wechat: Data<wechat::Client>,
    /// Files stand below tickets and ask through this who may read an attachment.
    attachments: Data<files::Gate>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("kit", &self.first).finish_non_exhaustive()
    }
}

impl App {
    /// Opens database, keys, sessions and files.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn build(settings: Settings, clock: Clock) -> Result<Self, StartError> {
        settings.check()?;
        let settings = Arc::new(settings);
        let first = Arc::new(first_kit(&settings, &clock).await?);
        let mut kits = Vec::new();
        for _ in 0..threads(&settings.http) {
            kits.push(for_worker(&first).await?);
        }
        let wechat = wechat::Client::with_clock(&settings, clock.clone())?;
        let ids = Arc::clone(&first.ids);
        let edge = Edge::new(&settings.http, clock, ids, routes::known(), routes::UPLOADS)?;
        Ok(Self {
            health: Data::new(Health::new(&settings)),
            settings,
            first,
            kits: kits.into(),
            edge: Data::new(edge),
            wechat: Data::new(wechat),
            attachments: Data::new(Arc::new(|ctx: Ctx, owner, visibility| {
                async move {
                    match owner {
                        files::Owner::Ticket(ticket) => tickets::gate(&ctx, ticket, visibility).await,
                        files::Owner::ContractRecord(_) => contract::gate(&ctx).await,
                    }
                }
                .boxed_local()
            })),
        })
    }

    /// The machinery of the background tasks and of tests.
    #[must_use]
    pub fn kit(&self) -> &Arc<Kit> {
        &self.first
    }

    /// Whether this process could serve now.
    pub async fn readiness(&self) -> Readiness {
        self.health.readiness(self.kit()).await
    }

    /// Serves until `cancel`, then lets what was accepted finish. Returns when everything is closed.
    ///
    /// # Errors
    /// A listener that cannot be used.
    pub async fn serve(
        &self,
        public: TcpListener,
        internal: Option<TcpListener>,
        cancel: CancellationToken,
    ) -> Result<(), StartError> {
        let tasks = Tasks::new(CancellationToken::new());
        self.keep_house(&tasks);
        if self.settings.redis.url.expose_secret().is_empty() {
            self.work(&tasks);
        }
        let close = CancellationToken::new();
        let server = self.server(public, close.clone())?;
        let metrics = internal.map(|listener| internal_server(listener, close.clone())).transpose()?;
        let door = async {
            cancel.cancelled().await;
            self.health.stop();
            tokio::time::sleep(Duration::from_secs(self.settings.http.drain_seconds)).await;
            close.cancel();
        };
        let serving = async {
            let metrics = async { if let Some(metrics) = metrics { metrics.await } else { Ok(()) } };
            tokio::try_join!(server, metrics)
        };
        tokio::pin!(serving);
        let served = tokio::select! {
            served = &mut serving => served,
            () = door => serving.await,
        };
        self.stop(&tasks).await;
        served.map(|_| ()).map_err(|e| StartError::Io("HTTP 服务中断", e))
    }

    /// Only the background work, until `cancel`.
    pub async fn work_until(&self, cancel: CancellationToken) {
        let tasks = Tasks::new(cancel.clone());
        self.work(&tasks);
        cancel.cancelled().await;
        self.stop(&tasks).await;
    }

    fn server(
        &self,
        listener: TcpListener,
        close: CancellationToken,
    ) -> Result<actix_web::dev::Server, StartError> {
        let app = self.clone();
        let next = Arc::new(AtomicUsize::new(0));
        let http = &self.settings.http;
        let server = HttpServer::new(move || {
            let turn = next.fetch_add(1, Ordering::Relaxed).checked_rem(app.kits.len()).unwrap_or(0);
            let kit = app.kits.get(turn).unwrap_or_else(|| app.kit());
            Actix::new()
                .app_data(Data::new(Arc::clone(kit)))
                .app_data(app.edge.clone())
                .app_data(Data::new(app.edge.proxies.clone()))
                .app_data(JsonLimit(app.settings.http.json_limit))
                .app_data(app.health.clone())
                .app_data(app.wechat.clone())
                .app_data(app.attachments.clone())
                .configure(routes::mount)
                .default_service(web::to(edge::unmatched))
                .wrap(from_fn(edge::around))
        });
        server
            .workers(self.kits.len())
            .shutdown_timeout(http.shutdown_seconds)
            .shutdown_signal(close.cancelled_owned())
            .listen(listener)
            .map(HttpServer::run)
            .map_err(|e| StartError::Io("不能在 http.listen 上服务", e))
    }

    /// What a serving process does beside the requests.
    fn keep_house(&self, tasks: &Tasks) {
        let edge = self.edge.clone();
        tasks.every("gate", Duration::from_secs(60), move || {
            let edge = edge.clone();
            async move { edge.gate.forget_quiet() }
        });
        let vault = self.kit().vault.clone();
        tasks.every("keys", Duration::from_secs(30), move || {
            let vault = vault.clone();
            async move { vault.forget_quiet() }
        });
        // Here and not with the work: only who serves has a listener for metrics.
        let kit = Arc::clone(self.kit());
        tasks.every("counts", Duration::from_secs(60), move || measure(Arc::clone(&kit)));
        tasks.every("metrics upkeep", Duration::from_secs(5), || async { telemetry::metrics().run_upkeep() });
    }

    /// What one process at least must do.
    fn work(&self, tasks: &Tasks) {
        tasks.spawn("sequencer", sequencer::run(Arc::clone(self.kit()), tasks.cancel().clone()));
        let kit = Arc::clone(self.kit());
        let book = move || {
            let kit = Arc::clone(&kit);
            async move { contract::book(&kit).await }
        };
        tasks.spawn("deadlines", duties::jobs::run(Arc::clone(self.kit()), tasks.cancel().clone(), book));
        let kit = Arc::clone(self.kit());
        tasks.every("agreement", Duration::from_secs(60), move || agreement(Arc::clone(&kit)));
        let kit = Arc::clone(self.kit());
        tasks.every("silences", Duration::from_secs(60), move || tickets_round(Arc::clone(&kit)));
        let kit = Arc::clone(self.kit());
        tasks.every("courses due", Duration::from_secs(300), move || courses_due(Arc::clone(&kit)));
        let kit = Arc::clone(self.kit());
        tasks.every("sweep", Duration::from_secs(300), move || sweep(Arc::clone(&kit)));
    }

    async fn stop(&self, tasks: &Tasks) {
        if !tasks.stop(Duration::from_secs(self.settings.http.shutdown_seconds)).await {
            tracing::warn!("background tasks did not end in time");
        }
        self.close().await;
    }

    /// Closes the databases; what was built and never served is closed with this.
    pub async fn close(&self) {
        // Threads that share one machinery share its pools; those are closed once.
        let own = self.kits.iter().filter(|kit| !Arc::ptr_eq(kit, &self.first));
        for kit in own.chain([&self.first]) {
            if let Err(error) = kit.db.clone().close().await {
                tracing::warn!(%error, "closing the database");
            }
        }
    }
}

/// Makes a database ready to be served: its tables, and its marriage with the key file. Safe to repeat.
///
/// # Errors
/// See [`StartError`].
pub async fn prepare(settings: &Settings, clock: &Clock) -> Result<(), StartError> {
    patiently(async || {
        Db::migrate(&settings.database).await?;
        let db = Db::open(&settings.database).await?;
        Vault::adopt(&settings.keys.file, &db, clock.clone()).await?;
        Ok(db.close().await?)
    })
    .await
}

/// A database that starts together with this process, or on a machine with its hands full, is given ten seconds.
async fn patiently<T>(open: impl AsyncFn() -> Result<T, StartError>) -> Result<T, StartError> {
    let began = Instant::now();
    loop {
        match open().await {
            Err(StartError::Failed(error))
                if error.is(Code::DatabaseUnavailable) && began.elapsed() < START_PATIENCE =>
            {
                tracing::warn!(%error, "the database does not answer yet");
            }
            done => return done,
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// The machinery alone, for commands that serve nothing: no WeChat, no listeners.
///
/// # Errors
/// See [`StartError`].
pub async fn tool(settings: Settings, clock: Clock) -> Result<Kit, StartError> {
    settings.check()?;
    first_kit(&Arc::new(settings), &clock).await
}

async fn first_kit(settings: &Arc<Settings>, clock: &Clock) -> Result<Kit, StartError> {
    patiently(async || open_kit(settings, clock).await).await
}

async fn open_kit(settings: &Arc<Settings>, clock: &Clock) -> Result<Kit, StartError> {
    let ids = Arc::new(Ids::new(clock.clone()));
    let db = Db::open(&settings.database).await?;
    let pending = db.pending_migrations().await?;
    if pending > 0 {
        // Before the keys: their tables may be among what is missing.
        return Err(StartError::Pending(pending));
    }
    let vault = Vault::open(&settings.keys.file, &db, clock.clone()).await?;
    Ok(Kit {
        tokens: Tokens::open(&settings.keys.file)?,
        sessions: Sessions::open(settings, &db, &vault)?,
        limits: Limits::open(settings, &db, &vault)?,
        blobs: Blobs::open(&settings.blob)?,
        settings: Arc::clone(settings),
        clock: clock.clone(),
        ids,
        db,
        vault,
    })
}

/// A thread's own connections to PostgreSQL and Redis: no other thread is woken to read an answer. They are
/// made when that thread first needs them, because a socket belongs to the runtime that opened it. SQLite
/// has one writer for the process, and embedded sessions one cache, so those are shared.
async fn for_worker(first: &Arc<Kit>) -> Result<Arc<Kit>, StartError> {
    let settings = &first.settings;
    let own_db = first.db.dialect() == Dialect::Postgres;
    let own_redis = !settings.redis.url.expose_secret().is_empty();
    if !own_db || !own_redis {
        return Ok(Arc::clone(first));
    }
    let db = Db::open_lazily(&settings.database).await?;
    Ok(Arc::new(Kit {
        sessions: Sessions::open(settings, &db, &first.vault)?,
        limits: Limits::open(settings, &db, &first.vault)?,
        settings: Arc::clone(settings),
        clock: first.clock.clone(),
        ids: Arc::clone(&first.ids),
        vault: first.vault.clone(),
        tokens: first.tokens.clone(),
        blobs: first.blobs.clone(),
        db,
    }))
}

fn threads(http: &config::Http) -> usize {
    match http.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    }
}

async fn measure(kit: Arc<Kit>) {
    if let Err(error) = duties::jobs::measure(&kit).await {
        tracing::warn!(%error, "duties not counted");
    }
    if let Err(error) = contract::jobs::measure(&kit).await {
        tracing::warn!(%error, "calendar years not counted");
    }
}

async fn agreement(kit: Arc<Kit>) {
    if let Err(error) = contract::jobs::run(&kit).await {
        tracing::warn!(%error, "the agreement was not looked after");
    }
}

async fn courses_due(kit: Arc<Kit>) {
    match learning::jobs::run(&kit).await {
        Ok(people) if people > 0 => tracing::info!(people, "reminded of courses"),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "nobody was reminded of courses"),
    }
}

/// What tickets need without anybody asking.
async fn tickets_round(kit: Arc<Kit>) {
    let rounds = [
        ("silences", tickets::jobs::silences(&kit).await),
        ("deadlines", tickets::jobs::rederive(&kit).await),
    ];
    for (what, done) in rounds {
        match done {
            Ok(tickets) if tickets > 0 => tracing::info!(what, tickets, "brought up to date"),
            Ok(_) => {}
            Err(error) => tracing::warn!(what, %error, "not brought up to date"),
        }
    }
}

async fn sweep(kit: Arc<Kit>) {
    let now = kit.clock.now();
    let files =
        files::jobs::sweep(&kit).await.map(|s| u64::try_from(s.loose + s.drafts + s.orphans).unwrap_or(0));
    let swept = [
        ("sessions", kit.sessions.sweep(now).await),
        ("limits", kit.limits.sweep(now).await),
        ("idempotency", idempotency::sweep(&kit.db, now).await),
        ("files", files),
    ];
    for (what, done) in swept {
        match done {
            Ok(rows) if rows > 0 => tracing::info!(what, rows, "swept"),
            Ok(_) => {}
            Err(error) => tracing::warn!(what, %error, "not swept"),
        }
    }
}

/// Metrics, for the machinery around us only.
fn internal_server(
    listener: TcpListener,
    close: CancellationToken,
) -> Result<actix_web::dev::Server, StartError> {
    let server = HttpServer::new(|| {
        Actix::new().route(
            "/metrics",
            web::get().to(|| async {
                HttpResponse::Ok()
                    .content_type("text/plain; version=0.0.4; charset=utf-8")
                    .body(telemetry::metrics().render())
            }),
        )
    });
    server
        .workers(1)
        .shutdown_timeout(1)
        .shutdown_signal(close.cancelled_owned())
        .listen(listener)
        .map(HttpServer::run)
        .map_err(|e| StartError::Io("不能在 http.internal_listen 上服务", e))
}

#[cfg(test)]
mod tests;
