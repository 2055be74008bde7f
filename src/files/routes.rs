//! `POST /attachments`, `GET /attachments/{id}`, and the resumable `/uploads`.

use std::ops::Range;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::body::SizedStream;
use actix_web::http::header::{self, ContentEncoding, HeaderMap};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use futures_util::{StreamExt, stream};
use utoipa::ToSchema;
use uuid::Uuid;

use super::download::{self, Opened};
use super::intake::{Checked, Intake};
use super::model::Purpose;
use super::sealed::Reader;
use super::views::{AttachmentView, NewUpload, UploadView};
use super::{Gate, model, upload, uploads};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::edge::POLICY;
use crate::kit::http::{IdempotencyKey, Json, Mounting, Path};

const UPLOAD_OFFSET: &str = "upload-offset";

pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(upload_attachment)
        .service(read_attachment)
        .service(begin_upload)
        .service(show_upload)
        .service(continue_upload);
}

/// The one field of the form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to the OpenAPI document")]
struct UploadForm {
    /// JPG, PNG, WebP, PDF up to 20 MiB; MP4, MOV up to 100 MiB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a file; it hangs on nothing until a ticket or a message names it, and is dropped after a day.
#[utoipa::path(tag = "附件", operation_id = "upload_attachment",
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 255)),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = AttachmentView, headers(("Location" = String))),
        (status = 413, description = "ATTACHMENT_TOO_LARGE"),
        (status = 415, description = "ATTACHMENT_TYPE"),
        (status = 422, description = "ATTACHMENT_BROKEN"),
        (status = 507, description = "STORAGE_FULL"),
    ))]
#[post("/attachments")]
async fn upload_attachment(ctx: Ctx, key: IdempotencyKey, form: Multipart) -> Result<HttpResponse> {
    upload::admit(&ctx).await?;
    let checked = receive(&ctx, form).await?;
    upload::keep(&ctx, &key, checked).await
}

/// The bytes of an attachment. One range is honoured; several, or other units, give the whole.
#[utoipa::path(tag = "附件", operation_id = "read_attachment",
    params(("id" = Uuid, Path), ("Range" = Option<String>, Header)),
    responses(
        (status = 200, description = "全部内容", content_type = "application/octet-stream"),
        (status = 206, description = "所请求的一段", content_type = "application/octet-stream"),
        (status = 304, description = "没有变化"),
        (status = 416, description = "RANGE_NOT_SATISFIABLE"),
    ))]
#[get("/attachments/{id}")]
async fn read_attachment(
    ctx: Ctx,
    id: Path<Uuid>,
    gate: Data<Gate>,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let opened = download::open(&ctx, &gate, *id).await?;
    answer(opened, req.headers()).await
}

/// Announce a file for a course; its bytes follow with `PATCH`. What is not finished within 24 hours is dropped.
#[utoipa::path(tag = "课程", operation_id = "begin_upload",
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 255)),
    request_body = NewUpload,
    responses(
        (status = 201, body = UploadView, headers(("Location" = String))),
        (status = 413, description = "ATTACHMENT_TOO_LARGE"),
        (status = 415, description = "ATTACHMENT_TYPE"),
    ))]
#[post("/uploads")]
async fn begin_upload(ctx: Ctx, key: IdempotencyKey, body: Json<NewUpload>) -> Result<HttpResponse> {
    uploads::begin(&ctx, &key, body.into_inner()).await
}

/// How far an upload got; `HEAD` gives the header `Upload-Offset` alone.
#[utoipa::path(tag = "课程", operation_id = "show_upload",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = UploadView, headers(("Upload-Offset" = i64)))))]
#[get("/uploads/{id}")]
async fn show_upload(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    let view = uploads::show(&ctx, *id).await?;
    Ok(HttpResponse::Ok().insert_header((UPLOAD_OFFSET, view.offset.to_string())).json(&view))
}

/// The next bytes of an upload, as many as you like; what arrived counts even when the connection breaks. With the
/// last byte the whole is looked at: what is not what it says it is is refused and dropped.
#[utoipa::path(tag = "课程", operation_id = "continue_upload",
    params(
        ("id" = Uuid, Path),
        ("Upload-Offset" = i64, Header, description = "Where these bytes begin: what `show_upload` says", minimum = 0),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses(
        (status = 204, description = "已收到", headers(("Upload-Offset" = i64))),
        (status = 409, description = "UPLOAD_OFFSET_WRONG，`offset` 是应继续的位置"),
        (status = 413, description = "ATTACHMENT_TOO_LARGE"),
        (status = 415, description = "ATTACHMENT_TYPE"),
        (status = 422, description = "ATTACHMENT_BROKEN"),
        (status = 507, description = "STORAGE_FULL"),
    ))]
#[patch("/uploads/{id}")]
async fn continue_upload(ctx: Ctx, id: Path<Uuid>, req: HttpRequest, body: Payload) -> Result<HttpResponse> {
    let offset = req.headers().get(UPLOAD_OFFSET).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    let missing =
        || Error::new(Code::HeaderMissing).detail("请求缺少 Upload-Offset").because("Upload-Offset");
    let view = uploads::receive(&ctx, *id, offset.ok_or_else(missing)?, body).await?;
    Ok(HttpResponse::NoContent().insert_header((UPLOAD_OFFSET, view.offset.to_string())).finish())
}

pub(super) async fn receive(ctx: &Ctx, mut form: Multipart) -> Result<Checked> {
    let mut checked = None;
    while let Some(field) = form.next().await {
        let field = field.map_err(|e| unreadable(&e))?;
        let name = field.name().unwrap_or_default();
        if name != "file" {
            return Err(Error::field("body", "UNKNOWN_FIELD", "表单只能有一个名为 file 的文件"));
        }
        if checked.is_some() {
            return Err(Error::field("file", "TOO_MANY", "一次只能上传一个文件"));
        }
        checked = Some(receive_file(ctx, field).await?);
    }
    checked.ok_or_else(|| Error::field("file", "REQUIRED", "请选择文件"))
}

async fn receive_file(ctx: &Ctx, mut field: Field) -> Result<Checked> {
    let name = field.content_disposition().and_then(|d| d.get_filename()).unwrap_or_default().to_owned();
    let declared = field.content_type().map(|mime| mime.essence_str().to_owned());
    let mut intake = Intake::begin(&ctx.kit, Purpose::Attachment, &name, declared.as_deref()).await?;
    while let Some(bytes) = field.next().await {
        intake.push(&bytes.map_err(|e| unreadable(&e))?).await?;
    }
    intake.finish(&ctx.kit).await
}

fn unreadable(err: &MultipartError) -> Error {
    let because = match err {
        MultipartError::Incomplete => "multipart body was cut",
        MultipartError::Payload(_) => "multipart payload failed",
        _ => "multipart body is malformed",
    };
    Error::new(Code::BadRequest).because(because)
}

/// Something that its reader may have.
pub(super) struct Served {
    pub media_type: String,
    pub name: String,
    /// In hex, of the whole.
    pub sha256: String,
    pub reader: Reader,
}

impl From<Opened> for Served {
    fn from(Opened { view, reader }: Opened) -> Self {
        Self { media_type: view.media_type, name: view.name, sha256: view.sha256, reader }
    }
}

pub(super) async fn answer(served: impl Into<Served>, asked: &HeaderMap) -> Result<HttpResponse> {
    let Served { media_type, name, sha256, mut reader } = served.into();
    let size = reader.size();
    // The content of an id never changes.
    let etag = format!("\"{}\"", sha256.get(..32).unwrap_or_default());
    let text = |name| asked.get(name).and_then(|v: &header::HeaderValue| v.to_str().ok());
    if text(header::IF_NONE_MATCH).is_some_and(|tags| tags == "*" || tags.contains(&etag)) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    let same = text(header::IF_RANGE).is_none_or(|tag| tag == etag);
    let part = match text(header::RANGE).filter(|_| same) {
        Some(range) => model::range(range, size)?,
        None => None,
    };
    let mut answer = if part.is_some() { HttpResponse::PartialContent() } else { HttpResponse::Ok() };
    if let Some(part) = &part {
        let range = format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1));
        answer.insert_header((header::CONTENT_RANGE, range));
    }
    let part = part.unwrap_or(0..size);
    // A file that was cut or begins wrongly is found before anything is sent.
    reader.check_end().await?;
    let first = reader.next(&part).await?;
    Ok(answer
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, model::disposition(&name)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, format!("{POLICY}; sandbox")))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::ETAG, etag))
        .insert_header(ContentEncoding::Identity)
        .body(SizedStream::new(part.end - part.start, flow(reader, part, first))))
}

/// The rest of `part` after `first`, a chunk at a time and only as fast as the client takes it.
fn flow(reader: Reader, part: Range<u64>, first: Vec<u8>) -> impl stream::Stream<Item = Result<Bytes>> {
    let rest = part.start + first.len() as u64..part.end;
    let begin = stream::once(async move { Ok(Bytes::from(first)) });
    begin.chain(stream::try_unfold((reader, rest), |(mut reader, rest)| async move {
        if rest.start >= rest.end {
            return Ok(None);
        }
        let bytes = reader.next(&rest).await?;
        let rest = rest.start + bytes.len() as u64..rest.end;
        Ok(Some((Bytes::from(bytes), (reader, rest))))
    }))
}
