//! `lvyue courses import DIR`: courses from folders of text files. Running it twice changes nothing; of a folder
//! with something wrong in it nothing is loaded.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};

use super::refused;
use crate::courses;
use crate::kit::Kit;

#[derive(Debug, Subcommand)]
pub enum CoursesCommand {
    /// 从文件夹导入课程；重复导入不会改变什么，有错时什么也不导入
    Import(ImportArgs),
}

/// Courses from folders.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// 一个课程文件夹（里面有 course.md），或装着若干课程文件夹的文件夹
    folder: PathBuf,
    /// 导入后审核并发布；须同时用 --as 写明由谁负责
    #[arg(long, requires = "employee_no")]
    publish: bool,
    /// 乙方负责人的工号：以此人的名义审核并发布
    #[arg(long = "as", value_name = "EMPLOYEE_NO", requires = "publish")]
    employee_no: Option<String>,
}

/// # Errors
/// What is wrong with the files, by file and line; an employee number that may not publish; a store that is away.
pub async fn run(command: CoursesCommand, kit: &Arc<Kit>, out: &mut (dyn Write + Send)) -> Result<()> {
    let CoursesCommand::Import(args) = command;
    let publisher = match &args.employee_no {
        Some(number) => Some(courses::publisher(kit, number).await.map_err(refused)?),
        None => None,
    };
    let done = match courses::import(kit, &args.folder, publisher.as_ref()).await {
        Ok(done) => done,
        Err(courses::Refusal::Bad(all)) => {
            let lines: Vec<String> = all.iter().map(ToString::to_string).collect();
            bail!("什么也没有导入，请先改正：\n{}", lines.join("\n"));
        }
        Err(courses::Refusal::Failed(error)) => return Err(refused(error)),
    };
    for course in done {
        let said = match (course.is_new, course.changed) {
            (true, _) => "新课程",
            (false, true) => "有更新",
            (false, false) => "没有变化",
        };
        let edition =
            if course.edition > 0 { format!("，第 {} 版", course.edition) } else { String::new() };
        let items = course.items;
        writeln!(out, "{}：{said}，改动 {items} 个内容，{}{edition}", course.slug, course.state.title())?;
    }
    Ok(())
}
