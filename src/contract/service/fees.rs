//! What P13 would take off a month's fee: a preview for both sides to talk about, never a charge.

use super::{book, enter};
use crate::clocks::Deduction;
use crate::contract::model;
use crate::contract::views::{FeeLine, FeePreview, FeeSum};
use crate::duties;
use crate::identity::policy::Action;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Error, Result};

/// The whole, in hundredths of a percent.
const WHOLE: u64 = 10_000;

/// The deduction of a month, by the parameters in force at its end (or now): once with the breaches that are
/// confirmed, once with those that are asserted or disputed as well.
///
/// # Errors
/// 403 for others than managers, leads and auditors; 422 naming the month.
pub async fn preview(ctx: &Ctx, month: &str) -> Result<FeePreview> {
    enter(ctx, Action::ReadFees)?;
    let span = model::month(month);
    let (from, to) = span.ok_or_else(|| Error::field("month", "WRONG_VALUE", "应为年月，如 2026-11"))?;
    let book = book::book(&ctx.kit).await?;
    let at = to.plus_millis(-1).min(ctx.now);
    let deduction = book.at(at).params.deduction.clone();
    let breaches = duties::breaches_in(ctx.kit.db.reader(), from, to).await?;
    let counted = |statuses: &[&str]| -> Vec<&str> {
        let vendor = breaches.iter().filter(|b| b.obligor == "vendor");
        vendor.filter(|b| statuses.contains(&b.status.as_str())).map(|b| b.code.as_str()).collect()
    };
    let sum =
        |statuses: &[&str]| deduction.as_ref().map_or_else(FeeSum::default, |d| sum(d, &counted(statuses)));
    Ok(FeePreview {
        month: month.to_owned(),
        agreed: deduction.is_some(),
        monthly_fee_cents: deduction.as_ref().map_or(0, |d| d.monthly_fee_cents),
        cap: deduction.as_ref().map_or(0, |d| d.cap),
        confirmed: sum(&["confirmed"]),
        with_asserted: sum(&["confirmed", "asserted", "disputed"]),
    })
}

/// What these breaches take off: each its share of the fee, together at most the cap. Every amount is rounded
/// down to whole 分, in favour of who is charged.
fn sum(deduction: &Deduction, codes: &[&str]) -> FeeSum {
    let share_of = |share: u64| deduction.monthly_fee_cents.saturating_mul(share) / WHOLE;
    let line = |(code, share): &(&'static str, u32)| {
        let breaches = u64::try_from(codes.iter().filter(|c| *c == code).count()).unwrap_or(u64::MAX);
        let amount_cents = share_of(breaches.saturating_mul(u64::from(*share)));
        (breaches > 0).then(|| FeeLine { code: (*code).to_owned(), breaches, share: *share, amount_cents })
    };
    let lines: Vec<FeeLine> = deduction.shares.iter().filter_map(line).collect();
    let sum_cents = lines.iter().map(|l| l.amount_cents).fold(0, u64::saturating_add);
    let most = share_of(u64::from(deduction.cap));
    FeeSum { lines, sum_cents, deduction_cents: sum_cents.min(most), capped: sum_cents > most }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_the_cap() {
        // 3000.01 元, half a percent for each late response, one percent for each late solution, at most 10 %.
        let deduction =
            Deduction { monthly_fee_cents: 300_001, shares: vec![("R8", 50), ("S24", 100)], cap: 1000 };
        let none = sum(&deduction, &[]);
        assert_eq!(none, FeeSum::default());
        let some = sum(&deduction, &["R8", "R8", "S24", "Q5"]);
        let line = |code: &str, breaches, share, amount_cents| FeeLine {
            code: code.to_owned(),
            breaches,
            share,
            amount_cents,
        };
        assert_eq!(some.lines, [line("R8", 2, 50, 3000), line("S24", 1, 100, 3000)]);
        assert_eq!((some.sum_cents, some.deduction_cents, some.capped), (6000, 6000, false));
        let many = sum(&deduction, &["S24"; 11]);
        assert_eq!((many.sum_cents, many.deduction_cents, many.capped), (33_000, 30_000, true));
    }
}
