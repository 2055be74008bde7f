//! The one way to Redis: short time-outs and a breaker, so that a request learns within 250 ms that the
//! store is away. Scripts only: each step is atomic and one round trip.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, ScriptInvocation};
use tokio::sync::OnceCell;

use super::error::{Code, Error, Result};

const CONNECT: Duration = Duration::from_millis(200);
const RESPONSE: Duration = Duration::from_millis(150);
const WHOLE: Duration = Duration::from_millis(250);
/// So many failures in a row open the breaker.
const FAILURES: u32 = 5;
const OPEN_MILLIS: u64 = 1_000;

#[derive(Clone)]
pub struct RedisLink(Arc<Inner>);

struct Inner {
    client: Client,
    manager: OnceCell<ConnectionManager>,
    failures: AtomicU32,
    /// Milliseconds since `started` until which nothing is tried.
    open_until: AtomicU64,
    started: Instant,
}

impl fmt::Debug for RedisLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisLink")
    }
}

impl RedisLink {
    /// Connects on first use.
    ///
    /// # Errors
    /// The address is not a Redis URL.
    pub fn open(url: &str) -> Result<Self> {
        // The driver's own text may quote the URL with its password.
        let client = Client::open(url)
            .map_err(|_| Error::new(Code::Internal).because("redis.url is not a Redis address"))?;
        Ok(Self(Arc::new(Inner {
            client,
            manager: OnceCell::new(),
            failures: AtomicU32::new(0),
            open_until: AtomicU64::new(0),
            started: Instant::now(),
        })))
    }

    /// Runs a script.
    ///
    /// # Errors
    /// 503 `SESSION_STORE_UNAVAILABLE` when Redis does not answer in time or the breaker is open.
    pub async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T> {
        let inner = &*self.0;
        if self.elapsed() < inner.open_until.load(Ordering::Relaxed) {
            return Err(away("breaker open"));
        }
        let answer = tokio::time::timeout(WHOLE, async {
            let mut manager = inner.manager.get_or_try_init(|| self.connect()).await?.clone();
            script.invoke_async::<T>(&mut manager).await
        });
        match answer.await {
            Ok(Ok(value)) => {
                inner.failures.store(0, Ordering::Relaxed);
                Ok(value)
            }
            Ok(Err(err)) => {
                self.failed();
                // Kind only: server texts may quote arguments.
                Err(away(format!("{:?}", err.kind())))
            }
            Err(_) => {
                self.failed();
                Err(away("no answer in time"))
            }
        }
    }

    async fn connect(&self) -> redis::RedisResult<ConnectionManager> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(100))
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(RESPONSE));
        ConnectionManager::new_lazy_with_config(self.0.client.clone(), config)
    }

    fn failed(&self) {
        let failures = self.0.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if failures >= FAILURES {
            self.0.failures.store(0, Ordering::Relaxed);
            self.0.open_until.store(self.elapsed().saturating_add(OPEN_MILLIS), Ordering::Relaxed);
        }
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.0.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

fn away(cause: impl fmt::Display) -> Error {
    Error::new(Code::SessionStoreUnavailable).retry_after(2).because(format!("redis: {cause}"))
}
