//! What happens when an item is completed: it is entered into the ledger once, and when it was the last one of its
//! course, a certificate is issued in the same transaction.

use serde_json::json;
use uuid::Uuid;

use super::{earned, rows};
use crate::courses::model::{Catalog, Category, Course, Item};
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::learning::entity::{certificate, progress};
use crate::learning::model::standing::{self, CourseStanding};
use crate::learning::model::{LearningState, check_code};
use crate::learning::store::certificates as store;
use crate::learning::views::{Certificate, CourseProgress};
use crate::ledger;
use crate::notices::{Notice, Recipient, tell};

/// How an item was completed, for the ledger.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    Watched,
    Read,
    Passed,
}

impl How {
    const fn wire(self) -> &'static str {
        match self {
            Self::Watched => "watched",
            Self::Read => "read",
            Self::Passed => "passed",
        }
    }
}

/// Enters the completion of an item, and the certificate where it completes the course. `all`: what the person has of
/// the course, with this completion in it.
pub(super) async fn of_item(
    ctx: &Ctx,
    tx: &WriteTx,
    course: &Course,
    item: &Item,
    how: How,
    all: &[progress::Model],
) -> Result<Option<certificate::Model>> {
    let entry = ledger::Entry {
        action: "material.completed",
        object_kind: "material",
        object_id: item.id,
        detail: json!({
            "course": course.id, "edition": course.edition, "version": item.version_id, "how": how.wire(),
        }),
        content: &[],
    };
    ledger::append(ctx, &**tx, entry).await?;
    let me = ctx.member()?.person_id;
    let latest = store::latest(&**tx, me, course.id).await?;
    let standing = standing::course(course, &rows(all), latest.as_ref().map(earned));
    if !standing::earns(course, &standing, latest.as_ref().map(earned)) {
        return Ok(latest);
    }
    issue(ctx, tx, course, me).await
}

async fn issue(ctx: &Ctx, tx: &WriteTx, course: &Course, me: Uuid) -> Result<Option<certificate::Model>> {
    let row = certificate::Model {
        id: ctx.kit.ids.fresh()?,
        person_id: me,
        course_id: course.id,
        edition: course.edition,
        check_code: check_code(ctx.kit.ids.random()?),
        category: course.category.wire().to_owned(),
        course_title: course.title.clone(),
        issued_at: ctx.now,
    };
    if !store::insert(tx, row.clone()).await? {
        return store::latest(&**tx, me, course.id).await;
    }
    let entry = ledger::Entry {
        action: "certificate.issued",
        object_kind: "certificate",
        object_id: row.id,
        detail: json!({ "course": course.id, "edition": course.edition, "category": row.category }),
        content: &[row.check_code.as_bytes()],
    };
    ledger::append(ctx, &**tx, entry).await?;
    let notice = Notice {
        event: "certificate.issued".to_owned(),
        object_kind: "course",
        object_id: course.id,
        number: course.title.clone(),
        text: format!("《{}》已完成，证书已颁发", course.title),
        urgent: false,
        by: None,
    };
    tell(&ctx.kit, tx, ctx.now, &[Recipient::Person(me)], &notice).await?;
    Ok(Some(row))
}

/// A certificate as its owner sees it.
pub(super) fn shown(row: &certificate::Model, catalog: &Catalog) -> Result<Certificate> {
    let category = Category::from_wire(&row.category);
    Ok(Certificate {
        check_code: row.check_code.clone(),
        course_id: row.course_id,
        course_title: row.course_title.clone(),
        category: category.ok_or_else(|| Error::new(Code::Internal).because("certificates.category"))?,
        edition: row.edition,
        issued_on: day(row.issued_at),
        has_new: has_new(row, catalog),
    })
}

/// Whether the course has a later edition.
pub(super) fn has_new(row: &certificate::Model, catalog: &Catalog) -> bool {
    catalog.course(row.course_id).is_some_and(|course| course.edition > row.edition)
}

pub(super) fn day(at: Timestamp) -> chrono::NaiveDate {
    at.shanghai_date()
}

/// How far the course is, as answers to beats say it.
pub(super) fn course_progress(
    standing: &CourseStanding,
    certificate: Option<&certificate::Model>,
    catalog: &Catalog,
) -> Result<CourseProgress> {
    Ok(CourseProgress {
        percent: standing.percent,
        completed: standing.state == LearningState::Completed,
        certificate: certificate.map(|c| shown(c, catalog)).transpose()?,
    })
}
