//! Use cases of the agreement, one file per family.

pub mod book;

use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};

/// Who may read the files of the agreement's records: nobody while there are none.
///
/// # Errors
/// 404.
pub async fn gate(_ctx: &Ctx) -> Result<DataKey> {
    Err(Error::new(Code::NotFound))
}
