//! The reads: my tickets on PostgreSQL and on SQLite, and one ticket with its replies.

use actix_web::{HttpRequest, HttpResponse, web};
use ring::aead::LessSafeKey;
use serde::Serialize;

use super::serve::{D, Resp, St, Wire, claims, sess_mem, sess_redis};
use super::{Fail, Row, TOP, open};

pub const LIST_PG: &str = "SELECT id,no,title,status,priority,created_at,updated_at,due_at,contact_enc,phone_enc FROM ticket WHERE user_id=$1 AND (updated_at,id)<($2,$3) ORDER BY updated_at DESC, id DESC LIMIT 20";
pub const LIST_LITE: &str = "SELECT id,no,title,status,priority,created_at,updated_at,due_at,contact_enc,phone_enc FROM ticket WHERE user_id=?1 AND (updated_at,id)<(?2,?3) ORDER BY updated_at DESC, id DESC LIMIT 20";
const SHOW: &str =
    "SELECT id,no,title,status,priority,created_at,updated_at,due_at,contact_enc,phone_enc,body FROM ticket WHERE id=$1 AND user_id=$2";
const REPLIES: &str = "SELECT id,author,created_at,body FROM reply WHERE ticket_id=$1 ORDER BY id LIMIT 50";
#[derive(Serialize)]
struct Page<'a> {
    items: &'a [Row],
    next: Option<(i64, i64)>,
}

#[derive(Serialize)]
struct Reply {
    id: i64,
    author: i64,
    created_at: i64,
    body: String,
}

#[derive(Serialize)]
struct Full {
    #[serde(flatten)]
    ticket: Row,
    body: String,
    replies: Vec<Reply>,
}

fn page(rows: &[Row]) -> HttpResponse {
    let next = rows.last().map(|r| (r.updated_at, r.id));
    let mut buf = Vec::with_capacity(6144);
    serde_json::to_writer(&mut buf, &Page { items: rows, next }).unwrap();
    HttpResponse::Ok().content_type("application/json").body(buf)
}
fn pgrow(r: &tokio_postgres::Row, key: &LessSafeKey) -> Result<Row, Fail> {
    Ok(Row {
        id: r.try_get(0)?,
        no: r.try_get(1)?,
        title: r.try_get(2)?,
        status: r.try_get(3)?,
        priority: r.try_get(4)?,
        created_at: r.try_get(5)?,
        updated_at: r.try_get(6)?,
        due_at: r.try_get(7)?,
        contact: open(key, 1, r.try_get(8)?)?,
        phone: open(key, 2, r.try_get(9)?)?,
    })
}
async fn list_pg(s: &St, u: i64, key: &LessSafeKey) -> Result<Vec<Row>, Fail> {
    let c = s.pg.get().await?;
    let st = c.prepare_cached(LIST_PG).await?;
    let rows = c.query(&st, &[&u, &TOP, &TOP]).await?;
    rows.iter().map(|r| pgrow(r, key)).collect()
}
fn list_lite(s: &St, u: i64, key: &LessSafeKey) -> Result<Vec<Row>, Fail> {
    let c = s.rq.borrow();
    let mut st = c.prepare_cached(LIST_LITE)?;
    let mut q = st.query((u, TOP, TOP))?;
    let mut out = Vec::with_capacity(20);
    while let Some(r) = q.next()? {
        out.push(Row {
            id: r.get(0)?,
            no: r.get(1)?,
            title: r.get(2)?,
            status: r.get(3)?,
            priority: r.get(4)?,
            created_at: r.get(5)?,
            updated_at: r.get(6)?,
            due_at: r.get(7)?,
            contact: open(key, 1, r.get(8)?)?,
            phone: open(key, 2, r.get(9)?)?,
        });
    }
    Ok(out)
}

pub async fn full(s: D, r: HttpRequest) -> Resp {
    let u = sess_redis(&s, &claims(&s, &r)?).await?.uid;
    Ok(page(&list_pg(&s, u, &s.aes).await.map_err(Wire)?))
}
pub async fn embed(s: D, r: HttpRequest) -> Resp {
    let u = sess_mem(&s, &claims(&s, &r)?)?.uid;
    Ok(page(&list_lite(&s, u, &s.aes).map_err(Wire)?))
}
pub async fn show(s: D, r: HttpRequest, id: web::Path<i64>) -> Resp {
    let u = sess_redis(&s, &claims(&s, &r)?).await?.uid;
    let f = async {
        let c = s.pg.get().await?;
        let (a, b) = (c.prepare_cached(SHOW).await?, c.prepare_cached(REPLIES).await?);
        let (pa, pb): ([&(dyn tokio_postgres::types::ToSql + Sync); 2], [&(dyn tokio_postgres::types::ToSql + Sync); 1]) =
            ([&*id, &u], [&*id]);
        let (t, rs) = futures_util::future::try_join(c.query_opt(&a, &pa), c.query(&b, &pb)).await?;
        let Some(t) = t else { return Ok::<_, Fail>(None) };
        let replies = rs.iter().map(|r| Reply { id: r.get(0), author: r.get(1), created_at: r.get(2), body: r.get(3) }).collect();
        Ok(Some(Full { ticket: pgrow(&t, &s.aes)?, body: t.try_get(10)?, replies }))
    };
    match f.await.map_err(Wire)? {
        Some(v) => Ok(HttpResponse::Ok().json(v)),
        None => Ok(HttpResponse::NotFound().finish()),
    }
}
pub async fn liteshow(s: D, r: HttpRequest, id: web::Path<i64>) -> Resp {
    let u = sess_mem(&s, &claims(&s, &r)?)?.uid;
    let f = || -> Result<Full, Fail> {
        let c = s.rq.borrow();
        let (ticket, body) = c.prepare_cached(SHOW)?.query_row((*id, u), |r| {
            let d = |i: u8, v: Vec<u8>| open(&s.aes, i, v).map_err(|_| rusqlite::Error::InvalidQuery);
            Ok((
                Row {
                    id: r.get(0)?,
                    no: r.get(1)?,
                    title: r.get(2)?,
                    status: r.get(3)?,
                    priority: r.get(4)?,
                    created_at: r.get(5)?,
                    updated_at: r.get(6)?,
                    due_at: r.get(7)?,
                    contact: d(1, r.get(8)?)?,
                    phone: d(2, r.get(9)?)?,
                },
                r.get(10)?,
            ))
        })?;
        let mut st = c.prepare_cached(REPLIES)?;
        let replies = st
            .query_map([*id], |r| Ok(Reply { id: r.get(0)?, author: r.get(1)?, created_at: r.get(2)?, body: r.get(3)? }))?
            .collect::<Result<_, _>>()?;
        Ok(Full { ticket, body, replies })
    };
    Ok(HttpResponse::Ok().json(f().map_err(Wire)?))
}
