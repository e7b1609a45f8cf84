//! Journals that earlier releases wrote: a journal is the only truth of a store, and its format is for ever.
//!
//! `journals/<release>/` holds a journal of every kind of record, without the zeros behind its end, and what that
//! release showed of it. `QUN_KEEP_JOURNAL=1 cargo test --test it kept` writes the one of the present release, which is
//! done once when it is published; one that is there is never written again.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::Environment;

const DAILY: &str = r#"
id = "hello"
title = "问好"
for = "member"
class = "marketing"
start = { on = "by-hand" }
[[step]]
id = "first"
at = "D0 09:00"
via = "private"
text = ["{{ name }}，早", "早上好"]
[[step]]
id = "second"
at = "D1 10:00"
via = "private"
text = ["{{ name }}，在吗"]
answers = [{ say = "在", then = ["tag:在"] }]
"#;

const LIST: &str = "\u{feff}成员名单\n姓名,手机号,标签,群,账号,添加时间\n张三,13800138000,\"宝妈、VIP\",宠友1群,小完子,2026-01-03\n李四,13800138001,,宠友2群,小完子,2026-01-04\n";

const RULES: &str = "zone = \"Asia/Shanghai\"\nshop = \"小店\"\nadd_friend_per_day = 15\n[[cap]]\nscope = \"member\"\nclass = [\"marketing\"]\nn = 3\nper = \"day\"\n";

/// One command after the other, each at a time of its own; `{id}` is the first open task.
const HISTORY: &[(&str, &[&str])] = &[
    ("09:00", &["account", "add", "小完子", "--platform", "微信"]),
    ("09:00", &["account", "add", "小助手", "--platform", "企微"]),
    ("09:01", &["group", "add", "宠友1群", "--account", "小完子"]),
    ("09:01", &["group", "add", "宠友2群", "--account", "小完子"]),
    ("09:01", &["group", "add", "旧群", "--account", "小助手"]),
    ("09:02", &["member", "add", "王五", "--group", "宠友1群", "--friend-of", "小完子"]),
    ("09:02", &["product", "add", "鸡蛋", "--unit", "板", "--price", "39.9", "--days", "10"]),
    ("09:03", &["import", "名单.csv"]),
    ("09:04", &["sop", "add", "hello.toml"]),
    ("09:04", &["sop", "add", "--builtin", "groupbuy-day"]),
    ("09:04", &["sop", "add", "--builtin", "new-friend-7d"]),
    ("09:05", &["sop", "enrol", "hello", "--member", "王五"]),
    ("09:05", &["sop", "enrol", "hello", "--member", "张三"]),
    ("09:06", &["tick"]),
    ("09:06", &["fill", "groupbuy-day", "商品", "鸡蛋 39.9"]),
    ("09:07", &["do", "sent", "{id}"]),
    ("09:08", &["tell", "王五", "回复"]),
    ("09:09", &["tell", "王五", "下单", "39.9", "鸡蛋"]),
    ("09:10", &["do", "snooze", "{id}", "--until", "11:10"]),
    ("09:12", &["undo"]),
    ("09:13", &["redo"]),
    ("09:14", &["snippet", "add", "运费", "--text", "满 99 包邮"]),
    ("09:15", &["rules", "apply", "rules.toml"]),
    ("09:16", &["account", "limit", "小助手", "--what", "private", "--for", "3d"]),
    ("09:17", &["account", "lift", "小助手"]),
    ("09:18", &["group", "rm", "旧群"]),
    ("09:19", &["member", "set", "李四", "--remark", "六栋李姐"]),
    ("09:20", &["tell", "李四", "被删"]),
    ("09:21", &["sop", "pause", "hello"]),
    ("09:22", &["sop", "resume", "hello"]),
    (
        "09:23",
        &[
            "compose",
            "--to",
            "宠友1群",
            "--groups",
            "--at",
            "11:00",
            "--text",
            "通知.txt",
            "--class",
            "service",
        ],
    ),
    ("09:24", &["view", "save", "手机", "-f", "account:小完子"]),
    (
        "09:25",
        &[
            "campaign",
            "add",
            "spring",
            "--title",
            "春",
            "--playbook",
            "hello",
            "--wave",
            "李姐",
            "--at",
            "11:00",
            "--until",
            "周日",
        ],
    ),
    ("11:30", &["tick"]),
    ("11:31", &["do", "skip", "{id}", "--reason", "1"]),
    ("11:32", &["sop", "remove", "groupbuy-day"]),
];

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/journals")
}

fn run(environment: &Environment, at: &str, arguments: &[&str]) -> crate::common::Ran {
    let mut command = environment.command(arguments);
    command.env("QUN_CLOCK", format!("2026-03-02T{at}:00+08:00"));
    crate::common::Ran::of(&command.output().unwrap())
}

/// What people see of the book at noon: lists, and a member's card.
fn seen(environment: &Environment) -> String {
    let mut seen = String::new();
    for (list, fields) in [
        ("accounts", &["name", "platform"] as &[&str]),
        ("groups", &["name", "account", "tags"]),
        ("members", &["name", "stage", "tags"]),
        ("tasks", &["state", "member", "group", "playbook", "step", "text"]),
        ("sops", &["id", "title", "state"]),
    ] {
        let filter: &[&str] = if list == "tasks" {
            &["-f", "state:due,snoozed,sent,skipped,cancelled,expired,failed"]
        } else {
            &[]
        };
        let arguments = [&["list", list, "--json", "--limit", "500"], filter].concat();
        let ran = run(environment, "12:00", &arguments);
        assert_eq!(ran.code, 0, "{list}: {ran:?}");
        let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let mut lines: Vec<String> = Vec::new();
        for row in value["rows"].as_array().unwrap() {
            let shown = |field: &&str| match &row[*field] {
                serde_json::Value::Object(object) => {
                    object.get("name").map_or(String::new(), ToString::to_string)
                }
                other => other.to_string(),
            };
            lines.push(fields.iter().map(shown).collect::<Vec<_>>().join(" "));
        }
        lines.sort();
        writeln!(seen, "{list}\n  {}", lines.join("\n  ")).unwrap();
    }
    seen
}

/// Writes the journal of this release; one of every release that is published stays.
fn keep(directory: &Path) {
    let environment = Environment::new();
    for (name, text) in
        [("hello.toml", DAILY), ("名单.csv", LIST), ("rules.toml", RULES), ("通知.txt", "今晚八点开团")]
    {
        fs::write(environment.path().join(name), text).unwrap();
    }
    for (at, arguments) in HISTORY {
        let open = run(&environment, at, &["list", "-f", "sop:hello state:due", "--json", "--limit", "1"]);
        let value: serde_json::Value = serde_json::from_str(&open.out).unwrap_or_default();
        let first = value["rows"][0]["id"].as_str().unwrap_or_default().to_owned();
        let arguments: Vec<&str> =
            arguments.iter().map(|word| if *word == "{id}" { first.as_str() } else { word }).collect();
        let ran = run(&environment, at, &arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
    }
    fs::create_dir_all(directory.join("journal")).unwrap();
    for entry in fs::read_dir(environment.store().join("journal")).unwrap() {
        let entry = entry.unwrap();
        let mut bytes = fs::read(entry.path()).unwrap();
        let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        bytes.truncate(end);
        fs::write(directory.join("journal").join(entry.file_name()), bytes).unwrap();
    }
    fs::write(directory.join("seen.txt"), seen(&environment)).unwrap();
}

#[test]
fn journals_of_earlier_releases_are_read_as_they_were() {
    if std::env::var_os("QUN_KEEP_JOURNAL").is_some() {
        let directory = kept().join(env!("CARGO_PKG_VERSION"));
        assert!(!directory.exists(), "{} is kept already", directory.display());
        keep(&directory);
    }
    let releases: Vec<PathBuf> = fs::read_dir(kept()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!releases.is_empty());
    for release in releases {
        let environment = Environment::new();
        super::copy_directory(&release.join("journal"), &environment.store().join("journal"));
        let wanted = fs::read_to_string(release.join("seen.txt")).unwrap();
        assert_eq!(seen(&environment), wanted, "{}", release.display());
        // and it goes on from there
        let ran = run(&environment, "12:01", &["tell", "王五", "回复"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
}
