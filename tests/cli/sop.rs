//! Working with playbooks from the command line.
//!
//! One file because each of its playbooks is a few lines that several of the tests vary.

use crate::common::{Environment, Ran};

const CARE: &str = "id = \"care\"\ntitle = \"关怀\"\nfor = \"member\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n\
    [[step]]\nid = \"one\"\nat = \"D0 +5m\"\nvia = \"private\"\ntext = [\"你好\"]\n";

pub(super) fn rows(text: &str) -> Vec<serde_json::Value> {
    let parsed: serde_json::Value = serde_json::from_str(text).unwrap();
    parsed["rows"].as_array().unwrap().clone()
}

/// The minute of an instant: the clock of a slow machine has gone on by seconds when somebody enters.
fn minute_of(at: &serde_json::Value) -> &str {
    at.as_str().and_then(|at| at.get(.."2026-03-02T09:05".len())).unwrap_or_default()
}

#[test]
fn an_opened_playbook_says_who_stands_where() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["member", "add", "--name", "小雨妈"]).code, 0);
    std::fs::write(environment.path().join("care.toml"), CARE).unwrap();
    assert_eq!(environment.run(&["sop", "add", "care.toml"]).code, 0);
    assert_eq!(environment.run(&["sop", "enrol", "care", "--member", "小雨妈"]).code, 0);
    let ran = environment.run(&["sop", "show", "care", "--json"]);
    let row: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let row = &row["row"];
    assert_eq!((&row["counts"]["active"], &row["funnel"][0]["step"]), (&1.into(), &"one".into()));
    let target = &row["targets"][0];
    assert_eq!((&target["target"]["name"], &target["state"]), (&"小雨妈".into(), &"active".into()));
    assert_eq!(minute_of(&target["next_at"]), "2026-03-02T09:05");
    let ran = environment.run(&["sop", "show", "关怀"]);
    assert!(ran.out.contains("小雨妈") && ran.out.contains("在走 1"), "{ran:?}");
}

#[test]
fn who_was_put_in_by_hand_is_taken_out_by_hand() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["member", "add", "--name", "小雨妈"]).code, 0);
    std::fs::write(environment.path().join("care.toml"), CARE).unwrap();
    assert_eq!(environment.run(&["sop", "add", "care.toml"]).code, 0);
    let ran = environment.run(&["sop", "enrol", "care", "-f", "小雨妈 or 王姐", "--dry-run"]);
    assert!(ran.err.contains("OR"), "what may have been meant otherwise is said: {ran:?}");
    let ran = environment.run(&["sop", "leave", "care", "--member", "小雨妈"]);
    assert!(ran.code == 1 && ran.err.contains("小雨妈 不在 care 里"), "{ran:?}");
    assert_eq!(environment.run(&["sop", "enrol", "care", "--member", "小雨妈"]).code, 0);
    assert_eq!(environment.run(&["sop", "leave", "care", "--member", "小雨妈"]).code, 0);
    assert!(environment.run(&["sop", "show", "care"]).out.contains("在走 0"));
    assert_eq!(environment.run(&["undo"]).code, 0);
    assert!(environment.run(&["sop", "show", "care"]).out.contains("在走 1"));
}

#[test]
fn a_changed_file_says_what_it_would_do() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["member", "add", "--name", "小雨妈"]).code, 0);
    let file = environment.path().join("care.toml");
    std::fs::write(&file, CARE).unwrap();
    let ran = environment.run(&["sop", "add", "care.toml", "--dry-run"]);
    assert!(ran.code == 0 && ran.out.contains("还没有用过, 0 人进入"), "{ran:?}");
    for start in ["on = \"recurrence\", every = \"daily\"", "on = \"date\", date = \"2026-12-24\""] {
        let daily = CARE.replace("on = \"by-hand\"", start).replace("id = \"care\"", "id = \"day\"");
        std::fs::write(environment.path().join("day.toml"), daily).unwrap();
        let ran = environment.run(&["sop", "add", "day.toml", "--dry-run"]);
        assert!(ran.code == 0 && ran.out.contains("还没有用过, 1 人进入"), "{ran:?}");
    }
    assert_eq!(environment.run(&["sop", "add", "care.toml"]).code, 0);
    assert_eq!(environment.run(&["sop", "enrol", "care", "--member", "小雨妈"]).code, 0);
    std::fs::write(&file, CARE.replace("+5m", "+2h")).unwrap();
    let ran = environment.run(&["sop", "add", "care.toml", "--dry-run"]);
    assert!(
        ran.out.contains("D0 +5m -> D0 +2h") && ran.out.contains("小雨妈: 第 1 步“你好” 09:05 -> 11:00\n"),
        "{ran:?}"
    );
    let ran = environment.run(&["sop", "add", "care.toml", "--dry-run", "--json"]);
    let row: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&row["row"]["running"], &row["row"]["changed"]), (&1.into(), &1.into()), "{row}");
    // who is in it stays on the old text, so nothing of theirs would change
    let ran = environment.run(&["sop", "add", "care.toml", "--dry-run", "--new-only"]);
    assert!(ran.out.contains("D0 +2h") && !ran.out.contains("小雨妈"), "{ran:?}");
    // nothing was applied by saying so; nobody at the keys is not asked
    let ran = environment.run(&["sop", "add", "care.toml", "--new-only"]);
    assert!(ran.code == 0 && ran.err.contains("D0 +2h"), "{ran:?}");
    let ran = environment.run(&["sop", "show", "care", "--json"]);
    let row: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(minute_of(&row["row"]["targets"][0]["next_at"]), "2026-03-02T09:05");
    assert_eq!((&row["row"]["version"], &row["row"]["targets"][0]["version"]), (&2.into(), &1.into()));
}

#[test]
fn a_live_playbook_is_not_changed_unasked() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["member", "add", "--name", "小雨妈"]).code, 0);
    let file = environment.path().join("care.toml");
    std::fs::write(&file, CARE).unwrap();
    assert_eq!(environment.run(&["sop", "add", "care.toml"]).code, 0);
    // nobody is in it: the next version takes nobody by surprise
    std::fs::write(&file, CARE.replace("你好", "您好")).unwrap();
    assert_eq!(environment.run(&["sop", "add", "care.toml"]).code, 0);
    assert_eq!(environment.run(&["sop", "enrol", "care", "--member", "小雨妈"]).code, 0);
    std::fs::write(&file, CARE.replace("+5m", "+2h")).unwrap();
    let version = || {
        let ran = environment.run(&["sop", "show", "care", "--json"]);
        serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()["row"]["version"].as_u64().unwrap()
    };
    let ran = environment.run(&["sop", "add", "care.toml"]);
    assert_eq!((ran.code, version()), (2, 2), "{ran:?}");
    assert!(ran.err.contains("D0 +5m -> D0 +2h") && ran.err.contains("--yes"), "{ran:?}");
    let ran = environment.run(&["sop", "add", "care.toml", "--json"]);
    assert_eq!((ran.code, version(), ran.error()["kind"].as_str()), (2, 2, Some("usage")), "{ran:?}");
    let ran = environment.run(&["sop", "add", "care.toml", "--yes"]);
    assert_eq!((ran.code, version()), (0, 3), "{ran:?}");
    // the same again changes nothing and asks nothing
    assert_eq!(environment.run(&["sop", "add", "care.toml"]).code, 0);
}

#[test]
fn braces_that_are_nearly_a_variable_are_one_mistake() {
    let environment = Environment::new();
    let text = "text = [\"你好 {name}\", \"{ 产品 } 到了\"]";
    std::fs::write(environment.path().join("care.toml"), CARE.replace("text = [\"你好\"]", text)).unwrap();
    for verb in [&["sop", "check"][..], &["sop", "add"]] {
        let ran = environment.run(&[verb, &["care.toml"]].concat());
        let told = format!("{}{}", ran.out, ran.err);
        assert_eq!((told.matches("{name}").count(), told.matches("还没填").count()), (1, 1), "{told}");
    }
}

#[test]
fn an_anchor_without_a_year_says_which_day_it_was_taken_for() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["member", "add", "--name", "小雨妈"]).code, 0);
    std::fs::write(environment.path().join("care.toml"), CARE).unwrap();
    assert_eq!(environment.run(&["sop", "add", "care.toml"]).code, 0);
    let enrol = |more: &[&str]| {
        let ran = environment.run(&[&["sop", "enrol", "care", "--member", "小雨妈"], more].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.err + &ran.out
    };
    assert!(!enrol(&["--dry-run"]).contains("D0"));
    let said = "D0 是 2026-03-01 (1 天前)";
    assert!(enrol(&["--anchor", "03-01", "--dry-run"]).contains(said));
    assert!(enrol(&["--anchor", "03-03", "--dry-run"]).contains("D0 是 2026-03-03 (1 天后)"));
    assert!(enrol(&["--anchor", "2026-02-27", "--dry-run"]).contains("D0 是 2026-02-27 (3 天前)"));
    assert!(enrol(&["--anchor", "03-01"]).contains(said));
    // the day is the one that was named, in the zone that the playbook counts in
    let there = CARE.replace("title = ", "tz = \"America/New_York\"\ntitle = ");
    std::fs::write(environment.path().join("care.toml"), there).unwrap();
    assert_eq!(environment.run(&["sop", "add", "care.toml", "--yes"]).code, 0);
    for day in ["2026-02-27", "2026-03-06"] {
        let told = enrol(&["--anchor", day, "--dry-run"]);
        assert!(told.contains(&format!("D0 是 {day}")), "{told}");
    }
}

#[test]
fn names_that_nobody_bears_and_days_that_are_over_are_warned_of() {
    let environment = Environment::new();
    let after = CARE
        .replace("on = \"by-hand\"", "on = \"after\", playbook = \"wake-silnt\"")
        .replace("via = \"private\"", "via = \"private\"\nas = \"小丸子\"");
    std::fs::write(environment.path().join("after.toml"), &after).unwrap();
    let warned = || {
        let ran = environment.run(&["sop", "check", "after.toml", "--json"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let row = |row: &serde_json::Value| {
            (
                row["line"].as_u64().unwrap(),
                row["column"].as_u64().unwrap(),
                row["nearest"].as_str().map(str::to_owned),
            )
        };
        rows(&ran.out).iter().map(row).collect::<Vec<_>>()
    };
    // without a store nobody knows
    assert_eq!(warned(), []);
    assert!(!environment.store().exists());
    assert_eq!(environment.run(&["sop", "add", "--builtin", "wake-silent"]).code, 0);
    let ran = environment.run(&[
        "account",
        "add",
        "--name",
        "手机1",
        "--platform",
        "wechat",
        "--persona",
        "小完子",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let near = |word: &str| Some(word.to_owned());
    assert_eq!(warned(), [(5, 36, near("wake-silent")), (10, 6, near("小完子"))]);
    let ran = environment.run(&["sop", "add", "after.toml", "--json"]);
    assert!(ran.code == 0 && ran.out.contains("wake-silnt") && ran.out.contains("小丸子"), "{ran:?}");
    let over = CARE
        .replace("for = \"member\"", "for = \"group\"")
        .replace("on = \"by-hand\"", "on = \"recurrence\", every = \"daily\", until = \"2026-03-01\"")
        .replace("private", "group");
    std::fs::write(environment.path().join("over.toml"), over).unwrap();
    let ran = environment.run(&["sop", "check", "over.toml"]);
    assert!(ran.code == 0 && ran.err.contains("over.toml:5:") && ran.err.contains("2026-03-01"), "{ran:?}");
    let ran = environment.run(&["sop", "add", "over.toml"]);
    assert!(ran.code == 0 && ran.err.contains("2026-03-01"), "{ran:?}");
}

#[test]
fn a_file_with_warnings_is_not_said_to_be_without() {
    let environment = Environment::new();
    let check = |toml: &str, expected: &str| {
        std::fs::write(environment.path().join("care.toml"), toml).unwrap();
        let ran = environment.run(&["sop", "check", "care.toml"]);
        assert_eq!((ran.code, ran.out.trim()), (0, expected), "{ran:?}");
    };
    check(CARE, "关怀: 1 步, 没有错误");
    check(&CARE.replace("你好", "{{ nmae }}{{ foo }}"), "关怀: 1 步, 没有错误, 2 处提醒");
}

#[test]
fn playbooks_that_begin_each_other_in_a_ring_are_warned_of() {
    let environment = Environment::new();
    let after = |id: &str, of: &str| {
        let toml = CARE.replace("id = \"care\"", &format!("id = \"{id}\""));
        let toml = toml.replace("on = \"by-hand\"", &format!("on = \"after\", playbook = \"{of}\""));
        std::fs::write(environment.path().join(format!("{id}.toml")), toml).unwrap();
    };
    after("aa", "bb");
    after("bb", "aa");
    let check = |files: &[&str], rings: &[&str]| {
        let ran = environment.run(&[&["sop", "check", "--json"], files].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        let told = rows(&ran.out);
        let told: Vec<&str> = told.iter().filter_map(|row| row["message"].as_str()).collect();
        assert_eq!(told.len(), rings.len(), "{told:?}");
        assert!(told.iter().zip(rings).all(|(told, ring)| told.contains(ring)), "{told:?}");
    };
    check(&["aa.toml"], &[]);
    // one that cannot be read keeps nothing of the others back
    std::fs::write(environment.path().join("no.toml"), b"\xff\xfe").unwrap();
    let ran = environment.run(&["sop", "check", "--json", "no.toml", "aa.toml", "bb.toml"]);
    assert_eq!((ran.code, rows(&ran.out).len()), (1, 3), "{ran:?}");
    check(&["aa.toml", "bb.toml"], &["aa → bb → aa，会一直转下去", "bb → aa → bb"]);
    // against those that are applied
    let ran = environment.run(&["sop", "add", "bb.toml"]);
    assert!(ran.code == 0 && !ran.err.contains("→"), "{ran:?}");
    check(&["aa.toml"], &["aa → bb → aa"]);
    let ran = environment.run(&["sop", "add", "aa.toml"]);
    assert!(ran.code == 0 && ran.err.contains("aa.toml:1:6: aa → bb → aa"), "{ran:?}");
    // a file takes the place of what is applied under its id
    after("bb", "cc");
    check(&["aa.toml", "bb.toml"], &["这里没有"]);
}

#[test]
fn mistakes_and_what_nobody_bears_are_told_at_once() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["sop", "add", "--builtin", "wake-silent"]).code, 0);
    let text = "id = \"own\"\nfor = \"member\"\nstart = { on = \"after\", playbook = \"wake-silnt\" }\n\
        intake = { max = 3, per = \"day\", sort = \"-spnt\" }\n[[step]]\nid = \"a\"\nat = \"D0 10:00\"\n\
        via = \"private\"\nas = \"没有此号\"\ntext = \"您好【姓名】\"\n[[end]]\nwhen = \"finished\"\nthen = \"start:nothing\"\n";
    std::fs::write(environment.path().join("bad.toml"), text).unwrap();
    let ran = environment.run(&["sop", "check", "bad.toml", "--json"]);
    let told: Vec<(u64, String)> = rows(&ran.out)
        .iter()
        .map(|row| (row["line"].as_u64().unwrap(), row["severity"].as_str().unwrap().to_owned()))
        .collect();
    let told: Vec<(u64, &str)> = told.iter().map(|(line, severity)| (*line, severity.as_str())).collect();
    let expected = [(3, "warning"), (4, "error"), (9, "warning"), (10, "warning"), (13, "warning")];
    assert_eq!((ran.code, told.as_slice()), (1, expected.as_slice()));
}

#[test]
fn a_new_file_is_whole_and_never_overwrites() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["sop", "new", "my-care"]).code, 0);
    assert_eq!(environment.run(&["sop", "check", "my-care.toml"]).code, 0);
    let ran = environment.run(&["sop", "new", "my-care"]);
    assert!(ran.code == 1 && ran.err.contains("my-care.toml"), "{ran:?}");
    assert_eq!(environment.run(&["sop", "new", "老客关怀", "--from", "wake-silent"]).code, 0);
    let text = std::fs::read_to_string(environment.path().join("lao-ke-guan-huai.toml")).unwrap();
    assert!(text.contains("id = \"lao-ke-guan-huai\"") && text.contains("title = \"老客关怀\""), "{text}");
    assert_eq!(environment.run(&["sop", "check", "lao-ke-guan-huai.toml"]).code, 0);
    let ran = environment.run(&["sop", "new", "x", "--from", "wake-silnt"]);
    assert!(ran.code == 2 && ran.err.contains("wake-silent"), "{ran:?}");
}

#[test]
fn those_that_come_with_the_program_say_when_to_use_them() {
    let environment = Environment::new();
    let ran = environment.run(&["sop", "list", "--builtin", "--json"]);
    let rows = rows(&ran.out);
    assert!(rows.iter().all(|row| !row["when"].as_str().unwrap().is_empty()), "{rows:?}");
    assert!(rows.iter().any(|row| row["id"] == "wake-silent" && row["for"] == "member"));
    assert!(environment.run(&["sop", "list", "--builtin"]).out.contains("沉默唤醒"));
    assert!(!environment.store().exists(), "looking made a store");
}

#[test]
fn mistakes_say_what_was_expected() {
    let environment = Environment::new();
    std::fs::write(environment.path().join("bad.toml"), CARE.replace("private", "privat")).unwrap();
    let ran = environment.run(&["sop", "check", "bad.toml", "--json"]);
    let rows = rows(&ran.out);
    assert_eq!((&rows[0]["line"], &rows[0]["nearest"]), (&9.into(), &"private".into()), "{rows:?}");
    assert!(rows[0]["expected"].as_str().unwrap().contains("moments"), "{rows:?}");
}

#[test]
fn a_forecast_has_every_day_and_says_what_it_rests_on() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "--name", "宠友1群"]).code, 0);
    assert_eq!(environment.run(&["sop", "add", "--builtin", "morning-night-21d"]).code, 0);
    let ran = environment.run(&["sop", "forecast", "--json"]);
    let row: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let days = row["row"]["days"].as_array().unwrap();
    assert_eq!((days.len(), &days[1]["tasks"], &days[1]["date"]), (30, &2.into(), &"2026-03-03".into()));
    assert!(row["row"]["pace"].as_array().unwrap().iter().all(|pace| pace["source"] == "default"));
    let ran = environment.run(&["sop", "forecast", "--days", "3"]);
    assert!(ran.out.contains("2026-03-04  2 条") && ran.out.contains("估计"), "{ran:?}");
    for days in ["0", "93"] {
        let ran = environment.run(&["sop", "forecast", "--days", days]);
        assert!(ran.code == 2 && ran.err.contains("1 到 92"), "{ran:?}");
    }
    assert_eq!(environment.run(&["sop", "forecast", "--days", "92"]).code, 0);
}

/// What a plan of a rule says, row by row.
fn planned(environment: &Environment, rule: &str, start: &str, zone: &str, more: &[&str]) -> Vec<String> {
    let toml = format!(
        "id = \"round\"\ntitle = \"一轮\"\nfor = \"group\"\nclass = \"service\"\n\
         start = {{ on = \"recurrence\", rrule = \"{rule}\", dtstart = \"{start}\", tz = \"{zone}\" }}\n\
         [[step]]\nid = \"say\"\nat = \"D0 +0m\"\nvia = \"group\"\ntext = [\"好\"]\n"
    );
    std::fs::write(environment.path().join("round.toml"), toml).unwrap();
    let ran = environment.run(&[&["sop", "plan", "round.toml", "--bare", "--json"], more].concat());
    rows(&ran.out).iter().map(|row| row["due_at"].as_str().unwrap().to_owned()).collect()
}

/// The instants were expanded by another program (python-dateutil 2.9).
#[test]
fn a_rule_is_planned_in_the_zone_it_names() {
    let environment = Environment::new();
    let check = |rule: &str, start: &str, zone: &str, more: &[&str], expected: &[&str]| {
        assert_eq!(
            planned(&environment, rule, start, zone, more),
            expected,
            "{rule} {start} {zone} {more:?}"
        );
    };
    let last = "FREQ=MONTHLY;BYMONTHDAY=-1";
    check(
        last,
        "2026-01-31T09:00:00",
        "America/New_York",
        &["--from", "2026-01-31", "--until", "2026-03-31"],
        &["2026-01-31T09:00:00-05:00", "2026-02-28T09:00:00-05:00", "2026-03-31T09:00:00-04:00"],
    );
    // rows without an end of their own go on for as many as are asked for
    check(
        "FREQ=MONTHLY;BYDAY=-1FR",
        "2026-01-31T09:00:00",
        "Asia/Shanghai",
        &["--count", "3"],
        &["2026-03-27T09:00:00+08:00", "2026-04-24T09:00:00+08:00", "2026-05-29T09:00:00+08:00"],
    );
    // the gap of spring and the overlap of autumn
    check(
        "FREQ=DAILY",
        "2026-03-07T02:30:00",
        "America/New_York",
        &["--from", "2026-03-07", "--count", "3"],
        &["2026-03-07T02:30:00-05:00", "2026-03-08T03:30:00-04:00", "2026-03-09T02:30:00-04:00"],
    );
    check(
        "FREQ=DAILY",
        "2026-10-31T01:30:00",
        "America/New_York",
        &["--from", "2026-10-31", "--count", "3"],
        &["2026-10-31T01:30:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"],
    );
    // the end is the last instant, in its own zone
    check(
        "FREQ=DAILY;UNTIL=20260203T010000Z",
        "2026-02-01T09:00:00",
        "Asia/Shanghai",
        &["--from", "2026-01-01", "--count", "9"],
        &["2026-02-01T09:00:00+08:00", "2026-02-02T09:00:00+08:00", "2026-02-03T09:00:00+08:00"],
    );
    check(
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2",
        "2026-01-31T18:00:00",
        "Asia/Shanghai",
        &["--from", "2026-01-01", "--days", "400"],
        &["2026-02-27T18:00:00+08:00", "2026-03-31T18:00:00+08:00"],
    );
    // said for people, another zone is named; and what is applied is told in it as well
    let said = environment.run(&["sop", "plan", "round.toml", "--from", "2026-01-01", "--count", "1"]);
    assert!(said.code == 0 && !said.out.contains("时区"), "{said:?}");
    assert_eq!(
        planned(&environment, last, "2026-01-31T09:00:00", "America/New_York", &["--count", "1"]).len(),
        1
    );
    let said = environment.run(&["sop", "plan", "round.toml", "--count", "1"]);
    assert!(said.out.contains("时区 America/New_York"), "{said:?}");
    assert_eq!(environment.run(&["sop", "add", "round.toml"]).code, 0);
    let ran = environment.run(&["sop", "plan", "round", "--count", "1", "--json"]);
    assert_eq!(rows(&ran.out)[0]["due_at"], "2026-03-31T09:00:00-04:00");
    // more than a day's rounds is refused, not tried
    std::fs::write(
        environment.path().join("often.toml"),
        std::fs::read_to_string(environment.path().join("round.toml"))
            .unwrap()
            .replace("MONTHLY", "SECONDLY"),
    )
    .unwrap();
    let ran = environment.run(&["sop", "plan", "often.toml", "--count", "5"]);
    assert!(ran.code != 0 && format!("{}{}", ran.out, ran.err).contains("一天最多 24 次"), "{ran:?}");
}

#[test]
fn what_is_to_be_done_about_a_group_is_found_by_its_words() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["account", "add", "手机1", "--platform", "wechat"]).code, 0);
    for (name, count) in [("宠友1群", "181"), ("宠友2群", "50")] {
        let add = ["group", "add", name, "--account", "手机1", "--capacity", "200", "--count", count];
        assert_eq!(environment.run(&add).code, 0);
    }
    let found = |filter: &str| rows(&environment.run(&["list", "-f", filter, "--json"]).out).len();
    assert_eq!(["快满", "text:快满", "二维码", "181/200", "nearly", "截单"].map(found), [1, 1, 1, 1, 1, 0]);
}

#[test]
fn a_reply_that_ends_what_was_not_marked_sent_says_so() {
    let environment = Environment::new();
    for arguments in [
        &["account", "add", "手机1", "--platform", "微信"] as &[&str],
        &["member", "add", "小雨妈", "--friend-of", "手机1"],
    ] {
        assert_eq!(environment.run(arguments).code, 0);
    }
    let toml = CARE.replace("class =", "stop = [\"replied\"]\nclass =").replace("D0 +5m", "D0 09:00");
    std::fs::write(environment.path().join("care.toml"), toml).unwrap();
    for arguments in
        [&["sop", "add", "care.toml"] as &[&str], &["sop", "enrol", "care", "--member", "小雨妈"], &["tick"]]
    {
        let ran = environment.run(arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let task = || {
        rows(&environment.run(&["list", "-f", "state:due,sent", "--json"]).out)[0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let id = task();
    let reply = |clock: &str| {
        Ran::of(&environment.command(&["do", "reply", &id]).env("QUN_CLOCK", clock).output().unwrap())
    };
    let ran = reply("2026-03-02T09:05:00+08:00");
    assert!(ran.out.contains("小雨妈 已回复；这条因此不再要发"), "{ran:?}");
    // what was sent is only answered
    assert_eq!(environment.run(&["undo"]).code, 0);
    assert_eq!(environment.run(&["do", "sent", &id]).code, 0);
    let ran = reply("2026-03-02T09:06:00+08:00");
    assert!(ran.code == 0 && !ran.out.contains("不再要发"), "{ran:?}");
}
