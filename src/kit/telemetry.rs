//! Logs and metrics of the process. Whatever somebody logs, personal data does not get out: every line
//! passes [`scrub`] last. It is a net under the rule that nobody logs such things, not a replacement.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::{EnvFilter, fmt};

use super::config::{ConfigError, Log};

/// Starts logging to the standard error stream; later calls change nothing.
///
/// # Errors
/// A filter or format that does not exist.
pub fn init(log: &Log) -> Result<(), ConfigError> {
    let filter =
        EnvFilter::try_new(&log.filter).map_err(|e| ConfigError::Wrong(format!("log.filter 不对：{e}")))?;
    let lines = fmt().with_env_filter(filter).with_writer(Scrubbed);
    // An error means that the process logs already, as in tests.
    let _ = match log.format.as_str() {
        "json" => lines.json().flatten_event(true).try_init(),
        "text" => lines.with_ansi(false).try_init(),
        other => return Err(ConfigError::Wrong(format!("log.format 应为 json 或 text，而不是 {other}"))),
    };
    // A panic's message may quote data, so only its place is logged.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
    metrics();
    Ok(())
}

/// The process's metrics, collected from the first call on.
pub fn metrics() -> &'static PrometheusHandle {
    const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        let builder = builder
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
            .unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        // An error means that another recorder is in place; ours then stays empty.
        let _ = metrics::set_global_recorder(recorder);
        handle
    })
}

#[derive(Clone, Copy, Debug)]
struct Scrubbed;

impl<'a> MakeWriter<'a> for Scrubbed {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl Write for Scrubbed {
    /// The subscriber hands over a whole event at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        io::stderr().lock().write_all(scrub(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Masks what looks like a phone number, an identity number, an e-mail address, an openid or a token.
#[must_use]
pub fn scrub(line: &str) -> Cow<'_, str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '+');
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(rest) = line.get(at..) {
        let Some(start) = rest.find(is_word).map(|s| at.saturating_add(s)) else { break };
        let word = line.get(start..).unwrap_or_default();
        let word = word.split(|c| !is_word(c)).next().unwrap_or_default();
        at = start.saturating_add(word.len());
        if let Some(masked) = mask(word) {
            out.push_str(line.get(kept..start).unwrap_or_default());
            out.push_str(&masked);
            kept = at;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(line);
    }
    out.push_str(line.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

fn mask(word: &str) -> Option<String> {
    // Shorter than the shortest e-mail address anyone has, and most words are.
    if word.len() < 6 || uuid::Uuid::try_parse(word).is_ok() {
        return None;
    }
    if word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.')) {
        return Some("<email>".to_owned());
    }
    if word.starts_with("eyJ") && word.len() > 20 {
        return Some("<token>".to_owned());
    }
    let is_openid = |w: &str| {
        w.len() == 28
            && w.starts_with('o')
            && w.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    };
    if is_openid(word) || is_openid(word.trim_end_matches('.')) {
        return Some("<openid>".to_owned());
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits < 11 { None } else { mask_digits(word) }
}

/// Masks runs of digits that are a mobile number (with or without 86) or an identity number.
fn mask_digits(word: &str) -> Option<String> {
    let mut out = String::new();
    let mut found = false;
    let mut rest = word;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, tail) = rest.split_at(start);
        let (run, after) = tail.split_at(tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len()));
        out.push_str(before);
        let national = run.strip_prefix("0086").or_else(|| run.strip_prefix("86")).unwrap_or(run);
        let mobile = |n: &str| {
            n.len() == 11 && n.starts_with('1') && !matches!(n.as_bytes().get(1), Some(b'0'..=b'2'))
        };
        if mobile(run) || mobile(national) {
            out.push_str("<phone>");
            found = true;
        } else if run.len() == 18 || (run.len() == 17 && after.starts_with(['X', 'x'])) {
            out.push_str("<idno>");
            found = true;
        } else {
            out.push_str(run);
        }
        rest = after;
    }
    out.push_str(rest);
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_does_not_get_into_a_log() {
        let clean = |text: &str| scrub(text).into_owned();
        assert_eq!(clean("call 13800138000 now"), "call <phone> now");
        assert_eq!(clean("{\"p\":\"+8613800138000\"}"), "{\"p\":\"+<phone>\"}");
        assert_eq!(clean("电话13800138000。"), "电话<phone>。");
        assert_eq!(clean("tel:phone13800138000x"), "tel:phone<phone>x");
        assert_eq!(clean("zhang.san@corp.example said"), "<email> said");
        assert_eq!(clean("id oABCDEFGHIJKLMNOPQRSTUVWX_-1 ok"), "id <openid> ok");
        assert_eq!(clean("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.c2ln"), "Bearer <token>");
        assert_eq!(clean("11010519491231002X"), "<idno>X");
        for harmless in [
            "019ab2c3-1380-7138-8001-138001380001",
            "at 1795309323004 ms",
            "GZ-2026-000123",
            "2026-11-22T01:02:03.004Z INFO lvyue::access: status=200",
        ] {
            assert!(matches!(scrub(harmless), Cow::Borrowed(_)), "{harmless}");
        }
    }
}
