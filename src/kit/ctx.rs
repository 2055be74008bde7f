//! The context of one request: who asks, when, under which request id, with what machinery.
//! First parameter of every service function.

use std::sync::Arc;

use uuid::Uuid;

use super::Kit;
use super::actor::{Actor, Member, Side};
use super::clock::Timestamp;
use super::error::{Code, Error, Result};

#[derive(Clone, Debug)]
pub struct Ctx {
    pub kit: Arc<Kit>,
    pub actor: Actor,
    pub request_id: Uuid,
    /// The instant at which the request was taken up: all it writes carries this one time.
    pub now: Timestamp,
}

impl Ctx {
    /// The person behind the account.
    ///
    /// # Errors
    /// 403 `NOT_BOUND` until the account is bound to the roster.
    pub fn member(&self) -> Result<&Member> {
        self.actor.member.as_ref().ok_or_else(|| Error::new(Code::NotBound))
    }

    /// # Errors
    /// 403 `NOT_BOUND` until the account is bound to the roster.
    pub fn side(&self) -> Result<Side> {
        Ok(self.member()?.side)
    }
}
