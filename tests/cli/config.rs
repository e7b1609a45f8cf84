//! A user's own file, with the real program: language, keys, mistakes.

use crate::common::Environment;

fn write(environment: &Environment, toml: &str) {
    let dir = environment.path().join("config/qun");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("config.toml"), toml).unwrap();
}

fn rows(out: &str) -> Vec<serde_json::Value> {
    serde_json::from_str::<serde_json::Value>(out).unwrap()["rows"].as_array().unwrap().clone()
}

#[test]
fn without_a_file_everything_is_as_usual() {
    let environment = Environment::new();
    let path = environment.run(&["config", "path"]);
    assert_eq!(path.out.trim(), environment.path().join("config/qun/config.toml").to_str().unwrap());
    let checked = environment.run(&["config", "check"]);
    assert!(checked.code == 0 && checked.out.contains("qun config default"), "{checked:?}");
    assert!(!environment.path().join("config").exists(), "looking makes nothing");
}

#[test]
fn what_default_prints_is_a_file_without_mistakes() {
    let environment = Environment::new();
    write(&environment, &environment.run(&["config", "default"]).out);
    let checked = environment.run(&["config", "check"]);
    assert!(checked.code == 0 && checked.out.contains("没有错误"), "{checked:?}");
    assert_eq!(environment.run(&["keys"]).out, Environment::new().run(&["keys"]).out);
}

#[test]
fn language_and_keys_come_from_the_file() {
    let environment = Environment::new();
    write(&environment, "lang = 'en'\n[keys.list]\n'C-o' = 'sent'\n'f12' = ':filter is:late'\n");
    let keys = rows(&environment.run(&["keys", "--json"]).out);
    let sent = keys.iter().find(|row| row["action"] == "sent").unwrap();
    assert_eq!(sent["keys"][0], serde_json::json!({"context": "list", "key": "Ctrl-o"}));
    assert_eq!(sent["doc"], "Mark as sent (or this part), on to the next");
    assert!(keys.iter().any(|row| row["action"] == ":filter is:late"), "{keys:?}");
    let shown = environment.run(&["keys", "--lang", "zh-TW"]).out;
    assert!(shown.contains("list:Ctrl-o") && shown.contains("標記已發"), "{shown}");
}

#[test]
fn mistakes_are_told_and_the_rest_holds() {
    let environment = Environment::new();
    write(&environment, "lang = 'en'\ntheem = 'light'\n[keys.global]\n'ctrl-o' = 'snet'\n");
    let checked = environment.run(&["config", "check"]);
    assert_eq!(checked.code, 1);
    let lines: Vec<&str> = checked.out.lines().collect();
    assert!(lines[0].contains("config.toml:2:1: warning: ") && lines[0].contains("theme"), "{lines:?}");
    assert!(lines[1].contains("config.toml:4:12: error: ") && lines[1].contains("sent"), "{lines:?}");
    let found = rows(&environment.run(&["config", "check", "--json"]).out);
    assert_eq!((found[1]["line"].as_u64(), found[1]["kind"].as_str()), (Some(4), Some("error")));
    // other commands say it beside their data, and do their work
    let keys = environment.run(&["keys"]);
    assert!(keys.code == 0 && keys.out.contains("Mark as sent"), "{keys:?}");
    assert!(keys.err.contains("config.toml:4:12: ") && keys.err.contains("qun config check"), "{keys:?}");
    assert_eq!(environment.run(&["keys", "--json"]).err, "");
}

#[test]
fn another_file_is_named_on_the_command_line() {
    let environment = Environment::new();
    write(&environment, "lang = 'zh-TW'\n");
    let other = environment.path().join("shop.toml");
    std::fs::write(&other, "lang = 'en'\n[keys.text]\n'ctrl-o' = 'save'\n").unwrap();
    let other = other.to_str().unwrap();
    let keys = environment.run(&["keys", "--config", other]).out;
    assert!(keys.contains("text:Ctrl-o") && keys.contains("Save what is written"), "{keys}");
    assert_eq!(environment.run(&["config", "path", &format!("--config={other}")]).out.trim(), other);
    let missing = environment.run(&["keys", "--config", "/nonexistent/qun.toml"]);
    assert!(missing.code == 1 && missing.err.contains("/nonexistent/qun.toml"), "{missing:?}");
    let wrong = environment.run(&["keys", "--color", "sometimes"]);
    assert!(wrong.code == 2 && wrong.err.contains("always"), "{wrong:?}");
}

#[test]
fn plain_lists_what_the_screen_would_show() {
    let environment = Environment::new();
    environment.run(&["group", "add", "宠友1群"]);
    let groups = environment.run(&["--plain", "7"]);
    assert!(groups.code == 0 && groups.out.contains("宠友1群"), "{groups:?}");
    let due = environment.run(&["--plain"]);
    assert_eq!((due.code, due.out.as_str()), (3, ""), "{due:?}");
    let refused = environment.run(&["--plain", "--select", "x"]);
    assert!(refused.code == 2 && refused.err.contains("--select"), "{refused:?}");
}
