//! What runs beside the requests. Every task is tracked and told to stop, so that a stop waits for it, and
//! a task that panics is counted and logged instead of being lost silently.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The tasks of the process. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    cancel: CancellationToken,
}

impl Tasks {
    #[must_use]
    pub fn new(cancel: CancellationToken) -> Self {
        Self { tracker: TaskTracker::new(), cancel }
    }

    /// Is cancelled when the process is to stop.
    #[must_use]
    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Runs `task` until it ends by itself; it should watch [`Self::cancel`].
    #[expect(clippy::disallowed_methods, reason = "the one place that spawns")]
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(self.tracker.track_future(guarded(name, task)));
    }

    /// Runs `step` now and then every `period`, until the stop. A step that panics is counted, and the
    /// next one runs all the same.
    pub fn every<F, S>(&self, name: &'static str, period: Duration, mut step: F)
    where
        F: FnMut() -> S + Send + 'static,
        S: Future<Output = ()> + Send + 'static,
    {
        let cancel = self.cancel.clone();
        self.spawn(name, async move {
            while !cancel.is_cancelled() {
                guarded(name, step()).await;
                tokio::select! {
                    () = cancel.cancelled() => break,
                    () = tokio::time::sleep(period) => {}
                }
            }
        });
    }

    /// Tells all to stop and waits; `false` when some did not within `limit`.
    pub async fn stop(&self, limit: Duration) -> bool {
        self.cancel.cancel();
        self.tracker.close();
        tokio::time::timeout(limit, self.tracker.wait()).await.is_ok()
    }
}

async fn guarded(name: &'static str, task: impl Future<Output = ()>) {
    if AssertUnwindSafe(task).catch_unwind().await.is_err() {
        metrics::counter!("panics_total", "where" => name).increment(1);
        tracing::error!(task = name, "task panicked");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_panicking_step_does_not_end_the_series_and_a_stop_waits() {
        let tasks = Tasks::default();
        let ran = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&ran);
        tasks.every("test", Duration::from_millis(1), move || {
            let seen = Arc::clone(&seen);
            async move {
                assert!(seen.fetch_add(1, Ordering::SeqCst) != 0, "the first step fails");
            }
        });
        while ran.load(Ordering::SeqCst) < 3 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(tasks.stop(Duration::from_secs(1)).await);
        let after = ran.load(Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert_eq!(ran.load(Ordering::SeqCst), after);
    }
}
