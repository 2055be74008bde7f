//! The machinery of one process without HTTP: a Kit, two people, a ticket.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::HttpResponse;
use actix_web::body::to_bytes;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use futures_util::stream;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::files::intake::Checked;
use crate::files::{Gate, Owner, download, routes, upload};
use crate::identity::notice;
use crate::kit::Kit;
use crate::kit::actor::{Actor, Member, Role, Side};
use crate::kit::blob::Blobs;
use crate::kit::clock::{Clock, Timestamp};
use crate::kit::config::Settings;
use crate::kit::crypto::{Column, DataKey, KeyFile, KeyScope, Tokens, Vault};
use crate::kit::ctx::Ctx;
use crate::kit::db::Db;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::id::Ids;
use crate::kit::limit::Limits;
use crate::kit::session::Sessions;

pub(super) struct Ground {
    folder: tempfile::TempDir,
    pub kit: Arc<Kit>,
    pub clock: Clock,
    pub client: Uuid,
    pub vendor: Uuid,
}

impl Ground {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults().unwrap();
        settings.database.url = format!("sqlite://{}/lvyue.db", folder.path().display()).into();
        settings.keys.file = folder.path().join("keys.toml");
        settings.blob.url = format!("file://{}/blobs", folder.path().display());
        KeyFile::init(&settings.keys.file).unwrap();
        let clock = Clock::steered(Timestamp(1_795_309_920_000));
        Db::migrate(&settings.database).await.unwrap();
        let db = Db::open(&settings.database).await.unwrap();
        Vault::adopt(&settings.keys.file, &db, clock.clone()).await.unwrap();
        let vault = Vault::open(&settings.keys.file, &db, clock.clone()).await.unwrap();
        let kit = Arc::new(Kit {
            tokens: Tokens::open(&settings.keys.file).unwrap(),
            sessions: Sessions::open(&settings, &db, &vault).unwrap(),
            limits: Limits::open(&settings, &db, &vault).unwrap(),
            blobs: Blobs::open(&settings.blob).unwrap(),
            settings: Arc::new(settings),
            clock: clock.clone(),
            ids: Arc::new(Ids::new(clock.clone())),
            db,
            vault,
        });
        let client = person(&kit, Side::Client).await;
        let vendor = person(&kit, Side::Vendor).await;
        Self { folder, kit, clock, client, vendor }
    }

    pub(super) fn ctx(&self, person_id: Uuid) -> Ctx {
        let side = if person_id == self.client { Side::Client } else { Side::Vendor };
        let role = if side == Side::Client { Role::Employee } else { Role::VendorAgent };
        let actor = Actor {
            account_id: person_id,
            session_id: person_id,
            member: Some(Member { person_id, side, roles: vec![role], department_id: None }),
            consent: Some(notice::current().version.to_string()),
        };
        let request_id = self.kit.ids.fresh().unwrap();
        Ctx { kit: Arc::clone(&self.kit), actor, request_id, now: self.clock.now() }
    }

    pub(super) async fn ticket(&self) -> (Uuid, DataKey) {
        let (id, key_id) = (self.kit.ids.fresh().unwrap(), self.kit.ids.fresh().unwrap());
        let tx = self.kit.db.write_tx().await.unwrap();
        let vault = &self.kit.vault;
        let key = vault.new_key(&*tx, key_id, KeyScope::Ticket, id, self.clock.now()).await.unwrap();
        let sql = "INSERT INTO tickets (id, version, kind, number, state, is_open, severity, cycle, key_id, \
            title_sealed, description_sealed, reporter_id, entered_by, received_at, clock_start, updated_at, has_solution) \
            VALUES ($1, 1, 'fault', 'GZ-2026-000001', 'submitted', TRUE, 'minor', 1, $2, x'00', x'00', $3, $3, 0, 0, 0, FALSE)";
        let values = [id.into(), key_id.into(), self.client.into()];
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await.unwrap();
        tx.commit().await.unwrap();
        (id, key)
    }

    pub(super) async fn raw(&self, who: Uuid, headers: &HeaderMap, body: Vec<u8>) -> Result<Checked> {
        let ctx = self.ctx(who);
        let pieces: Vec<_> = body
            .chunks(70_001)
            .map(|c| Ok::<_, actix_web::error::PayloadError>(Bytes::copy_from_slice(c)))
            .collect();
        routes::receive(&ctx, Multipart::new(headers, stream::iter(pieces))).await
    }

    pub(super) async fn form(&self, who: Uuid, body: Vec<u8>) -> Result<Checked> {
        let mut headers = HeaderMap::new();
        let form = HeaderValue::from_static("multipart/form-data; boundary=B");
        headers.insert(header::CONTENT_TYPE, form);
        self.raw(who, &headers, body).await
    }

    async fn sent(&self, who: Uuid, name: &str, kind: &str, bytes: &[u8]) -> Result<Checked> {
        let mut body = format!(
            "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--B--\r\n");
        self.form(who, body).await
    }

    pub(super) async fn check(&self, name: &str, kind: &str, bytes: &[u8]) -> Result<Checked> {
        self.sent(self.client, name, kind, bytes).await
    }

    pub(super) async fn upload(&self, who: Uuid, name: &str, kind: &str, bytes: &[u8]) -> Result<Value> {
        let key = self.kit.ids.fresh().unwrap().to_string();
        self.upload_as(who, &key, name, kind, bytes).await
    }

    pub(super) async fn upload_as(
        &self,
        who: Uuid,
        key: &str,
        name: &str,
        kind: &str,
        bytes: &[u8],
    ) -> Result<Value> {
        let checked = self.sent(who, name, kind, bytes).await?;
        let answer = upload::keep(&self.ctx(who), &IdempotencyKey(key.to_owned()), checked).await?;
        assert_eq!(answer.status(), 201);
        Ok(serde_json::from_slice(&to_bytes(answer.into_body()).await.unwrap()).unwrap())
    }

    fn gate(&self) -> Gate {
        Arc::new(|ctx, owner, _| {
            Box::pin(async move {
                let Owner::Ticket(ticket) = owner else { return Err(Error::new(Code::NotFound)) };
                let db = ctx.kit.db.reader();
                let sql = "SELECT key_id FROM tickets WHERE id = $1";
                let sql = Statement::from_sql_and_values(db.get_database_backend(), sql, [ticket.into()]);
                let row = db.query_one_raw(sql).await?.ok_or_else(|| Error::new(Code::NotFound))?;
                ctx.kit.vault.key(db, row.try_get("", "key_id")?).await
            })
        })
    }

    pub(super) async fn get(&self, who: Uuid, sent: &Value, asked: &[(&str, &str)]) -> Result<HttpResponse> {
        let id = sent["id"].as_str().unwrap().parse().unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in asked {
            headers.insert(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        routes::answer(download::open(&self.ctx(who), &self.gate(), id).await?, &headers).await
    }

    pub(super) async fn read_all(&self, who: Uuid, sent: &Value) -> Result<Vec<u8>> {
        let answer = self.get(who, sent, &[]).await?;
        let bytes = to_bytes(answer.into_body()).await.map_err(|_| Error::new(Code::Internal))?;
        Ok(bytes.to_vec())
    }

    pub(super) async fn read(&self, who: Uuid, sent: &Value) -> Vec<u8> {
        self.read_all(who, sent).await.unwrap()
    }

    pub(super) async fn entries(&self, action: &str) -> i64 {
        let db = self.kit.db.reader();
        let sql = "SELECT COUNT(*) AS n FROM ledger_entries WHERE action = $1";
        let sql = Statement::from_sql_and_values(db.get_database_backend(), sql, [action.into()]);
        db.query_one_raw(sql).await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    pub(super) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut paths = Vec::new();
        walk(self.folder.path(), &mut paths);
        paths.into_iter().map(|p| (p.clone(), std::fs::read(p).unwrap())).collect()
    }

    /// So many blobs and no drafts.
    pub(super) async fn nothing_left_but(&self, blobs: usize) {
        let mut paths = Vec::new();
        walk(&self.folder.path().join("blobs"), &mut paths);
        assert_eq!(paths.len(), blobs, "{paths:?}");
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}

async fn person(kit: &Kit, side: Side) -> Uuid {
    let (id, key_id) = (kit.ids.fresh().unwrap(), kit.ids.fresh().unwrap());
    let tx = kit.db.write_tx().await.unwrap();
    let now = kit.clock.now();
    let key = kit.vault.new_key(&*tx, key_id, KeyScope::Person, id, now).await.unwrap();
    let name = key.seal(Column::new("people", "name_sealed"), id, "某人".as_bytes()).unwrap();
    let role = if side == Side::Client { "employee" } else { "vendor_agent" };
    let sql = "INSERT INTO people (id, version, party, roles, status, key_id, name_sealed, created_at, updated_at) \
        VALUES ($1, 1, $2, $3, 'active', $4, $5, 0, 0)";
    let values = [id.into(), side.wire().into(), role.into(), key_id.into(), name.0.into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await.unwrap();
    tx.commit().await.unwrap();
    id
}
