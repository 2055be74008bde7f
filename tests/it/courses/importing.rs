//! Folders of courses: loaded once, changed item by item, and not at all when something is wrong.

use std::fs;
use std::path::{Path, PathBuf};

use lvyue::courses::{Imported, Refusal, import, publisher};
use lvyue::kit::Kit;

use super::media::mp4;
use crate::support::{World, sql};

const HEAD: &str = "+++\ncategory = \"operation\"\ntitle = \"登录\"\nmandatory = [\"市场部\"]\ntags = [\"登录\"]\n+++\n三步五分钟。\n";
const QUIZ: &str =
    "+++\ntitle = \"测一测\"\nsection = \"小测\"\npass = 60\n+++\n## 要设密码吗？\n- [ ] 对\n- [x] 错\n";

fn write(folder: &Path, files: &[(&str, &[u8])]) -> PathBuf {
    let course = folder.join("courses/first-login");
    fs::create_dir_all(course.join("img")).unwrap();
    for (name, bytes) in files {
        fs::write(course.join(name), bytes).unwrap();
    }
    course
}

fn sample(w: &World) -> PathBuf {
    let open = "+++\ntitle = \"打开\"\nsection = \"登录\"\n+++\n![图](img/a.png)\n\n正文\n";
    let clip =
        "+++\ntitle = \"看\"\nvideo = \"clip.mp4\"\ncaptions = \"clip.vtt\"\nmin_coverage = 80\n+++\n说明\n";
    write(
        &w.folder,
        &[
            ("course.md", HEAD.as_bytes()),
            ("01-open.md", open.as_bytes()),
            ("02-clip.md", clip.as_bytes()),
            ("03-check.quiz", QUIZ.as_bytes()),
            ("clip.mp4", &mp4(9_000, 3000)),
            ("clip.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nx\n"),
            ("img/a.png", &crate::attachments::png(8, 6)),
        ],
    )
}

async fn loaded(kit: &Kit, folder: &Path) -> Imported {
    match import(kit, folder, None).await {
        Ok(mut done) => done.remove(0),
        Err(refusal) => panic!("{refusal}"),
    }
}

async fn refused(kit: &Kit, folder: &Path) -> String {
    match import(kit, folder, None).await {
        Ok(done) => panic!("loaded: {done:?}"),
        Err(Refusal::Bad(bad)) => Refusal::Bad(bad).to_string(),
        Err(Refusal::Failed(error)) => panic!("failed: {error}"),
    }
}

async fn everything(w: &World) -> Vec<(String, i64)> {
    // What the sequencer does in its own time is not meant.
    let own = ["ledger_places", "ledger_queue", "ledger_checkpoints", "ledger_nodes", "leases"];
    sql::counts(w.db()).await.into_iter().filter(|(table, _)| !own.contains(&table.as_str())).collect()
}

story!(a_folder_is_loaded_once_and_changed_item_by_item, async |w: World| {
    let kit = w.app.kit();
    let course = sample(&w);
    let first = loaded(kit, &w.path("courses")).await;
    assert!(first.is_new && first.items == 3 && !first.published, "{first:?}");
    let before = everything(&w).await;
    let again = loaded(kit, &course).await;
    assert!(!again.changed && again.items == 0 && again.id == first.id, "{again:?}");
    assert_eq!(everything(&w).await, before, "twice changes nothing");
    // Publishing is somebody's act, and not anybody's.
    for (number, code) in [("V200001", "FORBIDDEN"), ("A100004", "NOT_FOUND"), ("V999999", "NOT_FOUND")] {
        assert_eq!(publisher(kit, number).await.unwrap_err().code().wire(), code, "{number}");
    }
    let lena = publisher(kit, "V200003").await.unwrap();
    let published = import(kit, &course, Some(&lena)).await.ok().unwrap().remove(0);
    assert!(published.published && published.edition == 1, "{published:?}");
    let before = everything(&w).await;
    assert!(!import(kit, &course, Some(&lena)).await.ok().unwrap()[0].published);
    assert_eq!(everything(&w).await, before);
    let catalog = lvyue::courses::published(kit).await.unwrap();
    let shown: Vec<_> =
        catalog.courses[0].sections.iter().map(|s| (s.title.as_str(), s.items.len())).collect();
    assert_eq!(shown, [("登录", 2), ("小测", 1)]);
    let clip = catalog.courses[0].items().nth(1).unwrap().clone();
    assert_eq!((clip.duration_ms, clip.min_coverage, clip.has_captions), (Some(9_000), 80, true));
    assert!(
        catalog.courses[0].is_mandatory_for(Some("市场部"))
            && !catalog.courses[0].is_mandatory_for(Some("生产部"))
    );
    // One file changes, one goes.
    write(
        &w.folder,
        &[("01-open.md", "+++\ntitle = \"打开它\"\nsection = \"登录\"\n+++\n新的正文\n".as_bytes())],
    );
    fs::remove_file(course.join("03-check.quiz")).unwrap();
    let changed = loaded(kit, &course).await;
    assert!(changed.items == 2 && changed.state.wire() == "draft", "{changed:?}");
    assert_eq!(
        sql::number(w.db(), "SELECT COUNT(*) FROM item_versions").await,
        4,
        "one item has a new version"
    );
    assert_eq!(
        lvyue::courses::published(kit).await.unwrap().courses[0].items().count(),
        3,
        "learners keep theirs"
    );
    import(kit, &course, Some(&lena)).await.ok().unwrap();
    let catalog = lvyue::courses::published(kit).await.unwrap();
    let now: Vec<_> = catalog.courses[0].items().map(|i| (i.title.as_str(), i.version_no)).collect();
    assert_eq!(now, [("打开它", 2), ("看", 1)]);
    assert_eq!(catalog.courses[0].items().nth(1).unwrap().version_id, clip.version_id);
    // What comes back is there again.
    write(&w.folder, &[("03-check.quiz", QUIZ.as_bytes())]);
    assert_eq!(loaded(kit, &course).await.items, 1);
    w
});

story!(nothing_of_a_bad_folder_is_loaded, async |w: World| {
    let kit = w.app.kit();
    let course = sample(&w);
    let good = w.path("courses/another");
    fs::create_dir_all(&good).unwrap();
    fs::write(good.join("course.md"), HEAD).unwrap();
    fs::write(good.join("01-a.md"), "+++\ntitle = \"a\"\n+++\n正文").unwrap();
    let before = everything(&w).await;
    let pdf = crate::attachments::pdf();
    let film = mp4(9_000, 3000);
    let cases: [(&str, &[u8], &str, &str); 7] = [
        ("clip.mp4", &pdf, "02-clip.md 第 3 行", "clip.mp4 的内容和扩展名不符"),
        ("clip.mp4", &film[..film.len() - 30], "02-clip.md 第 3 行", "clip.mp4"),
        ("img/a.png", b"GIF89a\x01\0\x01\0\x80\0\0", "01-open.md 第 5 行", "a.png"),
        ("clip.vtt", b"1\n00:00 hello", "02-clip.md 第 4 行", "WEBVTT"),
        (
            "03-check.quiz",
            "+++\ntitle = \"a\"\n+++\n## 问\n- [x] a\n".as_bytes(),
            "03-check.quiz 第 4 行",
            "选项",
        ),
        (
            "course.md",
            "+++\ncategory = \"operation\"\ntitle = \"x\"\n\nmandatory = [\"没有的部门\"]\n+++\n短\n"
                .as_bytes(),
            "course.md 第 5 行",
            "没有的部门",
        ),
        (
            "04-link.md",
            "+++\ntitle = \"去\"\nlink = \"https://evil.example\"\n+++\n".as_bytes(),
            "04-link.md 第 3 行",
            "小程序",
        ),
    ];
    for (file, bytes, place, words) in cases {
        let kept = fs::read(course.join(file)).ok();
        fs::write(course.join(file), bytes).unwrap();
        let said = refused(kit, &w.path("courses")).await;
        assert!(said.contains(place) && said.contains(words), "{file}: {said}");
        assert_eq!(everything(&w).await, before, "{file}");
        match kept {
            Some(kept) => fs::write(course.join(file), kept).unwrap(),
            None => fs::remove_file(course.join(file)).unwrap(),
        }
    }
    assert!(refused(kit, &w.path("no-such-folder")).await.contains("no-such-folder"));
    assert_eq!(import(kit, &w.path("courses"), None).await.ok().unwrap().len(), 2);
    w
});

story!(the_courses_that_come_with_it_load, async |w: World| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/courses");
    if folder.is_dir() {
        let lena = publisher(w.app.kit(), "V200003").await.unwrap();
        let done = match import(w.app.kit(), &folder, Some(&lena)).await {
            Ok(done) => done,
            Err(refusal) => panic!("{refusal}"),
        };
        assert!(done.iter().all(|c| c.published));
        assert_eq!(lvyue::courses::published(w.app.kit()).await.unwrap().courses.len(), done.len());
    }
    w
});
