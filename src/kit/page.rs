//! Keyset pages: `?limit=&cursor=` in, `{items, next_cursor}` out. No offsets and no totals, because
//! both get slower with every ticket.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::error::{Error, Result};

pub const DEFAULT_LIMIT: u32 = 20;
pub const MAX_LIMIT: u32 = 100;

/// The two query parameters of every list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items, 1..100, default 20.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200)]
    pub cursor: Option<String>,
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// The place after the last row of a page: the sort key (where there is one) and the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub key: i64,
    pub id: Uuid,
}

impl Cursor {
    #[must_use]
    pub fn encode(&self) -> String {
        let mut bytes = self.key.to_be_bytes().to_vec();
        bytes.extend_from_slice(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// # Errors
    /// A cursor that this server did not make.
    pub fn decode(text: &str) -> Result<Self> {
        let wrong = || Error::field("cursor", "CURSOR_INVALID", "列表位置已失效，请从头刷新");
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
        let (key, id) = bytes.split_first_chunk::<8>().ok_or_else(wrong)?;
        let id = Uuid::from_slice(id).map_err(|_| wrong())?;
        Ok(Self { key: i64::from_be_bytes(*key), id })
    }
}

/// Checks `limit` and reads `cursor`.
///
/// # Errors
/// 422 naming the parameter.
pub fn window(limit: Option<u32>, cursor: Option<&str>) -> Result<(u64, Option<Cursor>)> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if limit == 0 || limit > MAX_LIMIT {
        return Err(Error::field("limit", "OUT_OF_RANGE", "每页数量应在 1 到 100 之间"));
    }
    Ok((u64::from(limit), cursor.map(Cursor::decode).transpose()?))
}

impl<T> Page<T> {
    /// Builds a page from `limit + 1` rows: the surplus row only tells that there is more.
    #[must_use]
    pub fn from_surplus(mut items: Vec<T>, limit: u64, place: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = if more { items.last().map(|last| place(last).encode()) } else { None };
        Self { items, next_cursor }
    }

    /// A list that is always whole.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }

    #[must_use]
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}
