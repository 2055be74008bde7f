//! Plumbing without business nouns. [`Kit`] is what every part of the program is handed: built once per
//! process (and per serving thread where that is faster), the same in tests with a steered clock.

use std::sync::Arc;

pub mod actor;
pub mod blob;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod ctx;
pub mod db;
pub mod error;
pub mod http;
pub mod id;
pub mod limit;
pub mod net;
pub mod page;
pub mod redis_link;
pub mod session;
pub mod shared_text;
pub mod tasks;
pub mod telemetry;
pub mod text;

use clock::Clock;
use config::Settings;
use crypto::Vault;
use db::Db;
use id::Ids;
use limit::Limits;
use session::Sessions;

#[derive(Debug)]
pub struct Kit {
    pub settings: Arc<Settings>,
    pub clock: Clock,
    pub ids: Arc<Ids>,
    pub db: Db,
    pub vault: Vault,
    pub tokens: crypto::Tokens,
    pub sessions: Sessions,
    pub limits: Limits,
    pub blobs: blob::Blobs,
}
