//! What is printed to be typed can be typed, and what is asked of the wrong thing is told so.

use crate::common::Environment;

fn ok(environment: &Environment, arguments: &[&str]) {
    let ran = environment.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
}

/// A text that is due in every group.
fn owed_to_groups(environment: &Environment, text: &str) {
    std::fs::write(environment.path().join("hi.txt"), text).unwrap();
    ok(environment, &["compose", "--groups", "--to", "@群组", "--at", "now", "--text", "hi.txt"]);
    ok(environment, &["tick"]);
}

#[test]
fn a_snippet_is_changed_without_a_desk() {
    let environment = Environment::new();
    ok(&environment, &["snippet", "add", "退货", "--text", "七天内"]);
    ok(&environment, &["snippet", "set", "退货", "--text", "十天内"]);
    assert!(environment.run(&["snippet", "show", "退货"]).out.contains("十天内"));
    ok(&environment, &["snippet", "rm", "退货"]);
}

#[test]
fn a_snippet_that_is_not_filled_in_is_not_handed_out() {
    let environment = Environment::new();
    ok(&environment, &["snippet", "add", "到货", "--text", "{{ name }}，到货了"]);
    let ran = environment.run(&["snippet", "show", "到货"]);
    assert!(ran.code != 0 && ran.out.is_empty() && ran.err.contains("--to"), "{ran:?}");
}

/// WeChat forwards to nine chats at once.
#[test]
fn a_sheet_has_a_line_for_as_many_chats_as_one_forward_reaches() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "手机1", "--platform", "wechat"]);
    for n in 1..=12 {
        ok(&environment, &["group", "add", &format!("{n}号群"), "--account", "手机1"]);
    }
    owed_to_groups(&environment, "到货了\n");
    let ran = environment.run(&["sheet", "--account", "手机1"]);
    let numbers: Vec<&str> = ran
        .out
        .lines()
        .filter_map(|line| line.split_once("  ")?.0.split_once('-').map(|_| line.split(' ').next().unwrap()))
        .collect();
    assert_eq!(numbers, ["1-9", "10-12"], "{ran:?}");
    assert_eq!(ran.out.matches("到货了").count(), 1, "{ran:?}");
}

#[test]
fn what_one_marked_oneself_is_no_refusal() {
    let environment = Environment::new();
    ok(&environment, &["member", "add", "张三"]);
    std::fs::write(environment.path().join("hi.txt"), "到货了\n").unwrap();
    ok(&environment, &["compose", "--to", "张三", "--at", "now", "--text", "hi.txt"]);
    ok(&environment, &["tick"]);
    let row = |ran: &crate::common::Ran| -> serde_json::Value {
        let parsed: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        parsed["results"][0].clone()
    };
    let listed = environment.run(&["list", "--json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    let id = listed["rows"][0]["id"].as_str().unwrap().to_owned();
    let first = row(&environment.run(&["do", "sent", &id, "--json", "--anyway"]));
    assert_eq!(first["outcome"], "ok", "{first}");
    let again = environment.run(&["do", "sent", &id, "--json", "--anyway"]);
    assert_eq!(
        (again.code, &row(&again)["outcome"], &row(&again)["rev"]),
        (0, &"already".into(), &first["rev"])
    );
    let other = environment.run(&["--as", "小赵", "do", "sent", &id, "--json", "--anyway"]);
    assert_eq!((other.code, &row(&other)["rev"]), (4, &first["rev"]), "{other:?}");
}

#[test]
fn a_sheet_says_which_chats_the_same_word_finds() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "手机1", "--platform", "wechat"]);
    for name in ["一群", "二群"] {
        ok(&environment, &["group", "add", name, "--account", "手机1", "--search-term", "团购"]);
    }
    owed_to_groups(&environment, "到货了\n");
    let ran = environment.run(&["sheet", "手机1"]);
    let said: Vec<&str> = ran.out.lines().filter(|line| line.starts_with("! ")).collect();
    assert!(said.len() == 2 && said[0].contains("团购") && said[0].contains("二群"), "{ran:?}");
}

#[test]
fn a_sheet_says_what_a_copy_would_be_refused_for() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "手机1", "--platform", "wechat"]);
    ok(&environment, &["group", "add", "一群", "--account", "手机1"]);
    owed_to_groups(&environment, "全网第一鸡蛋【价格】\n");
    let ran = environment.run(&["sheet", "手机1"]);
    for word in ["第一", "【价格】"] {
        assert!(ran.out.lines().any(|line| line.starts_with("! ") && line.contains(word)), "{word}: {ran:?}");
    }
    assert!(environment.run(&["sheet", "手机1", "--json"]).out.contains("\"warnings\":[\""));
}

#[test]
fn what_a_correction_is_told_without_its_text_is_refused() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "手机1", "--platform", "wechat"]);
    ok(&environment, &["group", "add", "一群", "--account", "手机1"]);
    owed_to_groups(&environment, "到货了\n");
    let tasks = environment.run(&["list", "--columns", "id"]).out;
    let task = tasks.split_whitespace().next().unwrap();
    for option in [["--notice", "写错了"], ["--part", "1"]] {
        let ran = environment.run(&["do", "correct", task, option[0], option[1]]);
        assert!(ran.code == 2 && ran.err.contains("--text"), "{ran:?}");
    }
}

#[test]
fn who_follows_a_correction_of_another_part_is_not_named_as_left() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "手机1", "--platform", "wechat"]);
    for group in ["一群", "二群"] {
        ok(&environment, &["group", "add", group, "--account", "手机1"]);
    }
    let toml = "id = \"two\"\ntitle = \"两段\"\nfor = \"group\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n\
        [[step]]\nid = \"one\"\nat = \"D0 +0m\"\nvia = \"group\"\n\
        parts = [{ text = [\"第一段\"] }, { text = [\"第二段\"] }]\n";
    std::fs::write(environment.path().join("two.toml"), toml).unwrap();
    ok(&environment, &["sop", "add", "two.toml"]);
    for group in ["一群", "二群"] {
        ok(&environment, &["sop", "enrol", "two", "--group", group]);
    }
    ok(&environment, &["tick"]);
    let tasks = environment.run(&["list", "--columns", "id"]).out;
    let tasks: Vec<&str> = tasks.split_whitespace().collect();
    ok(&environment, &["do", "rewrite", tasks[0], "--text", "我改过的第一段"]);
    let left = |part: &str, text: &str| {
        let correct = ["do", "correct", tasks[1], "--part", part, "--text", text, "--json"];
        let answer: serde_json::Value = serde_json::from_str(&environment.run(&correct).out).unwrap();
        answer["edited"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(left("2", "第二段改对了"), 0);
    let shown = environment.run(&["show", tasks[0]]).out;
    assert!(shown.contains("第二段改对了") && shown.contains("我改过的第一段"), "{shown}");
    assert_eq!(left("1", "第一段改对了"), 1);
}

#[test]
fn names_in_hints_are_quoted_for_a_shell() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "1 号机", "--platform", "wechat"]);
    ok(&environment, &["group", "add", "团购 一群", "--account", "1 号机"]);
    ok(&environment, &["group", "rm", "团购 一群"]);
    let ran = environment.run(&["group", "show", "团购 一群"]);
    assert!(ran.err.contains("qun group restore '团购 一群'"), "{ran:?}");
    let ran = environment.run(&["--store", "新 店", "list"]);
    assert!(ran.err.contains("qun --store '新 店'"), "{ran:?}");
}

#[test]
fn a_count_of_none_says_what_may_have_been_meant_otherwise() {
    let environment = Environment::new();
    let ran = environment.run(&["count", "members", "-f", "消费 大于 500"]);
    assert!(ran.code == 3 && ran.out == "0\n" && ran.err.contains("消费>500"), "{ran:?}");
    let ran = environment.run(&["count", "members", "-f", "消费>500"]);
    assert_eq!((ran.code, ran.err.as_str()), (3, ""), "{ran:?}");
}

#[test]
fn only_tasks_have_a_text() {
    let environment = Environment::new();
    ok(&environment, &["group", "add", "一群"]);
    ok(&environment, &["member", "add", "张三", "--group", "一群"]);
    for name in ["张三", "一群"] {
        let ran = environment.run(&["show", name, "--text"]);
        assert!(ran.code == 2 && ran.err.contains(&format!("“{name}”不是待办")), "{ran:?}");
    }
}

/// A step for groups with a text longer than a list has room for.
const LONG: &str = r#"
id = "long"
title = "长"
for = "group"
class = "service"
start = { on = "by-hand" }
[[step]]
id = "say"
at = "D0 +0m"
via = "group"
text = ["今天的鸡蛋一箱三十枚九块九，苹果五斤二十五，牛奶一提三十九，都是早上刚到的货，晚上九点截止，要的朋友接龙，明天下午四点以后来店里拿，忘了拿的可以放到后天中午"]
"#;

fn with_a_long_text() -> Environment {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "手机1", "--platform", "wechat"]);
    ok(&environment, &["group", "add", "一群", "--account", "手机1"]);
    std::fs::write(environment.path().join("long.toml"), LONG).unwrap();
    ok(&environment, &["sop", "add", "long.toml"]);
    ok(&environment, &["sop", "enrol", "long", "--group", "一群"]);
    ok(&environment, &["tick"]);
    environment
}

#[test]
fn a_table_for_programs_is_cut_nowhere() {
    let environment = with_a_long_text();
    let ran = environment.run(&["list", "--tsv", "--columns", "text"]);
    assert!(ran.out.contains("放到后天中午"), "{ran:?}");
    let ran = environment.run(&["list", "--columns", "text"]);
    assert!(!ran.out.contains("放到后天中午"), "{ran:?}");
}

#[test]
fn a_sheet_says_the_command_for_what_was_sent_before() {
    let environment = with_a_long_text();
    ok(&environment, &["sheet", "手机1"]);
    ok(&environment, &["sheet", "手机1", "--sent", "1"]);
    let ran = environment.run(&["sheet", "手机1", "--sent", "1"]);
    assert!(ran.err.contains("qun do also ") && !ran.err.contains("再按"), "{ran:?}");
}

#[test]
fn words_for_programs_are_the_same_in_every_language() {
    let environment = with_a_long_text();
    ok(&environment, &["member", "add", "张三", "--group", "一群"]);
    ok(&environment, &["tell", "张三", "回复"]);
    for arguments in [
        ["list", "groups", "--json"],
        ["list", "accounts", "--json"],
        ["show", "张三", "--json"],
        ["show", "一群", "--json"],
        ["calendar", "--year=2026", "--json"],
    ] {
        let of = |lang: &str| {
            let ran = environment.run(&[&arguments[..], &["--lang", lang]].concat());
            assert_eq!(ran.code, 0, "{ran:?}");
            let mut value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
            // sentences for people stand beside
            for coming in value["row"]["coming"].as_array_mut().into_iter().flatten() {
                coming["why"] = serde_json::Value::Null;
            }
            if let Some(rows) = value["rows"].as_array_mut() {
                for row in rows.iter_mut() {
                    row["health_words"] = serde_json::Value::Null;
                }
            }
            value
        };
        assert_eq!(of("zh-CN"), of("en"), "{arguments:?}");
    }
}

#[test]
fn the_calendar_speaks_the_language_of_the_user() {
    let environment = Environment::new();
    let year = |lang: &str| environment.run(&["calendar", "--year", "2026", "--lang", lang]).out;
    let english = year("en");
    assert!(english.contains("Qingming") && english.contains("lunar 02-02"), "{english}");
    assert!(english.lines().all(str::is_ascii), "{english}");
    let traditional = year("zh-TW");
    assert!(traditional.contains("龍抬頭") && traditional.contains("國慶"), "{traditional}");
    assert!(year("zh-CN").contains("龙抬头"));
}

#[test]
fn a_filter_is_explained_by_the_clock_of_the_store() {
    let environment = Environment::new();
    ok(&environment, &["demo", "--members", "20", "--groups", "3", "--tasks", "8"]);
    for filter in ["due:周五", "@待发 due:周五"] {
        // the machine's clock, which no demo lives by
        let explain = ["query", "explain", filter, "--store", "demo"];
        let output = environment.command(&explain).env_remove("QUN_CLOCK").output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("2026-03-13"), "{filter}: {said}");
    }
}

#[test]
fn names_that_come_near_are_told_as_such() {
    let environment = Environment::new();
    ok(&environment, &["group", "add", "宠友交流1群"]);
    for command in ["list", "count"] {
        let ran = environment.run(&[command, "groups", "-f", "宠友交留1群"]);
        assert!(ran.code == 3 && ran.err.contains("相近: 宠友交流1群"), "{ran:?}");
    }
}

#[test]
fn views_that_are_not_there_are_not_explained() {
    let environment = Environment::new();
    let ran = environment.run(&["query", "explain", "张三 @没有"]);
    assert!(ran.code == 2 && ran.err.contains("第 4 列"), "{ran:?}");
    ok(&environment, &["query", "explain", "@today 张三"]);
    ok(&environment, &["view", "save", "大客户", "--kind", "members", "-f", "spent>=500"]);
    ok(&environment, &["query", "explain", "@大客户"]);
}

#[test]
fn settings_that_name_what_is_not_there_are_told() {
    let environment = Environment::new();
    let place = environment.path().join("config/qun");
    std::fs::create_dir_all(place.join("themes")).unwrap();
    let check = |config: &str, expected: &str| {
        std::fs::write(place.join("config.toml"), config).unwrap();
        let ran = environment.run(&["config", "check"]);
        assert!(ran.out.contains(expected), "{ran:?}");
        assert_eq!(ran.code, i32::from(expected != "没有错误"), "{ran:?}");
    };
    check("view = \"nosuch\"\n", "config.toml:1:8: 错误: 没有“nosuch”这个视图");
    check("view = \"today\"\n", "没有错误");
    check("view = 3\n", "没有错误");
    check("view\n", "少了等号或值");
    std::fs::write(place.join("themes/mine.toml"), "inherits = \"ligt\"\n").unwrap();
    check("view = 3\n", "mine.toml:1:12: 错误: inherits: 没有“ligt”这个主题");
    std::fs::write(place.join("themes/mine.toml"), "inherits = \"b\"\n").unwrap();
    std::fs::write(place.join("themes/b.toml"), "inherits = \"mine\"\n").unwrap();
    check("view = 3\n", "绕回了自己: mine > b > mine");
}

#[test]
fn what_cannot_be_filled_reaches_nobody() {
    let environment = with_a_long_text();
    std::fs::write(environment.path().join("text.md"), "团购通知 {{ group }}\n{{ nam }}到货").unwrap();
    let compose =
        ["compose", "--groups", "--to", "一群", "--at", "明天 10:00", "--text", "text.md", "--dry-run"];
    let ran = environment.run(&compose);
    assert!(ran.code == 1 && ran.out.contains("会发 0 个: 团购通知\n"), "{ran:?}");
    assert!(ran.out.contains("1 个"), "{ran:?}");
    let ran = environment.run(&compose[..8]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(environment.run(&["compose", "list"]).code, 3, "nothing was made");
    std::fs::write(environment.path().join("text.md"), "团购通知 {{ group }}").unwrap();
    let ran = environment.run(&compose);
    assert!(ran.code == 0 && ran.out.contains("会发 1 个"), "{ran:?}");
}

#[test]
fn a_sheet_says_whose_is_left_out_and_why() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "手机1", "--platform", "wechat"]);
    for name in ["张三", "李四"] {
        ok(&environment, &["member", "add", name, "--friend-of", "手机1"]);
    }
    let toml = "id = \"hi\"\ntitle = \"问候\"\nfor = \"member\"\nclass = \"service\"\n\
        start = { on = \"by-hand\" }\n[[step]]\nid = \"a\"\nat = \"D0 +0m\"\nvia = \"private\"\n\
        text = \"{% if name == '李四' %}在吗{% else %}{{ last_product }}{% endif %}\"\n";
    std::fs::write(environment.path().join("hi.toml"), toml).unwrap();
    ok(&environment, &["sop", "add", "hi.toml"]);
    ok(&environment, &["sop", "enrol", "hi", "-f", "张三 OR 李四"]);
    ok(&environment, &["tick"]);
    let ran = environment.run(&["sheet", "手机1"]);
    assert!(
        ran.out.contains("1 条") && ran.err.contains("另有 1 条被拦着，没写进来: 张三 (last_product"),
        "{ran:?}"
    );
}

/// Before something is due there is nothing to list: who asks for a day is led to what says the days ahead.
#[test]
fn a_day_in_place_of_a_list_leads_to_what_is_planned() {
    let environment = Environment::new();
    for day in ["明天", "周五", "2026-12-01"] {
        let ran = environment.run(&["list", day]);
        assert!(ran.code != 0 && ran.err.contains(&format!("“{day}”是日子")), "{ran:?}");
        assert!(ran.err.contains("qun sop forecast") && ran.err.contains("-f due:"), "{ran:?}");
    }
    let ran = environment.run(&["list", "没有这个"]);
    assert!(!ran.err.contains("是日子"), "{ran:?}");
}

#[test]
fn of_two_kinds_each_is_told_with_its_letter_and_found_by_it() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "小红", "--platform", "wechat"]);
    ok(&environment, &["member", "add", "小红"]);
    let ran = environment.run(&["show", "小红"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for (letter, kind) in [('m', "成员"), ('a', "账号")] {
        let line = ran.err.lines().find(|line| line.contains(kind)).unwrap_or_else(|| panic!("{ran:?}"));
        let called = line.split_whitespace().find(|word| word.len() == 6 && word.starts_with(letter));
        let called = called.unwrap_or_else(|| panic!("{line}"));
        let shown = environment.run(&["show", called]);
        assert!(shown.code == 0 && shown.out.contains("小红"), "{called}: {shown:?}");
    }
}
