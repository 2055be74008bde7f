//! `/sns/jscode2session`: a code works once, for five minutes, and 100 times a minute for one person.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, json};

use super::answer::{Worked, query, respond};
use super::people::{hash, openid_of, unionid_of};
use super::token::credentials;
use super::world::{FakeCall, World};

pub(super) async fn code2session(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let script = world.arrive(FakeCall::Code2Session, &request, &body);
    respond(&world, FakeCall::Code2Session, script, || work(&world, &request)).await
}

fn work(world: &World, request: &HttpRequest) -> Worked {
    let asked = |name| query(request, name);
    credentials(world, asked("appid").as_deref(), asked("secret").as_deref())?;
    if asked("grant_type").as_deref() != Some("authorization_code") {
        return Err(40002);
    }
    let code = asked("js_code").filter(|code| !code.is_empty()).ok_or(41008)?;
    let name = world.spend("web", &code)?;
    let key: Vec<u8> = hash(&format!("session_key\0{code}")).into_iter().take(16).collect();
    let mut fields = Map::from_iter([
        ("session_key".to_owned(), json!(STANDARD.encode(key))),
        ("openid".to_owned(), json!(openid_of(&name))),
    ]);
    if world.lock().modes.unionid {
        fields.insert("unionid".to_owned(), json!(unionid_of(&name)));
    }
    Ok(fields)
}
