//! The paths of classes: extract, one call, answer.

use actix_web::{HttpResponse, get, post};
use uuid::Uuid;

use super::model::code::CodePurpose;
use super::requests::{ClassAct, ClassQuery, CodeBody, CodeQuery, NewClass};
use super::service::{self, act, plan, sign_in};
use super::views::{ClassView, SignInCode};
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::http::{Act, IdempotencyKey, IfMatch, Json, Mounting, Path, Query, ok, ok_versioned};
use crate::kit::page::Page;

/// Classes, below `/api/v1`.
pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(list_classes)
        .service(propose_class)
        .service(show_class)
        .service(act_on_class)
        .service(show_sign_in_code)
        .service(sign_in_to_class)
        .service(sign_out_of_class);
}

/// Classes that the caller may see. Employees see what both sides have agreed on.
#[utoipa::path(
    tag = "培训班",
    operation_id = "list_classes",
    params(ClassQuery),
    responses((status = 200, body = Page<ClassView>), (status = 409, description = "NOT_SET_UP")),
)]
#[get("/training-sessions")]
async fn list_classes(ctx: Ctx, query: Query<ClassQuery>) -> Result<HttpResponse> {
    Ok(ok(&service::list(&ctx, &query).await?))
}

/// Propose a class (6.2): the vendor's lead or the client's manager; the other side agrees.
#[utoipa::path(
    tag = "培训班",
    operation_id = "propose_class",
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try")),
    request_body = NewClass,
    responses(
        (status = 201, body = ClassView, headers(("Location" = String), ("ETag" = String))),
        (status = 409, description = "NOT_SET_UP"),
    ),
)]
#[post("/training-sessions")]
async fn propose_class(ctx: Ctx, key: IdempotencyKey, body: Json<NewClass>) -> Result<HttpResponse> {
    plan::propose(&ctx, &key, body.into_inner()).await
}

/// One class; with roster and photos for those who may know who was there.
#[utoipa::path(
    tag = "培训班",
    operation_id = "show_class",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = ClassView, headers(("ETag" = String))),
        (status = 409, description = "NOT_SET_UP"),
    ),
)]
#[get("/training-sessions/{id}")]
async fn show_class(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    let shown = service::show(&ctx, *id).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Agree, decline, change, cancel; enrol, leave; start, mark somebody present, finish; sign the roster. Enrolling and
/// marking leave the version as it is.
#[utoipa::path(
    tag = "培训班",
    operation_id = "act_on_class",
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The version that the caller saw"),
    ),
    request_body = ClassAct,
    responses((status = 200, body = ClassView, headers(("ETag" = String)))),
)]
#[post("/training-sessions/{id}/actions")]
async fn act_on_class(
    ctx: Ctx,
    id: Path<Uuid>,
    version: IfMatch,
    body: Act<ClassAct>,
) -> Result<HttpResponse> {
    let shown = act::act(&ctx, *id, *version, body.0).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// The code for the trainer's screen: another one every ten seconds, taken for five seconds more.
#[utoipa::path(
    tag = "培训班",
    operation_id = "show_sign_in_code",
    params(("id" = Uuid, Path), CodeQuery),
    responses((status = 200, body = SignInCode), (status = 409, description = "ACTION_NOT_ALLOWED unless it runs")),
)]
#[get("/training-sessions/{id}/sign-in-code")]
async fn show_sign_in_code(ctx: Ctx, id: Path<Uuid>, query: Query<CodeQuery>) -> Result<HttpResponse> {
    Ok(ok(&sign_in::show_code(&ctx, *id, query.purpose).await?))
}

/// Sign in with the code in the room; again: nothing changes. Whoever was not enrolled may come too.
#[utoipa::path(
    tag = "培训班",
    operation_id = "sign_in_to_class",
    params(("id" = Uuid, Path)),
    request_body = CodeBody,
    responses(
        (status = 200, body = ClassView, headers(("ETag" = String))),
        (status = 409, description = "ACTION_NOT_ALLOWED unless it runs"),
        (status = 422, description = "SIGN_IN_CODE_STALE"),
    ),
)]
#[post("/training-sessions/{id}/sign-in")]
async fn sign_in_to_class(ctx: Ctx, id: Path<Uuid>, body: Json<CodeBody>) -> Result<HttpResponse> {
    let shown = sign_in::sign(&ctx, *id, CodePurpose::SignIn, &body.code).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Sign out with the code in the room; again: nothing changes.
#[utoipa::path(
    tag = "培训班",
    operation_id = "sign_out_of_class",
    params(("id" = Uuid, Path)),
    request_body = CodeBody,
    responses(
        (status = 200, body = ClassView, headers(("ETag" = String))),
        (status = 409, description = "ACTION_NOT_ALLOWED unless it runs and the caller signed in"),
        (status = 422, description = "SIGN_IN_CODE_STALE"),
    ),
)]
#[post("/training-sessions/{id}/sign-out")]
async fn sign_out_of_class(ctx: Ctx, id: Path<Uuid>, body: Json<CodeBody>) -> Result<HttpResponse> {
    let shown = sign_in::sign(&ctx, *id, CodePurpose::SignOut, &body.code).await?;
    Ok(ok_versioned(shown.version, &shown))
}
