//! Made-up data for the limit: N tickets, 50 to a user, R replies to one ticket of each user.

use std::io::Write;

use futures_util::SinkExt;
use ring::aead::LessSafeKey;

use super::serve::lite_open;
use super::{Fail, aes, env, jti_of, seal_with, session_of, sign};

pub const BODY: &str =
    "今天上午九点以后三楼会议室的打印机一直无法连接到办公网络,已经重启过两次设备和路由器,仍然提示离线,请安排工程师到现场检查,谢谢。";
pub const WORDS: [&str; 8] =
    ["打印机离线", "账号无法登录", "培训视频播放卡顿", "报销流程被退回", "网络连接中断", "系统响应很慢", "证书下载失败", "权限申请"];
pub const T0: i64 = 1_700_000_000_000;

pub fn users(n: i64) -> i64 {
    (n / 50).max(1)
}
/// The tickets with replies: one of each user, the one that plans ask for.
fn replied(n: i64) -> std::ops::Range<i64> {
    users(n)..2 * users(n)
}
struct T {
    user: i64,
    no: String,
    title: String,
    status: i64,
    priority: i64,
    created: i64,
    updated: i64,
    due: i64,
    breached: i64,
    contact: Vec<u8>,
    phone: Vec<u8>,
}
fn ticket(i: i64, u: i64, k: &LessSafeKey) -> T {
    let h = (i as u64).wrapping_mul(0x9E3779B97F4A7C15) >> 20;
    let mut n = [0u8; 12];
    n[..8].copy_from_slice(&i.to_le_bytes());
    n[8] = 1;
    let c = seal_with(k, n, 1, ["张三丰", "李四光", "王小明", "欧阳修文"][(h % 4) as usize]);
    n[8] = 2;
    let p = seal_with(k, n, 2, &format!("138{:08}", h % 100_000_000));
    let created = T0 + i * 37;
    // one ticket in ten is still open (status 0..2), the rest closed (status 4)
    let status = if h % 10 == 0 { (h % 3) as i64 } else { 4 };
    T {
        user: 1 + i % u,
        no: format!("W{:010}", i),
        title: format!("{} #{}", WORDS[(h % 8) as usize], i),
        status,
        priority: (h % 4) as i64,
        created,
        updated: created + (h % 86_400_000) as i64,
        due: created + 3_600_000 * (1 + (h % 72) as i64),
        breached: 0,
        contact: c,
        phone: p,
    }
}
fn hexs(b: &[u8]) -> String {
    b.iter().map(|x| format!("{x:02x}")).collect()
}

pub async fn pg(n: i64, replies: i64) -> Result<(), Fail> {
    let (c, drv) =
        tokio_postgres::connect(&env("PG_URL", "host=127.0.0.1 port=55432 user=postgres dbname=lim"), tokio_postgres::NoTls).await?;
    actix_web::rt::spawn(async move {
        let _ = drv.await;
    });
    c.batch_execute("DROP TABLE IF EXISTS ticket, reply, app_user;
        CREATE TABLE app_user(id bigserial primary key, openid text not null unique, last_login bigint not null);
        CREATE TABLE ticket(id bigserial primary key, user_id bigint not null, no text not null, title text not null, status smallint not null, priority smallint not null,
          created_at bigint not null, updated_at bigint not null, due_at bigint not null, breached smallint not null, contact_enc bytea not null, phone_enc bytea not null, body text not null);
        CREATE TABLE reply(id bigserial primary key, ticket_id bigint not null, author bigint not null, created_at bigint not null, body text not null);").await?;
    let (k, u) = (aes(), users(n));
    c.execute(
        "INSERT INTO app_user(openid,last_login) SELECT 'oLIMIT'||lpad(g::text,22,'0'), 0 FROM generate_series(1,$1::bigint) g",
        &[&u],
    )
    .await?;
    let mut sink = Box::pin(
        c.copy_in::<_, actix_web::web::Bytes>(
            "COPY ticket(id,user_id,no,title,status,priority,created_at,updated_at,due_at,breached,contact_enc,phone_enc,body) FROM STDIN",
        )
        .await?,
    );
    let mut buf = Vec::with_capacity(1 << 20);
    for i in 1..=n {
        let t = ticket(i, u, &k);
        writeln!(
            buf,
            "{i}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t\\\\x{}\t\\\\x{}\t{BODY}",
            t.user,
            t.no,
            t.title,
            t.status,
            t.priority,
            t.created,
            t.updated,
            t.due,
            t.breached,
            hexs(&t.contact),
            hexs(&t.phone)
        )?;
        if buf.len() > 1 << 20 {
            sink.send(std::mem::take(&mut buf).into()).await?;
        }
    }
    sink.send(std::mem::take(&mut buf).into()).await?;
    sink.close().await?;
    let mut sink = Box::pin(c.copy_in::<_, actix_web::web::Bytes>("COPY reply(ticket_id,author,created_at,body) FROM STDIN").await?);
    for i in replied(n) {
        for j in 0..replies {
            writeln!(buf, "{i}\t{}\t{}\t回复 {j}: {BODY}", 1 + i % u, T0 + i * 37 + j * 60_000)?;
        }
        if buf.len() > 1 << 20 {
            sink.send(std::mem::take(&mut buf).into()).await?;
        }
    }
    sink.send(std::mem::take(&mut buf).into()).await?;
    sink.close().await?;
    c.batch_execute("CREATE INDEX ticket_mine ON ticket(user_id, updated_at DESC, id DESC); CREATE INDEX ticket_due ON ticket(due_at) WHERE status<4 AND breached=0;
        CREATE INDEX reply_ticket ON reply(ticket_id, id); SELECT setval('ticket_id_seq',(SELECT max(id) FROM ticket)); SELECT setval('app_user_id_seq',(SELECT max(id) FROM app_user));").await?;
    c.batch_execute("VACUUM (ANALYZE, FREEZE)").await?;
    c.batch_execute("CHECKPOINT").await?;
    Ok(())
}

pub fn lite(n: i64, replies: i64, file: &str) -> Result<(), Fail> {
    for s in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{file}{s}"));
    }
    let mut c = lite_open(file);
    c.execute_batch("PRAGMA synchronous=OFF; CREATE TABLE ticket(id integer primary key, user_id integer not null, no text not null, title text not null, status integer not null, priority integer not null,
          created_at integer not null, updated_at integer not null, due_at integer not null, breached integer not null, contact_enc blob not null, phone_enc blob not null, body text not null);
        CREATE TABLE reply(id integer primary key, ticket_id integer not null, author integer not null, created_at integer not null, body text not null);
        CREATE TABLE app_user(id integer primary key, openid text not null unique, last_login integer not null);")?;
    let (k, u) = (aes(), users(n));
    let t = c.transaction()?;
    for i in 1..=n {
        let x = ticket(i, u, &k);
        t.prepare_cached("INSERT INTO ticket VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)")?.execute(rusqlite::params![
            i, x.user, x.no, x.title, x.status, x.priority, x.created, x.updated, x.due, x.breached, x.contact, x.phone, BODY
        ])?;
        if replied(n).contains(&i) {
            for j in 0..replies {
                t.prepare_cached("INSERT INTO reply(ticket_id,author,created_at,body) VALUES (?,?,?,?)")?.execute((
                    i,
                    x.user,
                    x.created + j * 60_000,
                    format!("回复 {j}: {BODY}"),
                ))?;
            }
        }
    }
    t.commit()?;
    c.execute_batch("CREATE INDEX ticket_mine ON ticket(user_id, updated_at DESC, id DESC); CREATE INDEX ticket_due ON ticket(due_at) WHERE status<4 AND breached=0; CREATE INDEX reply_ticket ON reply(ticket_id, id); ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);")?;
    Ok(())
}

pub async fn sessions(u: i64) -> Result<(), Fail> {
    let cl = redis::Client::open(env("REDIS_URL", "redis://127.0.0.1:56379/"))?;
    let mut con = cl.get_multiplexed_async_connection().await?;
    for chunk in (1..=u).collect::<Vec<_>>().chunks(1000) {
        let mut p = redis::pipe();
        for i in chunk {
            p.set(format!("s:{}", jti_of(*i)), serde_json::to_vec(&session_of(*i))?).ignore();
        }
        let _: () = p.query_async(&mut con).await?;
    }
    Ok(())
}

/// One line a token: user id, a space, the token. K tokens spread over U users.
pub fn tokens(u: i64, k: i64, file: &str) -> Result<(), Fail> {
    let mut f = std::io::BufWriter::new(std::fs::File::create(file)?);
    let k = k.min(u);
    for i in 0..k {
        let id = 1 + i * (u / k);
        writeln!(f, "{id} {}", sign(id, jti_of(id)))?;
    }
    Ok(())
}
