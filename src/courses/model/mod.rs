//! What a course is, as learners get it: an edition, whole and unchanging, and the words of its states.
//! The wire text of each word is also how it is stored; an edition is stored as the JSON of [`Course`].

pub mod acts;
pub mod content;
pub mod front;
pub mod markup;
pub mod paper_text;
pub mod quiz;
pub mod redact;
pub mod slides;

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clocks::words::words;
use crate::kit::clock::Timestamp;

pub use quiz::{Choice, Paper, Pool, Question, QuestionKind, ShowAnswers};

words! {
    /// The four subjects of clause 6.2.
    Category {
        Operation = "operation", "基本操作";
        Features = "features", "功能使用";
        Troubleshooting = "troubleshooting", "故障排查";
        SecurityPrivacy = "security_privacy", "数据安全与隐私";
    }
}

words! {
    /// Where the working copy of a course stands. What learners get is the edition in force, whatever this says.
    #[schema(as = CourseState)]
    State {
        Draft = "draft", "草稿";
        InReview = "in_review", "待审核";
        Approved = "approved", "待发布";
        Published = "published", "已发布";
        Withdrawn = "withdrawn", "已下架";
    }
}

words! {
    /// What an item is.
    #[schema(as = MaterialKind)]
    Kind {
        Article = "article", "图文";
        Video = "video", "视频";
        Audio = "audio", "音频";
        Pdf = "pdf", "文档";
        Slides = "slides", "幻灯片";
        Link = "link", "功能链接";
        Quiz = "quiz", "测验";
    }
}

impl Kind {
    /// Whether it plays: watched by intervals, not by dwelling.
    #[must_use]
    pub const fn plays(self) -> bool {
        matches!(self, Self::Video | Self::Audio)
    }

    /// Whether it has pages.
    #[must_use]
    pub const fn has_pages(self) -> bool {
        matches!(self, Self::Pdf | Self::Slides)
    }

    /// Whether it is a file; slides are pictures of a text.
    #[must_use]
    pub const fn has_media(self) -> bool {
        matches!(self, Self::Video | Self::Audio | Self::Pdf)
    }
}

/// A course in the edition that is in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Course {
    pub id: Uuid,
    pub slug: String,
    pub category: Category,
    pub title: String,
    pub summary: String,
    pub tags: Vec<String>,
    /// Names of departments of the client; `*` = all of them; none = voluntary.
    pub mandatory_for: Vec<String>,
    /// Days after the publication, or after somebody joined when that was later.
    pub due_days: Option<i32>,
    pub edition: i32,
    /// When this edition was published; the due date counts from `first_published_at`.
    pub published_at: Timestamp,
    pub first_published_at: Timestamp,
    pub sections: Vec<Section>,
}

impl Course {
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.sections.iter().flat_map(|s| &s.items)
    }

    /// Whether the people of this department of the client must take it.
    #[must_use]
    pub fn is_mandatory_for(&self, department: Option<&str>) -> bool {
        self.mandatory_for.iter().any(|name| name == "*" || Some(name.as_str()) == department)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    pub items: Vec<Item>,
}

/// An item in the version that is part of the edition; bodies and questions are asked for by the version's id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: Uuid,
    pub key: String,
    pub kind: Kind,
    pub title: String,
    pub required: bool,
    pub version_id: Uuid,
    pub version_no: i32,
    /// Of what plays.
    pub duration_ms: Option<i64>,
    /// Of slides, and of a document where they could be counted.
    pub pages: Option<i32>,
    pub media_type: Option<String>,
    pub size: Option<i64>,
    pub has_captions: bool,
    /// A page of the mini-program, as `/packages/…`.
    pub link: Option<String>,
    /// Percent of what plays, or of pages, that must have been seen.
    pub min_coverage: i32,
    /// Seconds that somebody must have stayed with what is read.
    pub min_dwell_seconds: i32,
    pub tags: Vec<String>,
    pub quiz: Option<QuizRules>,
}

impl Item {
    /// Whether each page is shown by itself. Slides of earlier editions are PDFs, and nobody knows what of a PDF is seen.
    #[must_use]
    pub const fn shows_pages(&self) -> bool {
        matches!(self.kind, Kind::Slides) && self.media_type.is_none()
    }
}

/// The rules of a quiz; its questions are in [`Quiz`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuizRules {
    pub pass_percent: i32,
    /// Questions on one paper.
    pub questions: i32,
    pub attempts_per_day: i32,
    pub show_answers: ShowAnswers,
}

/// All courses that learners can take, by category and title.
#[derive(Debug, Default)]
pub struct Catalog {
    /// Changes exactly when something in it does.
    pub generation: i64,
    pub courses: Vec<Arc<Course>>,
    places: HashMap<Uuid, usize>,
}

impl Catalog {
    #[must_use]
    pub fn new(generation: i64, mut courses: Vec<Course>) -> Self {
        courses.sort_by(|a, b| (a.category.wire(), &a.title, a.id).cmp(&(b.category.wire(), &b.title, b.id)));
        let places = courses.iter().enumerate().flat_map(|(at, c)| c.items().map(move |i| (i.id, at)));
        let places = places.collect();
        Self { generation, courses: courses.into_iter().map(Arc::new).collect(), places }
    }

    #[must_use]
    pub fn course(&self, id: Uuid) -> Option<&Arc<Course>> {
        self.courses.iter().find(|c| c.id == id)
    }

    /// An item of a course in force, with its course.
    #[must_use]
    pub fn item(&self, id: Uuid) -> Option<(&Arc<Course>, &Item)> {
        let at = self.places.get(&id)?;
        let course = self.courses.get(*at)?;
        course.items().find(|i| i.id == id).map(|item| (course, item))
    }
}

/// The questions of a quiz in the version that is in force.
#[derive(Clone, Debug)]
pub struct Quiz {
    pub item_id: Uuid,
    pub course_id: Uuid,
    pub version_id: Uuid,
    pub version_no: i32,
    pub title: String,
    pub paper: Paper,
}

/// What is wrong with a text, and in which line (counted from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub text: String,
}

impl Fault {
    #[must_use]
    pub fn at(line: usize, text: impl Into<String>) -> Self {
        Self { line, text: text.into() }
    }
}
