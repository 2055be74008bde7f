//! Which materials were suggested, and which of them made a ticket unnecessary.

use uuid::Uuid;

use crate::kit::clock::Timestamp;
use crate::kit::db::{Fetch, Sql, WriteTx};
use crate::kit::error::Result;

pub async fn insert(tx: &WriteTx, id: Uuid, at: Timestamp, materials: &[Uuid]) -> Result<()> {
    let mut sql = Sql::default();
    sql.push("INSERT INTO search_suggestions (id, at) VALUES (").bind(id).push(", ").bind(at.0).push(")");
    sql.run(&**tx).await?;
    for material in materials {
        let mut sql = Sql::default();
        sql.push("INSERT INTO search_suggested (suggestion_id, material_id) VALUES (");
        sql.bind(id).push(", ").bind(*material).push(")");
        sql.run(&**tx).await?;
    }
    Ok(())
}

/// The materials of a suggestion; none for one that does not exist.
pub async fn materials(db: &impl Fetch, id: Uuid) -> Result<Vec<Uuid>> {
    let mut sql = Sql::default();
    sql.push("SELECT material_id FROM search_suggested WHERE suggestion_id = ").bind(id);
    sql.all(db, |c| c.take()).await
}

/// Says that the material solved it, and whether nothing had before.
pub async fn solve(tx: &WriteTx, id: Uuid, material: Uuid, at: Timestamp) -> Result<bool> {
    let mut sql = Sql::default();
    sql.push("UPDATE search_suggestions SET solved_by = ").bind(material).push(", solved_at = ").bind(at.0);
    sql.push(" WHERE id = ").bind(id).push(" AND solved_by IS NULL");
    Ok(sql.run(&**tx).await? > 0)
}

/// How many drafts got suggestions, and how many of them were solved.
pub async fn totals(db: &impl Fetch) -> Result<(i64, i64)> {
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*), COUNT(solved_by) FROM search_suggestions");
    Ok(sql.one(db, |c| Ok((c.take()?, c.take()?))).await?.unwrap_or((0, 0)))
}

/// One material: its title while it is published, how often it was suggested, how often it solved.
pub struct OfMaterial {
    pub id: Uuid,
    pub title: Option<String>,
    pub suggested: i64,
    pub solved: i64,
}

/// The materials that solved most, `limit` of them.
pub async fn by_material(db: &impl Fetch, limit: i64) -> Result<Vec<OfMaterial>> {
    let mut sql = Sql::default();
    sql.push(
        "SELECT g.material_id, e.title, g.suggested, g.solved FROM (
            SELECT m.material_id, COUNT(*) AS suggested,
                COUNT(CASE WHEN s.solved_by = m.material_id THEN 1 END) AS solved
            FROM search_suggested m JOIN search_suggestions s ON s.id = m.suggestion_id
            GROUP BY m.material_id
         ) g LEFT JOIN search_entries e ON e.id = g.material_id
         ORDER BY g.solved DESC, g.suggested DESC, g.material_id",
    );
    sql.limit(limit);
    let read = |c: &mut crate::kit::db::Columns<'_>| {
        Ok(OfMaterial { id: c.take()?, title: c.take()?, suggested: c.take()?, solved: c.take()? })
    };
    sql.all(db, read).await
}
