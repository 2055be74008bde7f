//! Blobs as files: `ROOT/b7/f0/…b7f0`, drafts in `ROOT/drafts/`. Fan-out by the last two bytes of the id,
//! which are random (the first are its time).

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use uuid::Uuid;

use crate::kit::clock::Timestamp;
use crate::kit::error::{Code, Error, Result};

const DRAFTS: &str = "drafts";

fn failed(err: &io::Error) -> Error {
    match err.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::new(Code::StorageFull).because(err),
        // The kind alone: the text of an error may name a path.
        kind => Error::new(Code::Internal).because(format!("blob store: {kind}")),
    }
}

/// File work off the serving threads.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|e| failed(&e)),
        Err(_) => Err(Error::new(Code::Internal).because("blob store: the task was lost")),
    }
}

fn place(root: &Path, id: Uuid) -> PathBuf {
    let [.., a, b] = *id.as_bytes();
    root.join(format!("{a:02x}")).join(format!("{b:02x}")).join(id.simple().to_string())
}

fn make_folder(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes names in a folder durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A file that is being written.
#[derive(Debug)]
pub struct Draft {
    file: Arc<File>,
    len: u64,
    root: PathBuf,
    id: Uuid,
    at: Leftover,
}

/// Removes the file unless it has become a blob.
#[derive(Debug)]
struct Leftover(Option<PathBuf>);

impl Drop for Leftover {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // What stays is swept later.
            let _ = fs::remove_file(path);
        }
    }
}

impl Draft {
    pub(super) async fn begin(root: &Path, id: Uuid) -> Result<Self> {
        let root = root.to_owned();
        blocking(move || {
            let folder = root.join(DRAFTS);
            make_folder(&folder)?;
            let path = folder.join(id.simple().to_string());
            let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
            Ok(Self { file: Arc::new(file), len: 0, root, id, at: Leftover(Some(path)) })
        })
        .await
    }

    /// Appends.
    ///
    /// # Errors
    /// `STORAGE_FULL` when there is no room: dropping the draft frees what it took.
    pub async fn write(&mut self, bytes: Vec<u8>) -> Result<()> {
        let file = Arc::clone(&self.file);
        let more = bytes.len() as u64;
        blocking(move || (&*file).write_all(&bytes)).await?;
        self.len += more;
        Ok(())
    }

    /// For reading back what was written so far.
    #[must_use]
    pub fn written(&self) -> Blob {
        Blob { file: Arc::clone(&self.file), len: self.len }
    }

    /// Makes it durable and visible, in this order.
    ///
    /// # Errors
    /// As [`Self::write`]; then there is no blob.
    pub async fn publish(self) -> Result<()> {
        blocking(move || {
            let Self { file, root, id, mut at, .. } = self;
            file.sync_all()?;
            let place = place(&root, id);
            let leaf = place.parent().unwrap_or(&root);
            make_folder(leaf)?;
            if let Some(draft) = &at.0 {
                fs::rename(draft, &place)?;
            }
            at.0 = None;
            sync_folder(leaf)?;
            if let Some(middle) = leaf.parent() {
                sync_folder(middle)?;
            }
            sync_folder(&root)
        })
        .await
    }
}

/// A file that can be read.
#[derive(Clone, Debug)]
pub struct Blob {
    file: Arc<File>,
    len: u64,
}

impl Blob {
    pub(super) async fn open(root: &Path, id: Uuid) -> Result<Self> {
        let path = place(root, id);
        blocking(move || {
            let file = File::open(path)?;
            let len = file.metadata()?.len();
            Ok(Self { file: Arc::new(file), len })
        })
        .await
    }

    #[must_use]
    pub fn size(&self) -> u64 {
        self.len
    }

    /// Exactly `len` bytes from `offset`.
    ///
    /// # Errors
    /// The file ends before, or cannot be read.
    pub async fn read_range(&self, offset: u64, len: usize) -> Result<Vec<u8>> {
        let file = Arc::clone(&self.file);
        blocking(move || {
            let mut bytes = vec![0; len];
            file.read_exact_at(&mut bytes, offset)?;
            Ok(bytes)
        })
        .await
    }
}

pub(super) async fn delete(root: &Path, id: Uuid) -> Result<()> {
    let path = place(root, id);
    blocking(move || match fs::remove_file(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    })
    .await
}

fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(e),
    }
}

fn id_of(name: &OsStr) -> Option<Uuid> {
    Uuid::try_parse(name.to_str()?).ok()
}

pub(super) async fn shard(root: &Path, shard: u8) -> Result<Vec<Uuid>> {
    let folder = root.join(format!("{shard:02x}"));
    blocking(move || {
        let mut found = Vec::new();
        for leaf in entries(&folder)? {
            found.extend(entries(&leaf.path())?.iter().filter_map(|e| id_of(&e.file_name())));
        }
        Ok(found)
    })
    .await
}

pub(super) async fn sweep_drafts(root: &Path, before: Timestamp) -> Result<usize> {
    let folder = root.join(DRAFTS);
    blocking(move || {
        let mut swept = 0;
        for entry in entries(&folder)? {
            let written = entry.metadata()?.modified()?;
            let age = written.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
            if i64::try_from(age).is_ok_and(|written| written < before.0) {
                fs::remove_file(entry.path())?;
                swept += 1;
            }
        }
        Ok(swept)
    })
    .await
}

#[cfg(test)]
impl Draft {
    /// A draft on a device that is always full.
    pub(super) fn on_full_device(mut self) -> Self {
        let full = OpenOptions::new().read(true).write(true).open("/dev/full").unwrap();
        self.file = Arc::new(full);
        self
    }
}
