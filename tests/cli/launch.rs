//! Scripts: what they watch and copy, and what is made of the commands' own descriptions.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::common::Environment;
use crate::common::screen::Screen;

fn demo(environment: &Environment) {
    let ran = environment.run(&["demo", "--members", "20", "--groups", "3", "--tasks", "8"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

fn due(environment: &Environment) -> Vec<serde_json::Value> {
    let ran = environment.run(&["list", "--store", "demo", "-f", "state:due", "--json"]);
    serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()["rows"].as_array().unwrap().clone()
}

#[test]
fn watching_tells_what_is_there_and_then_what_changes() {
    let environment = Environment::new();
    demo(&environment);
    let due = due(&environment);
    let count = (due.len() + 1).to_string();
    let mut child = environment
        .command(&["watch", "--store", "demo", "-f", "state:due", "--json", "--count", &count])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(&line.unwrap()).unwrap());
    for _ in &due {
        let line = told.next().unwrap();
        assert_eq!((line["event"].as_str(), line["row"]["state"].as_str()), (Some("there"), Some("due")));
    }
    let id = due[0]["id"].as_str().unwrap();
    let ran = environment.run(&["do", "--store", "demo", "skip", id, "--reason", "8"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let line = told.next().unwrap();
    assert_eq!((line["event"].as_str(), line["id"].as_str()), (Some("gone"), Some(id)));
    assert!(told.next().is_none(), "so many lines were asked for");
    assert!(child.wait().unwrap().success());
}

#[test]
fn watching_what_is_not_there_says_what_may_have_been_meant() {
    let environment = Environment::new();
    demo(&environment);
    let mut child = environment
        .command(&["watch", "groups", "--store", "demo", "-f", "早茶 or 夜宵", "--count", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(said.any(|line| line.unwrap().contains("OR")));
    // it goes on all the same
    let ran = environment.run(&["group", "add", "--store", "demo", "早茶or夜宵"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(child.wait().unwrap().success());
}

#[test]
fn watching_ends_with_its_reader() {
    let environment = Environment::new();
    demo(&environment);
    let mut child = environment
        .command(&["watch", "--store", "demo", "待发", "--limit", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(told.next().unwrap().unwrap().contains("there"));
    // nothing happens any more, and nobody reads
    drop(told);
    assert!(child.wait().unwrap().success());
}

#[test]
fn copying_prints_the_text_and_is_noted() {
    let environment = Environment::new();
    demo(&environment);
    // some of a demo's are asked about before
    let copied = due(&environment).into_iter().filter(|row| row["text"].is_string()).find_map(|row| {
        let ran = environment.run(&["copy", "--store", "demo", row["id"].as_str()?]);
        (ran.code == 0).then_some((row, ran))
    });
    let (row, ran) = copied.unwrap();
    let id = row["id"].as_str().unwrap();
    assert!(ran.code == 0 && !ran.out.trim().is_empty(), "{ran:?}");
    assert!(row["text"].as_str().unwrap().starts_with(ran.out.trim_end()), "{row} {ran:?}");
    let shown = environment.run(&["show", "--store", "demo", id, "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    let facts = shown["row"]["facts"].as_array().unwrap();
    assert!(facts.iter().any(|fact| fact["fact"] == "copied"), "{facts:?}");
    assert_eq!(environment.run(&["copy", "--store", "demo", id, "--part", "9"]).code, 3);
    let told = environment.run(&["copy", "--store", "demo", id, "--part", "1", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(told["row"]["id"], row["id"]);
    assert_eq!((&told["row"]["part"], &told["row"]["to"]), (&1.into(), &"stdout".into()));
    assert_eq!(told["row"]["text"].as_str().unwrap().trim_end(), ran.out.trim_end());
}

#[test]
fn a_log_tells_what_was_undone_apart_from_what_was_done_again() {
    let environment = Environment::new();
    demo(&environment);
    let id = due(&environment)[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(environment.run(&["do", "--store", "demo", "skip", &id, "--reason", "1"]).code, 0);
    for verb in ["undo", "redo", "undo"] {
        assert_eq!(environment.run(&[verb, "--store", "demo"]).code, 0);
    }
    let log = environment.run(&["log", "--store", "demo", "--json"]);
    let log: serde_json::Value = serde_json::from_str(&log.out).unwrap();
    let told: Vec<_> = log["rows"].as_array().unwrap()[..4]
        .iter()
        .map(|row| (row["undoes"].as_bool().unwrap(), row["undone"].as_bool().unwrap()))
        .collect();
    assert_eq!(told, [(true, false), (true, false), (true, true), (false, true)]);
    let log = environment.run(&["log", "--store", "demo"]);
    let marks = |word: &str| log.out.lines().filter(|line| line.contains(&format!("  {word}  "))).count();
    assert_eq!((marks("已撤销"), marks("又改回去了")), (1, 1), "{}", log.out);
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let environment = Environment::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish", "nushell"] {
        let ran = environment.run(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains("watch") && ran.out.contains("only-filter"), "{shell}");
    }
    let page = environment.run(&["man", "sop", "add", "--lang", "en"]);
    assert!(page.code == 0 && page.out.contains(".TH qun-sop-add"), "{page:?}");
    assert_eq!(environment.run(&["man", "spo"]).code, 2);
    let dir = environment.path().join("man");
    assert_eq!(environment.run(&["man", "--dir", dir.to_str().unwrap()]).code, 0);
    for name in ["qun.1", "qun-list.1", "qun-config-default.1"] {
        assert!(dir.join(name).exists(), "{name}");
    }
}

#[test]
fn a_screen_begins_where_it_is_told_to() {
    let environment = Environment::new();
    demo(&environment);
    let due = due(&environment);
    let named =
        |row: &&serde_json::Value| row["group"]["name"].is_string() || row["member"]["name"].is_string();
    let last = due.iter().rfind(named).unwrap();
    let id = last["id"].as_str().unwrap();
    let arguments =
        ["--store", "demo", "1", "-f", "-tag:没有这个", "--select", id, "-c", "messages", "-c", ":nonsense"];
    let mut screen = Screen::start(&environment, &arguments);
    screen.wait_for("nonsense");
    screen.keys("\x1b");
    screen.wait_for("state:due -tag:没有这个");
    let name = last["group"]["name"].as_str().or(last["member"]["name"].as_str()).unwrap();
    // lists say emoji as a word
    let name: String = name.chars().take_while(|c| c.is_alphanumeric()).collect();
    screen.wait_until("the cursor", |picture| {
        picture.lines().any(|line| line.starts_with('>') && line.contains(&name))
    });
}

#[test]
fn a_launch_ends_with_what_comes_to_nothing() {
    let environment = Environment::new();
    demo(&environment);
    let ids = || due(&environment).iter().map(|row| row["id"].to_string()).collect::<Vec<_>>();
    let ended = due(&environment)[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(environment.run(&["do", "--store", "demo", "skip", &ended, "--reason", "8"]).code, 0);
    let before = ids();
    let launch = |arguments: &[&str], words: &str| {
        let arguments = [&["--store", "demo", "1"], arguments, &["-c", ":skip 8"]].concat();
        let mut screen = Screen::start(&environment, &arguments);
        screen.wait_for(words);
        screen.keys("\x11");
        screen.end();
    };
    for failing in [
        &["--select", "没有这个人"][..],
        &["--select", &ended],
        &["-c", ":filtr 群"],
        &["-c", ":filter acount:手机"],
        &["-c", ":jump 群"],
    ] {
        launch(failing, "后面的没有做: :skip 8");
        assert_eq!(ids(), before, "{failing:?}");
    }
    // what is done waits for the rows of what was before it
    let meant = before.last().unwrap().trim_matches('"');
    launch(&["-c", &format!(":filter id:{meant}")], "已跳过");
    let left: Vec<_> = before.iter().filter(|id| !id.contains(meant)).cloned().collect();
    assert_eq!(ids(), left);
}

#[test]
fn a_screens_own_options_do_not_go_with_a_command() {
    let environment = Environment::new();
    for option in ["--only-filter", "--select", "-c"] {
        let ran = environment.run(&[option, "x", "list"]);
        assert!(ran.code == 2 && ran.err.contains("--"), "{ran:?}");
    }
}

#[test]
fn a_screen_does_not_begin_with_a_filter_that_says_nothing() {
    let environment = Environment::new();
    for option in ["-f", "--only-filter"] {
        let ran = environment.run(&[option, "stat:du"]);
        assert!(ran.code == 2 && ran.err.contains("state"), "{ran:?}");
    }
    // of a view that is known here what its rows have is known as well
    let ran = environment.run(&["members", "--only-filter", "state:due"]);
    assert!(ran.code == 2 && ran.err.contains("成员没有“状态”"), "{ran:?}");
}

#[test]
fn a_page_is_opened_by_its_name() {
    let environment = Environment::new();
    demo(&environment);
    for (name, words) in
        [("日历", "日历"), ("calendar-view", "日历"), ("日誌", "大家做过的"), ("log-view", "大家做过的")]
    {
        let mut screen = Screen::start(&environment, &["--store", "demo", name]);
        screen.wait_until(words, |picture| picture.contains(words) && picture.contains("Esc"));
        screen.keys("\x1b");
        screen.wait_for("state:due");
        screen.keys("\x11");
    }
}

#[test]
fn the_screen_marks_by_the_sheet_that_was_made_meanwhile() {
    let environment = Environment::new();
    demo(&environment);
    let task = &due(&environment).into_iter().find(|task| !task["account"].is_null()).unwrap();
    let account = task["account"]["name"].as_str().unwrap().to_owned();
    let mut screen = Screen::start(&environment, &["--store", "demo"]);
    screen.wait_for("state:due");
    let ran = environment.run(&["sheet", "--store", "demo", &account, "--json"]);
    let rows = serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()["rows"].clone();
    let sent = rows[1]["id"].as_str().unwrap();
    screen.keys(":");
    screen.wait_for("命令>");
    screen.keys(&format!("sent {account} 2"));
    screen.wait_for(&format!("按 {account}"));
    screen.keys("\r");
    screen.wait_for("筛选>");
    screen.wait_for(&format!("按 {account}"));
    let ran = environment.run(&["show", "--store", "demo", sent, "--json"]);
    let row = serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()["row"].clone();
    assert_eq!(row["state"], "sent", "{row}");
}
