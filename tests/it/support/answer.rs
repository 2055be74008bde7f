//! An answer of the server, already checked for what every answer must have: the security headers, a
//! request id, and, for every error, a whole problem document.

use reqwest::header::HeaderMap;
use serde_json::Value;

const PROBLEM: &str = "application/problem+json";

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// `Null` when the body is not JSON.
    pub json: Value,
    /// For messages: method and path.
    pub call: String,
}

impl Answer {
    pub async fn of(call: String, response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap_or_else(|e| panic!("{call}: body broke off: {e}")).to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let answer = Self { status, headers, bytes, json, call };
        answer.check_headers();
        answer.check_problem();
        answer.check_document();
        answer
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|v| v.to_str().unwrap()).unwrap_or_default()
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self}");
        self.json
    }

    /// The body of a 200.
    #[track_caller]
    pub fn ok(self) -> Value {
        self.expect(200)
    }

    /// The body of a 201.
    #[track_caller]
    pub fn created(self) -> Value {
        self.expect(201)
    }

    /// The problem document of a refusal.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.code()), (status, code), "{self}");
        self.json
    }

    /// A 422 about that field.
    #[track_caller]
    pub fn field(self, field: &str) -> Value {
        assert_eq!(self.status, 422, "{self}");
        let named = self.json["errors"].as_array().into_iter().flatten().any(|e| e["field"] == field);
        assert!(named, "no error about {field}: {self}");
        self.json
    }

    /// The `code` of a problem; empty for other answers.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().filter(|_| self.status >= 400).unwrap_or_default()
    }

    #[track_caller]
    fn check_headers(&self) {
        for (name, begins) in [
            ("strict-transport-security", "max-age="),
            ("content-security-policy", "default-src 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", ""),
        ] {
            assert!(self.headers.contains_key(name), "no {name}: {self}");
            assert!(self.header(name).starts_with(begins), "{name}: {self}");
        }
        let id = self.header("x-request-id");
        assert_eq!(uuid::Uuid::parse_str(id).map(|id| id.get_version_num()), Ok(7), "x-request-id: {self}");
        for name in ["server", "x-powered-by", "set-cookie"] {
            assert!(!self.headers.contains_key(name), "{name}: {self}");
        }
    }

    /// What the OpenAPI document says about this operation.
    #[track_caller]
    fn check_document(&self) {
        let (method, path) = self.call.split_once(' ').unwrap();
        // The framework refuses some requests before any operation is chosen; of a table the document says nothing more.
        let is_table = self.header("content-type").starts_with("text/csv");
        if ![405, 431].contains(&self.status) && !is_table {
            super::document::judge(method, path, self.status, &self.json);
        }
    }

    /// RFC 9457 and our own members, for every error whatever made it.
    #[track_caller]
    fn check_problem(&self) {
        let readiness = self.call.contains("/readyz");
        if self.status < 400 || readiness {
            return;
        }
        if self.call.starts_with("HEAD ") {
            assert!(self.bytes.is_empty(), "{self}");
            return;
        }
        assert_eq!(self.header("content-type"), PROBLEM, "{self}");
        let text = |name: &str| self.json[name].as_str().unwrap_or_else(|| panic!("no text {name}: {self}"));
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let code = text("code");
        assert!(code.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'), "{self}");
        let kind = format!("https://lvyue.invalid/problems/{}", code.to_ascii_lowercase().replace('_', "-"));
        assert_eq!(text("type"), kind, "{self}");
        assert!(chinese(text("title")) && chinese(text("detail")), "{self}");
        assert_eq!(self.json["status"], self.status, "{self}");
        assert_eq!(text("request_id"), self.header("x-request-id"), "{self}");
        for error in self.json["errors"].as_array().into_iter().flatten() {
            assert!(error["field"].is_string() && chinese(error["message"].as_str().unwrap()), "{self}");
            assert!(!error["code"].as_str().unwrap().is_empty(), "{self}");
        }
        match self.status {
            401 => assert!(self.header("www-authenticate").starts_with("Bearer"), "{self}"),
            405 => assert!(!self.header("allow").is_empty(), "{self}"),
            429 | 503 => assert!(self.header("retry-after").parse::<u32>().is_ok_and(|s| s > 0), "{self}"),
            _ => {}
        }
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} -> {} {}", self.call, self.status, String::from_utf8_lossy(&self.bytes))
    }
}
