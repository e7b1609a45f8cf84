//! `qun sop plan`: the days that a playbook really has, for a file and as it is applied.

use crate::common::{Environment, Ran};

fn ok(environment: &Environment, arguments: &[&str]) -> Ran {
    let ran = environment.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?} {ran:?}");
    ran
}

/// A playbook with a step three days before and one on the day.
fn write(environment: &Environment, id: &str, kind: &str, start: &str, via: &str) {
    let step = |id: &str, at: &str| {
        format!("[[step]]\nid = \"{id}\"\nat = \"{at}\"\nvia = \"{via}\"\ntext = [\"好\"]\n")
    };
    let before = if start.contains("every") { String::new() } else { step("before", "D-3 10:00") };
    let toml = format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"{kind}\"\nclass = \"care\"\nstart = {start}\n{before}{}",
        step("day", "D0 15:00")
    );
    std::fs::write(environment.path().join(format!("{id}.toml")), toml).unwrap();
}

fn due(environment: &Environment, arguments: &[&str]) -> Vec<String> {
    let ran = ok(environment, &[&["sop", "plan", "--json"], arguments].concat());
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let rows = value["rows"].as_array().unwrap().iter();
    rows.map(|row| row["due_at"].as_str().map_or("never", |due| &due[..16]).to_owned()).collect()
}

#[test]
fn what_comes_by_the_calendar_is_planned_on_its_days() {
    let environment = Environment::new();
    ok(&environment, &["group", "add", "宠友1群"]);
    for name in ["张三", "李四"] {
        ok(&environment, &["member", "add", name, "--group", "宠友1群"]);
    }
    ok(&environment, &["member", "set", "李四", "--birthday", "农历12-30"]);
    let starts = [
        ("dat", "{ on = \"date\", date = \"2026-04-08\" }", ["2026-04-05T10:00", "2026-04-08T15:00"]),
        ("fes", "{ on = \"festival\", festival = \"中秋\" }", ["2026-09-22T10:00", "2026-09-25T15:00"]),
        ("term", "{ on = \"term\", festival = \"清明\" }", ["2026-04-02T10:00", "2026-04-05T15:00"]),
    ];
    for (id, start, expected) in starts {
        write(&environment, id, "member", start, "private");
        assert_eq!(due(&environment, &[&format!("{id}.toml"), "--days", "300"]), expected);
        ok(&environment, &["sop", "add", &format!("{id}.toml"), "--yes"]);
        assert_eq!(due(&environment, &[id, "--days", "300"]), expected);
        let of_one: &[&str] = &[id, "--days", "300", "--member", "张三"];
        assert_eq!(due(&environment, &[of_one, &["--bare"]].concat()), expected);
        // what else they get on that day fills it
        let held = if id == "term" { ["2026-04-02T10:00", "2026-04-06T08:00"] } else { expected };
        assert_eq!(due(&environment, of_one), held);
    }
    write(&environment, "lun", "member", "{ on = \"lunar-birthday\" }", "private");
    let of_one = ["2027-02-02T10:00", "2027-02-05T15:00"];
    assert_eq!(due(&environment, &["lun.toml", "--days", "400", "--member", "李四"]), of_one);
    let none = environment.run(&["sop", "plan", "lun.toml", "--member", "张三"]);
    assert!(none.code == 3 && none.err.contains("--anchor"), "{none:?}");
    let example = ok(&environment, &["sop", "plan", "lun.toml"]);
    assert!(example.out.contains("为例"), "{example:?}");
    // a year without that day is passed over where the store says so
    let mut rules = ok(&environment, &["rules", "show"]).out;
    if let Some(at) = rules.find("[lunar]") {
        rules.truncate(at);
    }
    std::fs::write(
        environment.path().join("r.toml"),
        format!("{rules}\n[lunar]\nthirtieth_falls_on_last = false\n"),
    )
    .unwrap();
    ok(&environment, &["rules", "apply", "r.toml"]);
    let strict = due(&environment, &["lun.toml", "--member", "李四", "--count", "2"]);
    assert_eq!(strict, ["2030-01-30T10:00", "2030-02-02T15:00"]);
}

#[test]
fn a_plan_reaches_as_far_as_was_asked_and_is_for_whom_it_is_made() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "小完子", "--platform", "wechat"]);
    ok(&environment, &["group", "add", "宠友1群", "--account", "小完子"]);
    ok(&environment, &["member", "add", "张三", "--group", "宠友1群"]);
    write(&environment, "dai", "group", "{ on = \"recurrence\", every = \"daily\" }", "group");
    ok(&environment, &["sop", "add", "dai.toml", "--yes"]);
    for which in ["dai", "dai.toml"] {
        let plan = |more: &[&str]| due(&environment, &[&[which], more].concat());
        assert_eq!(
            plan(&["--anchor", "2026-05-10 15:00", "--count", "2"]),
            ["2026-05-10T15:00", "2026-05-11T15:00"]
        );
        assert_eq!(plan(&["--from", "2026-05-09 00:00", "--count", "1"]), ["2026-05-09T15:00"]);
        assert_eq!(
            plan(&["--from", "2026-03-08", "--until", "2026-03-09"]),
            ["2026-03-08T15:00", "2026-03-09T15:00"]
        );
        assert_eq!(plan(&["--from", "明天", "--until", "后天"]).len(), 2);
        assert_eq!(plan(&["--count", "1200"]).len(), 1200);
        assert_eq!(plan(&["--days", "700"]).len(), 700);
        let wrong = environment.run(&["sop", "plan", which, "--member", "张三"]);
        assert!(wrong.code == 2 && wrong.err.contains("--group"), "{wrong:?}");
        // a span of nothing is a slip, and not a plan that has nothing
        let wrong = environment.run(&["sop", "plan", which, "--from", "2026-03-09", "--until", "2026-03-08"]);
        assert!(wrong.code == 2 && wrong.err.contains("--from 2026-03-09"), "{wrong:?}");
        for nothing in [["--count", "0"], ["--days", "0"]] {
            let wrong = environment.run(&[&["sop", "plan", which], nothing.as_slice()].concat());
            assert!(wrong.code == 2 && wrong.err.contains(nothing[0]), "{wrong:?}");
        }
    }
    let more = ok(&environment, &["sop", "plan", "dai", "--count", "10001"]);
    assert!(more.out.lines().count() == 10_000 && more.err.contains("10000"), "{}", more.err);
    // the group's account rests, and so does what it says
    ok(&environment, &["account", "set", "小完子", "--quiet", "14:00-16:00"]);
    for which in ["dai", "dai.toml"] {
        let plan = |more: &[&str]| {
            due(&environment, &[&[which, "--group", "宠友1群", "--days", "1"], more].concat())
        };
        assert_eq!(plan(&[]), ["2026-03-02T16:00"]);
        assert_eq!(plan(&["--bare"]), ["2026-03-02T15:00"]);
    }
    ok(&environment, &["account", "set", "小完子", "--quiet", "00:00-12:00,12:00-24:00"]);
    assert_eq!(due(&environment, &["dai", "--group", "宠友1群", "--days", "3"]), ["never"]);
}

#[test]
fn a_day_alone_begins_with_its_first_step_and_a_second_time_is_told() {
    let environment = Environment::new();
    ok(&environment, &["group", "add", "春游群"]);
    let toml = "id = \"trip\"\ntitle = \"秋游\"\nfor = \"group\"\nclass = \"incident\"\nstart = { on = \"by-hand\" }\n\
                [[step]]\nid = \"pack\"\nat = \"D-1 19:00\"\nvia = \"group\"\ntext = [\"收拾\"]\n\
                [[step]]\nid = \"go\"\nat = \"D0 06:30\"\nvia = \"group\"\ntext = [\"出发\"]\n";
    std::fs::write(environment.path().join("trip.toml"), toml).unwrap();
    ok(&environment, &["sop", "add", "trip.toml"]);
    // nobody said a day: the first that gets all of it
    assert_eq!(due(&environment, &["trip.toml"]).len(), 2);
    assert_eq!(
        due(&environment, &["trip.toml", "--anchor", "2026-03-06"]),
        ["2026-03-05T19:00", "2026-03-06T06:30"]
    );
    ok(&environment, &["sop", "enrol", "trip", "--group", "春游群", "--anchor", "2026-03-06"]);
    assert_eq!(due(&environment, &["trip", "--group", "春游群"]), ["2026-03-05T19:00", "2026-03-06T06:30"]);
    let again = ok(&environment, &["sop", "enrol", "trip", "--group", "春游群", "--anchor", "2026-03-09"]);
    assert!(again.err.contains("已经在这份 SOP 里走着") && again.err.contains("春游群"), "{again:?}");
}

#[test]
fn who_would_not_come_in_is_told_why_in_the_text_and_for_scripts() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "小完子", "--platform", "wechat"]);
    ok(&environment, &["member", "add", "张三", "--friend-of", "小完子"]);
    let step =
        "[[step]]\nid = \"a\"\nat = \"D1 15:00\"\nvia = \"private\"\nif = \"orders>=1\"\ntext = [\"好\"]\n";
    let head = |id: &str, start: &str| {
        format!("id = \"{id}\"\ntitle = \"{id}\"\nfor = \"member\"\nclass = \"service\"\nstart = {start}\n")
    };
    for (id, start, audience) in [
        ("hand", "{ on = \"by-hand\" }", "audience = \"tag:老客\"\n"),
        ("open", "{ on = \"by-hand\" }", ""),
        ("tag", "{ on = \"tag\", tag = \"老客\" }", ""),
    ] {
        let toml = format!("{}{audience}{step}", head(id, start));
        std::fs::write(environment.path().join(format!("{id}.toml")), toml).unwrap();
        ok(&environment, &["sop", "add", &format!("{id}.toml"), "--yes"]);
    }
    for (id, why) in [("hand", "不会进入: 不符合人群 tag:老客"), ("open", "条件不符: orders>=1")]
    {
        let text = ok(&environment, &["sop", "plan", id, "--member", "张三"]);
        assert!(text.out.contains(why), "{text:?}");
        let json = ok(&environment, &["sop", "plan", id, "--member", "张三", "--json"]);
        let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
        assert_eq!(value["rows"][0]["reason"], why, "{json:?}");
    }
    let none = environment.run(&["sop", "plan", "tag", "--member", "张三"]);
    assert!(
        none.code == 3 && none.err.contains("还没有标签 老客") && none.err.contains("--anchor"),
        "{none:?}"
    );
    let dates = due(&environment, &["tag", "--member", "张三", "--anchor", "2026-03-08"]);
    assert_eq!(dates, ["2026-03-09T15:00"]);
    ok(&environment, &["member", "set", "张三", "--tags", "老客"]);
    assert_eq!(due(&environment, &["hand", "--member", "张三"]), ["2026-03-03T15:00"]);
}

#[test]
fn a_file_is_planned_in_the_zone_of_the_store() {
    let environment = Environment::new();
    ok(&environment, &["group", "add", "宠友1群"]);
    let rules = ok(&environment, &["rules", "show"]).out.replace("Asia/Shanghai", "Asia/Tokyo");
    std::fs::write(environment.path().join("r.toml"), rules).unwrap();
    ok(&environment, &["rules", "apply", "r.toml"]);
    write(&environment, "hand", "member", "{ on = \"by-hand\" }", "private");
    for bare in [&[][..], &["--bare"]] {
        let plan = ["sop", "plan", "hand.toml", "--anchor", "2026-04-08", "--json"];
        let ran = ok(&environment, &[&plan, bare].concat());
        let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let mut due = value["rows"].as_array().unwrap().iter().map(|row| row["due_at"].as_str().unwrap());
        assert_eq!(due.next_back(), Some("2026-04-08T15:00:00+09:00"), "{ran:?}");
    }
}
