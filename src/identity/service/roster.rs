//! Loading the roster, all or nothing, and taking somebody off it. Repeating a load changes nothing more;
//! people whom the file does not name stay as they are.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::super::entity::{EMAIL, EMPLOYEE_NO, NAME, PHONE, PHONE_INDEX, person};
use super::super::{model, people, store};
use super::binding::employee_no_index;
use super::roster_file::{self, BadLine, Line};
use super::standing::follow;
use crate::kit::Kit;
use crate::kit::actor::{Role, Side};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::{DataKey, KeyScope, Sealed, blind};
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger::{self, Entry};

/// What a load did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    pub added: u64,
    pub updated: u64,
    pub unchanged: u64,
}

/// Why nothing was loaded.
#[derive(Debug)]
pub enum Refused {
    Lines(Vec<BadLine>),
    Failed(Error),
}

impl From<Error> for Refused {
    fn from(err: Error) -> Self {
        Self::Failed(err)
    }
}

/// # Errors
/// Every bad line; what the database says. Then nothing of the file counts.
pub async fn load(kit: &Kit, bytes: &[u8]) -> Result<Loaded, Refused> {
    let lines = roster_file::read(bytes).map_err(Refused::Lines)?;
    let now = kit.clock.now();
    let tx = kit.db.write_tx().await?;
    let mut load =
        Load { kit, now, departments: HashMap::new(), loaded: Loaded::default(), touched: Vec::new() };
    let mut plans = Vec::with_capacity(lines.len());
    for line in &lines {
        plans.push(load.plan(&tx, line).await?);
    }
    // Numbers that change hands within the file are let go first.
    for plan in &plans {
        if let (Some(row), true) = (&plan.row, plan.changed.contains(&"phone")) {
            store::release_phone(&*tx, row.id).await?;
        }
    }
    let mut bad = Vec::new();
    for plan in &plans {
        if !load.write(&tx, plan).await? {
            bad.push(BadLine::new(plan.line.line, "手机号已经属于名册里的另一个人"));
        }
    }
    if !bad.is_empty() {
        return Err(Refused::Lines(bad));
    }
    let touched = load.touched;
    let loaded = load.loaded;
    tx.commit().await?;
    people::forget_opened();
    // Also for people who did not change: a load that failed here is mended by repeating it.
    for id in touched {
        if let Some(account) = store::account_of(kit.db.reader(), id).await? {
            follow(kit, account.id, now).await?;
        }
    }
    Ok(loaded)
}

/// Takes a person off the roster: every session of theirs ends now. False when they had left before.
///
/// # Errors
/// 404 for an unknown number; 503 when a store is away (then repeat it).
pub async fn leave(kit: &Kit, side: Side, employee_no: &str) -> Result<bool> {
    let number = blind::employee_no("employee_no", employee_no)?;
    let index = employee_no_index(kit, side, &number)?;
    let now = kit.clock.now();
    let tx = kit.db.write_tx().await?;
    let person = store::person_by_number(&*tx, &index).await?;
    let person = person.ok_or_else(|| Error::new(Code::NotFound).detail("名册里没有这个工号"))?;
    let account = store::account_of(&*tx, person.id).await?;
    let was_active = person.status == model::ACTIVE;
    if was_active {
        store::set_status(&*tx, &person, model::LEFT, now).await?;
        store::drop_invitations(&*tx, person.id, now).await?;
        if let Some(account) = &account {
            store::advance_authorisation(&*tx, account.id).await?;
        }
        ledger::append_system(kit, &*tx, entry("person.leave", person.id, &[])).await?;
    }
    tx.commit().await?;
    people::forget_opened();
    if let Some(account) = account {
        follow(kit, account.id, now).await?;
    }
    Ok(was_active)
}

fn entry(action: &'static str, id: Uuid, changed: &[&'static str]) -> Entry<'static> {
    Entry {
        action,
        object_kind: "person",
        object_id: id,
        detail: json!({ "changed": changed }),
        content: &[],
    }
}

/// What the file says, and what a manager gave in the program: that stays with an employee in their department.
fn roles(row: Option<&person::Model>, line: &Line, department: Option<Uuid>) -> Vec<Role> {
    let mut roles = line.roles.clone();
    let same = |row: &&person::Model| row.department_id == department && row.status == model::ACTIVE;
    let had = row.filter(same).map(|row| model::roles_from(&row.roles)).unwrap_or_default();
    if had.contains(&Role::DepartmentViewer) && roles == [Role::Employee] {
        roles.push(Role::DepartmentViewer);
    }
    roles
}

struct Load<'a> {
    kit: &'a Kit,
    now: Timestamp,
    departments: HashMap<(Side, String), Uuid>,
    loaded: Loaded,
    /// Everybody the file names who was there before.
    touched: Vec<Uuid>,
}

/// A line beside what the table has.
struct Plan<'l> {
    line: &'l Line,
    index: Vec<u8>,
    department: Option<Uuid>,
    row: Option<person::Model>,
    changed: Vec<&'static str>,
}

impl Load<'_> {
    async fn plan<'l>(&mut self, tx: &WriteTx, line: &'l Line) -> Result<Plan<'l>> {
        let index = employee_no_index(self.kit, line.side, &line.employee_no)?;
        let department = match &line.department {
            Some(name) => Some(self.department(tx, line.side, name).await?),
            None => None,
        };
        let row = store::person_by_number(&**tx, &index).await?;
        let mut changed = Vec::new();
        if let Some(row) = &row {
            let key = self.kit.vault.key(&**tx, row.key_id).await?;
            let open = |column, sealed: &Option<Sealed>| -> Result<Option<String>> {
                sealed.as_ref().map(|s| key.open_text(column, row.id, s)).transpose()
            };
            let mut note = |differs: bool, name| {
                if differs {
                    changed.push(name);
                }
            };
            note(key.open_text(NAME, row.id, &row.name_sealed)? != line.name, "name");
            note(open(PHONE, &row.phone_sealed)? != line.phone, "phone");
            note(open(EMAIL, &row.email_sealed)? != line.email, "email");
            note(row.department_id != department, "department");
            note(row.roles != model::roles_to(&roles(Some(row), line, department)), "roles");
            note(row.status != model::ACTIVE, "status");
        }
        Ok(Plan { line, index, department, row, changed })
    }

    /// False when the phone number is somebody else's.
    async fn write(&mut self, tx: &WriteTx, plan: &Plan<'_>) -> Result<bool> {
        if let Some(row) = &plan.row {
            self.touched.push(row.id);
            if plan.changed.is_empty() {
                self.loaded.unchanged += 1;
                return Ok(true);
            }
        }
        let line = plan.line;
        let phone_bidx = match &line.phone {
            Some(phone) => Some(self.kit.vault.blind(PHONE_INDEX, phone.as_bytes())?),
            None => None,
        };
        if let Some(index) = &phone_bidx
            && let Some(owner) = store::phone_owner(&**tx, index).await?
            && plan.row.as_ref().is_none_or(|row| row.id != owner)
        {
            return Ok(false);
        }
        let (id, key) = match &plan.row {
            Some(row) => (row.id, self.kit.vault.key(&**tx, row.key_id).await?),
            None => self.new_person_key(&**tx).await?,
        };
        let sealed = |column, value: &Option<String>| -> Result<Option<Sealed>> {
            value.as_ref().map(|v| key.seal(column, id, v.as_bytes())).transpose()
        };
        let row = person::Model {
            id,
            version: plan.row.as_ref().map_or(1, |r| r.version.saturating_add(1)),
            party: line.side.wire().to_owned(),
            department_id: plan.department,
            roles: model::roles_to(&roles(plan.row.as_ref(), line, plan.department)),
            status: model::ACTIVE.to_owned(),
            key_id: key.id,
            name_sealed: key.seal(NAME, id, line.name.as_bytes())?,
            phone_sealed: sealed(PHONE, &line.phone)?,
            phone_bidx,
            email_sealed: sealed(EMAIL, &line.email)?,
            employee_no_sealed: Some(key.seal(EMPLOYEE_NO, id, line.employee_no.as_bytes())?),
            employee_no_bidx: Some(plan.index.clone()),
            created_at: plan.row.as_ref().map_or(self.now, |r| r.created_at),
            updated_at: self.now,
        };
        if plan.row.is_some() {
            store::replace_person(&**tx, row).await?;
            if let Some(account) = store::account_of(&**tx, id).await? {
                store::advance_authorisation(&**tx, account.id).await?;
            }
            self.loaded.updated += 1;
            ledger::append_system(self.kit, &**tx, entry("person.update", id, &plan.changed)).await?;
        } else {
            store::add_person(&**tx, row).await?;
            self.loaded.added += 1;
            ledger::append_system(self.kit, &**tx, entry("person.add", id, &[])).await?;
        }
        Ok(true)
    }

    async fn new_person_key(&self, tx: &impl ConnectionTrait) -> Result<(Uuid, DataKey)> {
        let (id, key_id) = (self.kit.ids.fresh()?, self.kit.ids.fresh()?);
        let key = self.kit.vault.new_key(tx, key_id, KeyScope::Person, id, self.now).await?;
        Ok((id, key))
    }

    async fn department(&mut self, tx: &WriteTx, side: Side, name: &str) -> Result<Uuid> {
        let place = (side, name.to_owned());
        if let Some(id) = self.departments.get(&place) {
            return Ok(*id);
        }
        let id = match store::department(&**tx, side, name).await? {
            Some(id) => id,
            None => {
                let id = self.kit.ids.fresh()?;
                store::add_department(&**tx, id, side, name, self.now).await?;
                id
            }
        };
        self.departments.insert(place, id);
        Ok(id)
    }
}
