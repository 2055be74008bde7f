//! Query strings, decoded strictly: known parameters, once each, valid UTF-8.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use super::decode;
use crate::kit::error::{Code, Error, Result};

/// Decoded parameters. The type must derive `Deserialize` with `deny_unknown_fields`; `flatten` does not
/// work with it (numbers would arrive as text).
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T> Query<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(decode_query(req.query_string()).map(Self))
    }
}

/// Decodes a query string.
///
/// # Errors
/// 400 when it is not UTF-8 behind its escapes, 422 naming the parameter.
pub fn decode_query<T: DeserializeOwned>(text: &str) -> Result<T> {
    // The decoder replaces bytes that are not UTF-8; nobody has that character in a parameter.
    if form_urlencoded::parse(text.as_bytes()).any(|(k, v)| k.contains('\u{fffd}') || v.contains('\u{fffd}'))
    {
        return Err(Error::new(Code::BadRequest).because("query is not UTF-8"));
    }
    let source = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(source)
        .map_err(|e| decode::refused(&e.path().to_string(), &e.inner().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::page::PageQuery;

    fn refusal(text: &str) -> (String, String) {
        let error = decode_query::<PageQuery>(text).unwrap_err();
        let field = &error.fields()[0];
        (field.field.clone(), field.code.to_string())
    }

    #[test]
    fn parameters_are_strict() {
        let page: PageQuery = decode_query("limit=5&cursor=%E4%BD%A0").unwrap();
        assert_eq!((page.limit, page.cursor.as_deref()), (Some(5), Some("你")));
        assert_eq!(refusal("limit=x"), ("limit".into(), "WRONG_VALUE".into()));
        assert_eq!(refusal("limit=-1"), ("limit".into(), "WRONG_VALUE".into()));
        assert_eq!(refusal("limit=1&limit=2"), ("limit".into(), "DUPLICATE_FIELD".into()));
        assert_eq!(refusal("offset=1"), ("offset".into(), "UNKNOWN_FIELD".into()));
        assert!(decode_query::<PageQuery>("cursor=%ff").unwrap_err().is(Code::BadRequest));
    }
}
