//! Settings: `config/default.toml` (compiled in), then the file that `LVYUE_CONFIG` names, then the
//! environment. Unknown keys are refused, so that a typing slip is not a silent default.

use std::path::PathBuf;

use config::{Config, Environment, File, FileFormat};
use secrecy::SecretString;
use serde::Deserialize;

const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Demo and test appids begin like this; a real one is `wx` and 16 hex digits.
pub const DEMO_APPID_PREFIX: &str = "wxdemo";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub http: Http,
    pub database: Database,
    pub redis: Redis,
    pub blob: Blob,
    pub keys: Keys,
    pub wechat: Wechat,
    pub session: Session,
    pub login: Login,
    pub tickets: Tickets,
    pub privacy: Privacy,
    pub log: Log,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    pub listen: String,
    pub internal_listen: String,
    pub workers: usize,
    pub trusted_proxies: Vec<String>,
    pub json_limit: usize,
    pub request_timeout_seconds: u64,
    pub upload_timeout_seconds: u64,
    pub max_in_flight: usize,
    pub requests_per_minute: u32,
    pub drain_seconds: u64,
    pub shutdown_seconds: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: SecretString,
    pub max_connections: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    pub url: SecretString,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blob {
    pub url: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    pub file: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wechat {
    pub base_url: String,
    pub appid: String,
    pub secret: SecretString,
    pub secret_file: String,
    pub push_token: SecretString,
    pub push_aes_key: SecretString,
    pub timeout_ms: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    pub access_seconds: i64,
    pub client_idle_seconds: i64,
    pub client_absolute_seconds: i64,
    pub client_parallel: usize,
    pub vendor_access_seconds: i64,
    pub vendor_idle_seconds: i64,
    pub vendor_absolute_seconds: i64,
    pub vendor_parallel: usize,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub per_ip_per_minute: u32,
    pub per_device_per_minute: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tickets {
    pub remind_minutes: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    pub controller: String,
    pub contact: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub filter: String,
    pub format: String,
}

/// Why the settings cannot be used; the text says what to do and where. Exit status 78.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("配置读不出来：{0}")]
    Unreadable(#[from] config::ConfigError),
    #[error("{0}")]
    Wrong(String),
}

impl Settings {
    /// Reads defaults, file and environment.
    ///
    /// # Errors
    /// A file that is missing or broken, an unknown key, a value of the wrong type, a forbidden combination.
    pub fn load() -> Result<Self, ConfigError> {
        let mut sources = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(path) = std::env::var_os("LVYUE_CONFIG") {
            sources = sources.add_source(File::from(PathBuf::from(path)).format(FileFormat::Toml));
        }
        let environment =
            Environment::with_prefix("LVYUE").prefix_separator("__").separator("__").try_parsing(true);
        let settings: Self = sources.add_source(environment).build()?.try_deserialize()?;
        settings.check()?;
        Ok(settings)
    }

    /// The defaults alone: what tests and the demo start from.
    ///
    /// # Errors
    /// The compiled-in file does not fit the types; a test keeps this from happening.
    pub fn defaults() -> Result<Self, ConfigError> {
        Ok(Config::builder()
            .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
            .build()?
            .try_deserialize()?)
    }

    /// # Errors
    /// A combination that must never run, with what to change.
    pub fn check(&self) -> Result<(), ConfigError> {
        // The host, not the end of the text: https://elsewhere/.weixin.qq.com is not WeChat.
        let host =
            self.wechat.base_url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
        let official = host.is_some_and(|h| h.ends_with(".weixin.qq.com") && !h.contains(['@', '\\']));
        if !official && !self.wechat.appid.is_empty() && !self.wechat.appid.starts_with(DEMO_APPID_PREFIX) {
            return Err(ConfigError::Wrong(format!(
                "wechat.base_url 指向 {}，但 wechat.appid 不是演示号（{DEMO_APPID_PREFIX}…）。真实小程序只能连接 https://api.weixin.qq.com",
                self.wechat.base_url
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_fit_the_types() {
        let settings = Settings::defaults().unwrap();
        assert_eq!(settings.http.listen, "127.0.0.1:8080");
        settings.check().unwrap();
    }

    #[test]
    fn a_real_appid_may_only_talk_to_wechat() {
        let mut settings = Settings::defaults().unwrap();
        settings.wechat.appid = "wxba5fad812f8e6fb9".into();
        settings.check().unwrap();
        settings.wechat.base_url = "https://evil.example/.weixin.qq.com".into();
        assert!(settings.check().is_err());
        settings.wechat.base_url = "http://127.0.0.1:9000".into();
        assert!(settings.check().is_err());
        settings.wechat.appid = "wxdemo0000000001".into();
        settings.check().unwrap();
    }
}
