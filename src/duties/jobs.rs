//! The look-out for deadlines: finds warnings that are due by their index and gives each exactly once.
//!
//! A warning is claimed, told and entered into the ledger in one transaction: whoever is killed in the middle
//! has told nobody, and the next one does. Any number of workers may run it. It only tells: whether
//! something is late follows from its instants, whenever this runs.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::entity::duty;
use super::model::warning::{self, To};
use super::model::{self, OVERDUE, Reached};
use super::service::breaches;
use super::store::duties::{self as store, Claim};

pub use super::store::duties::{DUE, NEXT_WARNING, totals};
use crate::clocks::Book;
use crate::identity::people;
use crate::kit::Kit;
use crate::kit::actor::Role;
use crate::kit::clock::Timestamp;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::ledger;
use crate::notices::{self, Line};

/// Longest pause between two looks.
const PERIOD: Duration = Duration::from_secs(3);
/// Batches after which a round returns to its caller, who may want to stop.
const BATCHES: u32 = 20;

/// What a round did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    pub warned: usize,
    /// When the next warning is due, as far as known; before now when more waits.
    pub next: Option<Timestamp>,
}

/// Looks out until told to stop; a batch that has begun is finished. `book` is asked before each round for
/// what is in force.
pub async fn run<F, B>(kit: Arc<Kit>, stop: CancellationToken, book: F)
where
    F: Fn() -> B + Send,
    B: Future<Output = Result<Arc<Book>>> + Send,
{
    while !stop.is_cancelled() {
        let round = match book().await {
            Ok(book) => warn(&kit, &book).await,
            Err(error) => Err(error),
        };
        let pause = match round {
            Ok(round) => pause(round.next, kit.clock.now()),
            Err(error) => {
                metrics::counter!("lvyue_duty_failures_total").increment(1);
                tracing::error!(%error, "looking out for deadlines failed");
                PERIOD
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Until the next warning is due, but never longer than a period: somebody may add an earlier one.
fn pause(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let until = next.map_or(i64::MAX, |at| at.since(now));
    Duration::from_millis(u64::try_from(until).unwrap_or(0)).clamp(Duration::from_millis(20), PERIOD)
}

/// Gives the warnings that are due.
///
/// # Errors
/// What the database says; what was told stays told.
pub async fn warn(kit: &Kit, book: &Book) -> Result<Round> {
    let mut warned = 0;
    for _ in 0..BATCHES {
        let now = kit.clock.now();
        let next = store::next_warning(kit.db.reader()).await?;
        if next.is_none_or(|at| at > now) {
            return Ok(Round { warned, next });
        }
        let told = batch(kit, book, now).await?;
        warned += told;
        if told == 0 {
            // What is due is in the hands of somebody else.
            break;
        }
        // Writers first.
        tokio::task::yield_now().await;
    }
    Ok(Round { warned, next: store::next_warning(kit.db.reader()).await? })
}

/// Gives the warnings of one batch in one transaction: large enough to be quick, small enough for whoever
/// waits for one of its duties.
async fn batch(kit: &Kit, book: &Book, now: Timestamp) -> Result<usize> {
    let tx = kit.db.write_tx().await?;
    let mut due: HashMap<Uuid, (duty::Model, Reached)> = HashMap::new();
    let mut claims = Vec::new();
    for row in store::due(&tx, now).await? {
        let reached = model::clock(&row).and_then(|clock| model::reached(&clock, row.warned, now, book));
        claims.push(claim(&row, reached.as_ref(), book));
        if let Some(reached) = reached {
            due.insert(row.id, (row, reached));
        }
    }
    if claims.is_empty() {
        return Ok(0);
    }
    let claimed = store::claim(&tx, &claims).await?;
    due.retain(|id, _| claimed.contains(id));
    let mut told: Vec<(duty::Model, Reached)> = due.into_values().collect();
    told.sort_unstable_by_key(|(row, _)| row.id);
    record(kit, &tx, &told).await?;
    notices::deliver_new(kit, &tx, now, lines(&tx, &told).await?).await?;
    let is_breach =
        |row: &duty::Model, reached: &Reached| reached.percent == OVERDUE && model::is_owed(&row.code);
    let late = told.iter().filter(|(row, reached)| is_breach(row, reached)).map(|(row, _)| row.clone());
    breaches::assert_all(kit, &tx, now, late.collect()).await?;
    tx.commit().await?;
    for (_, reached) in &told {
        metrics::counter!("lvyue_duty_warnings_total", "percent" => reached.percent.to_string()).increment(1);
    }
    Ok(claims.len())
}

/// What becomes of the row. What is found too early (its clock has moved) only gets its right instant.
fn claim(row: &duty::Model, reached: Option<&Reached>, book: &Book) -> Claim {
    let mut skipped: Vec<String> =
        row.skipped.split(';').filter(|s| !s.is_empty()).map(str::to_owned).collect();
    let (to, warn_at) = match reached {
        Some(reached) => {
            skipped.extend(reached.skipped.iter().map(ToString::to_string));
            (reached.percent, reached.next)
        }
        None => (row.warned, model::clock(row).and_then(|clock| model::warn_at(&clock, row.warned, book))),
    };
    Claim { id: row.id, warned: row.warned, to, skipped: skipped.join(";"), warn_at }
}

/// One entry for all: which duties were warned of, at what share, instead of which lower ones.
async fn record(kit: &Kit, tx: &WriteTx, told: &[(duty::Model, Reached)]) -> Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    let one = |(row, reached): &(duty::Model, Reached)| {
        json!({
            "duty": row.id, "number": row.number, "code": row.code, "cycle": row.cycle, "round": row.round,
            "percent": reached.percent, "skipped": reached.skipped,
        })
    };
    let entry = ledger::Entry {
        action: "duties.warned",
        object_kind: "duties",
        object_id: kit.ids.fresh()?,
        detail: json!({ "warnings": told.iter().map(one).collect::<Vec<_>>() }),
        content: &[],
    };
    ledger::append_system(kit, &**tx, entry).await?;
    Ok(())
}

/// The notices of these warnings, one per person.
async fn lines(tx: &WriteTx, told: &[(duty::Model, Reached)]) -> Result<Vec<Line>> {
    let staff = people::staff(&**tx).await?;
    let mut named: Vec<Uuid> = told.iter().flat_map(|(r, _)| [r.owner_id, r.reporter_id]).flatten().collect();
    named.sort_unstable();
    named.dedup();
    let there: HashSet<Uuid> = people::still_there(&**tx, &named).await?.into_iter().collect();
    let mut by_role: HashMap<Role, Vec<Uuid>> = HashMap::new();
    for person in &staff {
        for role in &person.roles {
            by_role.entry(*role).or_default().push(person.id);
        }
    }
    let of = |role: Role| by_role.get(&role).map_or(&[][..], Vec::as_slice);
    let mut lines = Vec::new();
    for (row, reached) in told {
        let mut to: Vec<Uuid> = Vec::new();
        for who in warning::recipients(&row.code, reached.percent) {
            match (who, warning::role(*who)) {
                (_, Some(role)) => to.extend(of(role)),
                (To::Owner, None) => match row.owner_id.filter(|id| there.contains(id)) {
                    Some(owner) => to.push(owner),
                    None => to.extend(of(Role::VendorAgent)),
                },
                (_, None) => to.extend(row.reporter_id.filter(|id| there.contains(id))),
            }
        }
        to.sort_unstable();
        to.dedup();
        lines.extend(to.into_iter().map(|person_id| line(row, reached.percent, person_id)));
    }
    Ok(lines)
}

fn line(row: &duty::Model, percent: i32, person_id: Uuid) -> Line {
    Line {
        person_id,
        event: warning::event(&row.code, percent),
        object_kind: model::object_kind(&row.record_kind),
        object_id: row.record_id,
        number: row.number.clone(),
        text: warning::text(row, percent),
        urgent: warning::is_urgent(&row.code, percent),
    }
}

/// How many duties run and how many of them are overdue, for the metrics.
///
/// # Errors
/// What the database says.
pub async fn measure(kit: &Kit) -> Result<()> {
    for (side, running, overdue) in store::counts(kit.db.reader(), kit.clock.now()).await? {
        metrics::gauge!("lvyue_duties_running", "obligor" => side.clone()).set(running as f64);
        metrics::gauge!("lvyue_duties_overdue", "obligor" => side).set(overdue as f64);
    }
    Ok(())
}
