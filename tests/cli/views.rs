//! `qun view`, and lists that begin with one.

use crate::common::screen::Screen;
use crate::common::{Environment, Ran};

fn ok(environment: &Environment, arguments: &[&str]) -> Ran {
    let ran = environment.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
    ran
}

fn book() -> Environment {
    let environment = Environment::new();
    for arguments in [
        &["group", "add", "宠友1群"] as &[&str],
        &["member", "add", "张三", "--tags", "VIP"],
        &["member", "add", "李四", "--tags", "VIP,急"],
        &["member", "add", "王五"],
    ] {
        ok(&environment, arguments);
    }
    environment
}

#[test]
fn views_of_the_store_are_saved_used_and_undone() {
    let environment = book();
    ok(
        &environment,
        &["view", "save", "贵客", "--kind", "members", "-f", "#VIP", "--key", "5", "--columns", "name,tags"],
    );
    let listed = ok(&environment, &["list", "贵客", "--tsv"]).out;
    assert_eq!(listed, "李四\tVIP 急\n张三\tVIP\n");
    assert_eq!(
        ok(&environment, &["list", "贵客", "-f", "#急 OR zs", "--columns", "name"]).out,
        "李四\n张三\n"
    );
    assert_eq!(ok(&environment, &["list", "members", "-f", "-@贵客", "--columns", "name"]).out, "王五\n");
    assert_eq!(ok(&environment, &["count", "members", "-f", "@贵客 #急"]).out, "1\n");
    assert_eq!(ok(&environment, &["count", "贵客"]).out, "2\n");
    assert_eq!(ok(&environment, &["count", "@贵客", "-f", "#急 OR ww"]).out, "1\n");
    let unknown = environment.run(&["count", "贵宾"]);
    assert!(unknown.code == 3 && unknown.err.contains("贵客"), "{unknown:?}");
    let json: serde_json::Value =
        serde_json::from_str(&ok(&environment, &["view", "list", "--json"]).out).unwrap();
    let rows = &json["rows"];
    assert_eq!((rows[0]["name"].as_str(), rows[0]["count"].as_u64()), (Some("贵客"), Some(2)));
    let builtin = |name: &str| {
        let is_it = |row: &&serde_json::Value| row["origin"] == "builtin" && row["name"] == name;
        rows.as_array().unwrap().iter().find(is_it).unwrap()["key"].as_u64()
    };
    assert_eq!((builtin("待发"), builtin("等回复")), (Some(1), None), "a digit has one view");
    assert_eq!(ok(&environment, &["count", "5"]).out, "2\n");
    ok(&environment, &["view", "save", "贵客", "--limit", "1", "--rename", "头等"]);
    assert_eq!(ok(&environment, &["list", "头等"]).out.lines().count(), 1);
    ok(&environment, &["undo"]);
    assert_eq!(ok(&environment, &["list", "贵客"]).out.lines().count(), 2);
    ok(&environment, &["view", "save", "急客", "--private", "--kind", "members", "-f", "@贵客 #急"]);
    for arguments in [&["view", "rm", "贵客"][..], &["view", "save", "贵客", "--rename", "头等"]] {
        let refused = environment.run(arguments);
        assert!(refused.code != 0 && refused.err.contains("@贵客 还用在这些视图里: 急客"), "{refused:?}");
    }
    ok(&environment, &["view", "rm", "急客"]);
    ok(&environment, &["view", "rm", "贵客"]);
    let gone = environment.run(&["list", "贵客"]);
    assert!(gone.code == 3 && gone.err.contains("没有叫“贵客”的视图"), "{gone:?}");
    ok(&environment, &["undo"]);
    assert!(ok(&environment, &["view", "show", "贵客"]).out.contains("筛选: #VIP"));
}

#[test]
fn what_was_done_to_a_view_of_ones_own_is_taken_back_by_the_command_that_is_printed() {
    let environment = book();
    let save =
        ["view", "save", "急客", "--private", "--kind", "members", "-f", "#VIP -#\"老 客\"", "--key", "4"];
    ok(&environment, &save);
    ok(&environment, &["view", "save", "急客", "--columns", "name,tags"]);
    let whole = ok(&environment, &["view", "show", "急客", "--json"]).out;
    let back = |ran: &str| {
        let line = ran.lines().find(|line| line.contains("qun undo 不管自己的视图"));
        let command = line.and_then(|line| line.split_once("qun view ")).unwrap_or_else(|| panic!("{ran}")).1;
        let script = format!("{} view {command}", env!("CARGO_BIN_EXE_qun"));
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &script]).env_clear().envs(environment.variables());
        let output = shell.output().unwrap();
        assert!(output.status.success(), "{script}: {output:?}");
        assert_eq!(ok(&environment, &["view", "show", "急客", "--json"]).out, whole);
    };
    back(&ok(&environment, &["view", "rm", "急客"]).out);
    back(&ok(&environment, &["view", "save", "急客", "--rename", "忙客", "--limit", "3", "--key", "0"]).out);
    back(&ok(&environment, &["view", "save", "急客", "--columns", "", "--sort", "name"]).out);
}

#[test]
fn a_view_of_other_rows_is_no_way_to_everybody() {
    let environment = book();
    std::fs::write(environment.path().join("hi.txt"), "您好\n").unwrap();
    ok(&environment, &["view", "save", "我的群", "--kind", "groups", "--private"]);
    let begin = ["compose", "--at", "明天 10:00", "--text", "hi.txt", "--dry-run", "--to"];
    for (arguments, column, name) in [
        (&["list", "members", "-f", "@群组"][..], 1, "群组"),
        (&["count", "-f", "state:due @成员"], 11, "成员"),
        (&["list", "members", "-f", "@我的群"], 1, "我的群"),
        (&[begin.as_slice(), &["@群组"]].concat(), 1, "群组"),
        (&[begin.as_slice(), &["@我的群"]].concat(), 1, "我的群"),
    ] {
        let ran = environment.run(&[arguments, &["--json"]].concat());
        let error: serde_json::Value =
            serde_json::from_str(ran.err.lines().last().unwrap_or_default()).unwrap();
        let error = &error["error"];
        assert_eq!(error["column"].as_u64(), Some(column), "{arguments:?}: {ran:?}");
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(&format!("“{name}”是")), "{arguments:?}: {ran:?}");
        assert_ne!(ran.code, 0);
    }
    let text = |audience: &str| {
        format!(
            "id = \"care\"\nfor = \"member\"\naudience = \"{audience}\"\nstart = {{ on = \"by-hand\" }}\n[[step]]\n\
             id = \"s\"\nat = \"D0 +0m\"\nvia = \"private\"\ntext = \"您好\"\n"
        )
    };
    std::fs::write(environment.path().join("care.toml"), text("@群组")).unwrap();
    for verb in ["check", "add"] {
        let ran = environment.run(&["sop", verb, "care.toml"]);
        assert!(ran.code != 0 && format!("{}{}", ran.out, ran.err).contains("“群组”是群的视图"), "{ran:?}");
    }
    std::fs::write(environment.path().join("care.toml"), text("@成员")).unwrap();
    ok(&environment, &["sop", "check", "care.toml"]);
}

#[test]
fn undoing_the_making_of_a_view_in_use_names_its_users() {
    let environment = book();
    ok(&environment, &["view", "save", "贵客", "--kind", "members", "-f", "#VIP"]);
    let log: serde_json::Value = serde_json::from_str(&ok(&environment, &["log", "--json"]).out).unwrap();
    let made = log["rows"][0]["act_id"].as_str().unwrap().to_owned();
    let text = "id = \"care\"\ntitle = \"老客关怀\"\nfor = \"member\"\nstart = { on = \"by-hand\" }\n\
                [[step]]\nid = \"s\"\nat = \"D0 +0m\"\nvia = \"private\"\nif = \"@贵客\"\ntext = \"您好\"\n";
    std::fs::write(environment.path().join("care.toml"), text).unwrap();
    ok(&environment, &["sop", "add", "care.toml"]);
    let ran = environment.run(&["undo", &made]);
    let said = format!("{}{}", ran.out, ran.err);
    assert!(said.contains("@贵客 还在用") && said.contains("老客关怀"), "{ran:?}");
    assert_eq!(ok(&environment, &["count", "members", "-f", "@贵客"]).out, "2\n");
}

#[test]
fn a_file_is_checked_without_a_store_and_says_what_that_leaves_open() {
    let environment = Environment::new();
    let text = "id = \"care\"\nfor = \"member\"\nstart = { on = \"by-hand\" }\n[[step]]\nid = \"s\"\n\
                at = \"D0 +0m\"\nvia = \"private\"\nif = \"@贵客\"\ntext = \"您好\"\n";
    std::fs::write(environment.path().join("care.toml"), text).unwrap();
    let ran = environment.run(&["sop", "check", "care.toml"]);
    assert!(ran.code == 0 && ran.err.contains("没有核对"), "{ran:?}");
}

#[test]
fn mistakes_are_told_with_a_way_out() {
    let environment = book();
    ok(&environment, &["view", "save", "贵客", "--kind", "members", "-f", "#VIP"]);
    ok(&environment, &["view", "save", "急的", "--kind", "members", "-f", "@贵客 #急"]);
    let cases: [(&[&str], &str); 11] = [
        (&["view", "save", "贵客", "-f", "@急的"], "视图绕回了自己: 急的 > 贵客 > 急的"),
        (&["view", "save", "a", "-f", "stauts:due"], "stauts"),
        (&["view", "save", "a", "-f", "@贵"], "没有叫“贵”的视图"),
        (&["view", "save", "a", "-f", "@贵客 due:today", "--kind", "members"], "成员没有“到期”"),
        (&["view", "save", "今日"], "自带"),
        (&["view", "save", "12", "-f", ""], "名称"),
        (&["view", "save", "a", "-f", "", "--columns", "spent"], "没有“spent”这一列"),
        (
            &["view", "save", "a", "-f", "", "--sort", "spent"],
            "待办不能按“spent”排: natural due name account recent",
        ),
        (&["list", "groups", "--sort", "spent"], "群不能按“spent”排"),
        (&["view", "rm", "待发"], "自带"),
        (&["list", "members", "-f", "zs @归客"], "@贵客"),
    ];
    for (arguments, words) in cases {
        let ran = environment.run(arguments);
        assert!(ran.code != 0 && ran.err.contains(words), "{arguments:?} does not say {words}: {ran:?}");
    }
    let ran = environment.run(&["list", "members", "-f", "zs @归客", "--json"]);
    assert_eq!(ran.error()["column"], 4);
    for arguments in [&["view", "save", "贵客", "--rename", "贵宾"][..], &["view", "rm", "贵客"]] {
        let ran = environment.run(arguments);
        assert!(ran.code == 1 && ran.err.contains("@贵客 还用在这些视图里: 急的"), "{ran:?}");
    }
    assert_eq!(environment.run(&["view", "show", "贵客"]).code, 0, "nothing was changed");
    // nor is it saved as what the other cannot read
    ok(&environment, &["view", "save", "待", "-f", "state:due"]);
    ok(&environment, &["view", "save", "用待", "-f", "@待 text:好"]);
    let ran = environment.run(&["view", "save", "待", "--kind", "sops", "-f", ""]);
    assert!(ran.code == 1 && ran.err.contains("@待 还用在这些视图里: 用待"), "{ran:?}");
    assert_eq!(environment.run(&["count", "用待"]).out, "0\n");
}

#[test]
fn views_of_ones_own_stand_in_the_configuration_directory() {
    let environment = book();
    ok(&environment, &["view", "save", "我的贵客", "--private", "--kind", "members", "-f", "#VIP"]);
    let file = environment.path().join("config/qun/views.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("[[view]]") && text.contains("name = \"我的贵客\""), "{text}");
    assert_eq!(ok(&environment, &["list", "我的贵客"]).out.lines().count(), 2);
    assert_eq!(ok(&environment, &["count", "members", "-f", "-@我的贵客"]).out, "1\n");
    let log = ok(&environment, &["log", "--limit", "1"]).out;
    assert!(!log.contains("视图"), "the store knows nothing of it: {log}");
    std::fs::write(&file, "[[view]]\nname = \"a\"\nfitler = \"x\"\n").unwrap();
    let ran = environment.run(&["view", "list"]);
    assert!(ran.err.contains("views.toml:3:1") && ran.err.contains("fitler"), "{ran:?}");
}

#[test]
fn a_change_is_to_the_view_there_is_and_a_new_one_begins_with_its_filter() {
    let environment = book();
    ok(&environment, &["view", "save", "我的贵客", "--private", "--kind", "members", "-f", "#VIP"]);
    ok(&environment, &["view", "save", "我的贵客", "--sort", "name"]);
    ok(&environment, &["view", "save", "我的贵客", "--rename", "自己的"]);
    let views = || {
        let listed = ok(&environment, &["view", "list", "--json"]).out;
        let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
        let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let saved = listed["rows"].as_array().unwrap().iter().filter(|row| text(row, "origin") != "builtin");
        saved.map(|row| ["name", "origin", "filter", "sort"].map(|key| text(row, key))).collect::<Vec<_>>()
    };
    let views = || views().into_iter().filter(|view| !view[1].is_empty()).collect::<Vec<_>>();
    assert_eq!(views(), [["自己的", "private", "#VIP", "name"].map(str::to_owned)]);
    for (arguments, words) in [
        (&["view", "save", "自己地", "--rename", "别的"] as &[&str], "最接近: 自己的"),
        (&["view", "save", "自己地", "--rename", "别的", "-f", "#VIP"], "没有叫“自己地”的视图"),
        (&["view", "save", "新的", "--sort", "name"], "新视图要写筛选"),
        (&["view", "save", "新的"], "-f"),
    ] {
        let ran = environment.run(arguments);
        assert!(ran.code == 2 && ran.err.contains(words), "{arguments:?} does not say {words}: {ran:?}");
    }
    assert_eq!(views().len(), 1, "nothing was made of a slip");
}

#[test]
fn a_digit_is_the_view_that_the_screen_has_on_it() {
    let environment = book();
    ok(
        &environment,
        &["view", "save", "贵客", "--kind", "members", "-f", "#VIP", "--key", "6", "--limit", "1"],
    );
    let plain = ok(&environment, &["--plain", "6"]).out;
    assert_eq!(plain, ok(&environment, &["list", "6"]).out);
    assert_eq!(plain.lines().count(), 1, "{plain}");
    assert_eq!(ok(&environment, &["--plain", "8"]).out.lines().count(), 3);
    // how many rows is said in the view's place
    for (limit, rows) in [("0", 2), ("2", 2), ("1", 1)] {
        assert_eq!(ok(&environment, &["list", "6", "--limit", limit]).out.lines().count(), rows, "{limit}");
    }
}

#[test]
fn whose_digit_a_view_takes_is_said() {
    let environment = book();
    let check = |arguments: &[&str], told: &str| {
        let ran = ok(&environment, &[&["view", "save"], arguments].concat());
        assert_eq!(ran.err.trim(), told, "{arguments:?} {ran:?}");
    };
    check(&["甲", "-f", "state:due", "--key", "1"], "按键 1 原来是“待发”的");
    check(&["甲", "-f", "state:due #急", "--key", "1"], "");
    check(&["乙", "-f", "state:due", "--key", "1"], "按键 1 原来是“甲”的");
    check(&["丙", "-f", "state:due", "--key", "1", "--private"], "按键 1 原来是“乙”的");
    check(&["丁", "-f", "state:due", "--key", "1", "--private"], "按键 1 原来是“丙”的");
    check(&["戊", "-f", "state:due", "--key", "2"], "按键 2 原来是“今日”的");
    let words = "按键 1 原来是“乙”的\n你自己的“丁”也用按键 1，在你这里它优先";
    check(&["戊", "--key", "1"], words);
}

#[test]
fn pages_are_named_where_views_are() {
    let environment = book();
    let listed = ok(&environment, &["view", "list"]).out;
    assert!(
        listed.contains("日历") && listed.contains("qun calendar") && listed.contains("qun log"),
        "{listed}"
    );
    for name in ["日历", "@日历", "calendar-view"] {
        let ran = environment.run(&["list", name]);
        assert!(ran.code == 2 && ran.err.contains("qun calendar"), "{name} {ran:?}");
    }
    let ran = environment.run(&["list", "tasks", "-f", "state:due @日志"]);
    assert!(ran.code == 2 && ran.err.contains("qun log") && ran.err.contains("11"), "{ran:?}");
    assert!(environment.run(&["view", "show", "日志"]).err.contains("qun log"));
    assert_eq!(environment.run(&["view", "save", "日志", "-f", "state:due"]).code, 2);
    // as filters write it
    assert_eq!(ok(&environment, &["list", "@成员", "--columns", "name"]).out.lines().count(), 3);
}

#[test]
fn two_views_of_one_name_are_refused_and_never_silent() {
    let environment = book();
    ok(&environment, &["view", "save", "甲机", "-f", "account:1号机", "--private"]);
    ok(&environment, &["view", "save", "乙机", "-f", "account:2号机"]);
    let refused = |arguments: &[&str], words: &str, fix: &str| {
        let ran = environment.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(words) && ran.err.contains(fix), "{arguments:?}: {ran:?}");
    };
    let renames = "qun view save 甲机 --private --rename";
    refused(&["view", "save", "甲机", "-f", "state:due"], "已是你自己的视图", renames);
    refused(&["view", "save", "乙机", "--rename", "甲机"], "已是你自己的视图", renames);
    refused(&["view", "save", "乙机", "-f", "", "--private"], "已是共用的视图", "换个名字");
    refused(&["view", "save", "甲机", "--private", "--rename", "乙机"], "已是共用的视图", "换个名字");
    // what there is can be changed, and a change of letters is no other view
    ok(&environment, &["view", "save", "甲机", "-f", "state:due", "--private"]);
    assert_eq!(ok(&environment, &["count", "members", "-f", "#VIP"]).err, "");
    // a colleague took the name meanwhile: what is used is said, and how to get at the other
    ok(&environment, &["view", "save", "甲机", "--private", "--rename", "丙机"]);
    ok(&environment, &["view", "save", "甲机", "-f", "state:due"]);
    let file = environment.path().join("config/qun/views.toml");
    let own = std::fs::read_to_string(&file).unwrap().replace("丙机", "甲机");
    std::fs::write(&file, own).unwrap();
    let shown = ok(&environment, &["view", "show", "甲机"]);
    assert!(shown.err.contains("有两个") && shown.err.contains(renames), "{shown:?}");
    // also where a filter speaks of it
    for what in [&["list", "tasks", "-f", "@甲机 张三"][..], &["count", "-f", "@甲机"]] {
        let ran = environment.run(what);
        assert!(ran.err.contains("有两个") && ran.err.contains(renames), "{what:?}: {ran:?}");
    }
    assert!(!environment.run(&["count", "-f", "@乙机"]).err.contains("有两个"));
}

#[test]
fn a_view_of_ones_own_with_a_mistake_keeps_none_of_the_others_away() {
    let environment = book();
    let config = environment.path().join("config/qun");
    std::fs::create_dir_all(&config).unwrap();
    let file = config.join("views.toml");
    let text = "[[view]]\nname = \"大单\"\nkind = \"member\"\nfilter = \"#VIP spnet>=5\"\n\
                [[view]]\nname = \"贵客\"\nkind = \"member\"\nfilter = \"#VIP\"\n";
    std::fs::write(&file, text).unwrap();
    let place = "views.toml:4:16: ";
    let listed = ok(&environment, &["view", "list"]);
    assert!(listed.out.contains("贵客") && listed.err.contains(place), "{listed:?}");
    assert_eq!(ok(&environment, &["list", "贵客"]).out.lines().count(), 2);
    for arguments in [
        &["list", "大单"][..],
        &["list", "members", "-f", "@大单"],
        &["query", "explain", "@大单"],
        &["大单"],
    ] {
        let ran = environment.run(arguments);
        assert!(ran.code != 0 && ran.err.contains(place) && ran.err.contains("spnet"), "{ran:?}");
    }
    let mut screen = Screen::start(&environment, &["贵客"]);
    screen.wait_until("both", |picture| picture.contains(place) && picture.contains("张三"));
    screen.keys("\x11");
    screen.end();
    // what somebody wrote is not lost with the next view that is saved
    let saved = environment.run(&["view", "save", "新客", "--private", "-f", "state:due"]);
    assert!(saved.code != 0 && saved.err.contains(place), "{saved:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    // both files are checked
    std::fs::write(config.join("config.toml"), "view = \"没有的\"\ntheme = \"drak\"\n").unwrap();
    let checked = environment.run(&["config", "check"]);
    for part in ["config.toml:1:8: ", "config.toml:2:9: ", place] {
        assert!(checked.code == 1 && checked.out.contains(part), "{part}: {checked:?}");
    }
}
