//! `/wxa/business/getuserphonenumber`: needs a live token; the code must be the person's own.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, json};

use super::answer::{Worked, json_body, query, respond, text};
use super::people::{name_in, openid_of};
use super::world::{FakeCall, World};

pub(super) async fn number(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let script = world.arrive(FakeCall::PhoneNumber, &request, &body);
    respond(&world, FakeCall::PhoneNumber, script, || work(&world, &request, &body)).await
}

fn work(world: &World, request: &HttpRequest, body: &[u8]) -> Worked {
    let now = world.clock.now();
    let token = query(request, "access_token").ok_or(41001)?;
    let numbers_as_text = {
        let state = world.lock();
        state.purse.check(&token, now)?;
        state.modes.numbers_as_text
    };
    let body = json_body(request, body)?;
    let code = text(&body, "code").ok_or(40029)?;
    let name = name_in("phone", code).ok_or(40029)?;
    if text(&body, "openid").is_some_and(|openid| openid != openid_of(name)) {
        return Err(40029);
    }
    let name = world.spend("phone", code)?;
    let (country, number) = world.people.phone(&name);
    let with_prefix = if country == 86 { number.clone() } else { format!("+{country}{number}") };
    let country = if numbers_as_text { json!(country.to_string()) } else { json!(country) };
    Ok(Map::from_iter([(
        "phone_info".to_owned(),
        json!({
            "phoneNumber": with_prefix,
            "purePhoneNumber": number,
            "countryCode": country,
            "watermark": { "timestamp": now.0 / 1000, "appid": world.appid },
        }),
    )]))
}
