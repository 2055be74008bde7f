//! One error type for the whole program, and the table of codes that clients may rely on.
//!
//! An [`Error`] knows two audiences: the person reads `title` and `detail` in Chinese; the log gets
//! `because`, which never leaves the process. Every code, its HTTP status and its text stand in one table.

use std::borrow::Cow;
use std::fmt;

use sea_orm::{DbErr, SqlErr};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

macro_rules! codes {
    ($($name:ident = $wire:literal, $status:literal, $title:literal;)*) => {
        /// A stable error code; never renamed, never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($name),* }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// As clients see it: upper snake case.
            #[must_use]
            pub const fn wire(self) -> &'static str { match self { $(Self::$name => $wire),* } }

            /// The HTTP status it travels with.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status),* } }

            /// One Chinese sentence, fit to show: what happened and what to do.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$name => $title),* } }
        }
    };
}

codes! {
    // The request itself
    BadRequest = "BAD_REQUEST", 400, "请求格式不对，请更新小程序后再试";
    BadJson = "BAD_JSON", 400, "请求内容无法识别，请更新小程序后再试";
    HeaderMissing = "HEADER_MISSING", 400, "请求缺少必要的信息，请更新小程序后再试";
    NotFound = "NOT_FOUND", 404, "没有找到，可能已被移走或您无权查看";
    MethodNotAllowed = "METHOD_NOT_ALLOWED", 405, "不支持这种操作方式";
    RequestTimeout = "REQUEST_TIMEOUT", 408, "网络太慢，没有收完，请换个网络再试";
    BodyTooLarge = "BODY_TOO_LARGE", 413, "内容太大，请精简后再提交";
    MediaTypeUnsupported = "MEDIA_TYPE_UNSUPPORTED", 415, "不支持这种内容格式";
    Invalid = "INVALID", 422, "有内容需要修改，请看标出的地方";
    TooManyRequests = "TOO_MANY_REQUESTS", 429, "操作太频繁，请稍等一会儿再试";

    // Signing in and being allowed
    LoginCodeInvalid = "LOGIN_CODE_INVALID", 401, "微信登录已过期，请重新登录";
    LoginRequired = "LOGIN_REQUIRED", 401, "请先登录";
    TokenExpired = "TOKEN_EXPIRED", 401, "登录已过期，正在为您续期";
    SessionEnded = "SESSION_ENDED", 401, "登录已结束，请重新登录";
    AccountRisk = "ACCOUNT_RISK", 403, "微信提示该账号有风险，暂时不能登录；请在微信中完成安全验证后再试";
    NotBound = "NOT_BOUND", 403, "请先绑定您的工作身份";
    Forbidden = "FORBIDDEN", 403, "您的角色不能做这项操作";
    AlreadyBound = "ALREADY_BOUND", 409, "这个微信账号已经绑定过身份";
    BindingRefused = "BINDING_REFUSED", 422, "信息对不上，请核对后再试，或联系贵公司管理员";
    BindingTriesExceeded = "BINDING_TRIES_EXCEEDED", 429, "尝试次数太多，请稍后再试";
    ConsentRequired = "CONSENT_REQUIRED", 428, "请先阅读并同意隐私说明";
    NoticeVersionStale = "NOTICE_VERSION_STALE", 409, "隐私说明已更新，请重新阅读";

    // State, versions, repetition
    ActionNotAllowed = "ACTION_NOT_ALLOWED", 409, "当前状态下不能这样做，请刷新后再看";
    VersionStale = "VERSION_STALE", 412, "内容刚被别人更新过，请刷新后再操作";
    IfMatchRequired = "IF_MATCH_REQUIRED", 428, "请刷新后再操作";
    IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED", 422, "这次提交与上次内容不同，请重新提交";
    IdempotencyInProgress = "IDEMPOTENCY_IN_PROGRESS", 409, "正在处理上一次提交，请稍等";
    LeadTimeShort = "LEAD_TIME_SHORT", 422, "离希望生效的日期不足 5 个工作日，请改期，或确认仍要签发";
    RemindTooSoon = "REMIND_TOO_SOON", 429, "刚催办过，请稍后再催";
    ReopenWindowClosed = "REOPEN_WINDOW_CLOSED", 409, "已超过可重开的时间，请新建一张工单";

    // The agreement
    NotSetUp = "NOT_SET_UP", 409, "协议还没有登记，请管理员先运行 lvyue init";
    ProposalStale = "PROPOSAL_STALE", 409, "提议之后又有新版本生效，请按新版本重新提出";
    CalendarInvalid = "CALENDAR_INVALID", 422, "日历内容有误，没有保存，请按提示核对";

    // Training
    PlayerElsewhere = "PLAYER_ELSEWHERE", 409, "您正在别的地方学习，点一下继续就回到这里";
    AttemptsUsedUp = "ATTEMPTS_USED_UP", 409, "今天的答题次数用完了，明天再来";
    SignInCodeStale = "SIGN_IN_CODE_STALE", 422, "签到码不对或已过期，请看讲师屏幕上的新码";

    // Attachments
    AttachmentType = "ATTACHMENT_TYPE", 415, "只能上传图片（JPG、PNG、WebP）、视频（MP4、MOV）或 PDF";
    AttachmentTooLarge = "ATTACHMENT_TOO_LARGE", 413, "文件太大：图片和 PDF 不超过 20 MB，视频不超过 100 MB";
    AttachmentBroken = "ATTACHMENT_BROKEN", 422, "文件打不开，可能已损坏，请换一个";
    AttachmentNotUsable = "ATTACHMENT_NOT_USABLE", 422, "有附件已失效，请重新上传";
    UploadOffsetWrong = "UPLOAD_OFFSET_WRONG", 409, "续传的位置对不上，请从服务器已收到的位置继续";
    RangeNotSatisfiable = "RANGE_NOT_SATISFIABLE", 416, "请求的文件位置不存在";

    // Our side
    Internal = "INTERNAL", 500, "服务出了点问题，我们已收到通知，请稍后再试";
    DecryptFailed = "DECRYPT_FAILED", 500, "有数据无法解开，我们已收到通知";
    WechatConfig = "WECHAT_CONFIG", 500, "微信接口配置有误，我们已收到通知";
    WechatUnknown = "WECHAT_UNKNOWN", 502, "微信返回了意外的结果，请稍后再试";
    WechatUnavailable = "WECHAT_UNAVAILABLE", 503, "微信服务暂时没有响应，请稍后再试";
    SessionStoreUnavailable = "SESSION_STORE_UNAVAILABLE", 503, "服务正忙，请几秒后再试";
    DatabaseUnavailable = "DATABASE_UNAVAILABLE", 503, "服务正忙，请几秒后再试";
    Overloaded = "OVERLOADED", 503, "现在访问的人太多，请几秒后再试";
    StorageFull = "STORAGE_FULL", 507, "存储空间不足，暂时不能保存，我们已收到通知";
}

/// One field that needs the person's attention.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// Path of the field, as in `attachment_ids[2]`.
    pub field: String,
    /// Stable, upper snake case.
    pub code: Cow<'static, str>,
    /// Chinese, fit to show beside the field.
    pub message: String,
}

/// What went wrong, for the person and for the log.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    code: Code,
    detail: Option<String>,
    fields: Vec<FieldError>,
    retry_after: Option<u32>,
    extra: Map<String, Value>,
    because: Option<String>,
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    #[must_use]
    pub fn new(code: Code) -> Self {
        let retry_after = matches!(code.status(), 429 | 503).then_some(2);
        Self(Box::new(Inner {
            code,
            detail: None,
            fields: Vec::new(),
            retry_after,
            extra: Map::new(),
            because: None,
        }))
    }

    /// A 422 about one field.
    #[must_use]
    pub fn field(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Code::Invalid).with_field(field, code, message)
    }

    #[must_use]
    pub fn with_field(
        mut self,
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        self.0.fields.push(FieldError { field: field.into(), code: code.into(), message: message.into() });
        self
    }

    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.0.fields.extend(fields);
        self
    }

    /// A second Chinese sentence, when the table's is not enough. Never personal data.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Seconds until trying again makes sense; 429 and 503 always carry one.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds.max(1));
        self
    }

    /// A further member of the problem document, such as `allowed_actions`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.extra.insert(name.to_owned(), value.into());
        self
    }

    /// For the log only. Never personal data, never a secret, never a URL with a query.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.0.because = Some(cause.to_string());
        self
    }

    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    #[must_use]
    pub fn detail_text(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u32> {
        self.0.retry_after
    }

    #[must_use]
    pub fn extra(&self) -> &Map<String, Value> {
        &self.0.extra
    }

    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.0.because.as_deref()
    }

    #[must_use]
    pub fn is(&self, code: Code) -> bool {
        self.0.code == code
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.code.wire())?;
        if let Some(cause) = &self.0.because {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<DbErr> for Error {
    fn from(err: DbErr) -> Self {
        match &err {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::new(Code::DatabaseUnavailable).because(err),
            DbErr::RecordNotFound(_) => Self::new(Code::NotFound),
            _ => match err.sql_err() {
                // A constraint that a service expects is mapped where it is expected; this one was not.
                Some(SqlErr::UniqueConstraintViolation(name)) => {
                    Self::new(Code::Internal).because(format!("unexpected duplicate: {name}"))
                }
                _ => Self::from_driver(&err),
            },
        }
    }
}

impl Error {
    /// Text of the drivers decides only what cannot be told otherwise; values are never part of it.
    fn from_driver(err: &DbErr) -> Self {
        let text = err.to_string();
        let busy = [
            "database is locked",
            "lock timeout",
            "deadlock detected",
            "could not serialize",
            "pool timed out",
            "Connection refused",
            "connection closed",
            "terminating connection",
            "Broken pipe",
            "starting up",
            "shutting down",
            "statement timeout",
            "expected to read",
            "Connection reset",
            "unexpected end of file",
        ];
        if text.contains("database or disk is full") || text.contains("No space left") {
            Self::new(Code::StorageFull).because(text)
        } else if busy.iter().any(|b| text.contains(b)) {
            Self::new(Code::DatabaseUnavailable).because(text)
        } else {
            Self::new(Code::Internal).because(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_upper_snake_and_have_chinese_texts() {
        let mut seen = HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.wire()), "{} twice", code.wire());
            assert!(code.wire().chars().all(|c| c.is_ascii_uppercase() || c == '_'));
            assert!(code.title().chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)));
            assert!((400..=599).contains(&code.status()));
        }
    }

    #[test]
    fn busy_answers_always_say_when_to_come_back() {
        for code in Code::ALL.iter().filter(|c| matches!(c.status(), 429 | 503)) {
            assert!(Error::new(*code).retry_after_seconds().is_some());
        }
    }
}
