//! The keyring against a real database: who may open what, and what destroying and foreign files do.

use std::path::PathBuf;

use sea_orm::ConnectionTrait as _;

use super::super::Sealed;
use super::*;
use crate::kit::config;
use crate::kit::error::Code;

pub(crate) const NAME: Column = Column::new("people", "name_sealed");
pub(crate) const NOW: Timestamp = Timestamp(1_795_309_323_004);

pub(crate) struct Bench {
    _folder: tempfile::TempDir,
    pub(crate) keys: PathBuf,
    pub(crate) db: Db,
    pub(crate) clock: Clock,
}

impl Bench {
    async fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/lvyue.db", folder.path().display());
        let settings = config::Database { url: url.into(), max_connections: 4 };
        Db::migrate(&settings).await.unwrap();
        let db = Db::open(&settings).await.unwrap();
        let keys = folder.path().join("keys.toml");
        KeyFile::init(&keys).unwrap();
        Self { _folder: folder, keys, db, clock: Clock::steered(NOW) }
    }

    pub(crate) async fn prepared() -> (Self, Vault) {
        let bench = Self::bare().await;
        bench.adopt().await.unwrap();
        let vault = bench.open().await.unwrap();
        (bench, vault)
    }

    async fn adopt(&self) -> Result<(), KeyError> {
        Vault::adopt(&self.keys, &self.db, self.clock.clone()).await
    }

    pub(crate) async fn open(&self) -> Result<Vault, KeyError> {
        Vault::open(&self.keys, &self.db, self.clock.clone()).await
    }

    pub(crate) fn id(&self) -> Uuid {
        Ids::new(self.clock.clone()).fresh().unwrap()
    }
}

fn failed<T>(result: Result<T>) {
    assert!(result.err().unwrap().is(Code::DecryptFailed));
}

#[actix_web::test]
async fn a_value_opens_with_its_key_only() {
    let (bench, vault) = Bench::prepared().await;
    let (id, owner, row) = (bench.id(), bench.id(), bench.id());
    let tx = bench.db.write_tx().await.unwrap();
    let key = vault.new_key(&*tx, id, KeyScope::Person, owner, NOW).await.unwrap();
    let other = vault.new_key(&*tx, bench.id(), KeyScope::Person, owner, NOW).await.unwrap();
    tx.commit().await.unwrap();

    let sealed = key.seal(NAME, row, "王小明".as_bytes()).unwrap();
    assert_eq!(sealed.key_id(), Some(id));
    assert_ne!(sealed, key.seal(NAME, row, "王小明".as_bytes()).unwrap());
    let again = bench.open().await.unwrap();
    let loaded = again.key(bench.db.reader(), id).await.unwrap();
    assert_eq!(loaded.open_text(NAME, row, &sealed).unwrap(), "王小明");
    failed(other.open(NAME, row, &sealed));
    failed(key.open(NAME, bench.id(), &sealed));
    failed(key.open(Column::new("people", "phone_sealed"), row, &sealed));
    failed(key.open(NAME, row, &Sealed(Vec::new())));
    failed(key.open_text(NAME, row, &key.seal(NAME, row, &[0xff]).unwrap()));
    failed(vault.key(bench.db.reader(), bench.id()).await);
    assert!(!format!("{vault:?} {key:?}").contains("key:"));
}

#[actix_web::test]
async fn many_keys_come_in_the_order_asked() {
    let (bench, vault) = Bench::prepared().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        let id = bench.id();
        vault.new_key(bench.db.writer(), id, KeyScope::Ticket, bench.id(), NOW).await.unwrap();
        ids.push(id);
    }
    ids.reverse();
    ids.push(ids[0]);
    vault.key(bench.db.reader(), ids[2]).await.unwrap();
    let keys = vault.keys(bench.db.reader(), &ids).await.unwrap();
    assert_eq!(keys.iter().map(|k| k.id).collect::<Vec<_>>(), ids);
    assert!(vault.keys(bench.db.reader(), &[]).await.unwrap().is_empty());
    failed(vault.keys(bench.db.reader(), &[ids[0], bench.id()]).await);
}

#[actix_web::test]
async fn joined_rows_unwrap_for_their_owner_only() {
    let (bench, vault) = Bench::prepared().await;
    let (id, owner) = (bench.id(), bench.id());
    vault.new_key(bench.db.writer(), id, KeyScope::Ticket, owner, NOW).await.unwrap();
    let row = key_rows::find(bench.db.reader(), id).await.unwrap().unwrap();
    let wrapped = row.wrapped.as_deref();
    failed(vault.unwrap_row(id, KeyScope::Person, owner, wrapped));
    failed(vault.unwrap_row(id, KeyScope::Ticket, bench.id(), wrapped));
    failed(vault.unwrap_row(bench.id(), KeyScope::Ticket, owner, wrapped));
    failed(vault.unwrap_row(id, KeyScope::Ticket, owner, None));
    failed(vault.unwrap_row(id, KeyScope::Ticket, owner, Some(b"x")));
    assert_eq!(vault.unwrap_row(id, KeyScope::Ticket, owner, wrapped).unwrap().id, id);
}

#[actix_web::test]
async fn a_destroyed_key_is_gone_at_once_and_for_good() {
    let (bench, vault) = Bench::prepared().await;
    let (id, kept) = (bench.id(), bench.id());
    for key in [id, kept] {
        vault.new_key(bench.db.writer(), key, KeyScope::Person, bench.id(), NOW).await.unwrap();
        vault.key(bench.db.reader(), key).await.unwrap();
    }
    let tx = bench.db.write_tx().await.unwrap();
    assert!(vault.destroy(&*tx, id, NOW).await.unwrap());
    // Before the commit the key still stands, but is not cached again.
    vault.key(bench.db.reader(), id).await.unwrap();
    tx.commit().await.unwrap();
    failed(vault.key(bench.db.reader(), id).await);
    assert!(!vault.destroy(bench.db.writer(), id, NOW).await.unwrap());
    let living = vault.keys_alive(bench.db.reader(), &[id, kept]).await.unwrap();
    assert_eq!(living.into_keys().collect::<Vec<_>>(), [kept]);
    let row = key_rows::find(bench.db.reader(), id).await.unwrap().unwrap();
    assert_eq!((row.wrapped, row.state.as_str(), row.destroyed_at), (None, "destroyed", Some(NOW)));
}

#[actix_web::test]
async fn a_database_that_was_not_prepared_is_refused() {
    let bench = Bench::bare().await;
    let err = bench.open().await.unwrap_err();
    assert!(matches!(err, KeyError::NotPrepared) && err.to_string().contains("lvyue migrate"));
    bench.adopt().await.unwrap();
    let first = bench.open().await.unwrap();
    bench.adopt().await.unwrap();
    let second = bench.open().await.unwrap();
    assert_eq!(first.deployment_id(), second.deployment_id());
    let key = first.deployment_key(bench.db.reader()).await.unwrap();
    assert_eq!(key.id, second.deployment_key(bench.db.reader()).await.unwrap().id);
}

#[actix_web::test]
async fn a_foreign_or_shrunk_key_file_is_refused() {
    let (bench, _) = Bench::prepared().await;
    KeyFile::fresh().unwrap().replace(&bench.keys).unwrap();
    assert!(matches!(bench.open().await.unwrap_err(), KeyError::Foreign(1)));
    assert!(matches!(bench.adopt().await.unwrap_err(), KeyError::Foreign(1)));
    let mut renumbered = KeyFile::fresh().unwrap();
    let key = renumbered.keks.remove(&1).unwrap();
    renumbered.keks.insert(2, key);
    renumbered.current = 2;
    renumbered.replace(&bench.keys).unwrap();
    assert!(matches!(bench.open().await.unwrap_err(), KeyError::Incomplete(1)));
}

#[actix_web::test]
async fn session_keys_last_a_day() {
    let (bench, vault) = Bench::prepared().await;
    let first = vault.session_key(&bench.db, NOW).await.unwrap();
    let later = NOW.plus_seconds(3600);
    assert_eq!(vault.session_key(&bench.db, later).await.unwrap().id, first.id);
    assert_eq!(bench.open().await.unwrap().session_key(&bench.db, later).await.unwrap().id, first.id);
    let tomorrow = NOW.plus_seconds(86_400);
    let second = vault.session_key(&bench.db, tomorrow).await.unwrap();
    assert_ne!(second.id, first.id);
    vault.key(bench.db.reader(), first.id).await.unwrap();
    assert_eq!(vault.destroy_session_keys(bench.db.writer(), tomorrow, tomorrow).await.unwrap(), 1);
    failed(vault.key(bench.db.reader(), first.id).await);
    vault.key(bench.db.reader(), second.id).await.unwrap();
}

#[actix_web::test]
async fn nothing_of_a_key_or_value_stands_in_the_database() {
    let (bench, vault) = Bench::prepared().await;
    let key = vault.deployment_key(bench.db.reader()).await.unwrap();
    bench.db.writer().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    let file = std::fs::read(bench.keys.with_file_name("lvyue.db")).unwrap();
    let keys = KeyFile::load(&bench.keys).unwrap();
    for secret in [key.bytes(), keys.keks[&1].as_slice(), keys.index.as_slice()] {
        assert!(!file.windows(16).any(|w| w == &secret[..16]));
    }
}

#[actix_web::test]
async fn two_that_start_together_make_one_deployment() {
    let bench = Bench::bare().await;
    let all = futures_util::future::join_all((0..6).map(|_| bench.adopt())).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    let scope = KeyScope::Deployment.wire();
    let vault = bench.open().await.unwrap();
    let keys = key_rows::older(bench.db.reader(), scope, vault.deployment_id(), Timestamp(i64::MAX));
    assert_eq!(keys.await.unwrap().len(), 1);
}
