//! Keys of the key file that a running process reads again when it meets a number it does not know, so
//! that rotating keys needs no moment at which every process restarts together.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::keyfile::KeyFile;

/// Whoever sends unknown numbers makes the file be read at most this often.
const EVERY: Duration = Duration::from_secs(1);

pub(super) struct Reloading<T> {
    path: PathBuf,
    made_of: fn(&KeyFile) -> T,
    value: RwLock<Arc<T>>,
    last: Mutex<Option<Instant>>,
}

impl<T> Reloading<T> {
    pub(super) fn new(path: &Path, file: &KeyFile, made_of: fn(&KeyFile) -> T) -> Self {
        let value = RwLock::new(Arc::new(made_of(file)));
        Self { path: path.to_owned(), made_of, value, last: Mutex::new(None) }
    }

    pub(super) fn get(&self) -> Arc<T> {
        Arc::clone(&self.value.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The value, read again first when it has not what is asked for.
    pub(super) fn get_with(&self, has: impl Fn(&T) -> bool) -> Arc<T> {
        let value = self.get();
        if has(&value) {
            return value;
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|at| at.elapsed() >= EVERY) {
            *last = Some(Instant::now());
            // A file that is broken right now leaves the keys that work in place.
            if let Ok(file) = KeyFile::load(&self.path) {
                let fresh = Arc::new((self.made_of)(&file));
                *self.value.write().unwrap_or_else(PoisonError::into_inner) = fresh;
            }
        }
        self.get()
    }
}
