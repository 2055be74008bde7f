//! Blobs appear whole or not at all.

use super::*;
use crate::kit::error::Code;

fn store() -> (tempfile::TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file://{}/blobs", folder.path().display());
    let blobs = Blobs::open(&config::Blob { url }).unwrap();
    (folder, blobs)
}

fn files(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn a_blob_is_there_once_published_and_not_before() {
    let (folder, blobs) = store();
    let id = Uuid::from_u128(0x0190_f3a1_b2c3_7d4e_8f90_a1b2_c3d4_e5f6);
    let mut draft = blobs.draft(id).await.unwrap();
    draft.write(b"hello ".to_vec()).await.unwrap();
    draft.write(b"world".to_vec()).await.unwrap();
    assert_eq!(draft.written().read_range(3, 5).await.unwrap(), b"lo wo");
    assert!(blobs.blob(id).await.is_err());
    draft.publish().await.unwrap();
    let blob = blobs.blob(id).await.unwrap();
    assert_eq!((blob.size(), blob.read_range(6, 5).await.unwrap()), (11, b"world".to_vec()));
    assert!(blob.read_range(6, 6).await.is_err());
    let path = folder.path().join("blobs/e5/f6/0190f3a1b2c37d4e8f90a1b2c3d4e5f6");
    assert_eq!(files(folder.path()), [path]);
    assert_eq!(blobs.shard(0xe5).await.unwrap(), [id]);
    assert!(blobs.shard(0xe6).await.unwrap().is_empty());
    blobs.delete(id).await.unwrap();
    blobs.delete(id).await.unwrap();
    assert!(blobs.blob(id).await.is_err());
}

#[tokio::test]
async fn a_dropped_draft_leaves_nothing_and_a_crashed_one_is_swept() {
    let (folder, blobs) = store();
    let mut draft = blobs.draft(Uuid::from_u128(1)).await.unwrap();
    draft.write(vec![7; 100_000]).await.unwrap();
    drop(draft);
    assert!(files(folder.path()).is_empty());
    let draft = blobs.draft(Uuid::from_u128(2)).await.unwrap();
    std::mem::forget(draft);
    assert_eq!(blobs.sweep_drafts(Timestamp(0)).await.unwrap(), 0);
    assert_eq!(files(folder.path()).len(), 1);
    assert_eq!(blobs.sweep_drafts(Timestamp(i64::MAX)).await.unwrap(), 1);
    assert!(files(folder.path()).is_empty());
}

#[tokio::test]
async fn a_full_disk_is_said_so_and_leaves_nothing() {
    let (folder, blobs) = store();
    let mut draft = blobs.draft(Uuid::from_u128(1)).await.unwrap().on_full_device();
    let err = draft.write(vec![7; 100_000]).await.unwrap_err();
    assert_eq!(err.code(), Code::StorageFull);
    drop(draft);
    assert!(files(folder.path()).is_empty());
}

#[test]
fn other_stores_are_refused_in_clear_text() {
    for url in ["", "file://", "s3://key:secret@bucket", "cos://bucket", "/var/blobs"] {
        let err = Blobs::open(&config::Blob { url: url.to_owned() }).unwrap_err();
        assert!(err.to_string().contains("file://"), "{err}");
        assert!(!err.to_string().contains("secret"), "{err}");
    }
}
