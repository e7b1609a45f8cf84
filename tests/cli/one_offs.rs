//! `qun compose`: looked at, made, listed, withdrawn, undone.

use crate::common::{Environment, Ran};

fn ok(environment: &Environment, arguments: &[&str]) -> Ran {
    let ran = environment.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
    ran
}

fn book() -> Environment {
    let environment = Environment::new();
    for arguments in [
        &["account", "add", "手机1", "--platform", "微信"] as &[&str],
        &["member", "add", "张三", "--tags", "VIP", "--friend-of", "手机1"],
        &["member", "add", "李四", "--tags", "VIP"],
        &["member", "add", "王五", "--friend-of", "手机1"],
    ] {
        ok(&environment, arguments);
    }
    std::fs::write(environment.path().join("店庆.txt"), "{{ name }}，明天店庆\n来坐坐\n").unwrap();
    environment
}

#[test]
fn it_is_looked_at_made_and_withdrawn() {
    let environment = book();
    let begin = ["compose", "--to", "#VIP", "--at", "明天 10:00", "--text", "店庆.txt", "--title", "店庆"];
    let looked = ok(&environment, &[&begin[..], &["--dry-run"]].concat()).out;
    for words in [
        "筛出 2 个，会发 1 个，另 1 个没有账号可发: 店庆",
        "1 个没有能发的账号, 到时先加好友: 李四",
        "手机1 1",
        "张三，明天店庆\n来坐坐",
    ] {
        assert!(looked.contains(words), "{words}: {looked}");
    }
    let nothing = environment.run(&["compose", "list"]);
    assert!(nothing.code == 3 && nothing.err.contains("没有一次性的消息"), "{nothing:?}");
    let made = ok(&environment, &begin);
    assert!(
        made.out.contains("已排 1 条，另 1 个没有账号可发: 店庆")
            && made.err.contains("qun compose withdraw compose-"),
        "{made:?}"
    );
    let listed = ok(&environment, &["compose", "list"]).out;
    assert!(listed.contains("店庆  在走 2    下次 "), "{listed}");
    // among the playbooks it stands last, says what it is, and is counted while it stands there
    let toml = "id = \"zao\"\ntitle = \"早安\"\nfor = \"group\"\nclass = \"care\"\n\
        start = { on = \"recurrence\", every = \"daily\" }\n[[step]]\nid = \"hello\"\nat = \"D0 09:30\"\n\
        via = \"group\"\ntext = \"早\"\n";
    std::fs::write(environment.path().join("zao.toml"), toml).unwrap();
    ok(&environment, &["sop", "add", "zao.toml"]);
    let sops = ok(&environment, &["list", "sops"]).out;
    let lines: Vec<&str> = sops.lines().collect();
    assert!(lines[0].contains("早安") && lines[0].contains("1 步"), "{sops}");
    assert!(lines[1].contains("店庆") && lines[1].contains("一次性"), "{sops}");
    let status =
        serde_json::from_str::<serde_json::Value>(&ok(&environment, &["status", "--json"]).out).unwrap();
    assert_eq!(status["row"]["playbooks"], 2);
    assert!(ok(&environment, &["compose", "withdraw", "店庆"]).out.contains("已撤回 店庆"));
    let status =
        serde_json::from_str::<serde_json::Value>(&ok(&environment, &["status", "--json"]).out).unwrap();
    assert_eq!(
        (status["row"]["playbooks"].clone(), ok(&environment, &["list", "sops"]).out.lines().count()),
        (1.into(), 1)
    );
    assert_eq!(environment.run(&["compose", "list"]).code, 3);
    ok(&environment, &["undo"]);
    assert_eq!(environment.run(&["compose", "list"]).code, 0);
}

#[test]
fn what_is_wrong_is_told_of_the_text_and_not_of_a_file_nobody_wrote() {
    let environment = book();
    std::fs::write(environment.path().join("变量.txt"), "{{ 名字 }}好\n").unwrap();
    let begin = ["compose", "--to", "#VIP", "--at", "明天 10:00", "--text"];
    let looked = environment.run(&[&begin[..], &["变量.txt", "--dry-run"]].concat());
    assert!(looked.err.lines().any(|line| line.starts_with("正文 用了未知变量")), "{looked:?}");
    std::fs::write(environment.path().join("半截.txt"), "{{ name 好\n").unwrap();
    let wrong = environment.run(&[&begin[..], &["半截.txt"]].concat());
    assert!(wrong.err.contains("正文: 第 1 行：模板写法不对：这里应当是 }}"), "{wrong:?}");
}

#[test]
fn mistakes_make_nothing() {
    let environment = book();
    let cases: [(&[&str], &str); 6] = [
        (&["--at", "明天", "--text", "店庆.txt"], "--to"),
        (&["--to", "#VIP", "--text", "店庆.txt"], "--at"),
        (&["--to", "#VIP", "--at", "明天 10:00"], "--text"),
        (&["--to", "#VIP", "--at", "明天 10:00", "--text", "没有.txt"], "没有.txt"),
        (&["--to", "stauts:due", "--at", "明天 10:00", "--text", "店庆.txt"], "stauts"),
        (&["--to", "没有这个人", "--at", "明天 10:00", "--text", "店庆.txt"], ""),
    ];
    for (arguments, words) in cases {
        let ran = environment.run(&[&["compose"], arguments].concat());
        assert!(ran.code != 0 && ran.err.contains(words), "{arguments:?} does not say {words}: {ran:?}");
    }
    assert_eq!(environment.run(&["compose", "list"]).code, 3);
}

#[test]
fn a_playbook_is_checked_with_the_snippets_of_the_store() {
    let environment = book();
    let toml = "id = \"daily\"\ntitle = \"早安\"\nfor = \"group\"\nclass = \"care\"\n\
        start = { on = \"recurrence\", every = \"daily\" }\n[[step]]\nid = \"hello\"\nat = \"D0 09:30\"\n\
        via = \"group\"\ntext = \"早上好{% include \\\"落款\\\" %}\"\n";
    std::fs::write(environment.path().join("daily.toml"), toml).unwrap();
    let ran = environment.run(&["sop", "check", "daily.toml"]);
    assert!(
        ran.code == 1 && ran.err.contains("daily.toml:10:") && ran.err.contains("没有叫“落款”的话术"),
        "{ran:?}"
    );
    ok(&environment, &["snippet", "add", "店名", "--text", "宠友之家"]);
    ok(&environment, &["snippet", "add", "落款", "--text", "{% include '店名' %} {{ nmae }}"]);
    let ran = ok(&environment, &["sop", "check", "daily.toml"]);
    assert!(
        ran.err.contains("未知变量") && ran.err.contains("nmae"),
        "its variables are looked at too: {ran:?}"
    );
    // Another store knows other snippets; where there is none, nothing is known.
    ok(&environment, &["--store", "没有这家", "sop", "check", "daily.toml"]);
}

#[test]
fn one_that_is_over_before_it_could_be_said_says_so_and_is_not_made() {
    let environment = book();
    let night =
        ["compose", "--to", "张三", "--at", "明天 23:30", "--until", "明天 23:50", "--text", "店庆.txt"];
    for dry_run in [&["--dry-run"][..], &[]] {
        let ran = environment.run(&[&night[..], dry_run].concat());
        assert_eq!(ran.code, 1, "{ran:?}");
        for words in ["会发 0 个，另 1 个轮到之前就截止，不会发", "08:00 才行 (到时在免打扰", "截止改晚"]
        {
            assert!(ran.out.contains(words), "{words}: {ran:?}");
        }
    }
    assert_eq!(environment.run(&["compose", "list"]).code, 3, "nothing was made");
}

/// People ask what became of a text by what it was called: it has ended, or was taken back.
#[test]
fn one_that_is_over_or_taken_back_is_found_by_its_title() {
    let environment = book();
    let begin = ["compose", "--to", "张三", "--at", "明天 10:00", "--text", "店庆.txt", "--title", "店庆"];
    ok(&environment, &begin);
    ok(&environment, &["compose", "withdraw", "店庆"]);
    assert_eq!(environment.run(&["list", "sops"]).code, 3, "it is in no list of all");
    assert!(ok(&environment, &["sop", "show", "店庆"]).out.contains("店庆  compose-"));
    for filter in ["店庆", "sop:店庆"] {
        assert!(ok(&environment, &["list", "sops", "-f", filter]).out.contains("店庆"));
    }
    // of two of one title the one that stands is meant
    ok(&environment, &begin);
    ok(&environment, &["compose", "withdraw", "店庆"]);
    assert_ne!(environment.run(&["compose", "withdraw", "店庆"]).code, 0);
}
