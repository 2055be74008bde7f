//! The demonstration's own deployment: a folder with database, keys and attachments, and settings that fit
//! one machine on which everybody comes from one address.
//!
//! Rule: the folder appears whole or not at all. Seeding works in a folder beside it, which is renamed.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::affairs::signed_on;
use super::cast::{AGREEMENT_NUMBER, CAST, CLIENT_NAME, Part, VENDOR_NAME, phone};
use super::seed::{Seeded, seed};
use crate::app::StartError;
use crate::identity;
use crate::kit::Kit;
use crate::kit::clock::{Clock, Timestamp};
use crate::kit::config::{ConfigError, Settings};
use crate::kit::crypto::KeyFile;
use crate::kit::error::{Code, Result};
use crate::wechat::fake::{Fake, FakeHandle};

const APPID: &str = "wxdemo0000000001";
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Settings of a demonstration that lives in `dir`. The WeChat secret is another one at each start.
///
/// # Errors
/// The compiled-in defaults do not fit.
pub fn settings(dir: &Path, secret: String) -> Result<Settings, ConfigError> {
    let mut settings = Settings::defaults()?;
    settings.database.url = format!("sqlite://{}", dir.join("lvyue.db").display()).into();
    settings.blob.url = format!("file://{}", dir.join("blobs").display());
    settings.keys.file = dir.join("keys.toml");
    settings.wechat.appid = APPID.to_owned();
    settings.wechat.secret = secret.into();
    // Replaced once the fake listens; never WeChat's own.
    settings.wechat.base_url = "http://127.0.0.1:9".to_owned();
    // Everybody comes from 127.0.0.1, and the browser tests sign in all the time.
    settings.http.requests_per_minute = 0;
    settings.http.shutdown_seconds = 3;
    settings.login.per_ip_per_minute = 10_000;
    settings.login.per_device_per_minute = 10_000;
    settings.session.vendor_idle_seconds = settings.session.vendor_absolute_seconds;
    settings.session.client_parallel = 20;
    settings.session.vendor_parallel = 20;
    settings.privacy.controller = CLIENT_NAME.to_owned();
    settings.privacy.contact = "信息部 管平，分机 8028".to_owned();
    Ok(settings)
}

/// The WeChat of the demonstration, which knows the phones of the cast.
///
/// # Errors
/// It does not start.
pub fn fake(listener: TcpListener, settings: &Settings, clock: Clock) -> Result<FakeHandle, StartError> {
    let phones: Vec<(&str, String)> =
        CAST.iter().enumerate().map(|(place, part)| (part.login, phone(place))).collect();
    let phones: Vec<(&str, &str)> = phones.iter().map(|(login, phone)| (*login, phone.as_str())).collect();
    Fake::with_people(&phones)
        .start(listener, &settings.wechat.appid, settings.wechat.secret.clone(), clock)
        .map_err(|err| StartError::Io("假微信没有启动", io::Error::other(err)))
}

/// Whether a whole demonstration is there.
#[must_use]
pub fn is_seeded(dir: &Path) -> bool {
    dir.join("lvyue.db").is_file()
}

/// Makes the demonstration in `dir`, which must be missing or empty.
///
/// # Errors
/// Something else is in the folder; what seeding says.
pub async fn furnish(dir: &Path, secret: String, now: Timestamp) -> Result<Seeded, StartError> {
    let io = |what| move |err| StartError::Io(what, err);
    fs::create_dir_all(dir).map_err(io("不能建立数据目录"))?;
    if fs::read_dir(dir).map_err(io("不能读数据目录"))?.next().is_some() {
        let err = io::Error::other("请换一个空目录，或先把里面的东西移走");
        return Err(StartError::Io("数据目录里有别的东西，没有演示的数据库", err));
    }
    // What an earlier try left when it was stopped.
    let draft = beside(dir).map_err(io("不能使用这个数据目录"))?;
    match fs::remove_dir_all(&draft) {
        Err(err) if err.kind() != io::ErrorKind::NotFound => {
            return Err(StartError::Io("不能清理上次没有做完的数据", err));
        }
        _ => {}
    }
    fs::create_dir_all(&draft).map_err(io("不能在数据目录旁边写东西"))?;
    let settings = settings(&draft, secret)?;
    KeyFile::init(&settings.keys.file)?;
    let seeded = seed(settings, now).await?;
    fs::write(draft.join("agreement.toml"), agreement(now)).map_err(io("不能写协议文件"))?;
    fs::rename(&draft, dir).map_err(io("不能把做好的数据放到数据目录"))?;
    Ok(seeded)
}

fn beside(dir: &Path) -> io::Result<PathBuf> {
    let dir = dir.canonicalize()?;
    let mut name = dir.file_name().unwrap_or_default().to_owned();
    name.push(".seeding");
    Ok(dir.with_file_name(name))
}

/// The agreement between the two companies of the cast, as `lvyue init` takes it.
pub(super) fn agreement(now: Timestamp) -> String {
    let signed = signed_on(now);
    format!(
        "number = \"{AGREEMENT_NUMBER}\"\nsigned_on = \"{signed}\"\n\n[client]\nname = \"{CLIENT_NAME}\"\n\n\
         [vendor]\nname = \"{VENDOR_NAME}\"\n\n[parameters]\nP10 = 14\n"
    )
}

/// A fresh invitation for the newcomer, easy to type; `None` once somebody has used one.
///
/// # Errors
/// What the database says.
pub async fn invitation(kit: &Kit) -> Result<Option<String>> {
    let Some(newcomer) = CAST.iter().find(|p| !p.bound) else { return Ok(None) };
    let bytes: [u8; 8] = kit.ids.random()?;
    let letter = |b: &u8| LETTERS.get(usize::from(b % 32)).map_or('0', |b| char::from(*b));
    let letters: String = bytes.iter().map(letter).collect();
    let (first, second) = letters.split_at(4);
    let code = format!("DEMO-{first}-{second}");
    match identity::invite(kit, newcomer.side, newcomer.employee_no, Some(&code), false).await {
        Ok(invited) => Ok(Some(invited.code)),
        Err(err) if err.code() == Code::AlreadyBound => Ok(None),
        Err(err) => Err(err),
    }
}

/// Whom the page with the phone offers, what they are, and what they are for.
const CHOICE: [(&str, &str, &str); 7] = [
    ("chenyu", "员工 · 市场部", "发现问题报故障，最后确认修好"),
    ("linmin", "甲方经理", "看全部工单和超时，可撤回、合并"),
    ("zhouke", "乙方客服", "受理工单，回复、给方案、标记修好"),
    ("hejun", "乙方负责人", "给同事派单，盯着快到期的承诺"),
    ("auditor", "审计员", "只看不改，核对时间线和记录"),
    ("admin", "管理员", "管平台，看不到工单内容"),
    ("newcomer", "还没绑定", "用邀请码，或手机号加工号绑定身份"),
];

/// Writes `people.json` for the page.
///
/// # Errors
/// The folder cannot be written.
pub fn write_people(dir: &Path, invitation: Option<&str>) -> io::Result<()> {
    let entry = |(user, role, line): &(&str, &str, &str)| {
        let part: &Part = CAST.iter().find(|p| p.login == *user)?;
        let mut entry = json!({ "user": user, "name": part.name, "role": role, "line": line });
        let fields = entry.as_object_mut()?;
        fields.insert("side".to_owned(), if part.bound { json!(part.side.wire()) } else { json!(null) });
        if !part.bound {
            let hint = match invitation {
                Some(code) => format!("邀请码 {code} · 工号 {}", part.employee_no),
                None => "已经绑定过了；make demo-reset 可以重来".to_owned(),
            };
            fields.insert("hint".to_owned(), json!(hint));
        }
        Some(entry)
    };
    let people: Vec<_> = CHOICE.iter().filter_map(entry).collect();
    let text = serde_json::to_string_pretty(&json!({ "people": people }))?;
    fs::write(dir.join("people.json"), text)
}
