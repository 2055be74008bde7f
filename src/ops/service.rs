//! Readiness: looked at most every ten seconds however often it is asked, because one check is a write.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use secrecy::ExposeSecret;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::store;
use super::views::{CheckState, Readiness};
use crate::contract;
use crate::kit::Kit;
use crate::kit::config::Settings;
use crate::kit::error::{Code, Error, Result};
use crate::search;

const FRESH: Duration = Duration::from_secs(10);
/// What failed is looked at again sooner, so that a recovery is seen.
const FRESH_FAILURE: Duration = Duration::from_secs(1);
const ONE_CHECK: Duration = Duration::from_secs(2);
/// Below one twentieth of free space somebody should make room.
const FREE_SHARE: u64 = 20;
/// Bytes below which, as well, a database is about to stop: twenty of the largest uploads. A share alone would turn
/// people away from a large disk, and from one whose quota is far smaller than it says, with gigabytes free.
const FREE_BYTES: u64 = 1 << 30;

#[derive(Debug)]
pub struct Health {
    stopping: AtomicBool,
    last: Mutex<Option<(Instant, Readiness)>>,
    folders: Vec<PathBuf>,
}

impl Health {
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let database = settings.database.url.expose_secret().strip_prefix("sqlite://");
        let database = database.map(|file| Path::new(file.split('?').next().unwrap_or(file)));
        let blobs = settings.blob.url.strip_prefix("file://").map(PathBuf::from);
        let folders = database.and_then(Path::parent).map(Path::to_path_buf).into_iter().chain(blobs);
        Self { stopping: AtomicBool::new(false), last: Mutex::new(None), folders: folders.collect() }
    }

    /// From now on not ready, so that a load balancer sends requests elsewhere.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    pub async fn readiness(&self, kit: &Kit) -> Readiness {
        if self.stopping.load(Ordering::Acquire) {
            return Readiness::of(BTreeMap::from([("stopping", CheckState::Failed)]));
        }
        let mut last = self.last.lock().await;
        if let Some((at, seen)) = last.as_ref() {
            let fresh = if seen.is_ok() { FRESH } else { FRESH_FAILURE };
            if at.elapsed() < fresh {
                return seen.clone();
            }
        }
        let seen = self.look(kit).await;
        *last = Some((Instant::now(), seen.clone()));
        seen
    }

    async fn look(&self, kit: &Kit) -> Readiness {
        let keys = async { kit.vault.deployment_key(kit.db.reader()).await.map(drop) };
        let pending = async {
            let pending = kit.db.pending_migrations().await?;
            if pending == 0 { Ok(()) } else { Err(Error::new(Code::Internal).because("pending migrations")) }
        };
        // All at once: one after another, a database that is away would take longer than a request may.
        let calendar = async {
            let missing = contract::service::calendar::missing_year(kit).await?;
            Ok::<_, Error>(if missing.is_some() { CheckState::Warning } else { CheckState::Ok })
        };
        let search = async {
            let outdated = search::is_outdated(kit.db.reader()).await?;
            if outdated {
                tracing::warn!("the search index was made by other rules: run `lvyue search reindex`");
            }
            Ok::<_, Error>(if outdated { CheckState::Warning } else { CheckState::Ok })
        };
        let (database, sessions, keys, migrations, calendar, search) = tokio::join!(
            state("database", store::write_probe(&kit.db)),
            state("sessions", kit.sessions.ping()),
            state("keys", keys),
            state("migrations", pending),
            warning(calendar),
            warning(search),
        );
        Readiness::of(BTreeMap::from([
            ("database", database),
            ("sessions", sessions),
            ("keys", keys),
            ("migrations", migrations),
            ("calendar", calendar),
            ("search", search),
            ("disk", self.folders.iter().map(|folder| space(folder)).max().unwrap_or(CheckState::Ok)),
        ]))
    }
}

async fn state(name: &'static str, check: impl Future<Output = Result<()>>) -> CheckState {
    match timeout(ONE_CHECK, check).await {
        Ok(Ok(())) => CheckState::Ok,
        Ok(Err(error)) => {
            tracing::warn!(check = name, %error, "not ready");
            CheckState::Failed
        }
        Err(_) => {
            tracing::warn!(check = name, "not ready: no answer in time");
            CheckState::Failed
        }
    }
}

/// Whether it can be asked at all is the database's check.
async fn warning(check: impl Future<Output = Result<CheckState>>) -> CheckState {
    timeout(ONE_CHECK, check).await.ok().and_then(Result::ok).unwrap_or(CheckState::Ok)
}

/// A folder that is not there yet has nothing to run out of.
fn space(folder: &Path) -> CheckState {
    rustix::fs::statvfs(folder).map_or(CheckState::Ok, |disk| {
        room(disk.f_bavail.saturating_mul(disk.f_frsize), disk.f_bavail, disk.f_blocks)
    })
}

fn room(bytes: u64, free: u64, all: u64) -> CheckState {
    match (free < all / FREE_SHARE, bytes < FREE_BYTES) {
        (true, true) => CheckState::Failed,
        (true, false) => CheckState::Warning,
        _ => CheckState::Ok,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    #[test]
    fn little_room_is_a_warning_and_hardly_any_a_reason_to_stop() {
        assert_eq!(room(20 * GIB, 20, 252), CheckState::Ok);
        assert_eq!(room(11 * GIB, 11, 252), CheckState::Warning);
        assert_eq!(room(GIB / 2, 1, 504), CheckState::Failed);
        // A small disk that is half empty is well.
        assert_eq!(room(GIB / 2, 1, 2), CheckState::Ok);
    }
}
