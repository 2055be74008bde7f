//! The rows of people and tickets, as the services would leave them, except that no ledger entries are made where
//! nothing that is measured reads them.

use std::sync::Mutex;

use lvyue::clocks::{self, By, Event, Opening, Severity, What};
use lvyue::duties::{self, Record};
use lvyue::identity::notice;
use lvyue::kit::Kit;
use lvyue::kit::clock::Timestamp;
use lvyue::kit::crypto::{Column, DataKey, KeyScope, Vault};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, Value};
use serde_json::json;
use uuid::{Builder, Uuid};

use super::kinds::story;
use super::sink::{Chunk, V, row};
use crate::limit::load::{BODY, T0, WORDS};

const VENDORS: usize = 20;
const DEPARTMENTS: i64 = 40;
pub const APPID: &str = "wxdemo0000000001";
const HOUR: i64 = 3_600_000;

#[derive(Clone)]
pub struct Person {
    pub id: Uuid,
    pub account: Uuid,
    pub department: Uuid,
}

#[derive(Clone)]
pub struct Cast {
    pub clients: Vec<Person>,
    vendors: Vec<Uuid>,
    departments: Vec<Uuid>,
}

impl Cast {
    pub fn new(kit: &Kit, users: i64) -> Self {
        let fresh = || kit.ids.fresh().unwrap();
        let departments: Vec<Uuid> = (0..DEPARTMENTS).map(|_| fresh()).collect();
        let client = |u: i64| Person { id: fresh(), account: fresh(), department: departments[(u % DEPARTMENTS) as usize] };
        Self { clients: (1..=users).map(client).collect(), vendors: (0..VENDORS).map(|_| fresh()).collect(), departments }
    }

    pub fn rows(&self, kit: &Kit) -> Chunk {
        let mut chunk = Chunk::default();
        for (n, id) in self.departments.iter().enumerate() {
            row!(chunk, "departments", *id, "client", format!("第{}部门", n + 1), T0);
        }
        let runtime = Catch::default();
        let person = |id: Uuid, party: &str, department: Option<Uuid>, roles: &str, number: usize, chunk: &mut Chunk| {
            let key = block(runtime.key(&kit.vault, kit.ids.fresh().unwrap(), KeyScope::Person, id, T0, chunk)).0;
            let phone = format!("8613{number:09}");
            let seal = |column, text: &str| key.seal(Column::new("people", column), id, text.as_bytes()).unwrap().0;
            let index = |column, text: String| kit.vault.blind(Column::new("people", column), text.as_bytes()).unwrap();
            row!(
                chunk,
                "people",
                id,
                1i64,
                party,
                department,
                roles,
                "active",
                key.id,
                seal("name_sealed", ["张三丰", "李四光", "王小明", "欧阳修文"][number % 4]),
                seal("phone_sealed", &phone),
                index("phone_bidx", phone.clone()),
                V::Null,
                seal("employee_no_sealed", &format!("G{number:07}")),
                index("employee_no_bidx", format!("{party}\0G{number:07}")),
                T0,
                T0,
            );
        };
        for (n, client) in self.clients.iter().enumerate() {
            person(client.id, "client", Some(client.department), "employee", n, &mut chunk);
        }
        for (n, id) in self.vendors.iter().enumerate() {
            person(*id, "vendor", None, "vendor_agent", 900_000_000 + n, &mut chunk);
        }
        for (n, client) in self.clients.iter().enumerate() {
            let id = client.account;
            let key = block(runtime.key(&kit.vault, kit.ids.fresh().unwrap(), KeyScope::Account, id, T0, &mut chunk)).0;
            let openid = openid(n as i64 + 1);
            let subject = key.seal(Column::new("accounts", "subject_sealed"), id, openid.as_bytes()).unwrap().0;
            let index = kit.vault.blind(Column::new("accounts", "subject_bidx"), format!("{APPID}\0{openid}").as_bytes()).unwrap();
            row!(chunk, "accounts", id, "wechat_mp", subject, index, key.id, client.id, 0i64, T0, T0);
            let version = notice::current().version.as_str();
            row!(chunk, "consents", kit.ids.fresh().unwrap(), id, "service", version, "given", T0);
        }
        chunk
    }
}

/// Both programs know their users by the same openids; the mock makes them from the codes.
pub fn openid(user: i64) -> String {
    format!("oLIMIT{user:022}")
}

/// The ticket of a user that has the replies.
pub fn shown(user: i64, users: i64) -> i64 {
    user - 1 + users
}

fn received(i: i64) -> i64 {
    T0 + i * 37
}

fn hash(i: i64) -> u64 {
    (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20
}

/// A UUIDv7 of that instant, the same in every run.
fn id_of(at: i64, what: u8, i: i64, n: i64) -> Uuid {
    let mut tail = [what; 10];
    tail[..2].copy_from_slice(&((n & 0xfff) as u16).to_be_bytes());
    tail[3..].copy_from_slice(&hash(i * 64 + n + 1).to_be_bytes()[1..]);
    Builder::from_unix_timestamp_millis(at as u64, &tail).into_uuid()
}

pub fn ticket_id(i: i64) -> Uuid {
    id_of(received(i), 1, i, 0)
}

/// What happened to a ticket so far.
struct History {
    ticket: Uuid,
    number: String,
    events: Vec<Event>,
    from: Option<&'static str>,
    last: i64,
}

pub struct Maker {
    vault: Vault,
    cast: Cast,
    replies: i64,
    catch: Catch,
    serial: i64,
    /// Tickets of every kind, and a ledger entry for each event: for what derives everything again.
    all_kinds: bool,
}

impl Maker {
    pub fn new(vault: Vault, cast: Cast, (replies, all_kinds): (i64, bool), lane: i64) -> Self {
        Self { vault, cast, replies, catch: Catch::default(), serial: lane, all_kinds }
    }

    /// Ids of what hangs on tickets rise with time like the real ones.
    fn id(&mut self, at: i64) -> Uuid {
        self.serial += 2;
        id_of(at, 2, self.serial, self.serial)
    }

    fn event(&mut self, out: &mut Chunk, history: &mut History, step: (&str, What, &'static str), who: (Uuid, By), at: i64, detail: &str) {
        let (name, what, to) = step;
        let side = if who.1 == By::Vendor { "vendor" } else { "client" };
        let (id, ledger) = (self.id(at), self.id(at));
        let seq = history.events.len() as i64 + 1;
        let before = history.from.replace(to);
        if self.all_kinds {
            let said = json!({
                "number": history.number, "seq": seq, "cycle": 1, "at": Timestamp(at), "visibility": "public",
                "from_state": before, "to_state": to, "detail": serde_json::from_str::<serde_json::Value>(detail).unwrap(),
            });
            row!(
                out,
                "ledger_entries",
                ledger,
                at,
                who.0,
                side,
                format!("ticket.{name}"),
                "ticket",
                history.ticket,
                V::Null,
                said.to_string(),
                vec![0u8; 32]
            );
        }
        row!(out, "ticket_events", id, history.ticket, seq, 1i64, name, who.0, side, "public", at, before, to, detail, V::Null, ledger,);
        history.events.push(Event { at: Timestamp(at), by: who.1, public: true, what });
        history.last = at;
    }

    fn message(&mut self, out: &mut Chunk, key: &DataKey, ticket: Uuid, who: (Uuid, By), at: i64, text: &str) -> String {
        let id = self.id(at);
        let side = if who.1 == By::Vendor { "vendor" } else { "client" };
        let body = key.seal(Column::new("ticket_messages", "body_sealed"), id, text.as_bytes()).unwrap().0;
        row!(out, "ticket_messages", id, ticket, who.0, side, "public", body, at);
        json!({ "message_id": id, "attachments": 0 }).to_string()
    }

    /// Ticket `i` with everything that hangs on it.
    pub async fn ticket(&mut self, i: i64, out: &mut Chunk) {
        let users = self.cast.clients.len() as i64;
        let user = 1 + i % users;
        let (h, at, id) = (hash(i), received(i), ticket_id(i));
        let reporter = self.cast.clients[user as usize - 1].clone();
        let (client, vendor) = ((reporter.id, By::Client), (self.cast.vendors[h as usize % VENDORS], By::Vendor));
        let (key, wrapped) = self.catch.key(&self.vault, id_of(at, 3, i, 0), KeyScope::Ticket, id, at, out).await;
        let seal = |column, text: &str| key.seal(Column::new("tickets", column), id, text.as_bytes()).unwrap().0;
        let is_open = h % 10 == 0;
        let told = story(i, at).filter(|_| self.all_kinds);
        let (kind, prefix) = told.as_ref().map_or(("fault", "GZ"), |t| (t.kind, t.prefix));
        let severity = ["critical", "major", "minor"][(h % 3) as usize];
        // What a story says about it.
        let severity = if told.is_some() && kind == "fault" { if is_open { "minor" } else { "critical" } } else { severity };

        let number = format!("{prefix}-2023-{i:08}");
        let mut past = History { ticket: id, number: number.clone(), events: Vec::new(), from: None, last: at };
        if let Some(told) = told {
            for (name, what, to, hours, detail) in told.steps.into_iter().take(if is_open { 1 } else { usize::MAX }) {
                let who = if told.vendors.contains(&name) { vendor } else { client };
                let at = past.last + hours * HOUR;
                self.event(out, &mut past, (name, what, to), who, at, &detail);
            }
        } else {
            self.fault(&mut past, (i, h, is_open), &key, (client, vendor), severity, out);
        }

        let book = clocks::Book::builtin();
        let derived = clocks::derive(&past.events, &book, Timestamp(past.last));
        let record = Record {
            kind,
            id,
            number: number.clone(),
            owner_id: (!is_open).then_some(vendor.0),
            severity: Severity::from_wire(severity),
            reporter_id: Some(reporter.id),
        };
        for c in &derived {
            let d = duties::model::row(&record, c, self.id(c.started_at.0), None, &book);
            row!(
                out,
                "duties",
                d.id,
                d.record_kind,
                d.record_id,
                d.number,
                d.owner_id,
                d.reporter_id,
                d.code,
                d.clause,
                i64::from(d.cycle),
                i64::from(d.round),
                d.obligor,
                d.unit,
                d.amount,
                d.started_at.0,
                d.due_at.0,
                d.in_time_until.0,
                d.provisional,
                d.pauses,
                d.stopped_at.map(|t| t.0),
                d.void_at.map(|t| t.0),
                d.state,
                i64::from(d.in_force),
                // All of it is years ago, and was warned of: the look-out has nothing to do beside the measuring.
                100i64,
                "",
                V::Null,
                d.severity,
            );
        }
        let next = derived.iter().filter(|c| c.is_running()).min_by_key(|c| c.due_at);
        let done = |v: V| if is_open { V::Null } else { v };
        row!(
            out,
            "tickets",
            id,
            if is_open { 1i64 } else { 5 },
            kind,
            number,
            past.from,
            is_open,
            severity,
            1i64,
            key.id,
            seal("title_sealed", &format!("{} #{i}", WORDS[(h % 8) as usize])),
            seal("description_sealed", BODY),
            V::Null,
            V::Null,
            seal("contact_sealed", &format!("138{:08}", h % 100_000_000)),
            V::Null,
            reporter.id,
            reporter.id,
            reporter.department,
            done(vendor.0.into()),
            at,
            at,
            past.last,
            done(past.last.into()),
            V::Null,
            !is_open,
            done(vendor.0.into()),
            V::Null,
            done(5i64.into()),
            next.map(|c| c.due_at.0),
            next.map(|c| c.def.code),
            wrapped,
        );
    }

    /// What happened to a fault of the measured sets.
    fn fault(
        &mut self,
        past: &mut History,
        (i, h, is_open): (i64, u64, bool),
        key: &DataKey,
        (client, vendor): ((Uuid, By), (Uuid, By)),
        severity: &'static str,
        out: &mut Chunk,
    ) {
        let (users, id, at) = (self.cast.clients.len() as i64, past.ticket, past.last);
        let filed = json!({ "attachments": 0, "kind": "fault", "on_behalf": false, "severity": severity }).to_string();
        let severity = Severity::from_wire(severity).unwrap();
        self.event(out, past, ("submitted", What::Submitted(Opening::Fault { severity }), "submitted"), client, at, &filed);
        if !is_open {
            let hour = |n: u64| at + ((h >> 8) % 7 + n) as i64 * HOUR;
            let said = self.message(out, key, id, vendor, hour(1), "已收到，正在安排工程师处理。");
            self.event(out, past, ("accept", What::Accepted, "in_progress"), vendor, hour(1), &said);
            let solution = self.id(hour(3));
            let text =
                key.seal(Column::new("ticket_solutions", "text_sealed"), solution, "更换交换机端口并重新登记设备。".as_bytes()).unwrap().0;
            row!(out, "ticket_solutions", solution, id, 1i64, 1i64, "fix", text, V::Null, vendor.0, "confirmed", V::Null, hour(3));
            let detail = r#"{"eta":null,"number":1,"solution_type":"fix"}"#;
            self.event(out, past, ("publish_solution", What::SolutionPublished { eta: None }, "solution_given"), vendor, hour(3), detail);
            self.event(out, past, ("mark_repaired", What::MarkedRepaired, "awaiting_confirmation"), vendor, hour(4), "{}");
        }
        if (users..2 * users).contains(&i) {
            // The words that came with accepting are a message too.
            for n in i64::from(!is_open)..self.replies {
                let who = if n % 2 == 0 { client } else { vendor };
                let (at, state) = (past.last + 60_000, past.from.unwrap_or("submitted"));
                let said = self.message(out, key, id, who, at, &format!("回复 {n}: {BODY}"));
                self.event(out, past, ("message", What::Said, state), who, at, &said);
            }
        }
        if !is_open {
            let at = past.last + HOUR;
            let detail = r#"{"rating":5,"solution":{"number":1}}"#;
            self.event(out, past, ("confirm", What::Confirmed, "closed"), client, at, detail);
        }
    }
}

fn block<T>(future: impl Future<Output = T>) -> T {
    // Nothing here waits: the connection below answers at once.
    futures_util::FutureExt::now_or_never(future).unwrap()
}

/// A connection that only remembers what the vault wanted to store, so that it goes the way of all rows.
#[derive(Default)]
struct Catch(Mutex<Vec<Value>>);

impl Catch {
    async fn key(&self, vault: &Vault, id: Uuid, scope: KeyScope, owner: Uuid, at: i64, out: &mut Chunk) -> (DataKey, Vec<u8>) {
        let made = vault.make_key(id, scope, owner, Timestamp(at)).unwrap();
        self.execute_raw(made.insert(DbBackend::Postgres)).await.unwrap();
        let values = std::mem::take(&mut *self.0.lock().unwrap());
        let row: Vec<V> = values.into_iter().map(plain).collect();
        assert_eq!(row.len(), 8, "a data key has eight columns");
        out.add("data_keys", row);
        (made.key.clone(), made.wrapped().unwrap())
    }
}

fn plain(value: Value) -> V {
    match value {
        Value::Uuid(v) => v.into(),
        Value::String(v) => v.into(),
        Value::Int(v) => v.map(i64::from).into(),
        Value::BigInt(v) => v.into(),
        Value::Bytes(v) => v.into(),
        other => panic!("a value of a data key: {other:?}"),
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Catch {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        *self.0.lock().unwrap() = statement.values.map(|v| v.0).unwrap_or_default();
        Ok(sea_orm::sqlx::postgres::PgQueryResult::default().into())
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom(format!("only keys are stored here: {sql}")))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Err(DbErr::Custom(format!("only keys are stored here: {}", statement.sql)))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Err(DbErr::Custom(format!("only keys are stored here: {}", statement.sql)))
    }
}
