//! What happens besides faults: the other kinds of tickets, the maintenance log, proposals. An errand is the
//! request that somebody would have sent, with its time; it always acts on what it names as it is by then.

use serde_json::Value;

use super::stage::{Stage, act_of, id_in, read};
use crate::contract::service::maintenance;
use crate::contract::{self, book};
use crate::duties;
use crate::kit::clock::Timestamp;
use crate::kit::error::{Code, Error, Result};
use crate::tickets::{self, service};

#[derive(Clone, Debug)]
pub struct Errand {
    pub at: Timestamp,
    pub who: &'static str,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    /// A ticket that later errands call by this name.
    Open(&'static str, Value),
    Act(&'static str, Value),
    Maintain(Value),
    Propose(Value),
    Renew(Renewing),
    /// Courses that are new.
    PublishNew,
}

/// What is done about the renewal of the term.
#[derive(Clone, Debug)]
pub enum Renewing {
    /// So many years after the end.
    Offer(u32, &'static str),
    /// Declines what waits.
    Decline(&'static str),
}

impl Errand {
    pub const fn opens(&self) -> bool {
        matches!(self.what, What::Open(..))
    }
}

impl Stage {
    /// Does one errand at its time.
    pub async fn run(&mut self, errand: &Errand) -> Result<()> {
        self.kit.clock.set(errand.at);
        let ctx = self.acting(errand.who)?;
        match &errand.what {
            What::Open(name, body) => {
                let made = service::create(&ctx, &self.key()?, read(body.clone())?).await?;
                self.named.insert(name, id_in(made).await?);
            }
            What::Act(name, body) => {
                let id = self.named.get(name).copied();
                let id = id.ok_or_else(|| Error::new(Code::Internal).because("no such ticket yet"))?;
                let seen = service::show(&ctx, id).await?.summary.version;
                service::act(&ctx, id, seen, act_of(body)?).await?;
            }
            What::Maintain(body) => {
                maintenance::log(&ctx, &self.key()?, read(body.clone())?).await?;
            }
            What::Propose(body) => {
                self.propose(errand.who, body.clone()).await?;
            }
            What::PublishNew => self.publish_new().await?,
            What::Renew(renewing) => self.renew(errand.who, renewing).await?,
        }
        Ok(())
    }

    /// What the program does by itself, at the time of the story: so that whoever opens the demonstration finds
    /// the warnings of the past given in the past.
    pub async fn look_out(&self) -> Result<()> {
        let kit = &self.kit;
        tickets::jobs::rederive(kit).await?;
        tickets::jobs::silences(kit).await?;
        contract::jobs::run(kit).await?;
        duties::jobs::warn(kit, &*book(kit).await?).await.map(drop)
    }
}
