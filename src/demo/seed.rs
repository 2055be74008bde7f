//! Seeding: two months pass in seconds, in the order in which they would have passed.

use std::net::TcpListener;
use std::sync::Arc;

use super::stage::{Stage, roster};
use super::{house, plan};
use crate::app::{StartError, prepare, tool};
use crate::identity::{self, Refused};
use crate::kit::Kit;
use crate::kit::clock::{Clock, Timestamp};
use crate::kit::config::Settings;
use crate::kit::error::{Code, Error, Result};
use crate::ledger::sequencer::{self, Pass};
use crate::wechat;

const DAY_MILLIS: i64 = 86_400_000;

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeded {
    pub tickets: usize,
    pub deeds: usize,
}

/// Fills an empty deployment with the two months before `now`.
///
/// # Errors
/// What setting up says, or the deed that was refused.
pub async fn seed(mut settings: Settings, now: Timestamp) -> Result<Seeded, StartError> {
    let plots = plan::plots(now);
    let beats = plan::in_order(&plots);
    let begins = beats.first().map_or(now, |(_, beat)| beat.at).plus_millis(-DAY_MILLIS);
    let clock = Clock::steered(begins);
    // WeChat lives in the same time as the story.
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| StartError::Io("假微信没有启动", e))?;
    let fake = house::fake(listener, &settings, clock.clone())?;
    settings.wechat.base_url = fake.base_url().to_owned();

    prepare(&settings, &clock).await?;
    let wechat = wechat::Client::with_clock(&settings, clock.clone())?;
    let kit = Arc::new(tool(settings, clock).await?);
    let played = play(&kit, &wechat, &plots, &beats, now).await;
    fake.stop().await;
    kit.db.clone().close().await?;
    played?;
    Ok(Seeded { tickets: plots.len(), deeds: beats.len() })
}

async fn play(
    kit: &Arc<Kit>,
    wechat: &wechat::Client,
    plots: &[super::plot::Plot],
    beats: &[(usize, super::plot::Beat)],
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
    let mut day = kit.clock.now().0 / DAY_MILLIS;
    for (number, beat) in beats {
        let Some(plot) = plots.get(*number) else { continue };
        if beat.at.0 / DAY_MILLIS != day {
            day = beat.at.0 / DAY_MILLIS;
            place_all(kit, holder).await?;
        }
        stage.play(*number, plot, beat).await.map_err(|err| {
            let deed = format!("plot {number}, {:?}: {err}", beat.deed);
            Error::new(Code::Internal).because(deed)
        })?;
    }
    kit.clock.set(now);
    place_all(kit, holder).await
}

/// Gives every entry so far its place in the ledger.
async fn place_all(kit: &Kit, holder: uuid::Uuid) -> Result<()> {
    while let Pass::Placed(_) = sequencer::once(&kit.db, &kit.clock, holder).await? {}
    Ok(())
}
