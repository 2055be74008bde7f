//! The writes: a new ticket with its first reply, and signing in.

use actix_web::{HttpRequest, HttpResponse, web};
use redis::AsyncCommands;
use ring::rand::SecureRandom;
use serde::Deserialize;

use super::serve::{D, Resp, Wire, claims, fail, sess_mem, sess_redis};
use super::{Fail, Session, now_ms, seal, sign};

const CREATE: &str = "WITH t AS (INSERT INTO ticket(user_id,no,title,status,priority,created_at,updated_at,due_at,breached,contact_enc,phone_enc,body) VALUES ($1,$2,$3,0,$4,$5,$5,$6,0,$7,$8,$9) RETURNING id) INSERT INTO reply(ticket_id,author,created_at,body) SELECT id,$1,$5,'created' FROM t RETURNING ticket_id";
const UPSERT: &str =
    "INSERT INTO app_user(openid,last_login) VALUES ($1,$2) ON CONFLICT (openid) DO UPDATE SET last_login=excluded.last_login RETURNING id";
#[derive(Deserialize)]
pub struct NewTicket {
    title: String,
    body: String,
    priority: i16,
    contact: String,
    phone: String,
}

pub async fn create(s: D, r: HttpRequest, b: web::Json<NewTicket>) -> Resp {
    let u = sess_redis(&s, &claims(&s, &r)?).await?.uid;
    let (ce, pe, now) = (seal(&s.aes, &s.rng, 1, &b.contact), seal(&s.aes, &s.rng, 2, &b.phone), now_ms());
    let f = async {
        let c = s.pg.get().await?;
        let st = c.prepare_cached(CREATE).await?;
        let no = format!("W{now}");
        let row = c.query_one(&st, &[&u, &no, &b.title, &b.priority, &now, &(now + 3_600_000), &ce, &pe, &b.body]).await?;
        Ok::<i64, Fail>(row.get(0))
    };
    let id = f.await.map_err(Wire)?;
    Ok(HttpResponse::Created().json(serde_json::json!({ "id": id })))
}
pub async fn litecreate(s: D, r: HttpRequest, b: web::Json<NewTicket>) -> Resp {
    let u = sess_mem(&s, &claims(&s, &r)?)?.uid;
    let (ce, pe, now) = (seal(&s.aes, &s.rng, 1, &b.contact), seal(&s.aes, &s.rng, 2, &b.phone), now_ms());
    let f = || -> Result<i64, Fail> {
        let mut c = s.wr.lock().map_err(|_| Fail("poison".into()))?;
        let t = c.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        t.prepare_cached("INSERT INTO ticket(user_id,no,title,status,priority,created_at,updated_at,due_at,breached,contact_enc,phone_enc,body) VALUES (?,?,?,0,?,?,?,?,0,?,?,?)")?
            .execute(rusqlite::params![u, format!("W{now}"), b.title, b.priority, now, now, now + 3_600_000, ce, pe, b.body])?;
        let id = t.last_insert_rowid();
        t.prepare_cached("INSERT INTO reply(ticket_id,author,created_at,body) VALUES (?,?,?,'created')")?.execute((id, u, now))?;
        t.commit()?;
        Ok(id)
    };
    Ok(HttpResponse::Created().json(serde_json::json!({ "id": f().map_err(Wire)? })))
}
#[derive(Deserialize)]
pub struct Code {
    code: String,
}
#[derive(Deserialize)]
struct C2s {
    openid: String,
}
/// code2session at the mock, user upsert in PG, JWT, session into Redis with a time to live.
pub async fn login(s: D, b: web::Json<Code>) -> Resp {
    let url = format!("{}/sns/jscode2session?appid=wx0&secret=s&js_code={}&grant_type=authorization_code", s.mock, b.code);
    let body = s.http.get(url).send().await.map_err(fail)?.body().await.map_err(fail)?;
    let c2s: C2s = serde_json::from_slice(&body).map_err(fail)?;
    let f = async {
        let c = s.pg.get().await?;
        let st = c.prepare_cached(UPSERT).await?;
        Ok::<i64, Fail>(c.query_one(&st, &[&c2s.openid, &now_ms()]).await?.get(0))
    };
    let id = f.await.map_err(Wire)?;
    let mut n = [0u8; 16];
    s.rng.fill(&mut n).map_err(|_| fail("rng"))?;
    let jti = format!("{:032x}", u128::from_be_bytes(n));
    let ses = Session { uid: id, openid: c2s.openid, role: "user".into(), org: 0, since: now_ms() };
    let mut con = s.redis.clone();
    let _: () = con.set_ex(format!("s:{jti}"), serde_json::to_vec(&ses).map_err(fail)?, 7200).await.map_err(fail)?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "token": sign(id, jti), "expires_in": 7200 })))
}
