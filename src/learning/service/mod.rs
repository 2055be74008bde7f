//! Use cases of learning. Everybody who is bound may learn; everybody sees their own progress and nobody else's, but
//! for the evidence that the agreement asks for ([`coverage`]).

pub mod attempts;
pub mod beats;
pub mod certificates;
mod completion;
pub mod courses;
pub mod coverage;
pub mod materials;
pub mod quizzes;
pub mod reminders;

use uuid::Uuid;

use super::entity::{certificate, progress};
use super::model::standing::{Earned, Row};
use crate::identity::policy::{Action, Facts, authorise};
use crate::identity::{consent, people};
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;

/// Bound, consented and permitted; answers who it is.
fn enter(ctx: &Ctx, action: Action) -> Result<Uuid> {
    authorise(&ctx.actor, action, &Facts::Nothing)?;
    consent::require(ctx)?;
    Ok(ctx.member()?.person_id)
}

fn rows(models: &[progress::Model]) -> Vec<Row> {
    let row = |m: &progress::Model| Row {
        item_id: m.item_id,
        version_id: m.version_id,
        coverage: m.coverage,
        position_ms: m.position_ms,
        completed_at: m.completed_at,
    };
    models.iter().map(row).collect()
}

fn earned(certificate: &certificate::Model) -> Earned {
    Earned { edition: certificate.edition, issued_at: certificate.issued_at }
}

/// The caller as far as duties to learn depend on it.
struct Me {
    id: Uuid,
    /// `None` for people of the vendor: courses are mandatory for the client's departments.
    client: Option<OfClient>,
}

struct OfClient {
    department: Option<String>,
    joined_at: Timestamp,
}

impl Me {
    async fn of(ctx: &Ctx) -> Result<Self> {
        let member = ctx.member()?;
        let db = ctx.kit.db.reader();
        let client = match member.side {
            Side::Vendor => None,
            Side::Client => {
                let names = people::department_names(db, member.department_id).await?;
                let department = member.department_id.and_then(|id| names.get(&id).map(|n| n.to_string()));
                let joined_at = people::joined_at(db, member.person_id).await?.unwrap_or(ctx.now);
                Some(OfClient { department, joined_at })
            }
        };
        Ok(Self { id: member.person_id, client })
    }
}
