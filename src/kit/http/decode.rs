//! Turns what serde says about a bad value into a field, a stable code and a Chinese sentence.
//!
//! serde's own texts quote the value that was sent, so they are read for their kind and then dropped.

use crate::kit::error::Error;

/// Names in a path come from the client; a longer one would only be an echo.
const MAX_FIELD_CHARS: usize = 120;

/// `path` is where serde stood, `text` what it said.
pub(super) fn refused(path: &str, text: &str) -> Error {
    let path = if path == "." { "" } else { path };
    let (code, message, named) = kind(text);
    let field = match named.and_then(|prefix| quoted(text, prefix)) {
        // An unknown or doubled name is already the last part of the path.
        Some(name) if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        Some(name) if path.is_empty() => name.to_owned(),
        Some(name) => format!("{path}.{name}"),
        None => path.to_owned(),
    };
    Error::field(field.chars().take(MAX_FIELD_CHARS).collect::<String>(), code, message)
}

type Kind = (&'static str, &'static str, Option<&'static str>);

fn kind(text: &str) -> Kind {
    const KINDS: [(&str, Kind); 8] = [
        ("missing field `", ("REQUIRED", "请填写", Some("missing field `"))),
        ("unknown field `", ("UNKNOWN_FIELD", "不认识这一项，请更新小程序后再试", Some("unknown field `"))),
        ("duplicate field `", ("DUPLICATE_FIELD", "这一项出现了两次", Some("duplicate field `"))),
        ("unknown variant", ("UNKNOWN_VALUE", "没有这个选项", None)),
        ("invalid type", ("WRONG_TYPE", "填写的内容类型不对", None)),
        ("invalid length", ("WRONG_LENGTH", "数量不对", None)),
        ("invalid value", ("WRONG_VALUE", "填写的内容不对", None)),
        ("data did not match any variant", ("WRONG_VALUE", "填写的内容不对", None)),
    ];
    KINDS
        .iter()
        .find(|(start, _)| text.starts_with(start))
        .map_or(("WRONG_VALUE", "填写的内容不对", None), |(_, kind)| *kind)
}

fn quoted<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(prefix)?;
    // A client's name may hold a back-tick; what follows is either the end or ", expected".
    let end = rest.rfind("`, expected").or_else(|| rest.find('`'))?;
    rest.get(..end)
}

#[cfg(test)]
mod tests {
    use serde::de::Error as _;

    use super::*;

    /// As serde writes it, so that [`refused`] stays in step with it.
    fn missing(name: &'static str) -> String {
        serde::de::value::Error::missing_field(name).to_string()
    }

    fn field_and_code(path: &str, text: &str) -> (String, String) {
        let error = refused(path, text);
        (error.fields()[0].field.clone(), error.fields()[0].code.to_string())
    }

    #[test]
    fn names_the_field_and_hides_the_value() {
        assert_eq!(field_and_code(".", &missing("title")), ("title".into(), "REQUIRED".into()));
        assert_eq!(field_and_code("pauses[1]", &missing("to")), ("pauses[1].to".into(), "REQUIRED".into()));
        let unknown = "unknown field `admin`, expected one of `a`, `b`";
        assert_eq!(field_and_code("admin", unknown), ("admin".into(), "UNKNOWN_FIELD".into()));
        assert_eq!(field_and_code(".", unknown), ("admin".into(), "UNKNOWN_FIELD".into()));
        let typed = refused("rating", "invalid type: string \"13800138000\", expected i64");
        assert_eq!(typed.fields()[0].code, "WRONG_TYPE");
        assert!(!format!("{typed:?}").contains("13800138000"));
    }
}
