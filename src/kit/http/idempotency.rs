//! The same submission twice has one effect. The key's row, the effect and the sealed answer are one
//! transaction: a crash leaves nothing, so a retry runs afresh, and a finished one is answered again.
//!
//! Keys and payloads are kept as keyed digests only; answers hold personal data and are sealed.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, LOCATION};
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QueryTrait, TryInsertResult};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::answer::etag;
use super::headers::IdempotencyKey;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Column;
use crate::kit::ctx::Ctx;
use crate::kit::db::{Db, WriteTx};
use crate::kit::error::{Code, Error, Result};

/// How long an answer can be had again.
const KEPT_SECONDS: i64 = 48 * 3600;

const RESPONSE: Column = Column::new("idempotency_keys", "response_sealed");

mod row {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub operation: String,
        pub key_digest: Vec<u8>,
        pub fingerprint: Vec<u8>,
        pub status: Option<i32>,
        pub response_sealed: Option<Sealed>,
        pub created_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What [`once`] gives back, under a name that services may use: they know no web framework.
pub type Answer = HttpResponse;

/// An answer that can be given again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stored {
    pub status: u16,
    pub location: Option<String>,
    pub etag: Option<i64>,
    pub body: Value,
}

impl Stored {
    /// 201 with its place, its version where it has one, and its body.
    ///
    /// # Errors
    /// The body cannot be written as JSON.
    pub fn created(
        location: impl Into<String>,
        version: impl Into<Option<i64>>,
        body: &impl Serialize,
    ) -> Result<Self> {
        let body = serde_json::to_value(body).map_err(|e| Error::new(Code::Internal).because(e))?;
        Ok(Self { status: 201, location: Some(location.into()), etag: version.into(), body })
    }

    fn answer(&self, replayed: bool) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = HttpResponse::build(status);
        if let Some(location) = &self.location {
            answer.insert_header((LOCATION, location.as_str()));
        }
        if let Some(version) = self.etag {
            answer.insert_header((ETAG, etag(version)));
        }
        if replayed {
            answer.insert_header(("idempotency-replayed", "true"));
        }
        if self.body.is_null() { answer.finish() } else { answer.json(&self.body) }
    }
}

/// Runs `effect` once for this account, operation and key; `payload` is what must be the same on a retry.
///
/// # Errors
/// 422 `IDEMPOTENCY_KEY_REUSED` for another payload, 409 `IDEMPOTENCY_IN_PROGRESS` while the first still
/// runs, and what the effect says: then nothing is kept.
pub async fn once<F>(
    ctx: &Ctx,
    operation: &'static str,
    key: &IdempotencyKey,
    payload: &[u8],
    effect: F,
) -> Result<HttpResponse>
where
    F: AsyncFnOnce(&WriteTx) -> Result<Stored>,
{
    let vault = &ctx.kit.vault;
    let id = ctx.kit.ids.fresh()?;
    let claim = Claim {
        id,
        account_id: ctx.actor.account_id,
        operation,
        key_digest: vault.digest("idempotency key", key.as_bytes()),
        fingerprint: vault.digest("idempotency payload", payload),
        now: ctx.now,
    };
    let tx = ctx.kit.db.write_tx().await?;
    if let Some(first) = claim.take(&tx).await? {
        // Nothing was written: the transaction ends here, and the first answer is opened outside it.
        drop(tx);
        return replay(ctx, &claim, &first).await;
    }
    let stored = effect(&tx).await?;
    let plain = serde_json::to_vec(&stored).map_err(|e| Error::new(Code::Internal).because(e))?;
    let sealed = vault.deployment_key(&*tx).await?.seal(RESPONSE, id, &plain)?;
    let answered = row::Entity::update_many()
        .col_expr(row::Column::Status, i32::from(stored.status).into())
        .col_expr(row::Column::ResponseSealed, sea_orm::Value::from(sealed.0).into())
        .filter(row::Column::Id.eq(id));
    tx.later(answered.build(tx.backend())).await;
    tx.commit().await?;
    Ok(stored.answer(false))
}

struct Claim {
    id: Uuid,
    account_id: Uuid,
    operation: &'static str,
    key_digest: Vec<u8>,
    fingerprint: Vec<u8>,
    now: Timestamp,
}

impl Claim {
    /// Inserts the row, or returns the row of whoever was first.
    async fn take(&self, tx: &WriteTx) -> Result<Option<row::Model>> {
        if self.insert(tx).await? {
            return Ok(None);
        }
        // PostgreSQL waited for the first to end, SQLite let it end before this began: what is not
        // there now has been rolled back in between, and the next try will find the place free.
        let first = row::Entity::find()
            .filter(row::Column::AccountId.eq(self.account_id))
            .filter(row::Column::Operation.eq(self.operation))
            .filter(row::Column::KeyDigest.eq(self.key_digest.clone()))
            .one(&**tx)
            .await?
            .ok_or_else(|| Error::new(Code::IdempotencyInProgress))?;
        if self.now.since(first.created_at) < KEPT_SECONDS * 1000 {
            return Ok(Some(first));
        }
        row::Entity::delete_by_id(first.id).exec(&**tx).await?;
        if self.insert(tx).await? { Ok(None) } else { Err(Error::new(Code::IdempotencyInProgress)) }
    }

    async fn insert(&self, tx: &WriteTx) -> Result<bool> {
        let row = row::ActiveModel {
            id: ActiveValue::Set(self.id),
            account_id: ActiveValue::Set(self.account_id),
            operation: ActiveValue::Set(self.operation.to_owned()),
            key_digest: ActiveValue::Set(self.key_digest.clone()),
            fingerprint: ActiveValue::Set(self.fingerprint.clone()),
            status: ActiveValue::Set(None),
            response_sealed: ActiveValue::Set(None),
            created_at: ActiveValue::Set(self.now),
        };
        let place = [row::Column::AccountId, row::Column::Operation, row::Column::KeyDigest];
        match row::Entity::insert(row).on_conflict_do_nothing_on(place).exec_without_returning(&**tx).await {
            Ok(TryInsertResult::Inserted(rows)) => Ok(rows > 0),
            Ok(TryInsertResult::Conflicted | TryInsertResult::Empty) => Ok(false),
            // The first holds its row longer than a write may wait.
            Err(e) if e.to_string().contains("lock timeout") => Err(Error::new(Code::IdempotencyInProgress)),
            Err(e) => Err(e.into()),
        }
    }
}

async fn replay(ctx: &Ctx, claim: &Claim, first: &row::Model) -> Result<HttpResponse> {
    if first.fingerprint != claim.fingerprint {
        return Err(Error::new(Code::IdempotencyKeyReused));
    }
    let sealed = first.response_sealed.as_ref().ok_or_else(|| Error::new(Code::IdempotencyInProgress))?;
    let key = ctx.kit.vault.deployment_key(ctx.kit.db.reader()).await?;
    let plain = key.open(RESPONSE, first.id, sealed)?;
    let stored: Stored =
        serde_json::from_slice(&plain).map_err(|_| Error::new(Code::Internal).because("stored answer"))?;
    Ok(stored.answer(true))
}

/// Deletes what is kept no longer; the worker calls it now and then.
///
/// # Errors
/// What the database says.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<u64> {
    let done = row::Entity::delete_many()
        .filter(row::Column::CreatedAt.lt(now.plus_seconds(-KEPT_SECONDS)))
        .exec(db.writer())
        .await?;
    Ok(done.rows_affected)
}
