//! Queries of identity. The only file of the feature that reads its tables; writes stand beside the
//! service that makes them where they are a single insert.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::entity::{department, person};
use super::model::ACTIVE;
use crate::kit::actor::Side;
use crate::kit::error::Result;

/// SQLite takes 32,766 parameters in one statement, but plans get slow long before.
const IDS_PER_QUERY: usize = 500;

type Named = (person::Model, Option<String>);

pub async fn person(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<person::Model>> {
    Ok(person::Entity::find_by_id(id).one(db).await?)
}

pub async fn people_with_departments(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Named>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_PER_QUERY) {
        let query = person::Entity::find().filter(person::Column::Id.is_in(some.to_vec()));
        all.extend(named(query.find_also_related(department::Entity).all(db).await?));
    }
    Ok(all)
}

pub async fn active_people(
    db: &impl ConnectionTrait,
    side: Side,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Named>> {
    let mut query = person::Entity::find()
        .filter(person::Column::Party.eq(side.wire()))
        .filter(person::Column::Status.eq(ACTIVE))
        .order_by_asc(person::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(person::Column::Id.gt(after));
    }
    Ok(named(query.find_also_related(department::Entity).all(db).await?))
}

fn named(rows: Vec<(person::Model, Option<department::Model>)>) -> Vec<Named> {
    rows.into_iter().map(|(person, department)| (person, department.map(|d| d.name))).collect()
}
