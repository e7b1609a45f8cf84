//! What needs no desk: usage, errors, checking a playbook.

use crate::common::Environment;

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
fn a_verb_that_is_none_gets_the_nearest() {
    let ran = Environment::new().run(&["do", "sennt", "t0000"]);
    assert!(ran.code == 2 && ran.err.contains("sent"), "{ran:?}");
}
