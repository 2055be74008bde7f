//! The paths of learning: extract, one call, answer.

use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

use super::requests::{CourseQuery, CoverageQuery, LearnerQuery, ProgressBody, SubmitBody};
use super::service::{attempts, beats, certificates, courses, coverage, materials};
use super::views::{
    Attempt, Certificate, CertificateCheck, CourseSummary, CourseView, Coverage, Learner, Material, Progress,
    ResultView, WrongAnswer,
};
use crate::kit::Kit;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::edge::POLICY;
use crate::kit::http::{IdempotencyKey, Json, Mounting, Path, Query, ok};
use crate::kit::page::Page;
use crate::ledger::hex;

/// Learning, below `/api/v1`.
pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(list_courses)
        .service(show_course)
        .service(show_material)
        .service(report_progress)
        .service(begin_attempt)
        .service(show_attempt)
        .service(submit_attempt)
        .service(list_wrong_answers)
        .service(list_certificates)
        .service(check_certificate)
        .service(verify_page)
        .service(show_coverage)
        .service(list_learners);
}

/// 200 with a tag of the content, or 304 for who has it already.
fn tagged<T: serde::Serialize>(req: &HttpRequest, body: &T) -> Result<HttpResponse> {
    let bytes = serde_json::to_vec(body).map_err(|e| Error::new(Code::Internal).because(e))?;
    let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
    let tag = format!("\"{}\"", hex(digest.as_ref().get(..16).unwrap_or_default()));
    let known = req.headers().get(IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|k| k.trim().trim_start_matches("W/") == tag)) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).content_type("application/json").body(bytes))
}

/// The courses in force, by subject and title, each with the caller's progress.
#[utoipa::path(
    tag = "学习",
    operation_id = "list_courses",
    params(CourseQuery, ("If-None-Match" = Option<String>, Header)),
    responses(
        (status = 200, body = Page<CourseSummary>, headers(("ETag" = String))),
        (status = 304, description = "没有变化"),
    ),
)]
#[get("/courses")]
async fn list_courses(ctx: Ctx, query: Query<CourseQuery>, req: HttpRequest) -> Result<HttpResponse> {
    tagged(&req, &courses::list(&ctx, &query).await?)
}

/// One course with its items and the caller's progress.
#[utoipa::path(
    tag = "学习",
    operation_id = "show_course",
    params(("id" = Uuid, Path), ("If-None-Match" = Option<String>, Header)),
    responses(
        (status = 200, body = CourseView, headers(("ETag" = String))),
        (status = 304, description = "没有变化"),
    ),
)]
#[get("/courses/{id}")]
async fn show_course(ctx: Ctx, id: Path<Uuid>, req: HttpRequest) -> Result<HttpResponse> {
    tagged(&req, &courses::show(&ctx, *id).await?)
}

/// A material to read or play, with what the caller has seen of it; of a quiz how the caller stands. Its questions are
/// drawn by `begin_attempt`.
#[utoipa::path(
    tag = "学习",
    operation_id = "show_material",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Material)),
)]
#[get("/materials/{id}")]
async fn show_material(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    Ok(ok(&materials::show(&ctx, *id).await?))
}

/// What was watched or read since the last beat: one beat, or a list of those that a bad network kept back.
///
/// Beat 1 opens the player and takes over from any other of the person. A player earns twice the time that passes on
/// the server's clock and spends what it claims; what is beyond is cut off. A beat that was taken before changes nothing.
#[utoipa::path(
    tag = "学习",
    operation_id = "report_progress",
    params(("id" = Uuid, Path)),
    request_body = ProgressBody,
    responses(
        (status = 200, body = Progress),
        (status = 409, description = "PLAYER_ELSEWHERE until this player opens again with beat 1"),
    ),
)]
#[post("/materials/{id}/progress")]
async fn report_progress(ctx: Ctx, id: Path<Uuid>, body: Json<ProgressBody>) -> Result<HttpResponse> {
    Ok(ok(&beats::take(&ctx, *id, &body).await?))
}

/// Draw a paper; while one is open it is answered again with 200. Answers stand in the result only.
#[utoipa::path(
    tag = "测验",
    operation_id = "begin_attempt",
    params(
        ("id" = Uuid, Path),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try"),
    ),
    responses(
        (status = 200, body = Attempt),
        (status = 201, body = Attempt, headers(("Location" = String))),
        (status = 409, description = "ATTEMPTS_USED_UP with next_attempt_at"),
    ),
)]
#[post("/quizzes/{id}/attempts")]
async fn begin_attempt(ctx: Ctx, id: Path<Uuid>, key: IdempotencyKey) -> Result<HttpResponse> {
    attempts::begin(&ctx, &key, *id).await
}

/// One's own attempt; with its result once it was submitted.
#[utoipa::path(
    tag = "测验",
    operation_id = "show_attempt",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Attempt)),
)]
#[get("/attempts/{id}")]
async fn show_attempt(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    Ok(ok(&attempts::show(&ctx, *id).await?))
}

/// Hand the paper in. Once more: the same result, whatever is sent.
#[utoipa::path(
    tag = "测验",
    operation_id = "submit_attempt",
    params(("id" = Uuid, Path)),
    request_body = SubmitBody,
    responses((status = 200, body = ResultView)),
)]
#[post("/attempts/{id}/submit")]
async fn submit_attempt(ctx: Ctx, id: Path<Uuid>, body: Json<SubmitBody>) -> Result<HttpResponse> {
    Ok(ok(&attempts::submit(&ctx, *id, body.into_inner()).await?))
}

/// Questions that the caller answered wrongly the last time they met them.
#[utoipa::path(
    tag = "测验",
    operation_id = "list_wrong_answers",
    responses((status = 200, body = Page<WrongAnswer>)),
)]
#[get("/me/wrong-answers")]
async fn list_wrong_answers(ctx: Ctx) -> Result<HttpResponse> {
    Ok(ok(&attempts::wrong(&ctx).await?))
}

/// The caller's certificates, the latest first.
#[utoipa::path(
    tag = "证书",
    operation_id = "list_certificates",
    responses((status = 200, body = Page<Certificate>)),
)]
#[get("/me/certificates")]
async fn list_certificates(ctx: Ctx) -> Result<HttpResponse> {
    Ok(ok(&certificates::mine(&ctx).await?))
}

/// Whether a certificate is real. Anybody who was shown its code may ask; hyphens and small letters do not matter.
#[utoipa::path(
    tag = "证书",
    operation_id = "check_certificate",
    security(()),
    params(("check_code" = String, Path, max_length = 40)),
    responses((status = 200, body = CertificateCheck), (status = 404, description = "NOT_FOUND")),
)]
#[get("/certificates/{check_code}")]
async fn check_certificate(kit: Data<Arc<Kit>>, check_code: Path<String>) -> Result<HttpResponse> {
    Ok(ok(&certificates::check(&kit, &check_code).await?))
}

/// The same as a page to look at.
#[utoipa::path(
    tag = "证书",
    operation_id = "verify_page",
    security(()),
    params(("check_code" = String, Path, max_length = 40)),
    responses(
        (status = 200, description = "一页说明", content_type = "text/html"),
        (status = 404, description = "NOT_FOUND"),
    ),
)]
#[get("/verify/{check_code}")]
async fn verify_page(kit: Data<Arc<Kit>>, check_code: Path<String>) -> Result<HttpResponse> {
    let check = certificates::check(&kit, &check_code).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, VERIFY_POLICY.as_str()))
        .body(page(&check)))
}

const STYLE: &str = include_str!("verify.css");

/// As for every answer, and this one style.
static VERIFY_POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = ring::digest::digest(&ring::digest::SHA256, STYLE.as_bytes());
    format!("{POLICY}; style-src 'sha256-{}'", STANDARD.encode(digest))
});

/// Without scripts, pictures and anything that would have to be fetched.
fn page(check: &CertificateCheck) -> String {
    let company = check.company.as_deref().unwrap_or("—");
    let newer = if check.has_new { "<p>此后课程有更新，证书仍然有效。</p>" } else { "" };
    let lines = [
        ("持有人", check.initials.as_str()),
        ("单位", company),
        ("课程", check.course_title.as_str()),
        ("类别", check.category.title()),
        ("版次", &format!("第 {} 版", check.edition)),
        ("颁发日期", &check.issued_on.to_string()),
        ("校验码", &in_fours(&check.check_code)),
    ];
    let line = |(name, value)| format!("<div><dt>{name}</dt><dd>{}</dd></div>", escaped(value));
    let lines = lines.map(line).concat();
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>培训证书校验</title>\
         <style>{STYLE}</style></head>\
         <body><main><h1>证书有效</h1><dl>{lines}</dl>{newer}\
         <p>只显示姓名的第一个字。以上内容由履约台的证书记录给出。</p></main></body></html>"
    )
}

/// As people read a code aloud.
fn in_fours(code: &str) -> String {
    let parts: Vec<String> = code.chars().collect::<Vec<_>>().chunks(4).map(|c| c.iter().collect()).collect();
    parts.join("-")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Per subject and department: planned, held and attended classes, who began and who is done, quizzes, who is late
/// (6.2). With `Accept: text/csv` as a table for a spreadsheet.
#[utoipa::path(
    tag = "培训统计",
    operation_id = "show_coverage",
    params(CoverageQuery),
    responses((status = 200, content((Coverage = "application/json"), (String = "text/csv")))),
)]
#[get("/training/coverage")]
async fn show_coverage(ctx: Ctx, query: Query<CoverageQuery>, req: HttpRequest) -> Result<HttpResponse> {
    let accept = req.headers().get(ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if accept.starts_with("text/csv") {
        let table = coverage::report_csv(&ctx, &query).await?;
        return Ok(HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"training-coverage.csv\""))
            .body(table));
    }
    Ok(ok(&coverage::report(&ctx, &query).await?))
}

/// How far each person is with what is mandatory for them: for the client's managers and auditors.
#[utoipa::path(
    tag = "培训统计",
    operation_id = "list_learners",
    params(LearnerQuery),
    responses((status = 200, body = Page<Learner>)),
)]
#[get("/training/people")]
async fn list_learners(ctx: Ctx, query: Query<LearnerQuery>) -> Result<HttpResponse> {
    Ok(ok(&coverage::learners(&ctx, &query).await?))
}
