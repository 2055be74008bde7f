//! A whole deployment on a temporary SQLite file, with a handful of people and a steered clock.

use std::path::Path;
use std::sync::Arc;

use actix_web::body::to_bytes;
use chrono::TimeDelta;
use lvyue::app::{prepare, tool};
use lvyue::identity::notice;
use lvyue::kit::Kit;
use lvyue::kit::actor::{Actor, Member, Role, Side};
use lvyue::kit::clock::{Clock, Timestamp};
use lvyue::kit::config::Settings;
use lvyue::kit::crypto::{Column, KeyFile, KeyScope};
use lvyue::kit::ctx::Ctx;
use lvyue::kit::error::{Error, Result};
use lvyue::kit::http::{ByAction, IdempotencyKey};
use lvyue::tickets::model::Command;
use lvyue::tickets::requests::ListQuery;
use lvyue::tickets::service;
use lvyue::tickets::views::Ticket;
use sea_orm::{ConnectionTrait, Statement, Value};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::clocks::no_differences;

/// 2026-11-22 09:12 in Beijing.
pub const START: Timestamp = Timestamp(1_795_309_920_000);

pub struct World {
    _dir: TempDir,
    kit: Arc<Kit>,
    pub clock: Clock,
    pub chenyu: Actor,
    pub wangwu: Actor,
    pub linmin: Actor,
    pub zhouke: Actor,
    pub sunli: Actor,
    pub hejun: Actor,
    pub auditor: Actor,
    pub admin: Actor,
}

fn settings(dir: &Path) -> Settings {
    let mut settings = Settings::defaults().unwrap();
    settings.database.url = format!("sqlite://{}/lvyue.db", dir.display()).into();
    settings.keys.file = dir.join("keys.toml");
    settings.blob.url = format!("file://{}/blobs", dir.display());
    settings
}

impl World {
    pub async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::steered(START);
        let settings = settings(dir.path());
        KeyFile::init(&settings.keys.file).unwrap();
        prepare(&settings, &clock).await.unwrap();
        let kit = Arc::new(tool(settings, clock.clone()).await.unwrap());
        let office = department(&kit, "client", "生产部").await;
        let desk = department(&kit, "vendor", "服务台").await;
        let client = |name, role| person(Arc::clone(&kit), name, Side::Client, role, office);
        let vendor = |name, role| person(Arc::clone(&kit), name, Side::Vendor, role, desk);
        Self {
            chenyu: client("陈宇", Role::Employee).await,
            wangwu: client("王五", Role::Employee).await,
            linmin: client("林敏", Role::ClientManager).await,
            zhouke: vendor("周可", Role::VendorAgent).await,
            sunli: vendor("孙丽", Role::VendorAgent).await,
            hejun: vendor("何军", Role::VendorLead).await,
            auditor: client("审计", Role::Auditor).await,
            admin: vendor("管理", Role::Admin).await,
            _dir: dir,
            kit,
            clock,
        }
    }

    pub fn kit(&self) -> &Arc<Kit> {
        &self.kit
    }

    pub fn ctx(&self, actor: &Actor) -> Ctx {
        let request_id = self.kit().ids.fresh().unwrap();
        Ctx { kit: Arc::clone(self.kit()), actor: actor.clone(), request_id, now: self.clock.now() }
    }

    pub fn pass(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    fn key(&self) -> IdempotencyKey {
        IdempotencyKey(self.kit().ids.fresh().unwrap().to_string())
    }

    pub async fn report(&self, actor: &Actor, more: serde_json::Value) -> Result<Ticket> {
        let mut body =
            json!({ "kind": "fault", "title": "打印机不出纸", "description": "三楼东侧，按了没反应" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let ctx = self.ctx(actor);
        let answer = service::create(&ctx, &self.key(), serde_json::from_value(body).unwrap()).await?;
        let body = to_bytes(answer.into_body()).await.unwrap();
        let id = serde_json::from_slice::<serde_json::Value>(&body).unwrap()["id"].clone();
        service::show(&ctx, serde_json::from_value(id).unwrap()).await
    }

    pub async fn act(&self, actor: &Actor, ticket: &Ticket, body: serde_json::Value) -> Result<Ticket> {
        self.act_on(actor, ticket.summary.id, ticket.summary.version, body).await
    }

    pub async fn act_on(
        &self,
        actor: &Actor,
        id: Uuid,
        version: i64,
        body: serde_json::Value,
    ) -> Result<Ticket> {
        let command = Command::decode(body.to_string().as_bytes())?;
        service::act(&self.ctx(actor), id, version, command).await
    }

    pub async fn say(&self, actor: &Actor, id: Uuid, visibility: &str) -> Result<()> {
        let body = json!({ "body": "收到，正在看", "visibility": visibility });
        let body = serde_json::from_value(body).unwrap();
        service::post(&self.ctx(actor), id, &self.key(), body).await.map(drop)
    }

    pub async fn show(&self, actor: &Actor, id: Uuid) -> Result<Ticket> {
        service::show(&self.ctx(actor), id).await
    }

    pub async fn list(&self, actor: &Actor, query: serde_json::Value) -> Result<Vec<String>, Error> {
        let query: ListQuery = serde_json::from_value(query).unwrap();
        let page = service::list(&self.ctx(actor), &query).await?;
        Ok(page.items.into_iter().map(|t| t.number).collect())
    }

    pub async fn assert_sound(&self, context: &str) {
        no_differences(&self.kit().db, self.clock.now(), context).await;
    }
}

pub async fn run(kit: &Kit, sql: &str, values: Vec<Value>) {
    let db = kit.db.writer();
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.execute_raw(statement).await.unwrap();
}

async fn department(kit: &Kit, party: &str, name: &str) -> Uuid {
    let id = kit.ids.fresh().unwrap();
    let sql = "INSERT INTO departments (id, party, name, created_at) VALUES ($1, $2, $3, 0)";
    run(kit, sql, vec![id.into(), party.into(), name.into()]).await;
    id
}

async fn person(kit: Arc<Kit>, name: &'static str, side: Side, role: Role, department: Uuid) -> Actor {
    let id = kit.ids.fresh().unwrap();
    let key_id = kit.ids.fresh().unwrap();
    let key = kit.vault.new_key(kit.db.writer(), key_id, KeyScope::Person, id, START).await.unwrap();
    let name = key.seal(Column::new("people", "name_sealed"), id, name.as_bytes()).unwrap();
    let phone = key.seal(Column::new("people", "phone_sealed"), id, b"8613812345678").unwrap();
    let sql = "INSERT INTO people (id, version, party, department_id, roles, status, key_id, name_sealed, \
               phone_sealed, created_at, updated_at) VALUES ($1, 1, $2, $3, $4, 'active', $5, $6, $7, 0, 0)";
    let values = vec![
        id.into(),
        side.wire().into(),
        department.into(),
        role.wire().into(),
        key_id.into(),
        name.0.into(),
        phone.0.into(),
    ];
    run(&kit, sql, values).await;
    Actor {
        account_id: kit.ids.fresh().unwrap(),
        session_id: kit.ids.fresh().unwrap(),
        member: Some(Member { person_id: id, side, roles: vec![role], department_id: Some(department) }),
        consent: Some(notice::current().version.clone()),
    }
}
