//! Accounts, their consents, and the invitations that bind them.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QueryTrait,
};
use uuid::Uuid;

use super::super::entity::{account, consent, invitation};
use super::super::views::Consent;
use crate::kit::clock::Timestamp;
use crate::kit::db::WriteTx;
use crate::kit::db::constraint::Unique;
use crate::kit::error::{Code, Error, Result};

const SUBJECT_KEY: Unique = Unique { columns: "accounts.subject_bidx", name: "accounts_subject_key" };
const PERSON_KEY: Unique = Unique { columns: "accounts.person_id", name: "accounts_person_key" };

pub async fn account(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>> {
    Ok(account::Entity::find_by_id(id).one(db).await?)
}

/// The account that is bound to the person.
pub async fn account_of(db: &impl ConnectionTrait, person: Uuid) -> Result<Option<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::PersonId.eq(person)).one(db).await?)
}

/// False when another transaction made an account for the same subject first; then `tx` is spent.
pub async fn add_account(tx: &impl ConnectionTrait, row: account::Model) -> Result<bool> {
    match account::Entity::insert(row.into_active_model()).exec_without_returning(tx).await {
        Ok(_) => Ok(true),
        Err(err) if SUBJECT_KEY.violated_by(&err) => Ok(false),
        Err(err) => Err(err.into()),
    }
}

/// With whatever else waits in the transaction.
pub async fn touch_account(tx: &WriteTx, id: Uuid, now: Timestamp) {
    let update = account::Entity::update_many().col_expr(account::Column::LastLoginAt, Expr::value(now));
    tx.later(update.filter(account::Column::Id.eq(id)).build(tx.backend())).await;
}

/// Binds an account that is free to a person who is; false when one of them is not. Then `tx` is spent.
pub async fn bind_account(tx: &impl ConnectionTrait, id: Uuid, person: Uuid) -> Result<bool> {
    let bound = account::Entity::update_many()
        .col_expr(account::Column::PersonId, Expr::value(person))
        .col_expr(account::Column::Authorisation, Expr::col(account::Column::Authorisation).add(1))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::PersonId.is_null())
        .exec(tx)
        .await;
    match bound {
        Ok(done) => Ok(done.rows_affected == 1),
        Err(err) if PERSON_KEY.violated_by(&err) => Ok(false),
        Err(err) => Err(err.into()),
    }
}

/// The account is nobody's again.
pub async fn unbind_account(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    account::Entity::update_many()
        .col_expr(account::Column::PersonId, Expr::value(Option::<Uuid>::None))
        .col_expr(account::Column::Authorisation, Expr::col(account::Column::Authorisation).add(1))
        .filter(account::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Every change of what an account may do counts one up, in the transaction of the change.
pub async fn advance_authorisation(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    account::Entity::update_many()
        .col_expr(account::Column::Authorisation, Expr::col(account::Column::Authorisation).add(1))
        .filter(account::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// The consents that stand: of each purpose the last row, unless it withdraws.
pub async fn standing_consents(db: &impl ConnectionTrait, account: Uuid) -> Result<Vec<Consent>> {
    let query = consent::Entity::find().filter(consent::Column::AccountId.eq(account));
    let mut standing: Vec<Consent> = Vec::new();
    for row in query.order_by_asc(consent::Column::Id).all(db).await? {
        let consent = Consent { purpose: row.purpose, notice_version: row.notice_version, given_at: row.at };
        stands(&mut standing, consent, &row.action);
    }
    Ok(standing)
}

/// What stands after one more row, in the order of their ids.
pub(super) fn stands(standing: &mut Vec<Consent>, consent: Consent, action: &str) {
    standing.retain(|c| c.purpose != consent.purpose);
    if action == "given" {
        standing.push(consent);
    }
}

pub async fn add_consent(
    tx: &impl ConnectionTrait,
    id: Uuid,
    account_id: Uuid,
    (purpose, version, action): (&str, &str, &str),
    now: Timestamp,
) -> Result<()> {
    let row = consent::Model {
        id,
        account_id,
        purpose: purpose.to_owned(),
        notice_version: version.to_owned(),
        action: action.to_owned(),
        at: now,
    };
    consent::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn invitation(db: &impl ConnectionTrait, digest: &[u8]) -> Result<Option<invitation::Model>> {
    let query = invitation::Entity::find().filter(invitation::Column::CodeDigest.eq(digest.to_vec()));
    Ok(query.one(db).await?)
}

/// Spends the invitation; false when there is none, it was spent before, or it has run out.
pub async fn use_invitation(tx: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<bool> {
    let used = invitation::Entity::update_many()
        .col_expr(invitation::Column::UsedAt, Expr::value(now))
        .filter(invitation::Column::Id.eq(id))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .exec(tx)
        .await?;
    Ok(used.rows_affected == 1)
}

/// The person's open invitations run out now.
pub async fn drop_invitations(tx: &impl ConnectionTrait, person: Uuid, now: Timestamp) -> Result<()> {
    invitation::Entity::update_many()
        .col_expr(invitation::Column::ExpiresAt, Expr::value(now))
        .filter(invitation::Column::PersonId.eq(person))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .exec(tx)
        .await?;
    Ok(())
}

const CODE_KEY: Unique = Unique { columns: "invitations.code_digest", name: "invitations_code_key" };

pub async fn add_invitation(tx: &impl ConnectionTrait, row: invitation::Model) -> Result<()> {
    match invitation::Entity::insert(row.into_active_model()).exec_without_returning(tx).await {
        Ok(_) => Ok(()),
        // Random codes do not repeat; a chosen one of the demo may.
        Err(err) if CODE_KEY.violated_by(&err) => Err(Error::new(Code::IdempotencyKeyReused)
            .detail("这个邀请码已经发放过")
            .because("invitation repeated")),
        Err(err) => Err(err.into()),
    }
}
