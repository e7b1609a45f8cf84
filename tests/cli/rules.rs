//! The file of rules beside the journal, with the real program.

use crate::common::Environment;

fn status(environment: &Environment) -> serde_json::Value {
    let ran = environment.run(&["status", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()["row"].clone()
}

fn shop(environment: &Environment) -> String {
    let ran = environment.run(&["rules", "show", "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    shown["row"]["rules"]["shop"].as_str().unwrap().to_owned()
}

const RULES: &str = "zone = \"Asia/Shanghai\"\nshop = \"小店\"\n";

#[test]
fn a_new_store_has_a_file_with_comments_that_is_whole() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "一群"]).code, 0);
    let file = std::fs::read_to_string(environment.store().join("rules.toml")).unwrap();
    assert!(file.contains("[[quiet]]") && file.contains("# "), "{file}");
    let ran = environment.run(&["rules", "check"]);
    assert!(ran.code == 0 && ran.err.is_empty(), "{ran:?}");
    assert_eq!(environment.run(&["rules", "default"]).out, file);
    // it says what holds anyhow: nothing was written down for it
    let ran = environment.run(&["log", "--json"]);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()["rows"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn an_edited_file_is_taken_by_itself_and_a_wrong_one_is_told_everywhere() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "一群"]).code, 0);
    let file = environment.store().join("rules.toml");
    std::fs::write(&file, RULES).unwrap();
    assert_eq!(shop(&environment), "小店");
    // an undo stands against the file, until it is edited again
    let log: serde_json::Value = serde_json::from_str(&environment.run(&["log", "--json"]).out).unwrap();
    let act = log["rows"][0]["act_id"].as_str().unwrap().to_owned();
    assert_eq!(log["rows"][0]["words"], "改规则");
    // the end of an id will do
    assert_eq!(environment.run(&["undo", &act[act.len() - 8..]]).code, 0);
    assert_eq!(shop(&environment), "");

    std::fs::write(&file, format!("{RULES}[[cap]]\nscope = \"everyone\"\nn = 1\nper = \"day\"\n")).unwrap();
    let fault = status(&environment)["rules"].as_str().unwrap().to_owned();
    assert!(fault.starts_with("rules.toml:4:9: "), "{fault}");
    let doctor = environment.run(&["doctor"]);
    assert!(
        doctor.code == 1 && doctor.out.contains("rules.toml:4:9") && doctor.out.contains("qun rules check"),
        "{doctor:?}"
    );
    let checked = environment.run(&["rules", "check"]);
    assert!(checked.code == 1 && checked.err.contains("rules.toml:4:9"), "{checked:?}");
    let error = environment.run(&["rules", "apply", "--json"]).error();
    assert_eq!((error["line"].as_u64(), error["column"].as_u64()), (Some(4), Some(9)), "{error}");
    assert_eq!(shop(&environment), "", "nothing of it holds");

    // a view that is not there is found by both
    let rule = "[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\nexcept = \"@没有的\"\n";
    std::fs::write(&file, format!("{RULES}{rule}")).unwrap();
    for arguments in [&["doctor"][..], &["rules", "check"]] {
        let ran = environment.run(arguments);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(ran.code == 1 && said.contains("rules.toml:7:11"), "{ran:?}");
    }

    // another file is applied and becomes the one beside the journal
    let other = environment.path().join("新规则.toml");
    std::fs::write(&other, RULES.replace("小店", "新店")).unwrap();
    let applied = environment.run(&["rules", "apply", "新规则.toml"]);
    assert_eq!(applied.code, 0, "{applied:?}");
    assert_eq!(shop(&environment), "新店");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), RULES.replace("小店", "新店"));
    assert_eq!(status(&environment)["rules"], serde_json::Value::Null);
}

#[test]
fn a_running_desk_takes_the_file_when_it_wakes() {
    let environment = Environment::new();
    let _serving = environment.serve();
    let running = status(&environment);
    assert_eq!(running["desk"]["running"], true);
    assert!(running["desk"]["socket"].as_str().unwrap().ends_with("desk.sock"), "{running}");
    std::fs::write(environment.store().join("rules.toml"), RULES).unwrap();
    // an act wakes it
    assert_eq!(environment.run(&["group", "add", "一群"]).code, 0);
    assert_eq!(shop(&environment), "小店");
}

#[test]
fn status_says_whether_a_desk_runs_and_what_it_does_not_know() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "一群"]).code, 0);
    let alone = status(&environment);
    assert_eq!(alone["desk"]["running"], false);
    assert!(
        alone["desk"]["pid"].is_null() && alone["ticked_at"].is_null() && alone["ticked_why"] == "no-desk",
        "{alone}"
    );
    assert!(alone["last_record_at"].as_str().unwrap().starts_with("2026-03-02T09:0"), "{alone}");
    assert_eq!(alone["groups"], 1);
    let words = environment.run(&["status"]).out;
    assert!(words.contains("没有在运行") && words.contains("qun serve"), "{words}");
}

#[test]
fn a_check_refuses_what_applying_would() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "一群"]).code, 0);
    let rules =
        format!("{RULES}[[cap]]\nscope = \"store\"\nn = 1\nper = \"day\"\nexcept = \"@没有的视图\"\n");
    std::fs::write(environment.path().join("r.toml"), rules).unwrap();
    let applied = environment.run(&["rules", "apply", "r.toml"]);
    assert!(applied.code != 0 && applied.err.contains("没有的视图"), "{applied:?}");
    let checked = environment.run(&["rules", "check", "r.toml"]);
    assert!(checked.code == 1 && checked.err.contains("没有的视图"), "{checked:?}");
}
