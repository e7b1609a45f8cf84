//! A morning at the command line: what is told, listed, done and taken back.

use crate::common::Environment;

const FILE: &str = r#"
id = "hello"
title = "问好"
for = "member"
class = "service"
start = { on = "by-hand" }
[[step]]
id = "first"
at = "D0 09:00"
via = "private"
text = ["{{ name }}，早"]
[[step]]
id = "late"
at = "D1 23:30"
via = "private"
text = ["{{ name }}，晚安"]
"#;

fn rows(out: &str) -> Vec<serde_json::Value> {
    let value: serde_json::Value = serde_json::from_str(out).unwrap();
    value["rows"].as_array().unwrap().clone()
}

/// A member with one task that is due.
fn one_due() -> (Environment, String) {
    let environment = Environment::new();
    std::fs::write(environment.path().join("hello.toml"), FILE).unwrap();
    for arguments in [
        &["account", "add", "小完子", "--platform", "微信"] as &[&str],
        &["member", "add", "王五", "--friend-of", "小完子"],
        &["sop", "add", "hello.toml"],
        &["sop", "enrol", "hello", "--member", "王五"],
        &["tick"],
    ] {
        let ran = environment.run(arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let due = rows(&environment.run(&["list", "--json"]).out);
    assert_eq!(due.len(), 1, "{due:?}");
    let id = due[0]["id"].as_str().unwrap().to_owned();
    (environment, id)
}

#[test]
fn a_file_is_planned_without_a_desk() {
    let environment = Environment::new();
    std::fs::write(environment.path().join("hello.toml"), FILE).unwrap();
    // the rules that come with the program hold where there is no store
    for (more, late) in [(&[][..], "2026-03-04T08:00:00+08:00"), (&["--bare"], "2026-03-03T23:30:00+08:00")] {
        let plan = ["sop", "plan", "hello.toml", "--anchor", "2026-03-02T08:00:00+08:00", "--json"];
        let ran = environment.run(&[&plan as &[&str], more].concat());
        let planned: Vec<_> =
            rows(&ran.out).iter().map(|row| (row["step"].clone(), row["due_at"].clone())).collect();
        let expected = [("first", "2026-03-02T09:00:00+08:00"), ("late", late)];
        assert_eq!(planned, expected.map(|(step, at)| (step.into(), at.into())), "{more:?}");
    }
    assert!(!environment.store().exists());
    std::fs::write(environment.path().join("bad.toml"), FILE.replace("private", "privat")).unwrap();
    let ran = environment.run(&["sop", "plan", "bad.toml"]);
    assert!(ran.code == 1 && ran.err.contains("bad.toml:10:"), "{ran:?}");
}

#[test]
fn every_named_task_has_a_result_also_when_another_was_faster() {
    let (environment, id) = one_due();
    let result = |arguments: &[&str]| {
        let ran = environment.run(arguments);
        let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        (
            ran.code,
            value["results"][0]["outcome"].as_str().unwrap().to_owned(),
            value["results"][0]["by"].clone(),
        )
    };
    assert_eq!(result(&["do", "sent", &id, "--json"]), (0, "ok".into(), "小李".into()));
    assert_eq!(result(&["--as", "小张", "do", "sent", &id, "--json"]), (4, "already".into(), "小李".into()));
    assert_eq!(result(&["do", "reply", &id, "--json"]).0, 0);
}

#[test]
fn undo_takes_the_last_act_back_although_the_clock_stands_still() {
    let environment = Environment::new();
    for name in ["一群", "二群", "三群", "四群", "五群"] {
        assert_eq!(environment.run(&["group", "add", name]).code, 0);
        let ran = environment.run(&["undo"]);
        assert!(ran.out.contains(name), "{ran:?}");
        let ran = environment.run(&["redo"]);
        assert!(ran.out.contains(name), "{ran:?}");
    }
    assert_eq!(rows(&environment.run(&["list", "groups", "--json"]).out).len(), 5);
}

#[test]
fn a_name_means_the_person_and_not_what_is_owed_to_them() {
    let (environment, id) = one_due();
    let shown = environment.run(&["show", "王五", "--json"]);
    assert!(shown.code == 0 && shown.out.contains("contacts"), "{shown:?}");
    assert_eq!(environment.run(&["show", &id[id.len() - 5..], "--text"]).out, "王五，早\n");
    let refused = environment.run(&["account", "add", "三号", "--platform", "火星"]);
    assert!(refused.code == 2 && refused.err.matches("小红书").count() == 1, "{refused:?}");
}

#[test]
fn who_belongs_to_whom_is_said_and_changed() {
    let (environment, _) = one_due();
    let set = ["contact", "set", "--member", "王五", "--account", "小完子", "--state", "被删"];
    let ran = environment.run(&set);
    assert_eq!(ran.code, 0, "{ran:?}");
    let shown = environment.run(&["member", "show", "王五", "--json"]);
    assert!(shown.out.contains("\"state\":\"deleted-us\""), "{shown:?}");
    assert_eq!(environment.run(&["tell", "赵六", "进群"]).code, 3);
    let ran = environment.run(&["tell", "赵六", "加好友", "--account", "小完子", "--new"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_jielong_keeps_what_each_ordered_for_whoever_totals_it() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "团购1群"]).code, 0);
    let pasted = "#接龙\n1. 张三 鸡蛋2\n2. 小芳🌸 苹果1\n4、王阿姨 3栋502 鸡蛋1 苹果2";
    let told = environment.run(&["tell", pasted, "下单", "--group", "团购1群", "--new"]);
    assert!(told.code == 0 && told.out.contains("张三 下单 团购1群 鸡蛋2"), "{told:?}");
    let card = environment.run(&["show", "团购1群", "--json"]).out;
    let card: serde_json::Value = serde_json::from_str(&card).unwrap();
    let orders: Vec<_> = card["row"]["orders_today"].as_array().unwrap().iter().collect();
    let orders: Vec<(&str, &str)> = orders
        .iter()
        .map(|order| (order["member"]["name"].as_str().unwrap(), order["text"].as_str().unwrap()))
        .collect();
    assert_eq!(orders, [("张三", "鸡蛋2"), ("小芳🌸", "苹果1"), ("王阿姨", "3栋502 鸡蛋1 苹果2")]);
    let card = environment.run(&["show", "团购1群"]).out;
    assert!(card.contains("今天下单 3") && card.contains("王阿姨  3栋502 鸡蛋1 苹果2"), "{card}");
    let member = environment.run(&["show", "王阿姨"]).out;
    assert!(member.contains("下单  3栋502 鸡蛋1 苹果2 (团购1群)"), "{member}");
    assert!(environment.run(&["log"]).out.contains("下单 团购1群 鸡蛋2"));
    // taken back, nobody has ordered
    assert_eq!(environment.run(&["undo"]).code, 0);
    assert!(!environment.run(&["show", "团购1群"]).out.contains("下单"));
    let told = environment.run(&["tell", "1. 张三 已打卡\n2. 王阿姨 第3天", "打卡", "--new"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(environment.run(&["show", "王阿姨"]).out.contains("打卡  第3天"));
}

#[test]
fn a_group_named_for_a_member_playbook_is_everybody_in_it_and_a_member_for_a_group_playbook_is_refused() {
    let environment = Environment::new();
    for arguments in [
        &["account", "add", "手机1", "--platform", "微信"] as &[&str],
        &["group", "add", "三年二班", "--account", "手机1"],
        &["group", "add", "空群", "--account", "手机1"],
        &["member", "add", "张三", "--group", "三年二班"],
        &["member", "add", "李四", "--group", "三年二班"],
        &["member", "add", "王五"],
        &["sop", "add", "--builtin", "checkin-21d"],
        &["sop", "add", "--builtin", "group-morning"],
    ] {
        let ran = environment.run(arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let ran = environment.run(&["sop", "enrol", "checkin-21d", "--group", "三年二班"]);
    assert!(ran.code == 0 && ran.out.starts_with("2 人进入"), "{ran:?}");
    let ran = environment.run(&["sop", "enrol", "checkin-21d", "--group", "空群"]);
    assert!(ran.code == 1 && ran.err.contains("空群"), "{ran:?}");
    let ran = environment.run(&["sop", "enrol", "group-morning", "--member", "张三"]);
    assert!(ran.code == 1 && ran.err.contains("--group"), "{ran:?}");
}

#[test]
fn a_card_says_what_is_known_and_a_snoozed_task_when_it_comes_back() {
    let (environment, id) = one_due();
    let set: &[&str] =
        &["member", "set", "王五", "--phone", "13800138000", "--aliases", "小五", "--tags", "宝妈"];
    assert_eq!(environment.run(set).code, 0);
    let card = environment.run(&["show", "王五"]).out;
    for part in ["手机: 13800138000", "别名: 小五", "#宝妈"] {
        assert!(card.contains(part), "{card}");
    }
    let group: &[&str] =
        &["group", "add", "宠友1群", "--account", "小完子", "--count", "186", "--capacity", "500"];
    assert_eq!(environment.run(group).code, 0);
    let card = environment.run(&["show", "宠友1群"]).out;
    for part in ["账号: 小完子", "人数: 186/500", "成员: 0"] {
        assert!(card.contains(part), "{card}");
    }
    assert_eq!(environment.run(&["do", "snooze", &id, "--at", "18:00"]).code, 0);
    let list = environment.run(&["list", "-f", "state:snoozed"]).out;
    assert!(list.contains("18:00") && !list.contains("09:00"), "{list}");
    // paused, its playbook says so and has no next instant
    assert_eq!(environment.run(&["sop", "pause", "hello"]).code, 0);
    let list = environment.run(&["sop", "list"]).out;
    assert!(list.contains("已暂停") && !list.contains(':'), "{list}");
}

#[test]
fn a_sheet_numbers_what_a_phone_owes_and_takes_the_numbers_back() {
    let environment = Environment::new();
    let file = FILE.replace("member", "group").replace("private", "group").replace("{{ name }}，", "");
    std::fs::write(environment.path().join("hello.toml"), file).unwrap();
    let nothing = environment.run(&["account", "add", "手机1", "--platform", "微信"]);
    assert_eq!(nothing.code, 0, "{nothing:?}");
    assert_eq!(environment.run(&["sheet", "手机1"]).code, 3, "nothing is due");
    for name in ["宠友1群", "宠友2群", "宠友3群"] {
        environment.run(&["group", "add", name, "--account", "手机1"]);
    }
    environment.run(&["sop", "add", "hello.toml"]);
    environment.run(&["sop", "enrol", "hello", "-f", "宠友"]);
    environment.run(&["tick"]);
    let ran = environment.run(&["sheet", "手机1"]);
    assert!(ran.out.contains("3 条") && ran.out.contains("1-3  宠友1群、宠友2群、宠友3群\n早"), "{ran:?}");
    assert!(ran.err.contains("--sent"), "{ran:?}");
    let ran = environment.run(&["sheet", "手机1", "--sent", "4"]);
    assert!(ran.code == 2 && ran.err.contains("清单只到 3"), "{ran:?}");
    let ran = environment.run(&["sheet", "手机1", "--sent", "1，3", "--at", "08:30"]);
    assert_eq!((ran.code, ran.out.trim()), (0, "已发: 2 条"), "{ran:?}");
    // the numbers stay what they were until the next sheet
    let ran = environment.run(&["sheet", "手机1", "--sent", "1-2"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    // those of another store of this name count nothing here
    let kept = std::fs::read_dir(environment.path().join(".local/state/qun")).unwrap();
    let kept = kept.map(|entry| entry.unwrap().path()).find(|path| path.to_str().unwrap().contains("sheet-"));
    let mut sheet: serde_json::Value =
        serde_json::from_slice(&std::fs::read(kept.as_ref().unwrap()).unwrap()).unwrap();
    assert_ne!(sheet["store_id"], "", "{sheet}");
    sheet["store_id"] = "another".into();
    std::fs::write(kept.unwrap(), sheet.to_string()).unwrap();
    let ran = environment.run(&["sheet", "手机1", "--sent", "2"]);
    assert!(ran.code == 3 && ran.err.contains("还没有打过清单"), "{ran:?}");
    let left = rows(&environment.run(&["list", "-f", "state:due", "--json"]).out);
    assert_eq!(left, Vec::<serde_json::Value>::new());
    let undone = environment.run(&["undo"]);
    assert!(undone.out.contains("已撤销"), "{undone:?}");
}

#[test]
fn what_stands_on_a_sheet_is_recorded_as_it_stood_there() {
    let environment = Environment::new();
    let file = FILE.replace("member", "group").replace("private", "group").replace("{{ name }}，", "");
    std::fs::write(environment.path().join("hello.toml"), file).unwrap();
    environment.run(&["account", "add", "手机1", "--platform", "微信"]);
    for name in ["宠友1群", "宠友2群"] {
        environment.run(&["group", "add", name, "--account", "手机1"]);
    }
    environment.run(&["sop", "add", "hello.toml"]);
    environment.run(&["sop", "enrol", "hello", "-f", "宠友"]);
    environment.run(&["tick"]);
    environment.run(&["sheet", "手机1"]);
    let due = rows(&environment.run(&["list", "-f", "宠友1群 state:due", "--json"]).out);
    let id = due[0]["id"].as_str().unwrap();
    environment.run(&["do", "rewrite", id, "--text", "改过了"]);
    let list = environment.run(&["list"]);
    assert!(list.out.contains("复制后改过"), "{list:?}");
    let ran = environment.run(&["sheet", "手机1", "--sent", "1-2"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let shown = environment.run(&["show", id]);
    assert!(!shown.out.contains("改过了"), "what was on the paper was sent: {shown:?}");
}

#[test]
fn whoever_was_edited_by_hand_is_named_when_the_text_is_put_right() {
    let environment = Environment::new();
    std::fs::write(environment.path().join("hello.toml"), FILE).unwrap();
    for arguments in [
        &["account", "add", "小完子", "--platform", "微信"] as &[&str],
        &["member", "add", "王五", "--friend-of", "小完子"],
        &["member", "add", "赵六", "--friend-of", "小完子"],
        &["sop", "add", "hello.toml"],
        &["sop", "enrol", "hello", "--member", "王五", "--member", "赵六"],
        &["tick"],
    ] {
        let ran = environment.run(arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let due = rows(&environment.run(&["list", "--json"]).out);
    let id = |name: &str| {
        let row = due.iter().find(|row| row["member"]["name"] == name).unwrap();
        row["id"].as_str().unwrap().to_owned()
    };
    let ran = environment.run(&["do", "rewrite", &id("赵六"), "--text", "赵六姐，早呀"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = environment.run(&["do", "correct", &id("王五"), "--text", "{{ name }}，早安", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let edited = answer["edited"].as_array().unwrap();
    assert_eq!((edited.len(), &edited[0]["name"], &edited[0]["id"]), (1, &"赵六".into(), &id("赵六").into()));
    let ran = environment.run(&["do", "correct", &id("王五"), "--text", "{{ name }}，早上好"]);
    assert!(ran.out.contains("手改过的") && ran.out.contains("赵六姐，早呀"), "{ran:?}");
}
