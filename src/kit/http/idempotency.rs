//! idempotency (stand-in until its branch lands)

use actix_web::HttpResponse;

use super::IdempotencyKey;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;

#[derive(Debug)]
pub struct Stored {
    pub status: u16,
    pub location: Option<String>,
    pub etag: Option<i64>,
    pub body: serde_json::Value,
}

pub async fn once(
    ctx: &Ctx,
    _operation: &'static str,
    _key: &IdempotencyKey,
    _payload: &[u8],
    effect: impl AsyncFnOnce(&WriteTx) -> Result<Stored>,
) -> Result<HttpResponse> {
    let tx = ctx.kit.db.write_tx().await?;
    let stored = effect(&tx).await?;
    tx.commit().await?;
    Ok(HttpResponse::Created().json(stored.body))
}
