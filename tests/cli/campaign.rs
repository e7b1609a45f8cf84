//! Campaigns from the command line.

use super::sop::rows;
use crate::common::Environment;

const CARE: &str = "id = \"care\"\ntitle = \"关怀\"\nfor = \"member\"\nclass = \"service\"\nstart = { on = \"by-hand\" }\n\
    [[step]]\nid = \"one\"\nat = \"D0 +5m\"\nvia = \"private\"\ntext = [\"你好\"]\n";

const TEXTS: &str = r#"
[[text]]
at = "2026-03-03 10:00"
to = "宠友1群"
groups = true
text = """
{{ 商品 }}开始了
第二行
"""

[[text]]
at = "2026-03-04 10:00"
until = "2026-03-04 20:00"
to = "name:小雨妈"
class = "service"
title = "提醒"
text = "{{ name }}，今天最后一天"
"#;

#[test]
fn a_campaign_holds_texts_from_a_file() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["member", "add", "--name", "小雨妈"]).code, 0);
    assert_eq!(environment.run(&["account", "add", "--name", "手机1", "--platform", "wechat"]).code, 0);
    assert_eq!(environment.run(&["group", "add", "--name", "宠友1群", "--account", "手机1"]).code, 0);
    let file = environment.path().join("texts.toml");
    std::fs::write(&file, TEXTS).unwrap();
    let add = [
        "campaign",
        "add",
        "mar-38",
        "--texts",
        "texts.toml",
        "--until",
        "2026-03-05 10:00",
        "--ask",
        "商品=牛奶",
    ];
    let ran = environment.run(&[&add[..], &["--dry-run", "--json"]].concat());
    let row: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let texts = row["row"]["texts"].as_array().unwrap();
    assert_eq!((&texts[0]["matched"], &texts[0]["gets"]), (&1.into(), &1.into()), "{row}");
    assert_eq!(
        (&texts[0]["text"], &texts[1]["title"]),
        (&"牛奶开始了\n第二行".into(), &"提醒".into()),
        "{row}"
    );
    assert_eq!(
        (&texts[1]["matched"], &texts[1]["found"][0]["what"]),
        (&1.into(), &"no-account".into()),
        "{row}"
    );
    let ran = environment.run(&[&add[..], &["--dry-run"]].concat());
    assert!(ran.out.contains("文字给群 宠友1群: 牛奶开始了  现在符合 1 个, 收到 1 个"), "{ran:?}");
    assert_eq!(environment.run(&add).code, 0);
    let ran = environment.run(&["campaign", "show", "mar-38"]);
    assert!(ran.out.contains("文字给群 宠友1群") && ran.out.contains("还没到"), "{ran:?}");
    // what is shown is what is read
    let ran = environment.run(&["campaign", "show", "mar-38", "--texts"]);
    std::fs::write(&file, ran.out.replace("最后一天", "最后半天")).unwrap();
    assert_eq!(environment.run(&["campaign", "edit", "mar-38", "--texts", "texts.toml"]).code, 0);
    let ran = environment.run(&["campaign", "show", "mar-38", "--json"]);
    let row: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let text = &row["row"]["texts"][1];
    assert_eq!(
        (&text["text"], &text["until"], &text["class"], &text["to"]),
        (
            &"{{ name }}，今天最后半天".into(),
            &"2026-03-04T20:00:00+08:00".into(),
            &"service".into(),
            &"members".into()
        ),
        "{row}"
    );
    assert_eq!((&text["begun"], &text["made"]), (&false.into(), &serde_json::Value::Null));
    // mistakes name their place
    for (wrong, place) in [
        (TEXTS.replace("groups = true", "group = true"), ":5:1:"),
        (TEXTS.replace("2026-03-04 10:00", "那天"), ":12:6:"),
        (TEXTS.replace("\"service\"", "\"servis\""), ":15:9:"),
    ] {
        std::fs::write(&file, wrong).unwrap();
        let ran = environment.run(&["campaign", "edit", "mar-38", "--texts", "texts.toml"]);
        assert!(ran.code != 0 && ran.err.contains(&format!("texts.toml{place}")), "{place} {ran:?}");
    }
}

#[test]
fn a_campaign_is_set_up_reviewed_and_stopped() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["member", "add", "--name", "小雨妈"]).code, 0);
    std::fs::write(environment.path().join("care.toml"), CARE).unwrap();
    assert_eq!(environment.run(&["sop", "add", "care.toml"]).code, 0);
    let add =
        ["campaign", "add", "mar-38", "--title", "38 节", "--playbook", "care", "--wave", "name:小雨妈"];
    let later = [&add[..], &["--at", "明天 10:00", "--until", "2026-03-08 22:00"]].concat();
    // tried: nothing is written
    let ran = environment.run(&[&later[..], &["--dry-run"]].concat());
    assert!(ran.code == 0 && ran.out.contains("现在选是 1 个") && ran.out.contains("没有写入"), "{ran:?}");
    assert_eq!(environment.run(&["campaign", "list"]).code, 3);
    // its people are chosen as it begins
    let ran = environment.run(&later);
    assert!(ran.code == 0 && ran.out.contains("38 节 设好了: 03-03 10:00 选人"), "{ran:?}");
    let ran = environment.run(&["campaign", "list", "--json"]);
    let listed = rows(&ran.out);
    assert_eq!((&listed[0]["id"], &listed[0]["playbooks"][0]["active"]), (&"mar-38".into(), &0.into()));
    assert_eq!(listed[0]["waves"][0]["at"], "2026-03-03T10:00:00+08:00");
    let ran = environment.run(&["campaign", "edit", "mar-38", "--title", "女神节", "--at", "后天 10:00"]);
    assert!(ran.code == 0 && ran.out.contains("03-04 10:00"), "{ran:?}");
    let shown = environment.run(&["campaign", "show", "mar-38"]);
    assert!(shown.out.contains("女神节") && shown.out.contains("选人"), "{shown:?}");
    assert_eq!(environment.run(&["undo"]).code, 0);
    let shown = environment.run(&["campaign", "show", "mar-38"]);
    assert!(shown.out.contains("38 节") && shown.out.contains("03-03 10:00"), "{shown:?}");
    assert_eq!(environment.run(&["undo"]).code, 0);
    // one that begins at once lets them in at once
    let ran = environment.run(&[&add[..], &["--until", "2026-03-08 22:00"]].concat());
    assert!(ran.code == 0 && ran.out.contains("38 节 开始: 1 个进入"), "{ran:?}");
    let ran = environment.run(&["campaign", "show", "mar-38"]);
    assert!(ran.out.contains("name:小雨妈") && ran.out.contains("在走 1"), "{ran:?}");
    assert!(ran.out.contains("一单只算一条"), "{ran:?}");
    assert_eq!(environment.run(&["campaign", "edit", "none", "--title", "x"]).code, 3);
    let ran = environment.run(&["campaign", "stop", "mar-38"]);
    assert!(ran.code == 0 && ran.out.contains("1 个退出"), "{ran:?}");
    assert!(environment.run(&["campaign", "list"]).out.contains("已结束"));
    let ran = environment.run(&[
        "campaign",
        "add",
        "x",
        "--playbook",
        "care",
        "--until",
        "明天",
        "--ask",
        "没有等号",
    ]);
    assert!(ran.code == 2 && ran.err.contains("没有等号"), "{ran:?}");
    let ran = environment.run(&["campaign", "show", "none"]);
    assert_eq!(ran.code, 3, "{ran:?}");
}
