//! The key file: key-encryption keys by number, the key of the blind indexes, the keys that sign tokens.
//!
//! It is made once, by `lvyue keys init`, and never by the server: a key made in silence is data lost in
//! silence. Whoever can read it can read everything, so it must belong to the user that runs the program
//! and to nobody else; what breaks that rule is refused with what to do about it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::kit::error::Error;

/// 256 secret bits, wiped when dropped.
pub(super) type Secret = Zeroizing<[u8; 32]>;

/// Nothing in it is larger than a few hundred bytes; more is another file.
const MAX_BYTES: u64 = 64 * 1024;

/// Why the keys cannot be used; the text says what to do. Exit status 78.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(
        "没有密钥文件 {}。首次部署请运行 `lvyue keys init`；如果是迁移或恢复，请把原来的密钥文件放回这里，新密钥解不开旧数据",
        .0.display()
    )]
    Missing(PathBuf),
    #[error("密钥文件 {} 读写失败：{because}", path.display())]
    Io { path: PathBuf, because: std::io::Error },
    #[error("密钥文件 {} 的权限是 {mode:03o}，其他用户也能访问。请运行 `chmod 600 {}`", path.display(), path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("密钥文件 {} 属于用户 {owner}，而本程序以用户 {us} 运行。请用 `chown` 改正，或换用正确的用户运行", path.display())]
    Owner { path: PathBuf, owner: u32, us: u32 },
    #[error("密钥文件 {} 的内容不对（{because}）。请从备份恢复，不要手工修改", path.display())]
    Unparsable { path: PathBuf, because: String },
    #[error("密钥文件 {} 中 {key} 的长度不对，应为 32 字节的 Base64。请从备份恢复", path.display())]
    Length { path: PathBuf, key: String },
    #[error("数据库还没有准备好密钥登记。请先运行 `lvyue migrate`")]
    NotPrepared,
    #[error(
        "密钥文件与这个数据库不匹配（第 {0} 号主密钥对不上）。请换回这个数据库原来的密钥文件，或检查 database.url"
    )]
    Foreign(u32),
    #[error("密钥文件里缺少第 {0} 号主密钥，而数据库中还有用它加密的数据。请从备份恢复密钥文件")]
    Incomplete(u32),
    #[error("第 {0} 号主密钥还在使用，不能停用。请先运行 `lvyue keys rewrap`，直到 remaining=0")]
    InUse(u32),
    #[error("密钥文件里没有第 {0} 号主密钥。请运行 `lvyue keys status` 查看")]
    Unknown(u32),
    #[error("数据密钥 {0} 无法解开，已停止，没有改动。请检查数据库是否被改动过，或从备份恢复")]
    Damaged(uuid::Uuid),
    #[error("系统随机数不可用，无法生成密钥")]
    Random,
    #[error("检查密钥时数据库出错：{0}")]
    Database(#[from] Error),
}

impl From<sea_orm::DbErr> for KeyError {
    fn from(err: sea_orm::DbErr) -> Self {
        Self::Database(err.into())
    }
}

impl From<ring::error::Unspecified> for KeyError {
    fn from(_: ring::error::Unspecified) -> Self {
        Self::Random
    }
}

/// What the key file holds.
pub struct KeyFile {
    pub(super) current: u32,
    pub(super) keks: BTreeMap<u32, Secret>,
    pub(super) index_version: u32,
    pub(super) index: Secret,
    pub(super) jwt_current: String,
    pub(super) jwt: BTreeMap<String, Secret>,
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyFile").field("current", &self.current).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kek: Keks,
    index: Index,
    jwt: Jwt,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keks {
    current: u32,
    keys: BTreeMap<String, SecretString>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    version: u32,
    key: SecretString,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Jwt {
    current: String,
    keys: BTreeMap<String, SecretString>,
}

/// Whether a text may name a token key: short, and nothing that means anything to a path or a query.
pub(super) fn is_kid(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

impl KeyFile {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// Missing, open to others, of another user, unparsable, or with a key of a wrong length.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let io = |because| KeyError::Io { path: path.into(), because };
        let file = File::open(path).map_err(|e| match e.kind() {
            ErrorKind::NotFound => KeyError::Missing(path.into()),
            _ => io(e),
        })?;
        // Asked of the open file, so that what is checked is what is read.
        let meta = file.metadata().map_err(io)?;
        let (mode, owner, us) = (meta.mode() & 0o777, meta.uid(), rustix::process::geteuid().as_raw());
        if mode & 0o077 != 0 {
            return Err(KeyError::Exposed { path: path.into(), mode });
        }
        if owner != us {
            return Err(KeyError::Owner { path: path.into(), owner, us });
        }
        let mut text = Zeroizing::new(String::with_capacity(4096));
        file.take(MAX_BYTES).read_to_string(&mut text).map_err(io)?;
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, KeyError> {
        let wrong = |because: &str| KeyError::Unparsable { path: path.into(), because: because.to_owned() };
        // The parser's own message quotes the line, and the line may be a key.
        let written: Written = toml::from_str(text).map_err(|e| wrong(&at_line(text, e.span())))?;
        let secret = |key: &str, text: &SecretString| {
            let mut bytes = Zeroizing::new(Vec::with_capacity(64));
            let decoded = STANDARD.decode_vec(text.expose_secret(), &mut bytes).is_ok();
            match bytes.first_chunk::<32>().filter(|_| decoded && bytes.len() == 32) {
                Some(exact) => Ok(Zeroizing::new(*exact)),
                None => Err(KeyError::Length { path: path.into(), key: key.to_owned() }),
            }
        };
        let mut keks = BTreeMap::new();
        for (name, text) in &written.kek.keys {
            // Kept as a 32-bit integer that both databases hold.
            let number = name.parse().ok().filter(|n| (1..=1_000_000).contains(n));
            let number = number.ok_or_else(|| wrong("kek.keys 的编号不是正整数"))?;
            keks.insert(number, secret(&format!("kek.keys.{number}"), text)?);
        }
        let mut jwt = BTreeMap::new();
        for (kid, text) in &written.jwt.keys {
            if !is_kid(kid) {
                return Err(wrong("jwt.keys 的名称只能用字母、数字、-、_"));
            }
            jwt.insert(kid.clone(), secret(&format!("jwt.keys.{kid}"), text)?);
        }
        if !keks.contains_key(&written.kek.current) {
            return Err(wrong("kek.current 没有对应的密钥"));
        }
        if !jwt.contains_key(&written.jwt.current) {
            return Err(wrong("jwt.current 没有对应的密钥"));
        }
        Ok(Self {
            current: written.kek.current,
            keks,
            index_version: written.index.version,
            index: secret("index.key", &written.index.key)?,
            jwt_current: written.jwt.current,
            jwt,
        })
    }

    /// Fresh keys, not yet written anywhere.
    ///
    /// # Errors
    /// The system's random source failed.
    pub fn fresh() -> Result<Self, KeyError> {
        Ok(Self {
            current: 1,
            keks: BTreeMap::from([(1, random()?)]),
            index_version: 1,
            index: random()?,
            jwt_current: "k1".to_owned(),
            jwt: BTreeMap::from([("k1".to_owned(), random()?)]),
        })
    }

    /// Writes the file if there is none; an existing one is read and left as it is.
    ///
    /// # Errors
    /// The file is there and not usable, or cannot be written.
    pub fn init(path: &Path) -> Result<Made, KeyError> {
        match Self::load(path) {
            Ok(_) => return Ok(Made::Already),
            Err(KeyError::Missing(_)) => {}
            Err(other) => return Err(other),
        }
        let io = |because| KeyError::Io { path: path.into(), because };
        let folder = folder_of(path);
        std::fs::create_dir_all(folder).map_err(io)?;
        let draft = Self::fresh()?.write_draft(path)?;
        // A hard link fails where a rename would replace: of two that start together, one makes the keys.
        let linked = std::fs::hard_link(&draft, path);
        std::fs::remove_file(&draft).map_err(io)?;
        match linked {
            Ok(()) => sync_folder(folder).map_err(io).map(|()| Made::Now),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Self::load(path).map(|_| Made::Already),
            Err(e) => Err(io(e)),
        }
    }

    /// Replaces the file in one step: a crash leaves the old or the new one.
    pub(super) fn replace(&self, path: &Path) -> Result<(), KeyError> {
        let io = |because| KeyError::Io { path: path.into(), because };
        let draft = self.write_draft(path)?;
        std::fs::rename(&draft, path).map_err(io)?;
        sync_folder(folder_of(path)).map_err(io)
    }

    /// Writes a durable file of mode 0600 beside `path`, under a name nobody can have prepared.
    fn write_draft(&self, path: &Path) -> Result<PathBuf, KeyError> {
        let mut name = [0; 8];
        SystemRandom::new().fill(&mut name)?;
        let draft = path.with_extension(format!("{:016x}.tmp", u64::from_be_bytes(name)));
        let io = |because| KeyError::Io { path: draft.clone(), because };
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).map_err(io)?;
        let done = file.write_all(self.text().as_bytes()).and_then(|()| file.sync_all());
        if let Err(because) = done {
            let _ = std::fs::remove_file(&draft);
            return Err(io(because));
        }
        Ok(draft)
    }

    fn text(&self) -> Zeroizing<String> {
        // Large enough from the start: a string that grows leaves copies behind.
        let mut out = Zeroizing::new(String::with_capacity(1024 + 128 * (self.keks.len() + self.jwt.len())));
        let line = |key: &Secret| Zeroizing::new(STANDARD.encode(key.as_ref()));
        out.push_str(
            "# 履约台的密钥。丢失这个文件，数据库里的个人信息和附件就永远无法解开；泄露则等于没有加密。\n\
             # 只允许运行程序的用户读取（chmod 600），与数据库备份分开保存。请用 `lvyue keys` 管理，不要手工修改。\n\n",
        );
        let _ = writeln!(out, "[kek]\ncurrent = {}\n\n[kek.keys]", self.current);
        for (number, key) in &self.keks {
            let _ = writeln!(out, "{number} = \"{}\"", *line(key));
        }
        let _ =
            writeln!(out, "\n[index]\nversion = {}\nkey = \"{}\"", self.index_version, *line(&self.index));
        let _ = writeln!(out, "\n[jwt]\ncurrent = \"{}\"\n\n[jwt.keys]", self.jwt_current);
        for (kid, key) in &self.jwt {
            let _ = writeln!(out, "{kid} = \"{}\"", *line(key));
        }
        out
    }
}

/// Whether `init` made a file or found one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    Now,
    Already,
}

pub(super) fn random() -> Result<Secret, KeyError> {
    let mut bytes = Zeroizing::new([0; 32]);
    SystemRandom::new().fill(bytes.as_mut())?;
    Ok(bytes)
}

pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

fn at_line(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let before = span.and_then(|s| text.get(..s.start));
    match before {
        Some(before) => format!("第 {} 行", before.lines().count().max(1)),
        None => "结构不完整".to_owned(),
    }
}

#[cfg(test)]
#[path = "keyfile_tests.rs"]
mod tests;
