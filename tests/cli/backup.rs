//! Backups and the way back, with the real program.

use crate::common::Environment;

/// The names of all groups, sorted.
fn groups(environment: &Environment) -> Vec<String> {
    let mut groups = environment.groups();
    groups.sort();
    groups
}

fn row(out: &str) -> serde_json::Value {
    serde_json::from_str::<serde_json::Value>(out).unwrap()["row"].clone()
}

#[test]
fn a_backup_comes_back_and_what_was_there_stays_aside() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["backup"]).code, 3, "there is no store yet");
    for name in ["一群", "二群"] {
        assert_eq!(environment.run(&["group", "add", name]).code, 0);
    }
    let first = environment.run(&["backup", "--json"]);
    assert_eq!((first.code, row(&first.out)["generation"].as_u64()), (0, Some(1)), "{first:?}");
    assert_eq!(environment.run(&["group", "add", "三群"]).code, 0);
    assert_eq!(row(&environment.run(&["backup", "--json"]).out)["generation"], 2);
    assert_eq!(environment.run(&["group", "rm", "一群"]).code, 0);

    // it asks; a pipe cannot answer
    let asked = environment.run(&["restore", "--generation", "1"]);
    assert!(asked.code == 2 && asked.err.contains("--yes"), "{asked:?}");
    assert_eq!(groups(&environment), ["三群", "二群"]);
    let restored = environment.run(&["restore", "--generation", "1", "--yes", "--json"]);
    assert_eq!(restored.code, 0, "{restored:?}");
    assert_eq!(groups(&environment), ["一群", "二群"]);
    let aside = row(&restored.out)["aside"].as_str().unwrap().to_owned();
    assert!(std::path::Path::new(&aside).join("CURRENT").is_file(), "{aside}");
    assert_eq!(environment.run(&["restore", "--yes"]).code, 0, "the newest");
    assert_eq!(groups(&environment), ["一群", "三群", "二群"]);
    // and it goes on from there
    assert_eq!(environment.run(&["group", "add", "四群"]).code, 0);
    assert_eq!(environment.groups().len(), 4);
    let missing = environment.run(&["restore", "--generation", "9", "--yes", "--json"]);
    assert_eq!((missing.code, missing.error()["kind"].as_str()), (3, Some("nothing")), "{missing:?}");
}

#[test]
fn a_desk_may_run_while_it_is_backed_up_but_not_while_it_is_restored() {
    let environment = Environment::new();
    let _serving = environment.serve();
    assert_eq!(environment.run(&["group", "add", "一群"]).code, 0);
    let elsewhere = environment.path().join("移动硬盘");
    let elsewhere = elsewhere.to_str().unwrap();
    for _ in 0..3 {
        assert_eq!(environment.run(&["backup", elsewhere, "--keep", "2"]).code, 0);
    }
    let listed = environment.run(&["backup", elsewhere, "--list", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    let numbers: Vec<_> =
        rows["rows"].as_array().unwrap().iter().map(|row| row["generation"].clone()).collect();
    assert_eq!(numbers, [2, 3]);
    let refused = environment.run(&["restore", elsewhere, "--yes", "--json"]);
    assert_eq!((refused.code, refused.error()["kind"].as_str()), (6, Some("desk")), "{refused:?}");
    assert_eq!(groups(&environment), ["一群"]);
}

#[test]
fn a_damaged_backup_is_refused_before_anything_is_touched() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "一群"]).code, 0);
    assert_eq!(environment.run(&["backup"]).code, 0);
    let segments = environment.store().join("backup/segments");
    let segment = std::fs::read_dir(&segments).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let refused = environment.run(&["restore", "--yes"]);
    assert!(refused.code == 1 && refused.err.contains("segments/"), "{refused:?}");
    assert_eq!(groups(&environment), ["一群"]);
}

#[test]
fn doctor_names_the_age_of_the_newest_backup() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["group", "add", "一群"]).code, 0);
    let before = environment.run(&["doctor"]).out;
    assert!(before.contains("还没有备份") && before.contains("qun backup"), "{before}");
    // what was looked at has a name in each language; scripts have the word
    assert!(
        before.contains("备份") && !before.contains("backup  ") && !before.contains("locale  "),
        "{before}"
    );
    let rows = environment.run(&["doctor", "--json"]).out;
    assert!(rows.contains("\"check\":\"file-system\""), "{rows}");
    assert_eq!(environment.run(&["backup"]).code, 0);
    let later =
        environment.command(&["doctor"]).env("QUN_CLOCK", "2026-03-05T10:00:00+08:00").output().unwrap();
    let later = String::from_utf8(later.stdout).unwrap();
    assert!(later.contains("第 1 份") && later.contains("3 天"), "{later}");
}
