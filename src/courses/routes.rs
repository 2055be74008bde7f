//! Courses as the vendor writes them, and the bytes that belong to them.

use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, get, patch, post};
use uuid::Uuid;

use super::requests::{
    AuthoringQuery, ContentQuery, CourseAct, CourseChange, ItemChange, NewCourse, NewItem, PreviewText,
};
use super::service::{article, content, courses, items, publish};
use super::views::{AuthoringCourse, AuthoringRow, DraftedArticle, Preview};
use crate::files::media;
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::http::{Act, IdempotencyKey, IfMatch, Json, Mounting, Path, Query, kit_of, ok, ok_versioned};
use crate::kit::page::Page;

pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(list_authoring)
        .service(show_authoring)
        .service(create_course)
        .service(preview_text)
        .service(change_course)
        .service(add_item)
        .service(change_item)
        .service(remove_item)
        .service(act_on_course)
        .service(draft_article)
        .service(read_content)
        .service(read_captions)
        .service(read_image);
}

/// Courses as they are written, the newest first.
#[utoipa::path(tag = "课程", operation_id = "list_authoring", params(AuthoringQuery),
    responses((status = 200, body = Page<AuthoringRow>)))]
#[get("/authoring/courses")]
async fn list_authoring(ctx: Ctx, query: Query<AuthoringQuery>) -> Result<HttpResponse> {
    Ok(ok(&courses::list(&ctx, &query).await?))
}

/// One course with everything that is written in it.
#[utoipa::path(tag = "课程", operation_id = "show_authoring", params(("id" = Uuid, Path)),
    responses((status = 200, body = AuthoringCourse, headers(("ETag" = String)))))]
#[get("/authoring/courses/{id}")]
async fn show_authoring(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    let shown = courses::show(&ctx, *id).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Begin a course (6.2); nobody but the vendor sees it before it is published.
#[utoipa::path(tag = "课程", operation_id = "create_course",
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try")),
    request_body = NewCourse,
    responses((status = 201, body = AuthoringCourse, headers(("Location" = String), ("ETag" = String)))))]
#[post("/courses")]
async fn create_course(ctx: Ctx, key: IdempotencyKey, body: Json<NewCourse>) -> Result<HttpResponse> {
    courses::create(&ctx, &key, body.into_inner()).await
}

/// How a text will look; nothing is stored. Pictures stand as their descriptions.
#[utoipa::path(tag = "课程", operation_id = "preview_text", request_body = PreviewText,
    responses((status = 200, body = Preview), (status = 422, description = "第几行不对")))]
#[post("/courses/preview")]
async fn preview_text(ctx: Ctx, body: Json<PreviewText>) -> Result<HttpResponse> {
    Ok(ok(&items::preview(&ctx, &body.body_md).await?))
}

/// Change what a draft says about itself.
#[utoipa::path(tag = "课程", operation_id = "change_course",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that the caller saw")),
    request_body = CourseChange,
    responses((status = 200, body = AuthoringCourse, headers(("ETag" = String)))))]
#[patch("/courses/{id}")]
async fn change_course(
    ctx: Ctx,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<CourseChange>,
) -> Result<HttpResponse> {
    let shown = courses::change(&ctx, *id, *seen, body.into_inner()).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Add an item to a draft.
#[utoipa::path(tag = "课程", operation_id = "add_item",
    params(
        ("id" = Uuid, Path),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try"),
        ("If-Match" = String, Header, description = "The version that the caller saw"),
    ),
    request_body = NewItem,
    responses((status = 201, body = AuthoringCourse, headers(("Location" = String), ("ETag" = String)))))]
#[post("/courses/{id}/items")]
async fn add_item(
    ctx: Ctx,
    id: Path<Uuid>,
    key: IdempotencyKey,
    seen: IfMatch,
    body: Json<NewItem>,
) -> Result<HttpResponse> {
    items::add(&ctx, &key, *id, *seen, body.into_inner()).await
}

/// Change an item of a draft; what was published stays as it was, and gets a next version.
#[utoipa::path(tag = "课程", operation_id = "change_item",
    params(
        ("id" = Uuid, Path),
        ("item_id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The course's version that the caller saw"),
    ),
    request_body = ItemChange,
    responses((status = 200, body = AuthoringCourse, headers(("ETag" = String)))))]
#[patch("/courses/{id}/items/{item_id}")]
async fn change_item(
    ctx: Ctx,
    ids: Path<(Uuid, Uuid)>,
    seen: IfMatch,
    body: Json<ItemChange>,
) -> Result<HttpResponse> {
    let shown = items::change(&ctx, ids.0.0, ids.0.1, *seen, body.into_inner()).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Take an item out of a draft.
#[utoipa::path(tag = "课程", operation_id = "remove_item",
    params(
        ("id" = Uuid, Path),
        ("item_id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The course's version that the caller saw"),
    ),
    responses((status = 200, body = AuthoringCourse, headers(("ETag" = String)))))]
#[delete("/courses/{id}/items/{item_id}")]
async fn remove_item(ctx: Ctx, ids: Path<(Uuid, Uuid)>, seen: IfMatch) -> Result<HttpResponse> {
    let shown = items::remove(&ctx, ids.0.0, ids.0.1, *seen).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Take a step: submit for review, return, approve, publish, withdraw, revise. Who edited last does not review.
#[utoipa::path(tag = "课程", operation_id = "act_on_course",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that the caller saw")),
    request_body = CourseAct,
    responses(
        (status = 200, body = AuthoringCourse, headers(("ETag" = String))),
        (status = 409, description = "ACTION_NOT_ALLOWED，附 allowed_actions"),
    ))]
#[post("/courses/{id}/actions")]
async fn act_on_course(
    ctx: Ctx,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Act<CourseAct>,
) -> Result<HttpResponse> {
    let shown = publish::act(&ctx, *id, *seen, body.0).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Make a draft article of a closed ticket, without the people: names, phones, mail addresses and numbers are taken
/// out. It becomes an item of the course `faq`, which is reviewed like any other.
#[utoipa::path(tag = "课程", operation_id = "draft_article",
    params(
        ("id" = Uuid, Path),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try"),
    ),
    responses((status = 201, body = DraftedArticle, headers(("Location" = String), ("ETag" = String)))))]
#[post("/tickets/{id}/article")]
async fn draft_article(ctx: Ctx, id: Path<Uuid>, key: IdempotencyKey) -> Result<HttpResponse> {
    article::write(&ctx, &key, *id).await
}

/// The caller, unless a link speaks for them.
async fn caller(req: &HttpRequest, query: &ContentQuery) -> Result<Option<Ctx>> {
    match query.t {
        Some(_) => Ok(None),
        None => Ctx::extract(req).await.map(Some),
    }
}

/// The bytes of a video, a sound or a document. One range is honoured; several, or other units, give the whole.
#[utoipa::path(tag = "课程", operation_id = "read_content",
    params(("id" = Uuid, Path), ContentQuery, ("Range" = Option<String>, Header)),
    responses(
        (status = 200, description = "全部内容", content_type = "application/octet-stream"),
        (status = 206, description = "所请求的一段", content_type = "application/octet-stream"),
        (status = 304, description = "没有变化"),
        (status = 416, description = "RANGE_NOT_SATISFIABLE"),
    ))]
#[get("/materials/{id}/content")]
async fn read_content(req: HttpRequest, id: Path<Uuid>, query: Query<ContentQuery>) -> Result<HttpResponse> {
    let (kit, ctx) = (kit_of(&req)?, caller(&req, &query).await?);
    let bytes = content::medium(&kit, ctx.as_ref(), kit.clock.now(), *id, &query).await?;
    media::answer(&kit, bytes.medium, &bytes.title, req.headers()).await
}

/// The captions of what plays, as WebVTT.
#[utoipa::path(tag = "课程", operation_id = "read_captions",
    params(("id" = Uuid, Path), ContentQuery),
    responses((status = 200, description = "WebVTT", content_type = "text/vtt")))]
#[get("/materials/{id}/captions")]
async fn read_captions(req: HttpRequest, id: Path<Uuid>, query: Query<ContentQuery>) -> Result<HttpResponse> {
    let (kit, ctx) = (kit_of(&req)?, caller(&req, &query).await?);
    let text = content::captions(&kit, ctx.as_ref(), kit.clock.now(), *id, &query).await?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/vtt; charset=utf-8")).body(text))
}

/// A picture of a text, named by the digest of its content.
#[utoipa::path(tag = "课程", operation_id = "read_image",
    params(("id" = Uuid, Path), ("digest" = String, Path, min_length = 64, max_length = 64), ContentQuery),
    responses((status = 200, description = "图片", content_type = "application/octet-stream"), (status = 304, description = "没有变化")))]
#[get("/materials/{id}/images/{digest}")]
async fn read_image(
    req: HttpRequest,
    at: Path<(Uuid, String)>,
    query: Query<ContentQuery>,
) -> Result<HttpResponse> {
    let (kit, ctx) = (kit_of(&req)?, caller(&req, &query).await?);
    let bytes = content::image(&kit, ctx.as_ref(), kit.clock.now(), at.0.0, &at.0.1, &query).await?;
    media::answer(&kit, bytes.medium, &bytes.title, req.headers()).await
}
