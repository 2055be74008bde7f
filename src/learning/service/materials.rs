//! One material to read or play, with what the caller has seen of it.

use uuid::Uuid;

use super::beats::{measure, seen};
use super::enter;
use super::quizzes;
use crate::courses::model::Item;
use crate::courses::{self, Course};
use crate::identity::policy::Action;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::learning::store::{attempts, progress as store};
use crate::learning::views::{Beside, Material, MyMaterial};

/// # Errors
/// 404 for what is no item of a course in force.
pub async fn show(ctx: &Ctx, id: Uuid) -> Result<Material> {
    let me = enter(ctx, Action::ReadCourses)?;
    let catalog = courses::published(&ctx.kit).await?;
    let (course, item) = catalog.item(id).ok_or_else(|| Error::new(Code::NotFound))?;
    let db = ctx.kit.db.reader();
    let quiz = match item.quiz {
        Some(rules) => {
            let tries = attempts::of_quizzes(db, me, &[id]).await?;
            Some(quizzes::tries(id, &tries).state(&rules, ctx.now))
        }
        None => None,
    };
    let version = courses::version(db, item.version_id).await?;
    let (previous, next) = beside(course, item);
    // What a player or a picture loads cannot send a token: its address holds a link that ends by itself.
    let address = |what| courses::address(&ctx.kit, ctx.now, id, item.version_id, what);
    // The words of slides stand with their pages.
    let (html, slides) = match item.shows_pages() {
        true => {
            let slides = courses::slides(&ctx.kit, ctx.now, id, item.version_id, &version.source)?;
            (String::new(), slides)
        }
        false => (courses::shown(&ctx.kit, ctx.now, id, item.version_id, &version.html), Vec::new()),
    };
    Ok(Material {
        id,
        course_id: course.id,
        kind: item.kind,
        title: version.title,
        version_id: item.version_id,
        version_no: item.version_no,
        html: Some(html).filter(|html| !html.is_empty()),
        content_url: (item.kind.has_media() || item.media_type.is_some()).then(|| address("content")),
        slides,
        captions_url: item.has_captions.then(|| address("captions")),
        link: item.link.clone(),
        duration_ms: item.duration_ms,
        pages: item.pages,
        min_coverage: item.min_coverage,
        min_dwell_seconds: item.min_dwell_seconds,
        page_ms: measure(item).page_ms,
        my: mine(ctx, me, course, item).await?,
        quiz,
        next,
        previous,
    })
}

async fn mine(ctx: &Ctx, me: Uuid, course: &Course, item: &Item) -> Result<MyMaterial> {
    let db = ctx.kit.db.reader();
    let rows = store::of_course(db, me, course.id).await?;
    let row = rows.iter().find(|r| r.version_id == item.version_id);
    let seen = row.map(seen).unwrap_or_default();
    let player = store::find_player(db, me).await?.filter(|p| p.version_id == item.version_id);
    Ok(MyMaterial {
        coverage: row.map_or(0, |r| r.coverage),
        intervals: seen.intervals.pairs().to_vec(),
        position_ms: seen.position_ms,
        page: seen.page,
        dwell_seconds: seen.dwell_ms / 1000,
        completed: row.is_some_and(|r| r.completed_at.is_some()),
        seq: player.map_or(0, |p| p.seq),
    })
}

/// The items before and after it.
fn beside(course: &Course, item: &Item) -> (Option<Beside>, Option<Beside>) {
    let of = |i: &Item| Beside { id: i.id, kind: i.kind };
    let before = course.items().take_while(|i| i.id != item.id).last().map(of);
    let after = course.items().skip_while(|i| i.id != item.id).nth(1).map(of);
    (before, after)
}
