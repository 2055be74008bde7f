//! What every operation of the OpenAPI document has in common: the bearer token, and the problems that any
//! request can meet. Features say only what is special about theirs: their own answers, and in `params(..)`
//! the type behind `Query<..>` (which is not found by itself) and the headers `If-Match` and `Idempotency-Key`.

use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, Content, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Response,
    ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use super::problem::{self, ProblemBody};
use crate::kit::error::FieldError;

const BEARER: &str = "bearer";

/// The document before the features add their paths.
#[must_use]
pub fn begun() -> OpenApi {
    let mut schemas = vec![(ProblemBody::name().into_owned(), ProblemBody::schema())];
    <ProblemBody<'_> as ToSchema>::schemas(&mut schemas);
    schemas.push((FieldError::name().into_owned(), FieldError::schema()));
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(
            BEARER,
            SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build()),
        )
        .build();
    let info = InfoBuilder::new().title("履约台 API").version(env!("CARGO_PKG_VERSION")).build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// Adds to every operation what it has in common with the others.
#[must_use]
pub fn finished(mut document: OpenApi) -> OpenApi {
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            complete(operation);
        }
    }
    document
}

fn complete(operation: &mut Operation) {
    let bearer = || vec![SecurityRequirement::new(BEARER, Vec::<String>::new())];
    let public =
        operation.security.get_or_insert_with(bearer).iter().all(|s| *s == SecurityRequirement::default());
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    let takes = |place: ParameterIn, name: Option<&str>| {
        parameters.iter().any(|p| match p {
            RefOr::T(p) => p.parameter_in == place && name.is_none_or(|n| p.name.eq_ignore_ascii_case(n)),
            RefOr::Ref(_) => false,
        })
    };
    let body = operation.request_body.is_some();
    let (version, key) =
        (takes(ParameterIn::Header, Some("if-match")), takes(ParameterIn::Header, Some("idempotency-key")));
    let query = takes(ParameterIn::Query, None);
    let mut common: Vec<(u16, &str)> = vec![
        (408, "没有在时限内收完"),
        (429, "太频繁，见 Retry-After"),
        (500, "我们的故障"),
        (503, "正忙，见 Retry-After"),
    ];
    let mut also = |when: bool, more: &[(u16, &'static str)]| {
        if when {
            common.extend_from_slice(more);
        }
    };
    also(
        !public,
        &[(401, "没有、过期或已结束的登录"), (403, "看得见但不允许"), (428, "还缺同意，或缺 If-Match")],
    );
    also(takes(ParameterIn::Path, None), &[(404, "不存在，或无权看见")]);
    also(body || key || version || query, &[(400, "请求无法解析")]);
    also(body || query || key, &[(422, "有字段不对，见 errors")]);
    also(body, &[(413, "内容太大"), (415, "内容格式不支持")]);
    also(version, &[(412, "版本已旧"), (409, "当前状态不允许"), (428, "缺 If-Match，或还缺同意")]);
    also(key, &[(409, "同一次提交正在处理")]);
    for (status, description) in common {
        operation
            .responses
            .responses
            .entry(status.to_string())
            .or_insert_with(|| described(description).into());
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
            && (response.content.is_empty() || response.content.values().all(is_problem))
        {
            // Under its own media type, whichever the macro wrote.
            response.content = described("").content;
        }
    }
}

fn is_problem(content: &RefOr<Content>) -> bool {
    let RefOr::T(content) = content else { return false };
    let problem = Ref::from_schema_name(ProblemBody::name()).ref_location;
    matches!(&content.schema, Some(RefOr::Ref(schema)) if schema.ref_location == problem)
}

fn described(text: &str) -> Response {
    let schema = Ref::from_schema_name(ProblemBody::name());
    ResponseBuilder::new()
        .description(text)
        .content(problem::CONTENT_TYPE, ContentBuilder::new().schema(Some(schema)).build())
        .build()
}
