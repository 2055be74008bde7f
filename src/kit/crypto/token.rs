//! Access tokens: JWT, HS256, ten minutes at most, never enough alone: the session behind one decides.
//!
//! Everything about a token that we did not put there makes it invalid: another header member, another
//! claim, another type, another spelling of the same bytes. Time is the caller's, not the machine's, and
//! nothing of the payload is personal, because everyone can read it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keyfile::{KeyError, KeyFile, is_kid};
use super::provider::install;
use super::reload::Reloading;
use crate::kit::clock::Timestamp;
use crate::kit::error::{Code, Error, Result};
use crate::kit::id::Ids;

/// Issuer and only audience.
const WE: &str = "lvyue";
const TYPE: &str = "at+jwt";
const MAX_BYTES: usize = 2048;
/// Seconds two machines' clocks may differ.
const LEEWAY: i64 = 5;

/// Names a live session: 256 secret bits, more than a UUID has.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionKey(pub [u8; 32]);

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(..)")
    }
}

impl SessionKey {
    /// # Errors
    /// The system's random source failed.
    pub fn fresh(ids: &Ids) -> Result<Self> {
        ids.random().map(Self)
    }

    /// As tokens carry it: 43 characters of base64url.
    #[must_use]
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The key of its one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        decode_32(text).map(Self)
    }
}

/// 32 bytes from exactly 43 characters; the decoder refuses set bits behind the last byte.
pub(super) fn decode_32(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 33];
    let len = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
    (len == 32).then(|| bytes.first_chunk::<32>().copied())?
}

/// What an access token says. Times are whole seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// The account.
    pub sub: Uuid,
    /// The session, see [`Claims::session`].
    pub sid: String,
    pub jti: Uuid,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    pub iss: String,
    pub aud: String,
}

impl Claims {
    /// Claims that hold from now on for `seconds`.
    #[must_use]
    pub fn new(account: Uuid, session: &SessionKey, jti: Uuid, now: Timestamp, seconds: i64) -> Self {
        let iat = now.0.div_euclid(1000);
        Self {
            sub: account,
            sid: session.encode(),
            jti,
            iat,
            nbf: iat,
            exp: iat.saturating_add(seconds),
            iss: WE.to_owned(),
            aud: WE.to_owned(),
        }
    }

    /// # Errors
    /// 401: not the name of a session.
    pub fn session(&self) -> Result<SessionKey> {
        SessionKey::parse(&self.sid).ok_or_else(|| refused("sid is not a session key"))
    }
}

/// The only header members there are; a further or repeated one is an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    typ: String,
    alg: String,
    kid: String,
}

struct Ring {
    current: Option<(String, EncodingKey)>,
    by_kid: BTreeMap<String, DecodingKey>,
}

impl Ring {
    fn of(file: &KeyFile) -> Self {
        let current = file.jwt.get(&file.jwt_current);
        Self {
            current: current.map(|k| (file.jwt_current.clone(), EncodingKey::from_secret(k.as_ref()))),
            by_kid: file
                .jwt
                .iter()
                .map(|(kid, key)| (kid.clone(), DecodingKey::from_secret(key.as_ref())))
                .collect(),
        }
    }
}

/// Signs and checks tokens with the ring of keys of the key file.
#[derive(Clone)]
pub struct Tokens(Arc<Reloading<Ring>>);

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(..)")
    }
}

fn refused(cause: impl fmt::Display) -> Error {
    Error::new(Code::LoginRequired).because(cause)
}

impl Tokens {
    /// # Errors
    /// What is wrong with the key file, and what to do; exit status 78.
    pub fn open(keys_file: &Path) -> Result<Self, KeyError> {
        install();
        let file = KeyFile::load(keys_file)?;
        Ok(Self(Arc::new(Reloading::new(keys_file, &file, Ring::of))))
    }

    /// # Errors
    /// None that can be brought about: the key file always has a current key.
    pub fn sign_access(&self, claims: &Claims) -> Result<String> {
        let unsigned = |cause: String| Error::new(Code::Internal).because(cause);
        let ring = self.0.get();
        let (kid, key) = ring.current.as_ref().ok_or_else(|| unsigned("no token key".to_owned()))?;
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(kid.clone());
        encode(&header, claims, key).map_err(|e| unsigned(e.to_string()))
    }

    /// The claims of a token that is ours, whole, and valid now.
    ///
    /// # Errors
    /// 401 `TOKEN_EXPIRED` for one that was valid, 401 `LOGIN_REQUIRED` for anything else.
    pub fn check_access(&self, token: &str, now: Timestamp) -> Result<Claims> {
        if token.len() > MAX_BYTES {
            return Err(refused("token too long"));
        }
        let kid = kid_of(token)?;
        let ring = self.0.get_with(|ring| ring.by_kid.contains_key(&kid));
        let key = ring.by_kid.get(&kid).ok_or_else(|| refused("unknown kid"))?;
        let claims = decode::<Claims>(token, key, &VALIDATION).map_err(refused)?.claims;
        if claims.iss != WE || claims.aud != WE {
            return Err(refused("foreign issuer or audience"));
        }
        claims.session()?;
        let seconds = now.0.div_euclid(1000);
        if claims.nbf > seconds.saturating_add(LEEWAY) || claims.iat > seconds.saturating_add(LEEWAY) {
            return Err(refused("token from the future"));
        }
        if claims.exp <= seconds.saturating_sub(LEEWAY) {
            return Err(Error::new(Code::TokenExpired).because("token expired"));
        }
        Ok(claims)
    }
}

/// The key a token names, once its header is found to be exactly what we write.
fn kid_of(token: &str) -> Result<String> {
    let header = token.split('.').next().unwrap_or_default();
    let json = URL_SAFE_NO_PAD.decode(header).map_err(|_| refused("header is not base64url"))?;
    // The parser's own message could quote what somebody sent.
    let header: StrictHeader =
        serde_json::from_slice(&json).map_err(|_| refused("header is not one of ours"))?;
    if header.alg != "HS256" || header.typ != TYPE || !is_kid(&header.kid) {
        return Err(refused("header is not one of ours"));
    }
    Ok(header.kid)
}

/// What jsonwebtoken looks after itself. It would ask the machine for the time, so times are ours.
static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.leeway = 0;
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    validation.set_audience(&[WE]);
    validation.set_issuer(&[WE]);
    validation
});

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
