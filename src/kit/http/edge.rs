//! The outermost layer: every request gets an id, a time limit, a place inside and a line in the log, and
//! every answer the security headers; what goes wrong below becomes a problem document here.
//!
//! Trap: the request must not be cloned before `next.call`, actix panics at routing otherwise. When a
//! handler is lost (panic, time limit) its request is lost too, so the answer travels as an `InternalError`.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use futures_util::FutureExt;
use tracing::Instrument;
use uuid::Uuid;

use super::body_watch::BodyWatch;
use super::client_ip::TrustedProxies;
use super::gate::Gate;
use super::known::KnownPaths;
use super::meta::RequestMeta;
use super::problem;
use crate::kit::clock::Clock;
use crate::kit::config::{ConfigError, Http};
use crate::kit::error::{Code, Error};
use crate::kit::id::Ids;

/// Probes of the machinery around us are never counted or turned away.
const PROBES: [&str; 2] = ["/livez", "/readyz"];
const UNMATCHED: &str = "unmatched";
/// `wx.request` knows no `PATCH`: the mini-program sends `POST` and says in this header what it means.
const METHOD_OVERRIDE: &str = "x-http-method-override";

/// What the layer needs; one for all threads.
#[derive(Debug)]
pub struct Edge {
    pub clock: Clock,
    pub ids: Arc<Ids>,
    pub proxies: TrustedProxies,
    pub gate: Gate,
    pub known: KnownPaths,
    /// From the first byte to the answer, body included.
    pub limit: Duration,
    /// The same for what is sent to [`Self::uploads`].
    pub upload_limit: Duration,
    pub uploads: &'static [&'static str],
}

struct Call {
    started: Instant,
    request_id: Uuid,
    method: Method,
    path: String,
}

/// The middleware, for `actix_web::middleware::from_fn` with [`Edge`] as app data.
///
/// # Errors
/// Only with an answer inside: a lost request cannot be answered otherwise.
pub async fn around(
    edge: Data<Edge>,
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // Nothing but PATCH can be asked for this way, and by nothing but POST.
    let means_patch = req.headers().get(METHOD_OVERRIDE).is_some_and(|method| method == "PATCH");
    if *req.method() == Method::POST && means_patch {
        req.head_mut().method = Method::PATCH;
    }
    let call = Call {
        started: Instant::now(),
        request_id: edge.ids.fresh().unwrap_or_default(),
        method: req.method().clone(),
        path: req.path().to_owned(),
    };
    req.extensions_mut().insert(RequestMeta { request_id: call.request_id, now: edge.clock.now() });
    let place =
        if PROBES.contains(&req.path()) { Ok(None) } else { edge.gate.enter(edge.ip(&req)).map(Some) };
    let place = match place {
        Ok(place) => place,
        Err(error) => return Ok(req.into_response(call.refuse(&edge, &error))),
    };
    // What answers GET answers HEAD; the connection knows that no body follows.
    if call.method == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    let limit = edge.limit_for(&call);
    let body = BodyWatch::on(&mut req);
    let span = tracing::info_span!("request", request_id = %call.request_id);
    let handled = AssertUnwindSafe(next.call(req)).catch_unwind().instrument(span);
    let outcome = tokio::time::timeout(limit, handled).await;
    drop(place);
    let error = match outcome {
        Ok(Ok(Ok(response))) => return Ok(call.answer(response.map_into_boxed_body())),
        Ok(Ok(Err(error))) => match error.as_error::<Error>() {
            Some(error) => return Err(lost(call.refuse(&edge, error))),
            None => foreign(error.as_response_error().status_code()).because("middleware"),
        },
        Ok(Err(_panic)) => {
            metrics::counter!("panics_total", "where" => "request").increment(1);
            Error::new(Code::Internal).because("panic")
        }
        Err(_) if body.is_done() => Error::new(Code::Overloaded).because("time limit of the handler"),
        Err(_) => Error::new(Code::RequestTimeout).because("time limit of the body"),
    };
    let mut response = call.refuse(&edge, &error);
    if error.is(Code::RequestTimeout) {
        // The rest of the body may still come; nobody will read it.
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    Err(lost(response))
}

/// For `default_service`: a path that is served, but not with this method, and any other path.
///
/// # Errors
/// Always: 404, or 405 in the answer.
pub async fn unmatched(edge: Data<Edge>, req: HttpRequest) -> Result<HttpResponse, Error> {
    let Some(known) = edge.known.find(req.path()) else { return Err(Error::new(Code::NotFound)) };
    let request_id = RequestMeta::of(&req).map(|m| m.request_id);
    let mut response = problem::response(&Error::new(Code::MethodNotAllowed), request_id);
    response.headers_mut().insert(ALLOW, known.allow.clone());
    Ok(response)
}

fn lost(response: HttpResponse) -> actix_web::Error {
    InternalError::from_response("answered by the edge", response).into()
}

impl Edge {
    /// # Errors
    /// `http.trusted_proxies` with something that is no address.
    pub fn new(
        http: &Http,
        clock: Clock,
        ids: Arc<Ids>,
        known: KnownPaths,
        uploads: &'static [&'static str],
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            clock,
            ids,
            proxies: TrustedProxies::parse(&http.trusted_proxies)?,
            gate: Gate::new(http.max_in_flight, http.requests_per_minute),
            known,
            limit: Duration::from_secs(http.request_timeout_seconds),
            upload_limit: Duration::from_secs(http.upload_timeout_seconds),
            uploads,
        })
    }

    fn ip(&self, req: &ServiceRequest) -> Option<IpAddr> {
        self.proxies.client(req.head())
    }

    fn limit_for(&self, call: &Call) -> Duration {
        let below = |place: &&str| {
            call.path.strip_prefix(*place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let upload = [Method::POST, Method::PATCH].contains(&call.method) && self.uploads.iter().any(below);
        if upload { self.upload_limit } else { self.limit }
    }
}

impl Call {
    /// An answer from below, with the id in it where it is a problem.
    fn answer(&self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let (req, mut response) = response.into_parts();
        // A probe that says "not ready" says why; that is its answer, not an error.
        let probe = PROBES.contains(&self.path.as_str());
        if let Some(error) = problem_of(&response).filter(|_| !probe) {
            self.log_error(&error);
            let allow = response.headers().get(ALLOW).cloned();
            response = problem::response(&error, Some(self.request_id));
            if let Some(allow) = allow {
                response.headers_mut().insert(ALLOW, allow);
            }
        }
        self.seal(&mut response);
        let pattern = req.match_pattern();
        self.count(pattern.as_deref().unwrap_or(UNMATCHED), response.status());
        ServiceResponse::new(req, response)
    }

    /// An answer without a handler.
    fn refuse(&self, edge: &Edge, error: &Error) -> HttpResponse {
        self.log_error(error);
        let mut response = problem::response(error, Some(self.request_id));
        self.seal(&mut response);
        let pattern = edge.known.find(&self.path).map_or(UNMATCHED, |known| known.pattern.as_str());
        self.count(pattern, response.status());
        response
    }

    fn seal(&self, response: &mut HttpResponse) {
        let headers = response.headers_mut();
        if let Ok(id) = HeaderValue::from_str(&self.request_id.to_string()) {
            headers.insert(HeaderName::from_static("x-request-id"), id);
        }
        protect(headers);
    }

    fn log_error(&self, error: &Error) {
        let (code, cause) = (error.code().wire(), error.cause().unwrap_or_default());
        if error.code().status() >= 500 {
            tracing::error!(request_id = %self.request_id, code, cause, "request failed");
        } else {
            tracing::debug!(request_id = %self.request_id, code, cause, "request refused");
        }
    }

    fn count(&self, pattern: &str, status: StatusCode) {
        let took = self.started.elapsed();
        let labels = [
            ("method", label(&self.method).to_owned()),
            ("pattern", pattern.to_owned()),
            ("status", status.as_str().to_owned()),
        ];
        metrics::counter!("http_requests_total", &labels).increment(1);
        metrics::histogram!("http_request_seconds", "pattern" => pattern.to_owned()).record(took);
        tracing::info!(
            target: "lvyue::access",
            request_id = %self.request_id,
            method = label(&self.method),
            pattern,
            status = status.as_u16(),
            duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        );
    }
}

/// A client may invent methods; a log and a metric must not.
fn label(method: &Method) -> &str {
    match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::PATCH | Method::DELETE => {
            method.as_str()
        }
        _ => "OTHER",
    }
}

/// The error behind an answer that is not a finished problem document.
fn problem_of(response: &HttpResponse) -> Option<Error> {
    if response.status().as_u16() < 400 {
        return None;
    }
    if let Some(error) = response.error() {
        return Some(match error.as_error::<Error>() {
            Some(error) => error.clone(),
            None => foreign(response.status()).because("extractor of the framework"),
        });
    }
    let kind = response.headers().get(CONTENT_TYPE);
    let finished = kind.is_some_and(|kind| kind.as_bytes() == problem::CONTENT_TYPE.as_bytes());
    (!finished).then(|| foreign(response.status()))
}

/// The framework's own refusals, in our words.
fn foreign(status: StatusCode) -> Error {
    Error::new(match status.as_u16() {
        401 => Code::LoginRequired,
        403 => Code::Forbidden,
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        408 => Code::RequestTimeout,
        413 => Code::BodyTooLarge,
        415 => Code::MediaTypeUnsupported,
        416 => Code::RangeNotSatisfiable,
        429 => Code::TooManyRequests,
        503 => Code::Overloaded,
        507 => Code::StorageFull,
        status if status < 500 => Code::BadRequest,
        _ => Code::Internal,
    })
}

/// Nothing is loaded, run or framed.
pub const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// What every answer says to a browser, whatever else it says.
fn protect(headers: &mut HeaderMap) {
    headers
        .insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    // An answer that says more about itself repeats what stands here.
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
