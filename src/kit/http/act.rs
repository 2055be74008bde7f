//! Bodies whose fields depend on their `action`. The action is read first and the body then decoded by the type
//! of that action alone: a field of another action is refused like one that nobody knows, and whatever is wrong
//! keeps its place (an internally tagged enum of serde would lose it).

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;

use super::json::body;
use crate::kit::error::{Error, Result};

/// What is decoded by its action: made by `by_action!`, or where an action brings more than its fields.
pub trait ByAction: Sized + 'static {
    /// # Errors
    /// 400 for what is no JSON; 422 naming the field.
    fn decode(body: &[u8]) -> Result<Self>;
}

/// A decoded body.
#[derive(Clone, Debug)]
pub struct Act<T>(pub T);

impl<T: ByAction> FromRequest for Act<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = body(req, payload.take());
        Box::pin(async move { T::decode(&bytes.await?).map(Self) })
    }
}

/// Declares the actions of something with their fields: the enum that services match on and that documents the
/// wire, and how it is decoded.
macro_rules! by_action {
    ($(#[$about:meta])* $name:ident {
        $($(#[$doc:meta])* $act:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* })*
    }) => {
        $(#[$about])*
        #[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
        #[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
        pub enum $name { $($(#[$doc])* $act { $($(#[$attribute])* $field: $kind),* }),* }

        impl $crate::kit::http::ByAction for $name {
            fn decode(body: &[u8]) -> $crate::kit::error::Result<Self> {
                #[derive(serde::Deserialize)]
                #[serde(rename_all = "snake_case")]
                enum Asked { $($act),* }

                #[derive(serde::Deserialize)]
                struct Tag { action: Asked }

                let Tag { action } = $crate::kit::http::decode_json(body)?;
                match action {
                    $(Asked::$act => {
                        #[derive(serde::Deserialize)]
                        #[serde(deny_unknown_fields)]
                        struct Sent {
                            #[serde(rename = "action")]
                            _action: serde::de::IgnoredAny,
                            $($(#[$attribute])* $field: $kind,)*
                        }
                        let Sent { _action, $($field),* } = $crate::kit::http::decode_json(body)?;
                        Ok(Self::$act { $($field),* })
                    })*
                }
            }
        }
    };
}
pub(crate) use by_action;

#[cfg(test)]
mod tests {
    use crate::kit::http::ByAction;

    by_action! {
        Deed {
            Confirm { rating: u8, #[serde(default)] said: Option<String>, }
            Leave {}
        }
    }

    #[test]
    fn every_wrong_field_of_an_action_is_named() {
        for (body, field, code) in [
            ("{}", "action", "REQUIRED"),
            ("[]", "", "WRONG_TYPE"),
            (r#"{"action":"fly"}"#, "action", "UNKNOWN_VALUE"),
            (r#"{"action":7}"#, "action", "WRONG_TYPE"),
            (r#"{"action":"leave","action":"leave"}"#, "action", "DUPLICATE_FIELD"),
            (r#"{"action":"confirm"}"#, "rating", "REQUIRED"),
            (r#"{"action":"confirm","rating":"1"}"#, "rating", "WRONG_TYPE"),
            (r#"{"rating":1,"said":[],"action":"confirm"}"#, "said", "WRONG_TYPE"),
            (r#"{"action":"confirm","rating":1,"x":1}"#, "x", "UNKNOWN_FIELD"),
            (r#"{"action":"leave","rating":1}"#, "rating", "UNKNOWN_FIELD"),
        ] {
            let error = Deed::decode(body.as_bytes()).unwrap_err();
            let first = error.fields().first().expect(body);
            assert_eq!((first.field.as_str(), first.code.as_ref()), (field, code), "{body}");
        }
        let good = Deed::decode(br#"{"rating":3,"action":"confirm"}"#).unwrap();
        assert!(matches!(good, Deed::Confirm { rating: 3, said: None }), "{good:?}");
        assert!(matches!(Deed::decode(br#"{"action":"leave"}"#), Ok(Deed::Leave {})));
    }
}
