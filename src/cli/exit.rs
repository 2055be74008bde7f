//! How a command ends: what it says to the person who started it, and the status the shell sees.
//!
//! 0 done, 1 did not work, 2 was asked wrongly, 78 must not run with these settings or keys. A service
//! manager restarts after 1 and leaves 78 alone, because repeating changes nothing.

use std::fmt;

use crate::kit::config::ConfigError;
use crate::kit::crypto::KeyError;
use crate::kit::error::Error;

/// The status the shell sees, when it is not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Failed = 1,
    Usage = 2,
    /// `EX_CONFIG` of sysexits.h.
    Config = 78,
}

/// Why a command did not do what it was asked; one Chinese text that says what to do.
#[derive(Debug)]
pub struct CliError {
    exit: Exit,
    text: String,
}

impl CliError {
    pub fn new(exit: Exit, text: impl Into<String>) -> Self {
        Self { exit, text: text.into() }
    }

    #[must_use]
    pub const fn exit(&self) -> Exit {
        self.exit
    }

    /// The process's exit status.
    #[must_use]
    pub const fn code(&self) -> u8 {
        self.exit as u8
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for CliError {}

impl From<KeyError> for CliError {
    fn from(err: KeyError) -> Self {
        let exit = match &err {
            // The same command may work a minute later.
            KeyError::Database(_) | KeyError::Random => Exit::Failed,
            KeyError::InUse(_) | KeyError::Unknown(_) => Exit::Usage,
            _ => Exit::Config,
        };
        Self::new(exit, err.to_string())
    }
}

impl From<ConfigError> for CliError {
    fn from(err: ConfigError) -> Self {
        Self::new(Exit::Config, err.to_string())
    }
}

impl From<Error> for CliError {
    fn from(err: Error) -> Self {
        Self::new(Exit::Failed, format!("{}（{err}）", err.code().title()))
    }
}

impl From<std::io::Error> for CliError {
    fn from(err: std::io::Error) -> Self {
        Self::new(Exit::Failed, format!("读写失败：{err}"))
    }
}
