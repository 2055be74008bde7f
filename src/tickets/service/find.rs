//! Finding tickets by their number, or by words of kind and state: for the search. Whoever finds one would
//! see it in a list as well.

use chrono::Datelike;

use super::open::{self, Faces};
use super::{enter, kinds, read};
use crate::identity::policy::{Action as May, Facts, Verdict, decide};
use crate::kit::actor::Side;
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::tickets::model::Kind;
use crate::tickets::model::asked::Asked;
use crate::tickets::store::list::{self, Filter, Scope};
use crate::tickets::views::Summary;

/// The caller's tickets that folded text names, the newest first, at most `limit`.
///
/// # Errors
/// 403 until the account is bound and consented.
pub async fn find(ctx: &Ctx, folded: &str, limit: u64) -> Result<Vec<Summary>> {
    let member = enter(ctx)?;
    let prefixes: Vec<_> = Kind::ALL.iter().map(|kind| (*kind, kinds::spec(*kind).prefix)).collect();
    let asked = Asked::read(folded, &prefixes, ctx.now.shanghai_date().year());
    if asked == Asked::default() {
        return Ok(Vec::new());
    }
    let filter = Filter {
        numbers: asked.numbers,
        number_prefix: asked.prefix,
        kinds: asked.kinds,
        states: asked.states,
        kept_from: (member.side == Side::Vendor).then_some(member.person_id),
        ..Filter::default()
    };
    let db = ctx.kit.db.reader();
    let mut rows = Vec::new();
    for scope in scopes(ctx)? {
        rows.extend(list::page(db, scope, &filter, limit, None).await?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.dedup_by_key(|row| row.id);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let faces = Faces::of_list(ctx, db, &rows).await?;
    rows.into_iter().map(|row| open::summary(ctx, &faces, row)).collect()
}

/// Every list of the caller's that is not part of another.
fn scopes(ctx: &Ctx) -> Result<Vec<Scope>> {
    let lists: &[&str] = match decide(&ctx.actor, May::ListAll, &Facts::Nothing) {
        Verdict::Allow => &["all"],
        _ => match decide(&ctx.actor, May::ListDepartment, &Facts::Nothing) {
            Verdict::Allow => &["mine", "followed", "department"],
            _ => &["mine", "followed"],
        },
    };
    lists.iter().map(|list| read::scope(ctx, Some(list))).collect()
}
