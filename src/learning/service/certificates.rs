//! Certificates: one's own, and the check that anybody can make who was shown one.

use super::completion::{day, has_new, shown};
use super::enter;
use crate::contract;
use crate::courses;
use crate::courses::model::Category;
use crate::identity::people;
use crate::identity::policy::Action;
use crate::kit::Kit;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::Page;
use crate::learning::model::typed_code;
use crate::learning::store::certificates as store;
use crate::learning::views::{Certificate, CertificateCheck};

/// What stands for the name of somebody whose data was destroyed.
const SHREDDED: &str = "（已注销）";

/// The caller's certificates, the latest first.
///
/// # Errors
/// 403, 428.
pub async fn mine(ctx: &Ctx) -> Result<Page<Certificate>> {
    let me = enter(ctx, Action::ReadCourses)?;
    let catalog = courses::published(&ctx.kit).await?;
    let rows = store::of_person(ctx.kit.db.reader(), me).await?;
    Ok(Page::whole(rows.iter().map(|row| shown(row, &catalog)).collect::<Result<_>>()?))
}

/// What anybody may know of a certificate whose check code they have: 80 random bits, so nobody guesses one.
///
/// # Errors
/// 404 for a code that is none.
pub async fn check(kit: &Kit, code: &str) -> Result<CertificateCheck> {
    let db = kit.db.reader();
    let row = store::by_code(db, &typed_code(code)).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let catalog = courses::published(kit).await?;
    let category = Category::from_wire(&row.category);
    Ok(CertificateCheck {
        valid: true,
        initials: people::initials(kit, db, row.person_id).await?.unwrap_or_else(|| SHREDDED.to_owned()),
        category: category.ok_or_else(|| Error::new(Code::Internal).because("certificates.category"))?,
        edition: row.edition,
        issued_on: day(row.issued_at),
        company: contract::client_name(kit).await?,
        has_new: has_new(&row, &catalog),
        check_code: row.check_code,
        course_title: row.course_title,
    })
}
