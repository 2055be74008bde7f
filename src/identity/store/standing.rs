//! An account with all that decides what it may do and says who it is, in one statement: every login, every renewal
//! of a session and every "who am I" asks it.

use sea_orm::DbErr;
use uuid::Uuid;

use super::super::entity::person;
use super::super::views::Consent;
use super::accounts::stands;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::db::{Columns, Fetch, Sql};
use crate::kit::error::Result;

/// Whose account.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    Id(Uuid),
    /// By the blind index of an openid.
    Subject(&'a [u8]),
}

/// Of an account what decides, with the wrapped keys of what is sealed for it.
#[derive(Debug)]
pub struct Found {
    pub account_id: Uuid,
    /// Counts changes of what the account may do.
    pub authorisation: i64,
    pub person_id: Option<Uuid>,
    pub account_key_id: Uuid,
    pub account_key: Option<Vec<u8>>,
    /// With the name of the department.
    pub person: Option<(person::Model, Option<String>)>,
    pub person_key: Option<Vec<u8>>,
    pub consents: Vec<Consent>,
}

const SELECT: &str = "SELECT a.id, a.authorisation, a.person_id, a.key_id, ak.wrapped, p.id, p.version, p.party, p.department_id, \
     p.roles, p.status, p.key_id, p.name_sealed, p.phone_sealed, p.phone_bidx, p.email_sealed, \
     p.employee_no_sealed, p.employee_no_bidx, p.created_at, p.updated_at, d.name, pk.wrapped, \
     c.purpose, c.action, c.notice_version, c.at \
     FROM accounts a JOIN data_keys ak ON ak.key_id = a.key_id \
     LEFT JOIN people p ON p.id = a.person_id LEFT JOIN departments d ON d.id = p.department_id \
     LEFT JOIN data_keys pk ON pk.key_id = p.key_id LEFT JOIN consents c ON c.account_id = a.id WHERE ";

/// One row for each thing that was ever consented to or withdrawn, in order.
pub async fn standing(db: &impl Fetch, whose: Whose<'_>) -> Result<Option<Found>> {
    let mut sql = Sql::default();
    sql.push(SELECT);
    match whose {
        Whose::Id(id) => sql.push("a.id = ").bind(id),
        Whose::Subject(index) => sql.push("a.subject_bidx = ").bind(index.to_vec()),
    };
    sql.push(" ORDER BY c.id");
    let mut found: Option<Found> = None;
    for (row, consent) in sql.all(db, read).await? {
        let found = found.get_or_insert(row);
        if let Some((consent, action)) = consent {
            stands(&mut found.consents, consent, &action);
        }
    }
    Ok(found)
}

fn read(columns: &mut Columns<'_>) -> std::result::Result<(Found, Option<(Consent, String)>), DbErr> {
    let mut found = Found {
        account_id: columns.take()?,
        authorisation: columns.take()?,
        person_id: columns.take()?,
        account_key_id: columns.take()?,
        account_key: columns.take()?,
        person: None,
        person_key: None,
        consents: Vec::new(),
    };
    let person = match columns.take::<Option<Uuid>>()? {
        Some(id) => Some(person(id, columns)?),
        None => {
            columns.skip(PERSON_COLUMNS);
            None
        }
    };
    let department = columns.take()?;
    found.person = person.map(|person| (person, department));
    found.person_key = columns.take()?;
    let consent = match columns.take::<Option<String>>()? {
        Some(purpose) => {
            let action = columns.take()?;
            let (notice_version, given_at) = (columns.take()?, Timestamp(columns.take()?));
            Some((Consent { purpose, notice_version, given_at }, action))
        }
        None => None,
    };
    Ok((found, consent))
}

/// After the id.
const PERSON_COLUMNS: usize = 14;

fn person(id: Uuid, columns: &mut Columns<'_>) -> std::result::Result<person::Model, DbErr> {
    let sealed = |value: Option<Vec<u8>>| value.map(Sealed);
    Ok(person::Model {
        id,
        version: columns.take()?,
        party: columns.take()?,
        department_id: columns.take()?,
        roles: columns.take()?,
        status: columns.take()?,
        key_id: columns.take()?,
        name_sealed: Sealed(columns.take()?),
        phone_sealed: sealed(columns.take()?),
        phone_bidx: columns.take()?,
        email_sealed: sealed(columns.take()?),
        employee_no_sealed: sealed(columns.take()?),
        employee_no_bidx: columns.take()?,
        created_at: Timestamp(columns.take()?),
        updated_at: Timestamp(columns.take()?),
    })
}
