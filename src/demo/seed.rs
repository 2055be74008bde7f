//! Seeding: an agreement's year passes in seconds, in the order in which it would have passed.

use std::net::TcpListener;
use std::sync::Arc;

use super::affairs::after_signing;
use super::errands::Errand;
use super::plot::{Beat, Plot};
use super::stage::{Stage, roster};
use super::{house, plan, tales};
use crate::app::{StartError, prepare, tool};
use crate::identity::{self, Refused};
use crate::kit::Kit;
use crate::kit::clock::{Clock, Timestamp};
use crate::kit::config::Settings;
use crate::kit::error::{Code, Error, Result};
use crate::ledger::sequencer::{self, Pass};
use crate::wechat;

const DAY_MILLIS: i64 = 86_400_000;
const LOOKED_OUT_DAYS: i64 = 80;

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeded {
    pub tickets: usize,
    pub deeds: usize,
}

/// What happens next: to a fault, or to anything else.
enum Next<'a> {
    Beat(usize, &'a Beat),
    Errand(&'a Errand),
}

/// Fills an empty deployment with the agreement of `now`, from its signing.
///
/// # Errors
/// What setting up says, or the deed that was refused.
pub async fn seed(mut settings: Settings, now: Timestamp) -> Result<Seeded, StartError> {
    let plots = plan::plots(now);
    let beats = plan::in_order(&plots);
    let errands = tales::errands(now);
    let clock = Clock::steered(after_signing(now, 0, 9));
    // WeChat lives in the same time as the story.
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| StartError::Io("假微信没有启动", e))?;
    let fake = house::fake(listener, &settings, clock.clone())?;
    settings.wechat.base_url = fake.base_url().to_owned();

    prepare(&settings, &clock).await?;
    let wechat = wechat::Client::with_clock(&settings, clock.clone())?;
    let kit = Arc::new(tool(settings, clock).await?);
    let played = play(&kit, &wechat, (&plots, &beats), &errands, now).await;
    fake.stop().await;
    kit.db.clone().close().await?;
    played?;
    let opened = errands.iter().filter(|e| e.opens()).count();
    Ok(Seeded { tickets: plots.len() + opened, deeds: beats.len() + errands.len() })
}

async fn play(
    kit: &Arc<Kit>,
    wechat: &wechat::Client,
    (plots, beats): (&[Plot], &[(usize, Beat)]),
    errands: &[Errand],
    now: Timestamp,
) -> Result<()> {
    identity::load(kit, roster().as_bytes()).await.map_err(|refused| match refused {
        Refused::Failed(err) => err,
        Refused::Lines(bad) => {
            let first = bad.first().map_or_else(String::new, |b| format!("line {}", b.line));
            Error::new(Code::Internal).because(format!("the cast is no roster: {first}"))
        }
    })?;
    let mut stage = Stage::open(Arc::clone(kit), wechat).await?;
    let holder = kit.ids.fresh()?;
    stage.sign_agreement(&house::agreement(now)).await?;
    stage.found(now).await?;
    stage.teach(now).await?;
    let mut next: Vec<(Timestamp, Next<'_>)> =
        beats.iter().map(|(number, beat)| (beat.at, Next::Beat(*number, beat))).collect();
    next.extend(errands.iter().map(|errand| (errand.at, Next::Errand(errand))));
    // Stable: what belongs to one ticket keeps its order.
    next.sort_by_key(|(at, _)| *at);
    let mut seen = 0;
    for (at, what) in next {
        // Once a day, and hourly when it is still in everybody's mind.
        let pause = if now.since(at) > 2 * DAY_MILLIS { DAY_MILLIS } else { DAY_MILLIS / 24 };
        if at.0 / pause != seen {
            seen = at.0 / pause;
            kit.clock.set(at);
            // The maintenance log is told from a little before: earlier, everything in it would be missed.
            if now.since(at) < LOOKED_OUT_DAYS * DAY_MILLIS {
                stage.look_out().await?;
            }
            place_all(kit, holder).await?;
        }
        let (done, about) = match what {
            Next::Beat(number, beat) => {
                let Some(plot) = plots.get(number) else { continue };
                (stage.play(number, plot, beat).await, format!("plot {number}, {:?}", beat.deed))
            }
            Next::Errand(errand) => (stage.run(errand).await, format!("{errand:?}")),
        };
        done.map_err(|err| Error::new(Code::Internal).because(format!("{about}: {err}")))?;
    }
    kit.clock.set(now);
    stage.class_of_today().await?;
    stage.look_out().await?;
    place_all(kit, holder).await
}

/// Gives every entry so far its place in the ledger.
async fn place_all(kit: &Kit, holder: uuid::Uuid) -> Result<()> {
    while let Pass::Placed(_) = sequencer::once(&kit.db, &kit.clock, holder).await? {}
    Ok(())
}
