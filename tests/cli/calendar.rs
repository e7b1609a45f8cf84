//! Festivals, working days and the years that a store is given, with the real program.

use crate::common::Environment;

fn rows(environment: &Environment, arguments: &[&str]) -> Vec<serde_json::Value> {
    let ran = environment.run(&[&["calendar", "--json"], arguments].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["schema"], 1);
    value["rows"].as_array().unwrap().clone()
}

#[test]
fn days_are_listed_without_a_store() {
    let environment = Environment::new();
    let year = rows(&environment, &[]);
    assert_eq!((year.len(), &year[0]["date"]), (365, &"2026-01-01".into()));
    let day = |date: &str| year.iter().find(|row| row["date"] == date).unwrap().clone();
    assert_eq!(
        day("2026-02-17"),
        serde_json::json!({"date": "2026-02-17", "lunar": "正月初一", "festivals": ["春节"], "solar_term": null,
            "off": true, "makeup": false})
    );
    assert_eq!(
        day("2026-02-04"),
        serde_json::json!({"date": "2026-02-04", "lunar": "腊月十七", "festivals": [], "solar_term": "立春",
            "off": false, "makeup": false})
    );
    assert_eq!((&day("2026-02-14")["off"], &day("2026-02-14")["makeup"]), (&false.into(), &true.into()));
    let unknown = rows(&environment, &["--from", "2027-01-01", "--until", "2027-01-03"]);
    assert!(unknown.len() == 3 && unknown.iter().all(|row| row["off"].is_null()), "{unknown:?}");

    let lines = environment.run(&["calendar", "--from", "2026-02-14", "--until", "2026-02-18"]);
    let expected = "2026-02-14  周六  腊月廿七  情人节     班\n2026-02-15  周日  腊月廿八             休 春节\n\
                    2026-02-16  周一  腊月廿九  除夕       休 春节\n2026-02-17  周二  正月初一  春节       休 春节\n\
                    2026-02-18  周三  正月初二  雨水       休 春节\n";
    assert_eq!(
        lines.out.split_whitespace().collect::<Vec<_>>(),
        expected.split_whitespace().collect::<Vec<_>>()
    );
    let ran = environment.run(&["calendar", "--year", "2027", "--json"]);
    assert!(ran.code == 0 && ran.err.contains("2027"), "{ran:?}");
    let ran = environment.run(&["calendar", "--year", "2027"]);
    assert!(ran.code == 0 && ran.err.contains("2027") && ran.err.contains("qun calendar import"), "{ran:?}");
    assert!(!environment.store().exists(), "looking at a calendar made a store");
}

#[test]
fn a_year_is_imported_used_and_undone() {
    let environment = Environment::new();
    let file = environment.path().join("2027.toml");
    std::fs::write(&file, "[[year]]\nyear = 2027\noff = [\"01-01..01-03 元旦\", \"13-01\"]\n").unwrap();
    let error = environment.run(&["calendar", "import", "2027.toml", "--json"]).error();
    assert_eq!((error["line"].as_u64(), error["column"].as_u64()), (Some(3), Some(27)), "{error}");
    std::fs::write(&file, "[[year]]\nyear = 2027\noff = [\"01-01..01-03 元旦\"]\nwork = [\"01-09\"]\n")
        .unwrap();
    let ran = environment.run(&["calendar", "import", "2027.toml"]);
    assert!(ran.code == 0 && ran.out.contains("2027"), "{ran:?}");
    // a year without a day off would wipe what is known of it
    std::fs::write(environment.path().join("2026.toml"), "[[year]]\nyear = 2026\noff = []\n").unwrap();
    let ran = environment.run(&["calendar", "import", "2026.toml"]);
    assert!(ran.code == 2 && ran.err.contains("2026"), "{ran:?}");
    assert_eq!(rows(&environment, &["--from", "2026-02-17", "--until", "2026-02-17"])[0]["off"], true);
    let days = rows(&environment, &["--from", "2027-01-01", "--until", "2027-01-09"]);
    assert_eq!(
        (&days[0]["off"], &days[3]["off"], &days[8]["makeup"]),
        (&true.into(), &false.into(), &true.into())
    );

    let sop = "id = \"w\"\nfor = \"group\"\nstart = { on = \"recurrence\", every = \"workdays\" }\n\
               [[step]]\nid = \"a\"\nat = \"D0 09:00\"\nvia = \"group\"\ntext = [\"早\"]\n";
    std::fs::write(environment.path().join("w.toml"), sop).unwrap();
    let checked = environment.run(&["sop", "check", "w.toml"]);
    assert!(
        checked.code == 0 && checked.err.contains("w.toml:3:") && checked.err.contains("2026"),
        "{checked:?}"
    );
    let plan = |until: &str| {
        environment.run(&["sop", "plan", "w.toml", "--from", "2027-01-01 00:00", "--until", until])
    };
    let planned = plan("2027-01-11 00:00");
    assert_eq!(planned.out.lines().count(), 6, "{planned:?}");
    assert!(planned.err.is_empty(), "{planned:?}");
    // of a month it is the last day
    let [month, day] = ["2027-01", "2027-01-31"].map(|until| plan(until).out);
    assert!(month == day && month.lines().count() > 15, "{month}{day}");
    assert!(plan("2028-01-11 00:00").err.contains("2028"));

    assert_eq!(environment.run(&["undo"]).code, 0);
    let planned = plan("2027-01-11 00:00");
    assert!(planned.err.contains("2027") && planned.out.is_empty(), "{planned:?}");
}
