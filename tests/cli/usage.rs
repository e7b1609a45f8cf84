//! What needs no desk: usage, errors, checking a playbook.

use crate::common::{Environment, Ran};

#[test]
fn a_pipe_gets_no_screen_and_a_wrong_word_is_named() {
    let environment = Environment::new();
    let ran = environment.run(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("qun list"), "{ran:?}");
    let ran = environment.run(&["lst"]);
    assert!(ran.code == 2 && ran.err.contains("qun list"), "{ran:?}");
    assert_eq!(environment.run(&["--help"]).code, 0);
    assert!(!environment.store().exists(), "asking for help made a store");
}

#[test]
fn errors_are_json_where_json_is_asked_for() {
    let environment = Environment::new();
    let error = environment.run(&["list", "--json", "--nothing"]).error();
    assert_eq!(error["kind"], "usage");
    let error = environment.run(&["sop", "check", "没有.toml", "--json"]).error();
    assert!(error["kind"] == "file" && error["message"].as_str().unwrap().contains("没有.toml"), "{error}");
}

#[test]
fn the_language_follows_the_locale() {
    let environment = Environment::new();
    let in_english = environment.command(&["serve", "--stop"]).env("LANG", "en_US.UTF-8").output().unwrap();
    assert_eq!(in_english.status.code(), Some(6));
    assert!(String::from_utf8_lossy(&in_english.stderr).contains("no desk is running"));
    let ran = environment.run(&["serve", "--stop", "--lang", "zh-TW"]);
    assert!(ran.err.contains("沒有值守程序在執行"), "{ran:?}");
}

#[test]
fn a_playbook_is_checked_without_a_desk() {
    let environment = Environment::new();
    let file = environment.path().join("开团.toml");
    std::fs::write(&file, "id = \"Bad Id\"\nfor = \"grup\"\n").unwrap();
    let ran = environment.run(&["sop", "check", "开团.toml"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("开团.toml:2:") && ran.err.contains("group"), "{ran:?}");
    let ran = environment.run(&["sop", "check", "开团.toml", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert!(rows["rows"].as_array().unwrap().iter().all(|row| row["line"].as_u64().is_some()), "{rows}");
    assert!(!environment.store().exists());
}

#[test]
fn what_a_filter_means_is_said_and_how_many_it_finds_is_an_exit_code() {
    let environment = Environment::new();
    let ran = environment.run(&["query", "explain", "-tag:勿扰 spent>=500", "--json"]);
    let row: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(row["row"]["keys"], serde_json::json!(["tag", "spent"]), "{row}");
    assert!(row["row"]["words"].as_str().unwrap().contains("勿扰"), "{row}");
    let ran = environment.run(&["query", "explain", "spent >= 500 or tag: 宝妈"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].starts_with("消费至少 500, 且") && lines.len() == 3, "{ran:?}");
    assert!(lines[1].contains("OR") && lines[2].contains("tag:宝妈"), "{ran:?}");
    let ran = environment.run(&["query", "explain", "stagee:new"]);
    assert!(ran.code == 2 && ran.err.contains("第 1 列") && ran.err.contains("stage"), "{ran:?}");
    assert!(!environment.store().exists(), "it needs no desk");
    environment.run(&["group", "add", "宠友1群"]);
    let counted = |filter: &str| {
        let ran = environment.run(&["count", "groups", "-f", filter]);
        (ran.code, ran.out.trim().to_owned())
    };
    assert_eq!(counted("宠友"), (0, "1".to_owned()));
    assert_eq!(counted("没有的"), (3, "0".to_owned()));
    let listed = environment.run(&["list", "groups", "-f", "宠友 or 宝妈"]);
    assert!(listed.code == 3 && listed.err.contains("OR"), "{listed:?}");
    assert!(environment.run(&["list", "groups", "-f", "宠友 OR 宝妈"]).err.is_empty());
}

#[test]
fn what_is_not_due_yet_is_said_to_stand_elsewhere() {
    let environment = Environment::new();
    environment.run(&["group", "add", "宠友1群"]);
    let told = |arguments: &[&str]| environment.run(arguments).err.contains("qun sop forecast");
    assert!(told(&["list", "-f", "due:明天"]) && told(&["list", "今日"]));
    assert!(told(&["count", "-f", "due:明天"]));
    assert!(!told(&["list", "-f", "due:昨天"]) && !told(&["list", "groups", "-f", "没有的"]));
}

#[test]
fn a_verb_that_is_none_gets_the_nearest() {
    let ran = Environment::new().run(&["do", "sennt", "t0000"]);
    assert!(ran.code == 2 && ran.err.contains("sent"), "{ran:?}");
}

#[test]
fn without_a_terminal_the_screen_says_what_to_use() {
    let ran = Environment::new().run(&[]);
    assert!(ran.code == 2 && ran.err.contains("没有终端") && ran.err.contains("qun list"), "{ran:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_is_lost_is_an_error_and_a_reader_that_has_enough_is_none() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "宠友1群"]).code, 0);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let lost = environment.command(&["list", "groups"]).stdout(full).output().unwrap();
    assert_eq!(lost.status.code(), Some(1), "a disk that is full cut the list short");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let enough = environment.command(&["list", "groups"]).stdout(writer).output().unwrap();
    assert_eq!(enough.status.code(), Some(0));
    assert!(enough.stderr.is_empty());
}

/// More than one slice of the tick, so that the answer to the command itself comes before the end.
#[test]
fn what_an_absence_brought_is_told_whole() {
    let environment = Environment::new();
    let names: Vec<String> = (0..80).map(|n| format!("成员{n}")).collect();
    std::fs::write(environment.path().join("names.csv"), format!("姓名\n{}\n", names.join("\n"))).unwrap();
    std::fs::write(environment.path().join("day.toml"), DAY).unwrap();
    for arguments in [["sop", "add", "day.toml"].as_slice(), &["import", "names.csv"], &["tick"]] {
        let ran = environment.run(arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    assert_eq!(environment.run(&["sop", "enrol", "day", "-f", "成员"]).code, 0);
    let later = |clock: &str, arguments: &[&str]| {
        Ran::of(&environment.command(arguments).env("QUN_CLOCK", clock).output().unwrap())
    };
    let ran = later("2026-03-02T14:00:00+08:00", &["tick", "--json"]);
    let row: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(row["row"]["digest"]["rows"][0]["due"], 80, "{ran:?}");
    let ran = later("2026-03-03T14:00:00+08:00", &["tick"]);
    assert!(ran.out.contains("80"), "{ran:?}");
}

const DAY: &str = "id = \"day\"\nfor = \"member\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n[[step]]\nid = \"a\"\n\
    at = \"D0..D5 12:00\"\nvia = \"private\"\ntext = \"好\"\n";

#[test]
fn a_clock_far_ahead_holds_the_tick_until_it_is_confirmed() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "宠友1群"]).code, 0);
    let later = |arguments: &[&str]| {
        let clock = ("QUN_CLOCK", "2026-06-02T09:00:00+08:00");
        Ran::of(&environment.command(arguments).env(clock.0, clock.1).output().unwrap())
    };
    let held = later(&["tick"]);
    assert!(held.code == 1 && held.err.contains("晚 92 天") && held.err.contains("--clock-ok"), "{held:?}");
    assert_eq!(later(&["tick", "--clock-ok"]).code, 0);
    assert_eq!(later(&["tick"]).code, 0, "once is enough");
}

#[test]
fn who_was_second_in_a_shell_is_told_a_command_and_not_a_key() {
    let environment = Environment::new();
    let ran = environment.run(&["demo", "--members", "20", "--groups", "3", "--tasks", "8"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let listed = environment.run(&["--store", "demo", "list", "-f", "state:due", "--json", "--limit", "1"]);
    let rows: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    let id = rows["rows"][0]["id"].as_str().unwrap();
    assert_eq!(environment.run(&["--store", "demo", "do", "sent", id]).code, 0);
    let second = environment.run(&["--store", "demo", "--as", "小王", "do", "sent", id]);
    assert!(
        second.code == 4 && second.err.contains("qun do also") && second.err.contains("小李"),
        "{second:?}"
    );
}

#[test]
fn a_slip_in_the_name_of_a_store_makes_no_new_one() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "宠友1群", "--store", "dian"]).code, 0);
    let ran = environment.run(&["list", "groups", "--store", "dain"]);
    assert!(ran.code == 3 && ran.err.contains("dian"), "{ran:?}");
    assert_eq!(environment.run(&["list", "groups", "--store", "dian"]).code, 0);
    let error = environment.run(&["status", "--store", "dain", "--json"]).error();
    assert_eq!(error["kind"], "nothing");
}

#[test]
fn a_filter_before_list_is_its_filter_and_what_only_a_screen_has_is_refused() {
    let environment = Environment::new();
    for name in ["子菡", "小雨"] {
        assert_eq!(environment.run(&["member", "add", name]).code, 0);
    }
    for arguments in [
        &["-f", "子菡", "list", "members", "--json"] as &[&str],
        &["list", "members", "-f", "子菡", "--json"],
        &["list", "members", "-f", "-小雨", "--json"],
    ] {
        let ran = environment.run(arguments);
        assert_eq!(ran.names(), ["子菡"], "{arguments:?} {ran:?}");
    }
    let ran = environment.run(&["-f", "xx:yy", "list", "members"]);
    assert!(ran.code == 2 && ran.err.contains("xx"), "{ran:?}");
    for (arguments, named) in [
        (&["--theme", "foo", "list"] as &[&str], "--theme"),
        (&["--readonly", "list"], "--readonly"),
        (&["3", "list"], "3"),
        (&["-f", "子菡", "status"], "--filter"),
        (&["-f", "子菡", "list", "-f", "小雨"], "-f"),
    ] {
        let ran = environment.run(arguments);
        assert!(ran.code == 2 && ran.out.is_empty() && ran.err.contains(named), "{arguments:?} {ran:?}");
    }
}

#[test]
fn wrong_filters_and_files_are_told_with_what_would_be_right() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "宠友1群"]).code, 0);
    let cases: [(&[&str], &[&str]); 9] = [
        (&["list", "-f", "foo:1"], &["foo", "due 到期", "tag 标签"]),
        (&["list", "-f", "state:foo"], &["“state”没有“foo”", "due 待发"]),
        (&["list", "-f", "is:foo"], &["“is”没有“foo”", "late 晚了"]),
        (&["--store", "不存在", "list"], &["没有叫“不存在”的数据", "qun --store 不存在"]),
        (&["tell", "张三", "下单", "--new", "--at", "99:99"], &["qun: 没有“99:99”这个时间"]),
        (&["tell", "张三", "下单", "-5", "--new"], &["金额要写正数"]),
        (&["restore", "--generation", "99"], &["没有第 99 份备份, 有: 1"]),
        (&["sop", "check", "nope.toml"], &["nope.toml: 没有这个文件"]),
        (&["backup", "/proc/x"], &["/proc/x: 写不了: 没有这个位置"]),
    ];
    assert_eq!(environment.run(&["backup"]).code, 0);
    for (arguments, parts) in cases {
        let ran = environment.run(arguments);
        assert_ne!(ran.code, 0, "{arguments:?} {ran:?}");
        for part in parts {
            assert!(ran.err.contains(part), "{arguments:?} does not say {part}: {ran:?}");
        }
        assert!(!ran.err.contains("最接近: ;"), "{ran:?}");
    }
    let plan = environment.run(&["help", "sop", "plan"]);
    assert!(plan.code == 0 && plan.out.contains("--bare"), "{plan:?}");
    let wrong = environment.run(&["help", "lst"]);
    assert!(wrong.code == 2 && wrong.err.contains("list") && wrong.out.is_empty(), "{wrong:?}");
    let import = environment.run(&["help", "import"]).out;
    for (_, headers) in qun::exchange::HEADERS {
        assert!(
            headers.split(' ').all(|header| import.split_whitespace().any(|word| word == header)),
            "{import}"
        );
    }
    assert!(import.lines().all(|line| qun::text::width::width(line) <= 78), "{import}");
    let help = environment.run(&["help", "filters"]).out;
    for key in qun::query::Key::ALL {
        assert!(help.lines().any(|line| line.split(' ').next() == Some(key.word())), "{key:?}: {help}");
    }
    // and what is no key: words, patterns, dates
    for words in ["zhangsan zs", "text:/", "name:/", "2026-02"] {
        assert!(help.contains(words), "{words}: {help}");
    }
    for word in qun::query::date_words(qun::text::lang::Lang::ZhCn) {
        let explained = environment.run(&["query", "explain", &format!("due:{word}")]);
        assert!(help.contains(&word) && explained.code == 0, "{word}: {explained:?}");
    }
}

#[test]
fn a_playbook_of_ten_megabytes_or_of_seconds_is_refused_with_a_sentence() {
    let environment = Environment::new();
    std::fs::write(environment.path().join("huge.toml"), "# x\n".repeat(2_600_000)).unwrap();
    for arguments in [
        &["sop", "check", "huge.toml"] as &[&str],
        &["sop", "add", "huge.toml"],
        &["sop", "plan", "huge.toml"],
    ] {
        let ran = environment.run(arguments);
        assert_ne!(ran.code, 0, "{arguments:?}");
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains("10400000") && said.contains("1048576") && said.len() < 2_000, "{said}");
    }
    let endless = environment.run(&["sop", "check", "/dev/zero"]);
    assert_ne!(endless.code, 0, "{endless:?}");
    let often = "id = \"often\"\nfor = \"group\"\n[start]\non = \"recurrence\"\nrrule = \"FREQ=SECONDLY\"\ndtstart = \"2026-01-01T00:00:00\"\n\
                 [[step]]\nid = \"s\"\nat = \"D0 +0m\"\nvia = \"group\"\ntext = \"x\"\n";
    std::fs::write(environment.path().join("often.toml"), often).unwrap();
    let ran = environment.run(&["sop", "check", "often.toml"]);
    assert_ne!(ran.code, 0);
    assert!(format!("{}{}", ran.out, ran.err).contains("often.toml:5:"), "{ran:?}");
}

#[test]
fn a_first_command_that_is_refused_leaves_no_store_that_frightens() {
    let environment = Environment::new();
    for _ in 0..2 {
        let refused = environment.run(&["account", "add", "手机1", "--persona", "阿梅"]);
        assert!(refused.code == 2 && !refused.err.contains("索引"), "{refused:?}");
        let listed = environment.run(&["list", "accounts"]);
        assert!(listed.code == 3 && !listed.err.contains("索引"), "{listed:?}");
    }
}

#[test]
fn what_others_say_in_english_stands_behind_words_of_ours() {
    let environment = Environment::new();
    let check = |name: &str, bytes: &[u8], arguments: &[&str], said: &str| {
        std::fs::write(environment.path().join(name), bytes).unwrap();
        let ran = environment.run(arguments);
        assert_ne!(ran.code, 0, "{ran:?}");
        assert!(format!("{}{}", ran.out, ran.err).contains(said), "{said}: {ran:?}");
    };
    let foreign = b"# x\nid = \"\xc4\xe3\xba\xc3\"\n";
    check("a.toml", foreign, &["sop", "check", "a.toml"], "a.toml:2: 不是 UTF-8 文件，可能是 GB18030");
    check("b.md", foreign, &["snippet", "import", "b.md"], "b.md:2: 不是 UTF-8 文件");
    check(
        "c.toml",
        b"zone = \"Asia/Shanghai\"\nshop = x\n",
        &["rules", "check", "c.toml"],
        "c.toml:2:8: TOML 写法不对: ",
    );
    let text = "id = \"a\"\nfor = \"member\"\n[start]\non = \"join\"\n[[step]]\nid = \"s\"\nat = \"D0 +0m\"\nvia = \"private\"\ntext = \"{{ name | }}\"\n";
    check("d.toml", text.as_bytes(), &["sop", "check", "d.toml"], "模板写法不对：");
    check("x", b"", &["undo", "zzz"], "zzz: ");
    check("x", b"", &["--lang", "fr", "list"], "“fr”: 可用 zh-CN, zh-TW, en");
}
