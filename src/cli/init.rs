//! `lvyue init agreement.toml`: reads the agreement strictly and keeps it. One installation keeps one
//! agreement; giving the same file again changes nothing.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use chrono::NaiveDate;
use clap::Args;
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder};
use serde::{Deserialize, Deserializer, de};

use crate::kit::Kit;
use crate::kit::clock::Timestamp;
use crate::kit::text::{Lines, checked};

/// The agreement that this installation keeps.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// 协议文件：双方、签订日期、交付与届满日期（已知时）、附件参数 P1–P16
    pub(super) file: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    number: String,
    #[serde(deserialize_with = "day")]
    signed_on: NaiveDate,
    #[serde(default, deserialize_with = "known_day")]
    delivered_on: Option<NaiveDate>,
    #[serde(default, deserialize_with = "known_day")]
    expires_on: Option<NaiveDate>,
    client: PartySection,
    vendor: PartySection,
    #[serde(default)]
    parameters: BTreeMap<String, toml::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartySection {
    name: String,
}

/// A calendar day, as TOML's own date or as text.
fn day<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let text = match toml::Value::deserialize(from)? {
        toml::Value::Datetime(date) => date.to_string(),
        toml::Value::String(text) => text,
        _ => return Err(de::Error::custom("应为日期，如 2026-09-18")),
    };
    text.parse().map_err(|_| de::Error::custom("应为日期，如 2026-09-18"))
}

fn known_day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    day(from).map(Some)
}

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "agreements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    number: String,
    client_name: String,
    vendor_name: String,
    signed_on: String,
    document: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// # Errors
/// A file that is missing or wrong, another agreement that is kept already, or a database that is away.
pub async fn run(args: InitArgs, kit: &Kit, out: &mut (dyn Write + Send)) -> Result<()> {
    let text =
        std::fs::read_to_string(&args.file).with_context(|| format!("读不了 {}", args.file.display()))?;
    let document = read(&text).with_context(|| format!("{} 不对", args.file.display()))?;
    let now = kit.clock.now();
    let tx = kit.db.write_tx().await?;
    let kept = Entity::find().order_by_asc(Column::CreatedAt).one(&*tx).await?;
    let said = match &kept {
        Some(kept) if kept.number != document.number => {
            bail!("这里已经是协议 {}；一套系统只履行一份协议", kept.number)
        }
        Some(kept) if kept.document == text => "协议未变",
        Some(_) => "协议已更新",
        None => "协议已登记",
    };
    let row = Model {
        number: document.number.clone(),
        client_name: document.client.name,
        vendor_name: document.vendor.name,
        signed_on: document.signed_on.to_string(),
        document: text,
        created_at: kept.as_ref().map_or(now, |k| k.created_at),
        updated_at: now,
    };
    match kept {
        None => drop(Entity::insert(row.into_active_model()).exec_without_returning(&*tx).await?),
        Some(kept) if kept.document != row.document => {
            row.into_active_model().reset_all().update(&*tx).await?;
        }
        Some(_) => {}
    }
    tx.commit().await?;
    writeln!(out, "{said}：{}", document.number)?;
    Ok(())
}

fn read(text: &str) -> Result<Document> {
    let mut document: Document = toml::from_str(text)?;
    let one_line = |field: &str, value: &str, most: usize| {
        checked(field, value, Lines::One, most).map_err(|err| {
            let why = err.fields().first().map_or_else(String::new, |f| f.message.clone());
            anyhow::anyhow!("{field}：{why}")
        })
    };
    document.number = one_line("number", &document.number, 60)?;
    document.client.name = one_line("client.name", &document.client.name, 100)?;
    document.vendor.name = one_line("vendor.name", &document.vendor.name, 100)?;
    ensure!(document.client.name != document.vendor.name, "甲方和乙方不能是同一家");
    if let Some(delivered) = document.delivered_on {
        ensure!(delivered >= document.signed_on, "delivered_on 早于 signed_on");
    }
    if let Some(expires) = document.expires_on {
        let from = document.delivered_on.unwrap_or(document.signed_on);
        ensure!(expires > from, "expires_on 应晚于签订与交付日期");
    }
    for name in document.parameters.keys() {
        let number = name.strip_prefix('P').and_then(|n| n.parse::<u8>().ok());
        ensure!(
            number.is_some_and(|n| (1..=16).contains(&n) && *name == format!("P{n}")),
            "parameters 里只有 P1 到 P16，没有 {name}"
        );
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "number = \"LY-2026-01\"\nsigned_on = \"2026-09-18\"\n\
        [client]\nname = \"甲公司\"\n[vendor]\nname = \"乙公司\"\n[parameters]\nP1 = \"natural\"\nP10 = 14\n";

    #[test]
    fn strict_about_what_it_keeps() {
        read(GOOD).unwrap();
        read(&GOOD.replace("\"2026-09-18\"", "2026-09-18")).unwrap();
        for (from, to) in [
            ("signed_on = \"2026-09-18\"", "signed_on = \"2026-09-31\""),
            ("signed_on = \"2026-09-18\"\n", ""),
            ("number", "numero"),
            ("乙公司", "甲公司"),
            ("P10", "P17"),
            ("P10", "P01"),
            ("\"甲公司\"", "\"  \""),
            ("[client]", "delivered_on = \"2026-09-01\"\n[client]"),
            ("[client]", "expires_on = \"2026-09-18\"\n[client]"),
        ] {
            assert!(read(&GOOD.replace(from, to)).is_err(), "{to}");
        }
    }
}
