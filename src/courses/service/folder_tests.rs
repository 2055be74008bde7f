//! Folders as people write them, and what is said when one is wrong.

use super::*;

fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let course = place.path().join("first-login");
    fs::create_dir_all(course.join("img")).unwrap();
    for (name, text) in files {
        fs::write(course.join(name), text).unwrap();
    }
    (place, course)
}

const HEAD: (&str, &str) = (
    "course.md",
    "+++\ncategory = \"operation\"\ntitle = \"登录\"\nmandatory = [\"*\"]\ndue_days = 30\n+++\n三步五分钟。\n\n其余不要。\n",
);

#[test]
fn items_come_in_the_order_of_their_names_and_keep_the_section_before() {
    let (_place, course) = folder(&[
        HEAD,
        ("02-bind.md", "+++\ntitle = \"绑定\"\nrequired = false\n+++\n![图](img/a.png)\n"),
        ("01-open.md", "+++\ntitle = \"打开\"\nsection = \"登录\"\n+++\n正文\n"),
        (
            "10-check.quiz",
            "+++\ntitle = \"测\"\nsection = \"小测\"\npass = 60\n+++\n## 问\n- [x] a\n- [ ] b\n",
        ),
        ("img/a.png", "x"),
        ("README.md", "不算"),
        ("notes.txt", "不算"),
    ]);
    let read = read(&course).unwrap();
    assert_eq!((read.slug.as_str(), read.head.summary.as_str()), ("first-login", "三步五分钟。"));
    let items: Vec<_> =
        read.items.iter().map(|i| (i.key.as_str(), i.section.as_str(), i.required, i.kind)).collect();
    assert_eq!(
        items,
        [
            ("open", "登录", true, Kind::Article),
            ("bind", "登录", false, Kind::Article),
            ("check", "小测", true, Kind::Quiz)
        ]
    );
    assert_eq!(read.items[2].draft.paper.as_ref().unwrap().pass_percent, 60);
    let before = read.items[1].digest.clone();
    fs::write(course.join("img/a.png"), "y").unwrap();
    assert_ne!(super::read(&course).unwrap().items[1].digest, before, "a picture is part of its item");
}

#[test]
fn what_is_wrong_names_file_and_line() {
    let said = |name: &str, text: &str| {
        let (_place, course) = folder(&[HEAD, (name, text)]);
        let bad = read(&course).unwrap_err();
        assert_eq!(bad.len(), 1, "{bad:?}");
        (bad[0].file.file_name().unwrap().to_string_lossy().into_owned(), bad[0].line, bad[0].text.clone())
    };
    let cases = [
        ("01-a.md", "+++\ntitle = \"a\"\nvideo = \"x.mp4\"\n+++\n", Some(3), "没有 x.mp4"),
        ("01-a.md", "+++\ntitle = \"a\"\nvideo = \"../../x.mp4\"\n+++\n", Some(3), "文件夹里的文件"),
        ("01-a.md", "+++\ntitle = \"a\"\nlink = \"/pages/x\"\npdf = \"x.pdf\"\n+++\n", Some(3), "只能写一个"),
        ("01-a.md", "+++\ntitle = \"a\"\n+++\n一\n\n![图](img/b.png)", Some(6), "没有 img/b.png"),
        ("01-a.md", "+++\ntitle = \"a\"\n+++\n![图](https://evil.example/x.png)", Some(4), "文件夹里的文件"),
        ("01-a.md", "+++\ntitel = \"a\"\n+++\n", Some(2), "titel"),
        ("01-a.quiz", "+++\ntitle = \"a\"\n+++\n## 问\n- [x] a\n- b\n", Some(6), "选项请写成"),
        ("01-a.md", "+++\ntitle = \"a\"", Some(1), "+++"),
        ("01_a.md", "+++\ntitle = \"a\"\n+++\nx", None, "01-login.md"),
        ("course.md", "+++\ncategory = \"cooking\"\ntitle = \"a\"\n+++\nx", Some(2), "cooking"),
        ("course.md", "+++\ncategory = \"operation\"\ntitle = \"a\"\n+++\n\n", Some(5), "请填写"),
    ];
    for (name, text, line, words) in cases {
        if name == "course.md" {
            let (_place, course) = folder(&[(name, text), ("01-a.md", "+++\ntitle = \"a\"\n+++\nx")]);
            let bad = read(&course).unwrap_err();
            assert!(bad.len() == 1 && bad[0].line == line && bad[0].text.contains(words), "{bad:?}");
            continue;
        }
        let (file, at, said) = said(name, text);
        assert!(file == name && at == line && said.contains(words), "{text}: {file} {at:?} {said}");
    }
    let (_place, course) = folder(&[
        HEAD,
        ("01-a.md", "+++\ntitle = \"a\"\n+++\nx"),
        ("02-a.md", "+++\ntitle = \"b\"\n+++\nx"),
        ("03-b.md", "没有开头"),
    ]);
    assert_eq!(read(&course).unwrap_err().len(), 2, "each wrong file is named");
}
