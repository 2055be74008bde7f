//! How the fake's answers look: 200, a misleading content type, a trace id, fields nobody announced, and
//! whatever the script does to them.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use reqwest::Url;
use serde_json::{Map, Value, json};

use super::world::{ErrcodeForm, FakeCall, Script, World};

/// What a call worked out: fields, or an errcode.
pub(super) type Worked = Result<Map<String, Value>, i64>;

pub(super) async fn respond(
    world: &World,
    call: FakeCall,
    script: Option<Script>,
    work: impl FnOnce() -> Worked,
) -> HttpResponse {
    let script = script.unwrap_or_else(|| Script::next(call));
    let (content_type, body) = compose(world, call, &script, work);
    if script.delay_ms > 0 {
        actix_web::rt::time::sleep(Duration::from_millis(script.delay_ms)).await;
    }
    let status = script.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.insert_header(("content-type", content_type));
    if !script.reset && !script.truncate {
        return response.body(body);
    }
    let length = u64::try_from(body.len()).unwrap_or_default();
    let half = if script.reset { Bytes::new() } else { body.slice(..body.len() / 2) };
    let cut = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let pieces = if half.is_empty() { vec![Err(cut)] } else { vec![Ok(half), Err(cut)] };
    response.no_chunking(length).streaming(stream::iter(pieces))
}

fn compose(world: &World, call: FakeCall, script: &Script, work: impl FnOnce() -> Worked) -> (String, Bytes) {
    let modes = world.lock().modes.clone();
    let content_type = modes.content_type.unwrap_or_else(|| {
        // The first is what keeps clients honest, the second is really sent.
        let usual =
            if call == FakeCall::Code2Session { "text/plain" } else { "application/json; encoding=utf-8" };
        usual.to_owned()
    });
    if let Some(raw) = &script.raw {
        return (content_type, Bytes::from(raw.clone()));
    }
    let worked = script.errcode.map_or_else(work, Err);
    if script.empty {
        return ("text/html; charset=gbk".to_owned(), Bytes::new());
    }
    let written = |errcode: i64| match modes.errcode {
        ErrcodeForm::Text => json!(errcode.to_string()),
        ErrcodeForm::Usual | ErrcodeForm::Int => json!(errcode),
    };
    let fields = match worked {
        Ok(mut fields) => {
            if call == FakeCall::PhoneNumber || modes.errcode != ErrcodeForm::Usual {
                fields.insert("errcode".to_owned(), written(0));
                fields.insert("errmsg".to_owned(), json!("ok"));
            }
            fields.insert("since_tomorrow".to_owned(), json!({ "list": [1, "2"] }));
            fields
        }
        Err(errcode) => {
            let message = script.errmsg.as_deref().unwrap_or_else(|| words(errcode));
            let message = format!("{message} rid: {}", world.rid());
            Map::from_iter([("errcode".to_owned(), written(errcode)), ("errmsg".to_owned(), json!(message))])
        }
    };
    (content_type, Bytes::from(Value::Object(fields).to_string()))
}

const fn words(errcode: i64) -> &'static str {
    match errcode {
        -1 => "system error",
        40001 => "invalid credential, access_token is invalid or not latest",
        40002 => "invalid grant_type",
        40013 => "invalid appid",
        40014 => "invalid access_token",
        40029 => "invalid code",
        40125 => "invalid appsecret",
        40163 => "code been used",
        40164 => "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist",
        41001 => "access_token missing",
        41002 => "appid missing",
        41004 => "appsecret missing",
        41008 => "missing code",
        42001 => "access_token expired",
        43002 => "require POST method",
        44002 => "empty post data",
        45011 => "api minute-quota reach limit, must slower, retry next minute",
        47001 => "data format error",
        _ => "error",
    }
}

/// One value of the query.
pub(super) fn query(request: &HttpRequest, name: &str) -> Option<String> {
    let url = Url::parse(&format!("http://fake/?{}", request.query_string())).ok()?;
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// A JSON body, refused as WeChat refuses it.
pub(super) fn json_body(request: &HttpRequest, body: &[u8]) -> Result<Map<String, Value>, i64> {
    if request.method() != actix_web::http::Method::POST {
        return Err(43002);
    }
    if body.is_empty() {
        return Err(44002);
    }
    serde_json::from_slice(body).map_err(|_| 47001)
}

/// One text of a JSON body.
pub(super) fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}
