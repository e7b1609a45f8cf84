//! Accounts, groups, members and who belongs to whom, each verb with wrong and right words.

use crate::common::{Environment, Ran};

fn ok(environment: &Environment, arguments: &[&str]) -> Ran {
    let ran = environment.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
    ran
}

/// The kind of an error and the exit code.
fn refused(environment: &Environment, arguments: &[&str]) -> (i32, String, serde_json::Value) {
    let with_json: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    let ran = environment.run(&with_json);
    let error = ran.error();
    assert!(!error["message"].as_str().unwrap().is_empty(), "{ran:?}");
    (ran.code, error["kind"].as_str().unwrap().to_owned(), error)
}

fn book() -> Environment {
    let environment = Environment::new();
    for arguments in [
        &["account", "add", "手机1", "--platform", "微信"] as &[&str],
        &["group", "add", "宠友1群", "--account", "手机1"],
        &["group", "add", "宠友2群", "--account", "手机1"],
        &["member", "add", "张三", "--group", "宠友1群", "--friend-of", "手机1"],
        &["member", "add", "李四", "--group", "宠友1群"],
        &["member", "add", "李四", "--group", "宠友2群"],
    ] {
        ok(&environment, arguments);
    }
    environment
}

#[test]
fn names_that_are_wrong_or_mean_several_are_told_with_what_is_near() {
    let environment = book();
    for kind in ["account", "group", "member"] {
        for verb in ["rm", "show"] {
            let (code, word, _) = refused(&environment, &[kind, verb, "没有这个"]);
            assert_eq!((code, word.as_str()), (3, "not-found"), "{kind} {verb}");
        }
        let (code, word, _) = refused(&environment, &[kind, "set", "没有这个", "--note", "x"]);
        assert_eq!((code, word.as_str()), (3, "not-found"), "{kind} set");
    }
    let (code, word, error) = refused(&environment, &["member", "set", "李四", "--needs", "猫粮"]);
    assert_eq!((code, word.as_str()), (1, "ambiguous"));
    assert!(error["hint"].as_str().unwrap().contains("宠友2群"), "{error}");
    let (_, _, error) = refused(&environment, &["member", "show", "张山"]);
    assert!(error["hint"].as_str().unwrap().contains("张三"), "{error}");
    // pinyin and the tail of an id mean the same one
    let shown = ok(&environment, &["member", "show", "zs", "--json"]);
    let id = serde_json::from_str::<serde_json::Value>(&shown.out).unwrap()["row"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(ok(&environment, &["member", "show", &id[id.len() - 5..], "--json"]).out, shown.out);
}

#[test]
fn duplicates_unknown_fields_and_values_change_nothing() {
    let environment = book();
    let before = ok(&environment, &["log", "--json"]).out;
    for (arguments, code, kind) in [
        (&["account", "add", "手机1", "--platform", "微信"] as &[&str], 2, "invalid"),
        (&["group", "add", "宠友1群"], 2, "invalid"),
        (&["group", "set", "宠友2群", "--name", "宠友1群"], 2, "invalid"),
        (&["account", "add", "手机2", "--platform", "火星"], 2, "invalid"),
        (&["account", "add"], 2, "invalid"),
        (&["group", "add", "三群", "--capacity", "很多"], 2, "invalid"),
        (&["group", "add", "三群", "--account", "手机9"], 3, "not-found"),
        (&["member", "add", "王五", "--birthday", "昨天"], 2, "invalid"),
        (&["member", "set", "张三", "--colour", "red"], 2, "usage"),
        (&["member", "set", "张三"], 2, "usage"),
        (&["contact", "set", "--member", "张三", "--account", "手机1", "--state", "很熟"], 2, "invalid"),
        (&["contact", "set", "--member", "张三"], 2, "invalid"),
        (&["membership", "set", "--member", "张三", "--group", "没有群"], 3, "not-found"),
        (&["membership", "rm", "--member", "张三", "--group", "宠友2群"], 3, "nothing"),
        (&["contact", "show", "--member", "张三"], 2, "usage"),
    ] {
        let (found_code, found_kind, error) = refused(&environment, arguments);
        assert_eq!((found_code, found_kind.as_str()), (code, kind), "{arguments:?}: {error}");
    }
    assert_eq!(ok(&environment, &["log", "--json"]).out, before);
}

#[test]
fn a_field_is_cleared_by_an_empty_value_and_the_same_again_is_no_act() {
    let environment = book();
    ok(&environment, &["member", "set", "张三", "--needs", "猫粮", "--tags", "宝妈,VIP"]);
    let again = ok(&environment, &["member", "set", "张三", "--needs", "猫粮", "--json"]);
    assert!(
        serde_json::from_str::<serde_json::Value>(&again.out).unwrap()["row"]["act_id"].is_null(),
        "{again:?}"
    );
    ok(&environment, &["member", "set", "张三", "--needs", "", "--tags", ""]);
    let shown = ok(&environment, &["member", "show", "张三", "--json"]).out;
    assert!(!shown.contains("猫粮") && shown.contains("\"tags\":[]"), "{shown}");
    let (code, kind, _) = refused(&environment, &["member", "set", "张三", "--name", ""]);
    assert_eq!((code, kind.as_str()), (2, "invalid"));
    ok(&environment, &["contact", "set", "--member", "张三", "--account", "手机1", "--remark", "猫妈"]);
    let link = ["--member", "张三", "--account", "手机1", "--json"];
    let shown = |verb: &str| environment.run(&[&["contact", verb], &link as &[&str]].concat());
    assert!(shown("show").out.contains("猫妈"), "{:?}", shown("show"));
    ok(&environment, &["contact", "set", "--member", "张三", "--account", "手机1", "--remark", ""]);
    assert!(!shown("show").out.contains("猫妈"));
    assert_eq!(shown("rm").code, 0);
    assert_eq!(shown("rm").code, 1, "it is ended already");
}

#[test]
fn what_was_archived_is_named_and_comes_back() {
    let environment = book();
    for (kind, name) in [("group", "宠友2群"), ("member", "张三"), ("account", "手机1")] {
        let (code, word, _) = refused(&environment, &[kind, "restore", name]);
        assert_eq!((code, word.as_str()), (1, "state"), "{kind} {name} is not archived");
        ok(&environment, &[kind, "rm", name]);
        let (code, _, error) = refused(&environment, &[kind, "rm", name]);
        assert!(code == 3 && error["hint"].as_str().unwrap().contains("restore"), "{error}");
        let back = ok(&environment, &[kind, "restore", name]);
        assert!(back.out.contains("恢复") && back.out.contains(name), "{back:?}");
        ok(&environment, &[kind, "show", name]);
        ok(&environment, &["undo"]);
        assert_eq!(environment.run(&[kind, "show", name]).code, 3);
        ok(&environment, &["redo"]);
    }
    // another one has taken the name meanwhile
    ok(&environment, &["group", "rm", "宠友2群"]);
    ok(&environment, &["group", "add", "宠友2群"]);
    let (code, kind, error) = refused(&environment, &["group", "restore", "宠友2群"]);
    assert_eq!((code, kind.as_str()), (1, "state"), "{error}");
}

const ASKING: &str = r#"
id = "groupbuy"
title = "团购"
for = "group"
class = "service"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "lines"
by = "D0 10:00"
[[ask]]
key = "未提货"
type = "list"
per = "group"
by = "D0 18:00"
[[step]]
id = "open"
at = "D0 11:00"
via = "group"
text = ["{{ 商品 }}"]
"#;

#[test]
fn fill_says_what_to_type_and_it_works_as_typed() {
    let environment = book();
    std::fs::write(environment.path().join("团购.toml"), ASKING).unwrap();
    ok(&environment, &["sop", "add", "团购.toml"]);
    let listed = ok(&environment, &["fill"]).out;
    let examples: Vec<&str> =
        listed.lines().map(str::trim).filter(|line| line.starts_with("qun fill")).collect();
    assert_eq!(examples.len(), 3, "{listed}");
    assert!(examples.iter().any(|line| line.contains("--group 宠友2群")), "{listed}");
    let program = env!("CARGO_BIN_EXE_qun");
    for example in &examples {
        let line = example.replacen("qun", program, 1);
        let ran = std::process::Command::new("bash")
            .args(["-c", &line])
            .env_clear()
            .envs(environment.variables())
            .output()
            .unwrap();
        assert!(ran.status.success(), "{line}: {ran:?}");
    }
    let listed = ok(&environment, &["fill", "团购", "--json"]).out;
    assert!(listed.contains("鸡蛋 30 枚 39.9\\n苹果") && !listed.contains("\"value\":\"\""), "{listed}");
    let asked = environment.run(&["fill", "groupbuy", "商品"]);
    assert!(asked.code == 2 && asked.out.contains("qun fill"), "{asked:?}");
    assert_eq!(environment.run(&["fill", "没有", "商品", "x"]).code, 3);
}

#[test]
fn a_file_is_planned_for_somebody_by_name() {
    let environment = book();
    let file = ASKING
        .replace("\"group\"\nclass", "\"member\"\nclass")
        .replace("start = { on = \"recurrence\", every = \"daily\" }", "start = { on = \"by-hand\" }");
    let steps = file.split("[[ask]]").next().unwrap().to_owned()
        + "[[step]]\nid = \"a\"\nat = \"D0 23:00\"\nvia = \"private\"\nclass = \"marketing\"\ntext = [\"一\"]\n[[step]]\nid = \"b\"\nat = \"D2 10:00\"\nvia = \"private\"\ntext = [\"二\"]\n";
    std::fs::write(environment.path().join("课.toml"), steps).unwrap();
    let due = |ran: &Ran| -> Vec<String> {
        let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        value["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["due_at"].as_str().unwrap().to_owned())
            .collect()
    };
    let of_file =
        ok(&environment, &["sop", "plan", "课.toml", "--anchor", "2026-03-02T08:00:00+08:00", "--json"]);
    let moved = ["2026-03-03T08:00:00+08:00", "2026-03-04T10:00:00+08:00"];
    assert_eq!(due(&of_file), moved, "the night is quiet for everybody");
    let plan = ["sop", "plan", "课.toml", "--anchor", "2026-03-02T08:00:00+08:00", "--json", "--member"];
    let with_rules = ok(&environment, &[&plan as &[&str], &["zs"]].concat());
    assert_eq!(due(&with_rules), moved, "the night is quiet");
    let bare = ok(&environment, &[&plan as &[&str], &["zs", "--bare"]].concat());
    assert_eq!(due(&bare), ["2026-03-02T23:00:00+08:00", "2026-03-04T10:00:00+08:00"]);
    let one = ok(&environment, &[&plan as &[&str], &["张三", "--count", "1"]].concat());
    assert_eq!(due(&one).len(), 1);
    let several = environment.run(&[&plan as &[&str], &["李四"]].concat());
    assert_eq!((several.code, several.error()["kind"].as_str()), (1, Some("ambiguous")), "{several:?}");
    assert!(several.error()["hint"].as_str().unwrap().contains("宠友2群"), "{several:?}");
    assert_eq!(environment.run(&[&plan as &[&str], &["没有"]].concat()).code, 3);
    let group = environment.run(&["sop", "plan", "课.toml", "--group", "宠友1群", "--json"]);
    assert_eq!((group.code, group.error()["hint"].as_str()), (2, Some("--member")), "it is for members");
}

#[test]
fn names_with_emoji_come_out_whole_and_are_found_as_they_stand_and_as_they_are_shown() {
    let environment = Environment::new();
    let names = ["🇨🇳🏳\u{fe0f}\u{200d}🌈旗", "👨\u{200d}👩\u{200d}👧\u{200d}👦一家红群"];
    for name in names {
        ok(&environment, &["group", "add", name]);
    }
    ok(&environment, &["member", "add", "小\u{202e}芳👍🏽", "--group", names[1]]);
    assert_eq!(environment.groups(), names);
    let one = ok(&environment, &["list", "members", "--json"]).out;
    let row = &serde_json::from_str::<serde_json::Value>(&one).unwrap()["rows"][0];
    assert_eq!((&row["name"], &row["groups"][0]["name"]), (&"小芳👍🏽".into(), &names[1].into()));
    for (shown, name) in [("[CN]🏳旗", names[0]), ("👨一家红群", names[1]), (names[0], names[0])] {
        let card = ok(&environment, &["show", shown, "--json"]).out;
        let card: serde_json::Value = serde_json::from_str(&card).unwrap();
        assert_eq!(card["row"]["name"], name, "{shown}");
    }
    // a table keeps its columns: there it is as a terminal can draw it
    assert!(ok(&environment, &["list", "groups"]).out.contains("[CN]🏳旗"));
}

#[test]
fn products_are_made_changed_listed_and_taken_back() {
    let environment = Environment::new();
    ok(
        &environment,
        &[
            "product",
            "add",
            "奶粉",
            "--aliases",
            "贝拉米，A2",
            "--unit",
            "罐",
            "--price",
            "298元",
            "--days",
            "24天",
        ],
    );
    ok(&environment, &["product", "add", "鸡蛋"]);
    let listed = ok(&environment, &["product", "list", "--json"]).out;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed["rows"].as_array().unwrap().len(), 2, "{listed}");
    let milk = &listed["rows"][1];
    assert_eq!((&milk["name"], &milk["days"]), (&"奶粉".into(), &24.into()));
    assert_eq!((&milk["aliases"][1], &milk["price"]), (&"A2".into(), &"298.00".into()));
    for (arguments, code, kind) in [
        (&["product", "add", "奶粉"] as &[&str], 2, "invalid"),
        (&["product", "set", "鸡蛋", "--name", "奶粉"], 2, "invalid"),
        (&["product", "set", "鸡蛋", "--days", "很久"], 2, "invalid"),
        (&["product", "set", "鸡蛋", "--price", "贵"], 2, "invalid"),
        (&["product", "set", "鸭蛋", "--days", "5"], 3, "not-found"),
        (&["product", "show", "没有"], 3, "not-found"),
    ] {
        let (found, word, _) = refused(&environment, arguments);
        assert_eq!((found, word.as_str()), (code, kind), "{arguments:?}");
    }
    // by alias, by pinyin, by any command that shows what there is
    for name in ["贝拉米", "nf", "奶粉"] {
        assert!(ok(&environment, &["product", "show", name]).out.contains("298.00/罐"), "{name}");
    }
    assert!(ok(&environment, &["show", "奶粉"]).out.contains("可用 24 天"));
    ok(&environment, &["product", "set", "奶粉", "--days", "30"]);
    assert!(ok(&environment, &["undo"]).out.contains("奶粉"));
    assert!(ok(&environment, &["product", "list"]).out.contains("可用 24 天"));
    ok(&environment, &["product", "rm", "鸡蛋"]);
    assert!(!ok(&environment, &["product", "list"]).out.contains("鸡蛋"));
    let (_, _, error) = refused(&environment, &["product", "show", "鸡蛋"]);
    assert!(error["hint"].as_str().unwrap().contains("qun product restore 鸡蛋"), "{error}");
    ok(&environment, &["product", "restore", "鸡蛋"]);
    assert!(ok(&environment, &["log"]).out.contains("鸡蛋"));
    assert!(ok(&environment, &["product", "list"]).out.contains("鸡蛋"));
}

#[test]
fn lists_stand_below_their_kinds_and_what_is_no_list_is_told_with_what_is_there() {
    let environment = book();
    for (kind, what) in [("account", "accounts"), ("group", "groups"), ("member", "members")] {
        assert_eq!(ok(&environment, &[kind, "list"]).out, ok(&environment, &["list", what]).out);
    }
    assert!(ok(&environment, &["group", "list", "-f", "宠友2"]).out.contains("宠友2群"));
    // piped there are no headings
    assert!(!ok(&environment, &["list", "groups"]).out.contains("名称"));
    let (code, _, error) = refused(&environment, &["list", "grups"]);
    let hint = error["hint"].as_str().unwrap();
    assert!(
        code == 3 && hint.contains("groups") && hint.contains("accounts") && hint.contains("待发"),
        "{error}"
    );
    // an account that is not there is as near as a group or a name
    let nothing = environment.run(&["list", "members", "-f", "account:手机9"]);
    assert!(nothing.code == 3 && nothing.err.contains("手机1"), "{nothing:?}");
}

#[test]
fn who_is_no_friend_is_marked_sent_only_when_that_is_insisted_on() {
    let environment = book();
    let toml = "id = \"hi\"\ntitle = \"问候\"\nfor = \"member\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n[[step]]\nid = \"a\"\nat = \"D0 +0m\"\nvia = \"private\"\nas = \"手机1\"\ntext = \"你好\"\n";
    let file = environment.path().join("hi.toml");
    std::fs::write(&file, toml).unwrap();
    ok(&environment, &["sop", "add", file.to_str().unwrap()]);
    ok(&environment, &["sop", "enrol", "hi", "-f", "zs OR ls"]);
    ok(&environment, &["tick"]);
    let out = ok(&environment, &["list", "tasks", "--json"]).out;
    let rows = serde_json::from_str::<serde_json::Value>(&out).unwrap()["rows"].as_array().unwrap().clone();
    let strange: Vec<bool> = rows.iter().map(|row| row["facts"].to_string().contains("not-friend")).collect();
    assert_eq!(strange.iter().filter(|is| **is).count(), 2, "{out}");
    // nothing is handed out that would reach nobody, unless one insists
    let stranger = strange.iter().position(|is| *is).unwrap();
    let id = rows[stranger]["id"].as_str().unwrap();
    let copied = environment.run(&["copy", id]);
    assert!(copied.code != 0 && copied.out.is_empty() && copied.err.contains("--anyway"), "{copied:?}");
    assert_eq!(ok(&environment, &["copy", id, "--anyway"]).out.trim(), "你好");
    let mut arguments = vec!["do", "sent"];
    arguments.extend(rows.iter().map(|row| row["id"].as_str().unwrap()));
    let some = environment.run(&arguments);
    assert!(some.code == 5 && some.err.contains("--anyway"), "{some:?}");
    arguments.push("--anyway");
    assert_ne!(environment.run(&arguments).code, 1);
    let left = environment.run(&["count", "-f", "state:due"]);
    assert_eq!(left.out.trim(), "0", "{left:?}");
    // copied once more, it still reaches nobody
    let again = environment.run(&["copy", id]);
    assert!(again.code != 0 && again.out.is_empty() && again.err.contains("--anyway"), "{again:?}");
}

#[test]
fn a_limit_that_runs_is_replaced_when_it_is_said_so() {
    let environment = book();
    let limit = ["account", "limit", "手机1", "--for", "3d", "--what"];
    let with = |more: &[&'static str]| [limit.as_slice(), more].concat();
    ok(&environment, &with(&["private"]));
    let (code, word, error) = refused(&environment, &with(&["group"]));
    assert_eq!((code, word.as_str()), (1, "state"), "{error}");
    assert!(error["message"].as_str().unwrap().contains("私聊"), "{error}");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("--replace") && hint.contains("--what all"), "{error}");
    let dry = ok(&environment, &with(&["group", "--dry-run"]));
    assert!(dry.out.contains("私聊"), "{dry:?}");
    let done = ok(&environment, &with(&["group", "--replace"]));
    assert!(done.out.contains("取代了") && done.out.contains("私聊"), "{done:?}");
    ok(&environment, &with(&["all"]));
    ok(&environment, &["account", "lift", "手机1"]);
    ok(&environment, &with(&["private"]));
}

#[test]
fn quiet_hours_of_ones_own_are_shown_where_one_looks_at_it() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "手机1", "--platform", "wechat", "--quiet", "12:00-13:30"]);
    ok(&environment, &["group", "add", "宠友1群", "--quiet", "12:00-13:30"]);
    ok(&environment, &["member", "add", "张三", "--quiet", "12:00-13:30"]);
    for (kind, name) in [("account", "手机1"), ("group", "宠友1群"), ("member", "张三")] {
        let shown = ok(&environment, &[kind, "show", name]);
        assert!(shown.out.contains("免打扰: 12:00-13:30"), "{shown:?}");
        let row: serde_json::Value =
            serde_json::from_str(&ok(&environment, &[kind, "show", name, "--json"]).out).unwrap();
        assert_eq!(row["row"]["quiet"], "12:00-13:30", "{row}");
    }
}

#[test]
fn a_limit_tells_what_is_ahead_as_the_choice_has_left_it() {
    let environment = book();
    let daily = "id = \"hi\"\ntitle = \"问候\"\nfor = \"member\"\nclass = \"service\"\n\
        start = { on = \"recurrence\", every = \"daily\" }\n\
        [[step]]\nid = \"a\"\nat = \"D0 09:00\"\nuntil = \"D0 20:00\"\nvia = \"private\"\ntext = [\"早\"]\n";
    std::fs::write(environment.path().join("hi.toml"), daily).unwrap();
    ok(&environment, &["sop", "add", "hi.toml"]);
    ok(&environment, &["tick"]);
    let limit = |how: &'static str| {
        ok(&environment, &["account", "limit", "手机1", "--what", "private", "--for", "1d", how])
    };
    let dry = limit("--dry-run");
    let waits = |n: usize| format!("现在等它发的 {n} 条");
    assert!(!dry.out.contains(&waits(0)) && dry.out.contains("现在等它发的"), "{dry:?}");
    let done = limit("--cancel");
    assert!(done.err.contains(&waits(0)), "{done:?}");
}
