//! Asking the index: the rarest tokens are counted over all documents, the best are looked at again with
//! their text, and the page is shown with what was found in it.

use crate::identity::policy::{Action, Facts, authorise};
use crate::kit::ctx::Ctx;
use crate::kit::db::Fetch;
use crate::kit::error::{Error, Result};
use crate::kit::text::{Lines, checked};
use crate::search::model::Entry;
use crate::search::model::fold::fold;
use crate::search::model::question::Question;
use crate::search::model::rank::{Tally, weight, worth_reading};
use crate::search::requests::SearchQuery;
use crate::search::store::{entries, index};
use crate::search::views::{Found, SearchItem};
use crate::tickets;

/// Characters of a question.
const LONGEST: usize = 200;
/// The share of the question that a material must have, in percent of weight.
const SHARE: u32 = 30;
/// So many of the best are looked at with their text.
const LOOKED_AT: usize = 50;
const DEFAULT_LIMIT: u32 = 20;
const MAX_LIMIT: u32 = 50;
/// Tickets beside materials, where a word of kind or state names many.
const TICKETS_BESIDE: u64 = 5;

/// What the caller may find: tickets that a number names first, then materials, then tickets that words name.
///
/// # Errors
/// 403 until the account is bound; 422 naming the parameter.
pub async fn search(ctx: &Ctx, query: &SearchQuery) -> Result<Found> {
    authorise(&ctx.actor, Action::Search, &Facts::Nothing)?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Error::field("limit", "OUT_OF_RANGE", "一页请取 1 到 50 条"));
    }
    let (of_tickets, of_materials) = kinds(query.types.as_deref())?;
    let text = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    let Some(text) = text else { return Ok(Found::default()) };
    let text = checked("q", text, Lines::Many, LONGEST)?;
    let limit_items = usize::try_from(limit).unwrap_or(usize::MAX);

    let question = Question::new(&text);
    let mut found = Found::default();
    if of_materials {
        let (best, total) = materials(ctx.kit.db.reader(), &question, SHARE, limit_items).await?;
        found.total = total;
        found.items = best.iter().map(|(entry, _)| SearchItem::material(entry, &question)).collect();
    }
    if of_tickets {
        let folded: String = fold(&text).chars.iter().collect();
        let most = if of_materials { TICKETS_BESIDE } else { u64::from(limit) };
        let tickets = tickets::find(ctx, &folded, most).await?;
        found.total += tickets.len();
        let tickets = tickets.into_iter().map(SearchItem::ticket);
        let by_number = folded.bytes().any(|b| b.is_ascii_digit());
        let place = if by_number { 0 } else { found.items.len() };
        found.items.splice(place..place, tickets);
        found.items.truncate(limit_items);
    }
    Ok(found)
}

/// Whether tickets and whether materials are asked for.
fn kinds(text: Option<&str>) -> Result<(bool, bool)> {
    let Some(text) = text else { return Ok((true, true)) };
    let mut kinds = (false, false);
    for word in text.split(',') {
        match word {
            "tickets" => kinds.0 = true,
            "materials" => kinds.1 = true,
            _ => return Err(Error::field("in", "UNKNOWN_VALUE", "只能在 tickets 和 materials 中找")),
        }
    }
    Ok(kinds)
}

/// The best materials with their points, and how many there are.
pub(super) async fn materials(
    db: &impl Fetch,
    question: &Question,
    share: u32,
    limit: usize,
) -> Result<(Vec<(Entry, u64)>, usize)> {
    let state = index::state(db).await?;
    let tokens = worth_reading(index::frequencies(db, &question.tokens).await?);
    if tokens.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let mut tally = Tally::new(state.last_doc);
    let weights: Vec<(String, u32)> =
        tokens.into_iter().map(|(token, df)| (token, weight(state.docs, df))).collect();
    weights.iter().for_each(|(_, weight)| tally.expect(*weight));
    let (names, _): (Vec<String>, Vec<u32>) = weights.iter().cloned().unzip();
    for (token, block, docs) in index::postings(db, &names).await? {
        if let Some((_, weight)) = weights.iter().find(|(name, _)| *name == token) {
            tally.count(*weight, block, &docs);
        }
    }
    let hits = tally.hits(share);
    let looked_at = hits.get(..LOOKED_AT.max(limit)).unwrap_or(&hits);
    let mut there = entries::by_docs(db, looked_at.iter().map(|hit| hit.doc)).await?;
    let entries = looked_at.iter().filter_map(|hit| Some((there.remove(&hit.doc)?, hit.points)));
    let mut best: Vec<(Entry, u64)> = entries
        .map(|(entry, points)| {
            let points = question.refine(&entry, points);
            (entry, points)
        })
        .collect();
    // Stable: equals stay in the order of their points before.
    best.sort_by_key(|(_, points)| std::cmp::Reverse(*points));
    best.truncate(limit);
    Ok((best, hits.len()))
}
