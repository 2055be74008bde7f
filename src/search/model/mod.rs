//! What is searched and how words become tokens. Pure.

pub mod fold;
pub mod marks;
pub mod postings;
pub mod question;
pub mod rank;
pub mod tokens;

use uuid::Uuid;

/// Counts the rules by which words become tokens: folding, tokens, impacts. Raise it with every change to them; an
/// installation then says that `lvyue search reindex` is needed.
pub const RULES: i32 = 1;

/// A published material as it can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The material's.
    pub id: Uuid,
    pub course_id: Uuid,
    /// `article`, `video`, …
    pub kind: String,
    pub title: String,
    /// As people read it, without markup; line feeds are kept.
    pub body: String,
    pub tags: Vec<String>,
    pub category: String,
}

#[cfg(test)]
mod tests {
    use ring::digest::{SHA256, digest};

    use super::*;

    #[test]
    fn other_tokens_are_other_rules() {
        let entry = Entry {
            id: Uuid::nil(),
            course_id: Uuid::nil(),
            kind: "article".into(),
            title: "報表打不開 Ｅｘｃｅｌ 100MB mp4 ①".into(),
            body: include_str!("traditional.txt").repeat(2),
            tags: vec!["登录".into(), "a/b_c".into()],
            category: "features".into(),
        };
        let tokens = format!("{:?}", tokens::impacts(&entry));
        let found = crate::ledger::hex(digest(&SHA256, tokens.as_bytes()).as_ref());
        // Of other rules: raise RULES, so that an index that was made by the old ones is known, and put theirs here.
        let known = (1, "0e253ba84042d18b");
        assert_eq!((RULES, found.get(..16).unwrap()), known);
    }
}
