//! Courses from folders. Everything is read and looked at before the first row is written: of a folder with
//! something wrong in it nothing is loaded. A course is one transaction; what is there already changes nothing.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use super::courses::{insert, known_departments, note};
use super::folder::{self, Bad, Folder, FolderItem};
use super::items::{drop_item, image_name, put};
use super::publish::step_to;
use super::{By, edited, state};
use crate::courses::entity::{course, item};
use crate::courses::model::acts::Step;
use crate::courses::model::content::{self, Draft, Wrong};
use crate::courses::model::{State, markup};
use crate::courses::store::{self, versions::Latest};
use crate::files::media::{self, Loose};
use crate::identity::people;
use crate::identity::policy::{Action, Facts, authorise};
use crate::kit::Kit;
use crate::kit::actor::Actor;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};

/// What became of one folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub slug: String,
    pub id: Uuid,
    /// Items that were written or taken out.
    pub items: usize,
    pub is_new: bool,
    /// Whether something was written of it.
    pub changed: bool,
    pub published: bool,
    pub state: State,
    pub edition: i32,
}

/// Why nothing was loaded.
#[derive(Debug)]
pub enum Refusal {
    /// What is wrong, by file and line.
    Bad(Vec<Bad>),
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bad(all) => {
                for (at, bad) in all.iter().enumerate() {
                    write!(f, "{}{bad}", if at == 0 { "" } else { "\n" })?;
                }
                Ok(())
            }
            Self::Failed(error) => f.write_str(error.detail_text().unwrap_or_else(|| error.code().title())),
        }
    }
}

/// The person of the vendor in whose name something is done from the command line.
///
/// # Errors
/// 404 for an unknown number; 403 for somebody who must not publish.
pub async fn publisher(kit: &Arc<Kit>, employee_no: &str) -> Result<Ctx> {
    let member = people::vendor_by_number(kit, employee_no).await?;
    let id = member.person_id;
    let actor = Actor { account_id: id, session_id: id, member: Some(member), consent: None };
    authorise(&actor, Action::PublishCourses, &Facts::Nothing)?;
    Ok(Ctx { kit: Arc::clone(kit), actor, request_id: kit.ids.fresh()?, now: kit.clock.now() })
}

/// Imports a course folder, or every course folder in a folder. With a publisher, what is not published is reviewed
/// and published in their name.
///
/// # Errors
/// What is wrong with the files: then nothing was loaded. What the database says.
pub async fn import(kit: &Kit, folder: &Path, publisher: Option<&Ctx>) -> Result<Vec<Imported>, Refusal> {
    let by = By { kit, ctx: None, now: kit.clock.now() };
    let mut wrong = Vec::new();
    let mut plans = Vec::new();
    for folder in folders(folder).map_err(|bad| Refusal::Bad(vec![bad]))? {
        match folder::read(&folder) {
            Ok(folder) => plans.push(plan(kit, folder, &mut wrong).await?),
            Err(bad) => wrong.extend(bad),
        }
    }
    if !wrong.is_empty() {
        return Err(Refusal::Bad(wrong));
    }
    let mut done = Vec::new();
    for plan in plans {
        done.push(load(&by, plan, publisher).await?);
    }
    Ok(done)
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, Bad> {
    let bad = |text: String| Bad { file: folder.to_owned(), line: None, text };
    if folder.join("course.md").is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let entries = fs::read_dir(folder).map_err(|e| bad(format!("读不出来（{}）", e.kind())))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("course.md").is_file())
        .collect();
    found.sort_unstable();
    if found.is_empty() {
        Err(bad("这里没有课程：课程文件夹里要有 course.md".to_owned()))
    } else {
        Ok(found)
    }
}

/// What has to be written of one folder.
struct Plan {
    folder: Folder,
    course: Option<course::Model>,
    items: Vec<Planned>,
}

struct Planned {
    item: FolderItem,
    /// Media and pictures, when the item is new or changed.
    change: Option<Change>,
}

#[derive(Default)]
struct Change {
    medium: Option<Loose>,
    pictures: HashMap<String, Loose>,
}

/// Compares with what is there, and looks at what is new.
async fn plan(kit: &Kit, mut folder: Folder, wrong: &mut Vec<Bad>) -> Result<Plan> {
    let db = kit.db.reader();
    if let Err(bad) = known_departments(db, &folder.head.mandatory_for).await {
        let line = Some(folder.mandatory_line);
        wrong.push(Bad { file: folder.head_file.clone(), line, text: bad.text });
    }
    let course = store::courses::of_slug(db, &folder.slug).await?;
    let there = match &course {
        Some(course) => store::items::of_course(db, course.id).await?,
        None => Vec::new(),
    };
    let ids: Vec<Uuid> = there.iter().map(|i| i.id).collect();
    let latest = store::versions::latest(db, &ids).await?;
    let mut items = Vec::new();
    for item in std::mem::take(&mut folder.items) {
        let row = there.iter().find(|row| row.key == item.key);
        let old = row.and_then(|row| latest.get(&row.id)).and_then(|l| l.any.as_ref());
        let same = old.is_some_and(|v| v.source_digest.as_ref() == Some(&item.digest));
        if row.is_some_and(|row| row.kind != item.kind.wire()) {
            let text = "已有的内容不能换类型，请换一个文件名".to_owned();
            wrong.push(Bad { file: item.file.clone(), line: Some(1), text });
        }
        let change = if same { None } else { looked_at(kit, &item, wrong).await? };
        items.push(Planned { item, change });
    }
    Ok(Plan { folder, course, items })
}

/// The files that an item names, looked at; `None` when something is wrong, which is then told.
async fn looked_at(kit: &Kit, item: &FolderItem, wrong: &mut Vec<Bad>) -> Result<Option<Change>> {
    let mut change = Change::default();
    if let Some(path) = &item.media {
        match media::from_disk(kit, path).await {
            Ok(loose) => change.medium = Some(loose),
            Err(error) => {
                wrong.push(item.bad(Wrong::new("upload_id", refused(path, error)?)));
                return Ok(None);
            }
        }
    }
    for picture in &item.pictures {
        let Some(path) = item.picture_files.get(&picture.target) else { continue };
        let told = match media::from_disk(kit, path).await {
            Ok(loose) if loose.medium()?.kind.is_image() => {
                change.pictures.insert(picture.target.clone(), loose);
                continue;
            }
            Ok(_) => format!("{} 不是图片", name_of(path)),
            Err(error) => refused(path, error)?,
        };
        wrong.push(item.bad(Wrong { field: "body_md", line: Some(picture.line), text: told }));
        return Ok(None);
    }
    let medium = change.medium.as_ref().map(Loose::medium).transpose()?;
    let mut names = HashMap::new();
    for (target, loose) in &change.pictures {
        names.extend(image_name(&loose.medium()?).map(|name| (target.clone(), name)));
    }
    let body_md = markup::renamed(&item.draft.body_md, &item.pictures, &names);
    if let Err(bad) = content::check(item.kind, &Draft { medium, body_md, ..item.draft.clone() }) {
        wrong.push(item.bad(bad));
        return Ok(None);
    }
    Ok(Some(change))
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// What to say about a file that is not taken; other failures stop the import.
fn refused(path: &Path, error: Error) -> Result<String> {
    let name = name_of(path);
    match error.code() {
        Code::AttachmentType => Ok(format!("{name} 的内容和扩展名不符，或不是支持的格式")),
        Code::AttachmentBroken | Code::AttachmentTooLarge | Code::Invalid => {
            Ok(format!("{name}：{}", error.detail_text().unwrap_or_else(|| error.code().title())))
        }
        _ => Err(error),
    }
}

/// Writes what is new, and publishes it when somebody stands for it.
async fn load(by: &By<'_>, plan: Plan, publisher: Option<&Ctx>) -> Result<Imported> {
    let tx = by.kit.db.write_tx().await?;
    let is_new = plan.course.is_none();
    let mut row = match &plan.course {
        Some(seen) => {
            let row = store::courses::lock(&tx, seen.id).await?;
            if row.version != seen.version {
                return Err(Error::new(Code::VersionStale).detail("课程刚被别人改过，请再导入一次"));
            }
            row
        }
        None => {
            let id = by.kit.ids.fresh()?;
            let digest = Some(plan.folder.digest.clone());
            insert(by, &tx, id, &plan.folder.slug, &plan.folder.head, digest).await?
        }
    };
    let head_changed = row.source_digest.as_ref() != Some(&plan.folder.digest);
    if head_changed {
        plan.folder.head.write(&mut row)?;
        row.source_digest = Some(plan.folder.digest.clone());
    }
    let items = write_items(by, &tx, row.id, plan.items).await?;
    let changed = is_new || head_changed || items > 0;
    if changed && !is_new {
        edited(by, &tx, &mut row).await?;
        note(by, &tx, "course.changed", &row).await?;
    }
    let mut published = false;
    if let Some(ctx) = publisher {
        let by = By::person(ctx);
        for step in [Step::SubmitForReview, Step::Approve, Step::Publish] {
            if step.from(state(&row)?, row.in_force.is_some()).is_some() {
                step_to(&by, &tx, &mut row, step, None).await?;
                published = true;
            }
        }
    }
    if changed || published {
        tx.commit().await?;
    }
    let (state, edition) = (state(&row)?, row.edition);
    Ok(Imported { slug: row.slug, id: row.id, items, is_new, changed, published, state, edition })
}

/// Returns how many items changed.
async fn write_items(by: &By<'_>, tx: &WriteTx, course: Uuid, planned: Vec<Planned>) -> Result<usize> {
    let there = store::items::of_course(&**tx, course).await?;
    let ids: Vec<Uuid> = there.iter().map(|i| i.id).collect();
    let mut latest = store::versions::latest(&**tx, &ids).await?;
    let imported = |row: &item::Model| {
        latest.get(&row.id).and_then(|l| l.any.as_ref()).is_some_and(|v| v.source_digest.is_some())
    };
    let keys: Vec<&str> = planned.iter().map(|p| p.item.key.as_str()).collect();
    let gone = there.iter().filter(|i| !i.removed && !keys.contains(&i.key.as_str()) && imported(i));
    let gone: Vec<item::Model> = gone.cloned().collect();
    let mut changed = gone.len();
    for row in gone {
        drop_item(by, tx, row).await?;
    }
    let mut sections: Vec<String> = Vec::new();
    for (position, Planned { item, change }) in (0..).zip(planned) {
        if sections.last() != Some(&item.section) {
            sections.push(item.section.clone());
        }
        let section_no = i32::try_from(sections.len()).unwrap_or(i32::MAX) - 1;
        let old = there.iter().find(|row| row.key == item.key);
        let row = item::Model {
            id: match old {
                Some(old) => old.id,
                None => by.kit.ids.fresh()?,
            },
            course_id: course,
            key: item.key.clone(),
            section_no,
            section_title: item.section.clone(),
            position,
            kind: item.kind.wire().to_owned(),
            required: item.required,
            removed: false,
        };
        let moved = old != Some(&row);
        match old {
            None => store::items::insert(tx, row.clone()).await?,
            Some(_) if moved => store::items::update(tx, row.clone()).await?,
            Some(_) => {}
        }
        changed += usize::from(moved || change.is_some());
        if let Some(change) = change {
            let latest = latest.remove(&row.id).unwrap_or_default();
            write_item(by, tx, &row, &latest, item, change).await?;
        }
    }
    Ok(changed)
}

async fn write_item(
    by: &By<'_>,
    tx: &WriteTx,
    row: &item::Model,
    latest: &Latest,
    item: FolderItem,
    change: Change,
) -> Result<()> {
    let mut draft = item.draft;
    if let Some(loose) = change.medium {
        draft.medium = Some(media::add(&**tx, loose, row.course_id).await?);
    }
    let mut names = HashMap::new();
    for (target, loose) in change.pictures {
        let medium = media::add(&**tx, loose, row.course_id).await?;
        names.extend(image_name(&medium).map(|name| (target, name)));
    }
    draft.body_md = markup::renamed(&draft.body_md, &item.pictures, &names);
    put(by, tx, row, latest, draft, Some(item.digest)).await
}
