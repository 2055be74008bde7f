//! A ledger in a temporary SQLite file, for the tests of this module.

use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

use super::{Entry, store};
use crate::kit::clock::{Clock, Timestamp};
use crate::kit::config;
use crate::kit::db::Db;
use crate::kit::id::Ids;

pub(super) struct Ground {
    _folder: tempfile::TempDir,
    pub db: Db,
    pub clock: Clock,
    pub ids: Ids,
}

impl Ground {
    pub(super) async fn new(clock: Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("ledger.db").display());
        let settings = config::Database { url: SecretString::from(url), max_connections: 4 };
        Db::migrate(&settings).await.unwrap();
        let db = Db::open(&settings).await.unwrap();
        let ground = Self { _folder: folder, db, ids: Ids::new(clock.clone()), clock };
        let id = hex(ground.ids.fresh().unwrap());
        ground.run(&format!("INSERT INTO deployment (id, created_at) VALUES (x'{id}', 0)")).await.unwrap();
        ground
    }

    pub(super) async fn steered() -> Self {
        Self::new(Clock::steered(Timestamp(1_795_309_323_000))).await
    }

    pub(super) async fn run(&self, sql: &str) -> Result<(), sea_orm::DbErr> {
        use sea_orm::ConnectionTrait;
        self.db.writer().execute_unprepared(sql).await.map(|_| ())
    }

    /// One committed entry, as a feature's write would leave it.
    pub(super) async fn append(&self, n: i64) -> Uuid {
        let tx = self.db.write_tx().await.unwrap();
        let id = self.append_in(&tx, n).await;
        tx.commit().await.unwrap();
        id
    }

    pub(super) async fn append_in(&self, tx: &crate::kit::db::WriteTx, n: i64) -> Uuid {
        let id = self.ids.fresh().unwrap();
        let actor_id = (n % 3 != 0).then(|| Uuid::from_u128(7));
        let actor_side = if actor_id.is_some() { "client" } else { "system" };
        let request_id = (n % 2 == 0).then(|| Uuid::from_u128(8));
        let by = store::By { actor_id, actor_side, request_id };
        let entry = Entry {
            action: "ticket.submit",
            object_kind: "ticket",
            object_id: Uuid::from_u128(n.unsigned_abs().into()),
            detail: json!({"n": n, "state": "submitted"}),
            content: &[b"sealed", &n.to_be_bytes()],
        };
        store::insert_entry(&**tx, id, self.clock.now(), by, &entry).await.unwrap();
        id
    }
}

pub(super) fn hex(id: Uuid) -> String {
    id.simple().to_string()
}
