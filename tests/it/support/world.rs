//! A server in this process, a WeChat that behaves badly, a clock that only the story moves, and the cast.

use std::any::Any;
use std::collections::HashMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use lvyue::app::App;
use lvyue::kit::clock::{Clock, Timestamp};
use lvyue::kit::config::Settings;
use lvyue::kit::db::Db;
use lvyue::ledger;
use lvyue::wechat::fake::{Fake, FakeHandle};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::engine::{APPID, BEGINNING, SECRET};
use super::{Client, Engine, people, sql};

pub struct World {
    pub engine: Engine,
    pub app: App,
    pub fake: FakeHandle,
    pub clock: Clock,
    pub folder: PathBuf,
    base: String,
    cancel: CancellationToken,
    running: Mutex<Vec<JoinHandle<()>>>,
    signed_in: Mutex<HashMap<String, (Timestamp, Client)>>,
    anonymous: Client,
}

/// A folder that goes when dropped.
pub fn folder() -> TempDir {
    tempfile::Builder::new().prefix("lvyue-story-").tempdir().unwrap()
}

pub fn runtime() -> Runtime {
    lvyue::kit::net::install_crypto();
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Runs one story in a world of its own, and looks afterwards whether the world is still sound.
pub fn run<F: Future<Output = World>>(
    engine: Engine,
    name: &str,
    change: impl FnOnce(&mut Settings),
    story: impl FnOnce(World) -> F,
) {
    let folder = folder();
    let mut settings = engine.copy(folder.path());
    change(&mut settings);
    runtime().block_on(async {
        let world = World::start(engine, settings, folder.path().to_owned()).await;
        let world = story(world).await;
        world.check(name).await;
        world.stop().await;
    });
}

impl World {
    pub async fn start(engine: Engine, settings: Settings, folder: PathBuf) -> Self {
        Self::start_at(BEGINNING, engine, settings, folder).await
    }

    pub async fn start_at(at: Timestamp, engine: Engine, settings: Settings, folder: PathBuf) -> Self {
        let worker = (engine == Engine::Production).then(|| settings.clone());
        let mut world = Self::serving(at, engine, settings, folder).await;
        if let Some(mut settings) = worker {
            // As in a real installation: the worker is a program of its own.
            settings.wechat.base_url = world.fake.base_url().to_owned();
            let worker = App::build(settings, world.clock.clone()).await.expect("the worker starts");
            let stop = world.cancel.clone();
            let running = world.running.get_mut().unwrap();
            running.push(tokio::spawn(async move { worker.work_until(stop).await }));
        }
        world
    }

    /// Production without its worker: nothing happens but what is asked for.
    pub async fn start_without_worker(settings: Settings, folder: PathBuf) -> Self {
        Self::serving(BEGINNING, Engine::Production, settings, folder).await
    }

    async fn serving(at: Timestamp, engine: Engine, mut settings: Settings, folder: PathBuf) -> Self {
        let clock = Clock::steered(at);
        let phones = people::phones();
        let phones: Vec<(&str, &str)> = phones.iter().map(|(name, phone)| (*name, phone.as_str())).collect();
        let fake = Fake::with_people(&phones)
            .start(listener(), APPID, SECRET.to_owned().into(), clock.clone())
            .expect("the fake WeChat starts");
        settings.wechat.base_url = fake.base_url().to_owned();
        let app = App::build(settings, clock.clone()).await.expect("the server starts");
        let listener = listener();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let cancel = CancellationToken::new();
        let (served, stop) = (app.clone(), cancel.clone());
        let running =
            vec![tokio::spawn(async move { served.serve(listener, None, stop).await.expect("serves") })];
        Self {
            engine,
            app,
            fake,
            clock,
            folder,
            anonymous: Client::new(&base),
            base,
            cancel,
            running: Mutex::new(running),
            signed_in: Mutex::default(),
        }
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    pub fn db(&self) -> &Db {
        &self.app.kit().db
    }

    pub fn path(&self, name: &str) -> PathBuf {
        Path::new(&self.folder).join(name)
    }

    pub fn nobody(&self) -> Client {
        self.anonymous.clone()
    }

    /// One of the cast, signed in; again when the story's clock has moved on.
    pub async fn as_(&self, name: &str) -> Client {
        let now = self.clock.now();
        let known = self.signed_in.lock().unwrap().get(name).cloned();
        if let Some((at, client)) = known
            && now.since(at) < 240_000
        {
            return client;
        }
        let client = self.sign_in(name).await;
        self.signed_in.lock().unwrap().insert(name.to_owned(), (now, client.clone()));
        client
    }

    /// Whoever was signed in signs in again at their next step.
    pub fn forget_sessions(&self) {
        self.signed_in.lock().unwrap().clear();
    }

    pub fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    pub fn hours(&self, hours: i64) {
        self.pass(TimeDelta::hours(hours));
    }

    pub fn minutes(&self, minutes: i64) {
        self.pass(TimeDelta::minutes(minutes));
    }

    /// What must hold whatever happened: the ledger is whole and complete within a second, stored clocks
    /// are those that the events give, and WeChat was spoken to as its rules demand.
    pub async fn check(&self, story: &str) {
        self.ledger_settles(Duration::from_secs(1)).await;
        super::clocks::stored_clocks_are_derived(self).await;
        assert_eq!(self.fake.violations(), Vec::<String>::new(), "{story}");
    }

    /// Waits for the sequencer; the goal is a second, the machine that tests may be slow.
    pub async fn ledger_settles(&self, goal: Duration) {
        const SLOW_MACHINE: u32 = 10;
        let began = Instant::now();
        while sql::number(self.db(), "SELECT COUNT(*) FROM ledger_queue").await > 0 {
            assert!(began.elapsed() < goal * SLOW_MACHINE, "entries wait for their place in the ledger");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let report = ledger::verify(self.db()).await.unwrap();
        assert!(report.bad.is_none(), "{report:?}");
        let entries = sql::number(self.db(), "SELECT COUNT(*) FROM ledger_entries").await;
        assert_eq!(u64::try_from(entries).unwrap(), report.size + report.waiting, "{report:?}");
    }

    /// Stops as SIGTERM would; what was accepted is finished.
    pub async fn stop(&self) {
        self.cancel.cancel();
        let running = std::mem::take(&mut *self.running.lock().unwrap());
        for task in running {
            if let Err(err) = task.await {
                match err.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic as Box<dyn Any + Send>),
                    Err(err) => panic!("{err}"),
                }
            }
        }
        self.fake.stop().await;
    }
}

pub fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}
