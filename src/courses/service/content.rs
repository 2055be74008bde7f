//! Who gets the bytes of a course: whoever may read it, or whoever comes with a link that such a reader was given.
//!
//! A link is for players and image tags, which cannot send a token. It names one version of one item, is sealed with
//! the deployment's key, and lasts two to three hours: the end is a full hour, so that a picture keeps its address.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::catalog::published;
use super::{enter, items};
use crate::courses::entity::version;
use crate::courses::model::{markup, slides as pages};
use crate::courses::requests::ContentQuery;
use crate::courses::store;
use crate::courses::views::SlideView;
use crate::files::media;
use crate::identity::policy::Action;
use crate::kit::Kit;
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};

const HOUR_MS: i64 = 3_600_000;
const LASTS_HOURS: i64 = 3;
const SEAL: usize = 24;

fn seal(kit: &Kit, item: Uuid, version: Uuid, until: i64) -> Vec<u8> {
    let parts = [item.as_bytes().as_slice(), version.as_bytes(), &until.to_be_bytes()].concat();
    kit.vault.digest("material link", &parts).into_iter().take(SEAL).collect()
}

/// The address of something of an item, as a player can use it. `what` is `content`, `captions` or `images/…`.
#[must_use]
pub fn address(kit: &Kit, now: Timestamp, item: Uuid, version: Uuid, what: &str) -> String {
    let until = (now.0.div_euclid(HOUR_MS) + LASTS_HOURS) * HOUR_MS;
    let link =
        [version.as_bytes().as_slice(), &until.to_be_bytes(), &seal(kit, item, version, until)].concat();
    format!("/api/v1/materials/{item}/{what}?t={}", URL_SAFE_NO_PAD.encode(link))
}

/// A stored text as it may be shown: sanitised once more, its pictures with addresses.
#[must_use]
pub fn shown(kit: &Kit, now: Timestamp, item: Uuid, version: Uuid, html: &str) -> String {
    let one = address(kit, now, item, version, "images/");
    // The digest goes between the path and the link.
    let (path, link) = one.split_once('?').unwrap_or((&one, ""));
    let (path, link) = (path.to_owned(), link.to_owned());
    markup::shown(html, move |digest| format!("{path}{digest}?{link}"))
}

/// The pages of slides as they may be shown, their pictures with addresses.
///
/// # Errors
/// 500 for a stored text that is no row of pages.
pub fn slides(kit: &Kit, now: Timestamp, item: Uuid, version: Uuid, body_md: &str) -> Result<Vec<SlideView>> {
    let internal = |_| Error::new(Code::Internal).because("stored slides");
    let shown = |page: pages::Slide| SlideView {
        image_url: address(kit, now, item, version, &format!("images/{}", page.digest)),
        alt: page.alt,
        html: page.html,
    };
    Ok(pages::pages(body_md).map_err(internal)?.into_iter().map(shown).collect())
}

/// The version that a link opens.
fn linked(kit: &Kit, now: Timestamp, item: Uuid, link: &str) -> Result<Uuid> {
    let ended = || Error::new(Code::LoginRequired).detail("这个地址已过期，请回到课程页重新打开");
    let bytes = URL_SAFE_NO_PAD.decode(link).map_err(|_| ended())?;
    let (version, rest) = bytes.split_first_chunk::<16>().ok_or_else(ended)?;
    let (until, given) = rest.split_first_chunk::<8>().ok_or_else(ended)?;
    let (version, until) = (Uuid::from_bytes(*version), i64::from_be_bytes(*until));
    let right = seal(kit, item, version, until);
    // Compared without telling where it differs.
    let differs = right.iter().zip(given).fold(right.len() ^ given.len(), |d, (a, b)| d | usize::from(a ^ b));
    if differs != 0 || now.0 >= until {
        return Err(ended());
    }
    Ok(version)
}

/// The version of an item that the caller gets.
async fn allowed(
    kit: &Kit,
    ctx: Option<&Ctx>,
    now: Timestamp,
    item: Uuid,
    query: &ContentQuery,
) -> Result<version::Model> {
    let not_found = || Error::new(Code::NotFound);
    let db = kit.db.reader();
    let id = match (&query.t, ctx) {
        (Some(link), _) => linked(kit, now, item, link)?,
        (None, None) => return Err(Error::new(Code::LoginRequired)),
        (None, Some(ctx)) => {
            enter(ctx, Action::ReadCourses)?;
            let writes = enter(ctx, Action::WriteCourses).is_ok();
            let current = published(kit).await?.item(item).map(|(_, item)| item.version_id);
            match (query.v, current) {
                (None, Some(current)) => current,
                (Some(asked), Some(_)) => asked,
                (Some(asked), None) if writes => asked,
                (None, None) if writes => {
                    let latest = store::versions::latest(db, &[item]).await?.remove(&item);
                    latest.and_then(|l| l.any).ok_or_else(not_found)?.id
                }
                _ => return Err(not_found()),
            }
        }
    };
    let row = store::versions::find(db, id).await?.filter(|v| v.item_id == item).ok_or_else(not_found)?;
    // Drafts are for those who write them; a link was given to whoever could see it.
    let writes = ctx.is_some_and(|ctx| enter(ctx, Action::WriteCourses).is_ok());
    if query.t.is_none() && row.edition.is_none() && !writes { Err(not_found()) } else { Ok(row) }
}

/// Bytes to serve: which medium, and what to call it.
#[derive(Debug)]
pub struct Bytes {
    pub medium: Uuid,
    pub title: String,
}

/// The medium of an item.
///
/// # Errors
/// 401 for a link that has ended; 404 for what is not there, not the caller's to see, or has no bytes.
pub async fn medium(
    kit: &Kit,
    ctx: Option<&Ctx>,
    now: Timestamp,
    item: Uuid,
    query: &ContentQuery,
) -> Result<Bytes> {
    let row = allowed(kit, ctx, now, item, query).await?;
    let medium = row.media_id.ok_or_else(|| Error::new(Code::NotFound))?;
    Ok(Bytes { medium, title: row.title })
}

/// A picture of a text.
///
/// # Errors
/// As [`medium`].
pub async fn image(
    kit: &Kit,
    ctx: Option<&Ctx>,
    now: Timestamp,
    item: Uuid,
    digest: &str,
    query: &ContentQuery,
) -> Result<Bytes> {
    let not_found = || Error::new(Code::NotFound);
    let row = allowed(kit, ctx, now, item, query).await?;
    let shows = format!("\"{}{digest}\"", markup::IMAGES);
    if digest.len() != 64 || !row.body_html.contains(&shows) {
        return Err(not_found());
    }
    let db = kit.db.reader();
    let (course, _) = items::course_of(db, item).await?.ok_or_else(not_found)?;
    let medium = media::named(db, course.id, digest).await?.filter(|m| m.kind.is_image());
    Ok(Bytes { medium: medium.ok_or_else(not_found)?.id, title: row.title })
}

/// The captions of what plays, as WebVTT.
///
/// # Errors
/// As [`medium`].
pub async fn captions(
    kit: &Kit,
    ctx: Option<&Ctx>,
    now: Timestamp,
    item: Uuid,
    query: &ContentQuery,
) -> Result<String> {
    allowed(kit, ctx, now, item, query).await?.captions.ok_or_else(|| Error::new(Code::NotFound))
}
