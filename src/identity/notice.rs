//! The privacy notice: `config/privacy-notice.toml`, compiled in. Its version is its date and a digest of
//! the whole file, so that any change of wording asks everybody again.

use std::sync::LazyLock;

use chrono::NaiveDate;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kit::config;
use crate::kit::error::{Code, Error, Result};

const SOURCE: &str = include_str!("../../config/privacy-notice.toml");

/// The notice without the names that the settings fill in.
#[derive(Debug)]
pub struct Notice {
    pub version: String,
    file: Option<File>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    effective_at: NaiveDate,
    title: String,
    purposes: Vec<Purpose>,
    text: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    body: String,
}

/// One purpose: what is processed for it, on what ground, and for how long.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    #[schema(examples("service"))]
    pub purpose: String,
    pub title: String,
    pub data: Vec<String>,
    pub basis: String,
    pub retention: String,
    /// The product cannot be used without it.
    pub required: bool,
}

/// The notice as people read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeView {
    pub version: String,
    #[schema(examples("2026-11-22"))]
    pub effective_at: NaiveDate,
    pub title: String,
    pub controller: String,
    pub contact: String,
    pub purposes: Vec<Purpose>,
    pub text: String,
}

static CURRENT: LazyLock<Notice> = LazyLock::new(|| {
    let file: Option<File> = toml::from_str(SOURCE).ok();
    let date = file.as_ref().map(|f| f.effective_at.to_string()).unwrap_or_default();
    let hash = digest(&SHA256, SOURCE.as_bytes());
    let prefix: String = hash.as_ref().iter().take(4).map(|b| format!("{b:02x}")).collect();
    Notice { version: format!("{date}-{prefix}"), file }
});

#[must_use]
pub fn current() -> &'static Notice {
    &CURRENT
}

impl Notice {
    #[must_use]
    pub fn has_purpose(&self, purpose: &str) -> bool {
        self.file.as_ref().is_some_and(|f| f.purposes.iter().any(|p| p.purpose == purpose))
    }

    /// # Errors
    /// The compiled-in file is broken; a test keeps this from happening.
    pub fn view(&self, settings: &config::Privacy) -> Result<NoticeView> {
        let file = self.file.as_ref();
        let file = file.ok_or_else(|| Error::new(Code::Internal).because("privacy-notice.toml is broken"))?;
        let text = file.text.body.trim();
        Ok(NoticeView {
            version: self.version.clone(),
            effective_at: file.effective_at,
            title: file.title.clone(),
            controller: settings.controller.clone(),
            contact: settings.contact.clone(),
            purposes: file.purposes.clone(),
            text: text.replace("{controller}", &settings.controller).replace("{contact}", &settings.contact),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_says_what_the_law_asks_for() {
        let settings = config::Settings::defaults().unwrap();
        let view = current().view(&settings.privacy).unwrap();
        assert!(view.version.starts_with("2026-11-22-") && view.version.len() == 19);
        assert!(current().has_purpose("service") && !current().has_purpose("advertising"));
        assert!(view.text.contains(&settings.privacy.controller));
        assert!(view.text.contains(&settings.privacy.contact));
        assert!(!view.text.contains('{'));
        for point in ["目的", "保存多久", "权利", "撤回", "删除", "投诉", "境外"] {
            assert!(view.text.contains(point), "{point}");
        }
        for purpose in &view.purposes {
            assert!(!purpose.data.is_empty() && !purpose.basis.is_empty() && !purpose.retention.is_empty());
        }
    }
}
