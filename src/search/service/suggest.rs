//! Suggestions while a ticket is written. Nothing of the draft is stored or logged: what stays is which
//! materials were suggested, when, and whether one of them made the ticket unnecessary.

use uuid::Uuid;

use super::find::materials;
use crate::identity::policy::{Action, Facts, authorise};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::text::{Lines, optional};
use crate::search::model::Entry;
use crate::search::model::question::{Question, answers};
use crate::search::requests::{Draft, Solved};
use crate::search::store::suggestions;
use crate::search::views::{MaterialCount, SearchItem, SuggestionSummary, Suggestions};

const MOST: usize = 3;
/// The best by words are looked at for whether they answer.
const LOOKED_AT: usize = 20;
/// Share of the draft's words that a material must have, in percent of weight: drafts tell stories.
const SHARE: u32 = 10;
/// So much of a description is read: what is wrong is said early.
const READ: usize = 300;
const IN_SUMMARY: i64 = 100;

/// Up to three materials that may answer the draft; none when none is relevant enough.
///
/// # Errors
/// 403 for who writes no tickets; 422 naming the field.
pub async fn suggest(ctx: &Ctx, draft: &Draft) -> Result<Suggestions> {
    authorise(&ctx.actor, Action::Suggest, &Facts::Nothing)?;
    let title = optional("title", Some(&draft.title), Lines::One, 80)?.unwrap_or_default();
    let description = optional("description", Some(&draft.description), Lines::Many, 5000)?;
    let description: String = description.unwrap_or_default().chars().take(READ).collect();
    let question = Question::new(&format!("{title}\n{description}"));
    let db = ctx.kit.db.reader();
    let (best, _) = materials(db, &question, SHARE, LOOKED_AT).await?;
    let best: Vec<Entry> =
        best.into_iter().map(|(entry, _)| entry).filter(|e| answers(&question, e)).take(MOST).collect();

    let id = ctx.kit.ids.fresh()?;
    if !best.is_empty() {
        let tx = ctx.kit.db.write_tx().await?;
        let ids: Vec<Uuid> = best.iter().map(|e| e.id).collect();
        suggestions::insert(&tx, id, ctx.now, &ids).await?;
        tx.commit().await?;
        metrics::counter!("lvyue_suggestions_total").increment(1);
    }
    Ok(Suggestions { id, items: best.iter().map(|e| SearchItem::material(e, &question)).collect() })
}

/// A suggested material solved it: counted once.
///
/// # Errors
/// 404 for suggestions that nobody was given; 422 for a material that was not among them.
pub async fn solved(ctx: &Ctx, id: Uuid, body: &Solved) -> Result<()> {
    authorise(&ctx.actor, Action::Suggest, &Facts::Nothing)?;
    let suggested = suggestions::materials(ctx.kit.db.reader(), id).await?;
    if suggested.is_empty() {
        return Err(Error::new(Code::NotFound));
    }
    if !suggested.contains(&body.material_id) {
        return Err(Error::field("material_id", "UNKNOWN_VALUE", "这篇不在推荐之中"));
    }
    let tx = ctx.kit.db.write_tx().await?;
    let first = suggestions::solve(&tx, id, body.material_id, ctx.now).await?;
    tx.commit().await?;
    if first {
        metrics::counter!("lvyue_suggestions_solved_total").increment(1);
    }
    Ok(())
}

/// How often suggestions were given, and how often they made a ticket unnecessary.
///
/// # Errors
/// 403 for everybody but the vendor and the client's manager.
pub async fn summary(ctx: &Ctx) -> Result<SuggestionSummary> {
    authorise(&ctx.actor, Action::ReadSuggestions, &Facts::Nothing)?;
    let db = ctx.kit.db.reader();
    let (asked, solved) = suggestions::totals(db).await?;
    let rows = suggestions::by_material(db, IN_SUMMARY).await?;
    let by_material = rows.into_iter().map(MaterialCount::of).collect();
    Ok(SuggestionSummary { asked, solved, by_material })
}
