//! identity (stand-in until its branch lands)

pub mod policy;

pub mod people {
    use std::collections::HashMap;

    use sea_orm::ConnectionTrait;
    use serde::Serialize;
    use utoipa::ToSchema;
    use uuid::Uuid;

    use crate::kit::actor::{Member, Side};
    use crate::kit::ctx::Ctx;
    use crate::kit::error::Result;

    #[derive(Clone, Debug, Serialize, ToSchema)]
    pub struct PersonRef {
        pub id: Uuid,
        pub display_name: String,
        pub party: Side,
        pub department: Option<String>,
    }

    pub async fn refs(_: &Ctx, _: &impl ConnectionTrait, _: &[Uuid]) -> Result<HashMap<Uuid, PersonRef>> {
        Ok(HashMap::new())
    }

    pub async fn member_of(_: &Ctx, _: &impl ConnectionTrait, _: Uuid) -> Result<Option<Member>> {
        Ok(None)
    }

    pub async fn contact_of(_: &Ctx, _: &impl ConnectionTrait, _: Uuid) -> Result<(String, Option<String>)> {
        Ok((String::new(), None))
    }
}

pub mod consent {
    use crate::kit::ctx::Ctx;
    use crate::kit::error::Result;

    pub fn require(_: &Ctx) -> Result<()> {
        Ok(())
    }
}

pub mod reveals {
    use sea_orm::ConnectionTrait;
    use uuid::Uuid;

    use crate::kit::ctx::Ctx;
    use crate::kit::error::Result;

    pub async fn record(
        _: &Ctx,
        _: &impl ConnectionTrait,
        _: Uuid,
        _: &str,
        _: &[&str],
        _: Option<Uuid>,
    ) -> Result<()> {
        Ok(())
    }
}
