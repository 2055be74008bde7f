//! Beats of a player: what was watched or read since the last one. A learner sends one every few seconds, so one costs
//! three short reads and one write, and only a completion is entered into the ledger.

use uuid::Uuid;

use super::completion::{self, How};
use super::{earned, enter, rows};
use crate::courses;
use crate::courses::model::{Item, Kind};
use crate::identity::policy::Action;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::learning::entity::progress;
use crate::learning::model::intervals::Intervals;
use crate::learning::model::standing;
use crate::learning::model::watching::{self, Measure, Player, Seen, Turn};
use crate::learning::requests::ProgressBody;
use crate::learning::store::{certificates, progress as store};
use crate::learning::views::Progress;

/// What has to be seen of an item.
pub(super) fn measure(item: &Item) -> Measure {
    let plays = item.kind.plays() && item.duration_ms.is_some();
    let pages = item.pages.filter(|_| item.kind.has_pages());
    let shown = pages.filter(|_| item.shows_pages());
    Measure {
        duration_ms: item.duration_ms.filter(|_| plays),
        pages,
        min_coverage: item.min_coverage,
        min_dwell_seconds: if plays { 0 } else { item.min_dwell_seconds },
        page_ms: shown.map_or(0, |pages| watching::page_ms(pages, item.min_dwell_seconds)),
    }
}

pub(super) fn seen(row: &progress::Model) -> Seen {
    Seen {
        intervals: Intervals::from_text(&row.intervals),
        position_ms: row.position_ms,
        page: row.page,
        dwell_ms: row.dwell_ms,
    }
}

/// Takes the beats that are new, as far as the clock allows; the others change nothing.
///
/// # Errors
/// 404 for what is no material of a course in force; 409 `PLAYER_ELSEWHERE`; 422 naming the field.
pub async fn take(ctx: &Ctx, item_id: Uuid, body: &ProgressBody) -> Result<Progress> {
    let me = enter(ctx, Action::ReadCourses)?;
    let catalog = courses::published(&ctx.kit).await?;
    let (course, item) = catalog.item(item_id).ok_or_else(|| Error::new(Code::NotFound))?;
    if item.kind == Kind::Quiz {
        let text = "测验不计观看进度，请用 POST /quizzes/{id}/attempts 开始答题";
        return Err(Error::new(Code::NotFound).detail(text));
    }
    let beats = body.beats(item)?;
    let measure = measure(item);

    let tx = ctx.kit.db.write_tx().await?;
    let mut held = store::hold_player(&tx, me).await?;
    let opens = beats.iter().any(|b| b.seq == 1);
    if let (None, true, Turn::On(first)) =
        (&held, opens, watching::turn(None, &body.player, item.version_id, 1, ctx.now))
    {
        store::first_player(&tx, me, &first).await?;
        held = store::hold_player(&tx, me).await?;
    }
    let mut all = store::of_course(&*tx, me, course.id).await?;
    let at = all.iter().position(|row| row.version_id == item.version_id);
    let mut row = match at {
        Some(at) => all.swap_remove(at),
        None => fresh(me, course.id, item, ctx),
    };
    let mut now_seen = seen(&row);
    let mut taken: Option<Player> = None;
    for beat in &beats {
        match watching::turn(held.as_ref(), &body.player, item.version_id, beat.seq, ctx.now) {
            Turn::Elsewhere => return Err(Error::new(Code::PlayerElsewhere)),
            Turn::Known => {}
            Turn::On(mut player) => {
                watching::credit(&mut player, &mut now_seen, beat.claim, &measure);
                held = Some(player.clone());
                taken = Some(player);
            }
        }
    }
    row.intervals = now_seen.intervals.to_text();
    row.coverage = measure.coverage(&now_seen).max(row.coverage);
    row.position_ms = now_seen.position_ms;
    row.page = now_seen.page;
    row.dwell_ms = now_seen.dwell_ms;
    let completes = row.completed_at.is_none() && measure.is_complete(&now_seen);
    if completes {
        row.completed_at = Some(ctx.now);
    }
    let (coverage, completed) = (row.coverage, row.completed_at.is_some());
    all.push(row.clone());
    let mut certificate = None;
    if let Some(player) = &taken {
        store::save(&tx, me, player, row).await;
        if completes {
            let how = if item.kind.plays() { How::Watched } else { How::Read };
            certificate = completion::of_item(ctx, &tx, course, item, how, &all).await?;
        }
    }
    if !completes {
        certificate = certificates::latest(&*tx, me, course.id).await?;
    }
    if taken.is_some() {
        tx.commit().await?;
    }
    let standing = standing::course(course, &rows(&all), certificate.as_ref().map(earned));
    Ok(Progress {
        coverage,
        completed,
        course: completion::course_progress(&standing, certificate.as_ref(), &catalog)?,
        seq: held.map_or(0, |p| p.seq),
    })
}

fn fresh(me: Uuid, course: Uuid, item: &Item, ctx: &Ctx) -> progress::Model {
    progress::Model {
        person_id: me,
        version_id: item.version_id,
        item_id: item.id,
        course_id: course,
        intervals: Intervals::default().to_text(),
        coverage: 0,
        position_ms: 0,
        page: None,
        dwell_ms: 0,
        started_at: ctx.now,
        completed_at: None,
    }
}
