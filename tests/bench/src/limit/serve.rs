//! The limit's server and its stand-in for WeChat.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex, RwLock};

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use redis::AsyncCommands;
use ring::aead::LessSafeKey;
use ring::rand::SystemRandom;

use super::{Claims, Fail, SECRET, Session, aes, env, envn, jti_of, read, session_of, write};

pub struct Wire(pub Fail);
impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.0)
    }
}
impl Display for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.0)
    }
}
impl actix_web::ResponseError for Wire {
    fn status_code(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}
pub type Resp = Result<HttpResponse, Wire>;
pub fn fail<E: Display>(e: E) -> Wire {
    Wire(Fail(e.to_string()))
}

type Mem = Vec<RwLock<HashMap<String, Session>>>;

pub struct St {
    dec: DecodingKey,
    val: Validation,
    pub aes: LessSafeKey,
    pub rng: SystemRandom,
    pub redis: redis::aio::MultiplexedConnection,
    mem: Arc<Mem>,
    pub pg: Pool,
    pub rq: RefCell<rusqlite::Connection>,
    pub wr: Arc<Mutex<rusqlite::Connection>>,
    pub http: awc::Client,
    pub mock: String,
}
pub type D = web::Data<St>;

pub fn claims(s: &St, r: &HttpRequest) -> Result<Claims, Wire> {
    let h = r.headers().get("authorization").and_then(|v| v.to_str().ok()).unwrap_or("");
    jsonwebtoken::decode::<Claims>(h.strip_prefix("Bearer ").unwrap_or(""), &s.dec, &s.val).map(|t| t.claims).map_err(fail)
}
pub async fn sess_redis(s: &St, c: &Claims) -> Result<Session, Wire> {
    let mut con = s.redis.clone();
    let v: Option<Vec<u8>> = con.get(format!("s:{}", c.jti)).await.map_err(fail)?;
    serde_json::from_slice(&v.ok_or_else(|| fail("no session"))?).map_err(fail)
}
pub fn sess_mem(s: &St, c: &Claims) -> Result<Session, Wire> {
    let h = c.sub as usize % s.mem.len();
    s.mem[h].read().unwrap().get(&c.jti).cloned().ok_or_else(|| fail("no session"))
}
async fn plain() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("hello")
}
pub fn lite_open(p: &str) -> rusqlite::Connection {
    let c = rusqlite::Connection::open(p).unwrap();
    c.execute_batch(&format!(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000; PRAGMA cache_size=-{}; PRAGMA mmap_size={};",
        env("LITE_CACHE_KB", "16000"),
        env("LITE_MMAP", "0")
    ))
    .unwrap();
    c
}
fn postgres(connections: usize) -> Pool {
    let config: tokio_postgres::Config = env("PG_URL", "host=127.0.0.1 port=55432 user=postgres dbname=lim").parse().unwrap();
    let manager = Manager::from_config(config, tokio_postgres::NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    Pool::builder(manager).max_size(connections).runtime(Runtime::Tokio1).build().unwrap()
}

/// Every serving thread has its own pool and Redis connection: that is part of the limit.
pub async fn serve() -> std::io::Result<()> {
    let workers = envn("WORKERS", 2);
    let lite = env("LITE", "lim.db");
    let users = envn("USERS", 2000) as i64;
    let mem: Arc<Mem> = Arc::new((0..64).map(|_| RwLock::new(HashMap::new())).collect());
    for u in 1..=users {
        mem[u as usize % 64].write().unwrap().insert(jti_of(u), session_of(u));
    }
    let wr = Arc::new(Mutex::new(lite_open(&lite)));
    let server = HttpServer::new(move || {
        let (mem, wr, lite) = (mem.clone(), wr.clone(), lite.clone());
        App::new()
            .data_factory(move || {
                let (mem, wr, lite) = (mem.clone(), wr.clone(), lite.clone());
                async move {
                    let client = redis::Client::open(env("REDIS_URL", "redis://127.0.0.1:56379/")).unwrap();
                    let mut val = Validation::new(Algorithm::HS256);
                    val.leeway = 0;
                    Ok::<_, ()>(St {
                        dec: DecodingKey::from_secret(SECRET),
                        val,
                        aes: aes(),
                        rng: SystemRandom::new(),
                        redis: client.get_multiplexed_async_connection().await.unwrap(),
                        mem,
                        pg: postgres(envn("PG_CONNS", 8)),
                        rq: RefCell::new(lite_open(&lite)),
                        wr,
                        http: awc::Client::builder().disable_redirects().timeout(std::time::Duration::from_secs(5)).finish(),
                        mock: env("MOCK", "http://127.0.0.1:58081"),
                    })
                }
            })
            .route("/plain", web::get().to(plain))
            .route("/full", web::get().to(read::full))
            .route("/embed", web::get().to(read::embed))
            .route("/show/{id}", web::get().to(read::show))
            .route("/liteshow/{id}", web::get().to(read::liteshow))
            .route("/create", web::post().to(write::create))
            .route("/litecreate", web::post().to(write::litecreate))
            .route("/login", web::post().to(write::login))
    })
    .workers(workers)
    .bind(env("LISTEN", "127.0.0.1:58080"))?;
    server.run().await
}

/// Stands in for the WeChat code2session call: DELAY_MS of waiting; the number at the end of the code
/// chooses one of USERS people.
pub async fn mock() -> std::io::Result<()> {
    let delay = envn("DELAY_MS", 0) as u64;
    let users = envn("USERS", 2000) as u64;
    HttpServer::new(move || {
        App::new().route(
            "/sns/jscode2session",
            web::get().to(move |r: HttpRequest| async move {
                let q = r.query_string();
                let code = q.split('&').find_map(|p| p.strip_prefix("js_code=")).unwrap_or("x");
                let number: u64 = code.rsplit('-').next().and_then(|n| n.parse().ok()).unwrap_or(0);
                let openid = crate::ours::openid((1 + number % users) as i64);
                if delay > 0 {
                    tokio::time::sleep(std::time::Duration::from_millis(delay)).await;
                }
                HttpResponse::Ok()
                    .content_type("text/plain")
                    .body(format!("{{\"openid\":\"{openid}\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}}"))
            }),
        )
    })
    .workers(1)
    .bind(env("MOCK_LISTEN", "127.0.0.1:58081"))?
    .run()
    .await
}
