//! The limit program: the least that a correct server must do for the same request, on the same machine,
//! with the same data shape: JWT, session, one query, sealed fields opened, JSON. Our figures are ratios
//! to it, taken in turns within one run, so that a slow or busy machine slows both.

pub mod load;
mod read;
mod serve;
mod write;

pub use serve::{mock, serve};

use std::fmt::Display;
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

pub const SECRET: &[u8] = b"limit-program-secret-of-32-bytes";
pub const TOP: i64 = i64::MAX;

#[derive(Serialize, Deserialize, Clone)]
pub struct Claims {
    pub sub: i64,
    pub jti: String,
    pub exp: u64,
    pub iat: u64,
}

#[derive(Serialize, Deserialize, Clone)]
pub struct Session {
    pub uid: i64,
    pub openid: String,
    pub role: String,
    pub org: i64,
    pub since: i64,
}

#[derive(Serialize, Clone)]
pub struct Row {
    pub id: i64,
    pub no: String,
    pub title: String,
    pub status: i16,
    pub priority: i16,
    pub created_at: i64,
    pub updated_at: i64,
    pub due_at: i64,
    pub contact: String,
    pub phone: String,
}

#[derive(Debug)]
pub struct Fail(String);
impl<E: Display> From<E> for Fail {
    fn from(e: E) -> Self {
        Fail(e.to_string())
    }
}
pub fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64
}
pub fn env(k: &str, d: &str) -> String {
    std::env::var(k).unwrap_or_else(|_| d.into())
}
pub fn envn(k: &str, d: usize) -> usize {
    std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d)
}
pub fn aes() -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7u8; 32]).unwrap())
}
pub fn seal(k: &LessSafeKey, rng: &SystemRandom, col: u8, plain: &str) -> Vec<u8> {
    let mut n = [0u8; 12];
    rng.fill(&mut n).unwrap();
    seal_with(k, n, col, plain)
}
pub fn seal_with(k: &LessSafeKey, n: [u8; 12], col: u8, plain: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(12 + plain.len() + 16);
    out.extend_from_slice(&n);
    let mut body = plain.as_bytes().to_vec();
    k.seal_in_place_append_tag(Nonce::assume_unique_for_key(n), Aad::from([col]), &mut body).unwrap();
    out.extend_from_slice(&body);
    out
}
pub fn open(k: &LessSafeKey, col: u8, mut sealed: Vec<u8>) -> Result<String, Fail> {
    if sealed.len() < 28 {
        return Err(Fail("short".into()));
    }
    let n: [u8; 12] = sealed[..12].try_into().unwrap();
    let len = k.open_within(Nonce::assume_unique_for_key(n), Aad::from([col]), &mut sealed, 12..).map_err(|_| Fail("open".into()))?.len();
    sealed.truncate(len);
    Ok(String::from_utf8(sealed)?)
}
pub fn sign(uid: i64, jti: String) -> String {
    let iat = (now_ms() / 1000) as u64;
    let c = Claims { sub: uid, jti, iat, exp: iat + 30 * 86400 };
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &c, &EncodingKey::from_secret(SECRET)).unwrap()
}
pub fn jti_of(uid: i64) -> String {
    format!("{:032x}", (uid as u128).wrapping_mul(0x9E3779B97F4A7C15F39CC0605CEDC835))
}
pub fn session_of(uid: i64) -> Session {
    Session { uid, openid: format!("oLIMIT{:022}", uid), role: "user".into(), org: uid % 50, since: now_ms() }
}
