//! The articles of `config/courses`, read plainly: front matter, and the text without its marks.

use std::fs;
use std::path::{Path, PathBuf};

use lvyue::search::Entry;
use toml::Table;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config/courses")
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths
}

fn read(path: &Path) -> (Table, String) {
    let text = fs::read_to_string(path).unwrap();
    let (head, body) = text.strip_prefix("+++").unwrap().split_once("\n+++").unwrap();
    (toml::from_str(head).unwrap(), body.replace(['*', '#', '`', '|'], " "))
}

fn words(table: &Table, key: &str) -> Vec<String> {
    let list = table.get(key).and_then(|v| v.as_array());
    list.into_iter().flatten().map(|v| v.as_str().unwrap().to_owned()).collect()
}

/// Every article with its key, as `faq/photo-too-large`.
pub fn articles() -> Vec<(String, Entry)> {
    let mut all = Vec::new();
    for (course, folder) in sorted(&root()).iter().filter(|p| p.join("course.md").exists()).enumerate() {
        let (about, _) = read(&folder.join("course.md"));
        let slug = folder.file_name().unwrap().to_str().unwrap();
        for path in sorted(folder) {
            let name = path.file_stem().unwrap().to_str().unwrap();
            if path.extension().is_none_or(|e| e != "md") || name == "course" {
                continue;
            }
            let (head, body) = read(&path);
            let title = head["title"].as_str().unwrap();
            let tags = words(&head, "tags");
            let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
            let number = u128::try_from(all.len()).unwrap() + 1;
            let mut entry = super::entry(number, title, &body, &tags);
            entry.course_id = uuid::Uuid::from_u128(u128::try_from(course).unwrap());
            entry.category = about["category"].as_str().unwrap().to_owned();
            all.push((format!("{slug}/{}", name.split_once('-').unwrap().1), entry));
        }
    }
    all
}
