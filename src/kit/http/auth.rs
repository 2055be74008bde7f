//! Who is calling. [`Ctx`] as an extractor: a bearer token leads to a live session, and the session alone
//! authorises; a token without its session is worth nothing. Authorisation itself is the services'.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::RequestMeta;
use crate::kit::Kit;
use crate::kit::actor::Actor;
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};

impl FromRequest for Ctx {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let kit = kit_of(req);
        let token = bearer(req);
        let meta = RequestMeta::of(req);
        Box::pin(async move {
            let kit = kit?;
            let now = meta.map_or_else(|| kit.clock.now(), |m| m.now);
            let request_id = meta.map_or(Uuid::nil(), |m| m.request_id);
            let actor = actor_of(&kit, &token?, now).await?;
            Ok(Self { kit, actor, request_id, now })
        })
    }
}

/// The machinery of this thread.
///
/// # Errors
/// The application was assembled without it.
pub fn kit_of(req: &HttpRequest) -> Result<Arc<Kit>> {
    req.app_data::<Data<Arc<Kit>>>()
        .map(|kit| Arc::clone(kit.get_ref()))
        .ok_or_else(|| Error::new(Code::Internal).because("no Kit in app data"))
}

fn bearer(req: &HttpRequest) -> Result<String> {
    let missing = || Error::new(Code::LoginRequired);
    let mut values = req.headers().get_all(header::AUTHORIZATION);
    let value = values.next().ok_or_else(missing)?.to_str().map_err(|_| missing())?;
    if values.next().is_some() {
        return Err(missing());
    }
    let (scheme, token) = value.split_once(' ').ok_or_else(missing)?;
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() {
        Ok(token.to_owned())
    } else {
        Err(missing())
    }
}

async fn actor_of(kit: &Kit, token: &str, now: Timestamp) -> Result<Actor> {
    let claims = kit.tokens.check_access(token, now)?;
    let session = claims.session()?;
    match kit.sessions.find(&session, now).await? {
        Some(live) if live.actor.account_id == claims.sub => Ok(live.actor),
        _ => Err(Error::new(Code::SessionEnded)),
    }
}
