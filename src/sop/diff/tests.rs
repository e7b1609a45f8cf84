use super::*;
use crate::sop::format::Playbook;
use crate::sop::schedule::tests::playbook;

fn step(id: &str, rest: &str) -> String {
    format!("[[step]]\nid = \"{id}\"\nvia = \"private\"\n{rest}\n")
}

fn of_step(step: &str, key: &'static str, change: Change) -> Difference {
    Difference::Key { step: Some(step.to_owned()), key, change }
}

fn value(before: &str, after: &str) -> Change {
    Change::Value { before: before.to_owned(), after: after.to_owned() }
}

#[test]
fn steps_and_head_are_compared_by_what_they_mean() {
    let one = step("a", "at = \"D0 +5m\"\ntext = \"好\"") + &step("b", "at = \"D1 10:00\"\ntext = \"早\"");
    let two = step("a", "at = \"D0 +10m\"\nuntil = \"D0 22:00\"\ntext = [\"好\", \"你好\"]\nnote = \"x\"")
        + "# only a comment\n"
        + &step("c", "at = \"D2 10:00\"\ntext = \"早\"");
    let before = playbook("added", "", &one);
    let after = playbook("added", "", &two);
    assert_eq!(compare(&before, &before), Vec::new());
    let expected = vec![
        of_step("a", "at", value("D0 +5m", "D0 +10m")),
        of_step("a", "until", value("", "D0 22:00")),
        of_step("a", "note", Change::More("x".to_owned())),
        of_step("a", "text", Change::More("你好".to_owned())),
        Difference::Added { step: "c".to_owned(), at: "D2 10:00".to_owned() },
        Difference::Gone { step: "b".to_owned() },
    ];
    assert_eq!(compare(&before, &after), expected);
    let mut renamed = before.clone();
    renamed.title = "别的".to_owned();
    renamed.steps.reverse();
    let title = Difference::Key { step: None, key: "title", change: value(&before.title, "别的") };
    assert_eq!(compare(&before, &renamed), [title, Difference::Order]);
}

/// One edit of one key each: the key, the words in the text, what stands there instead. All keys of the format.
const EDITS: &[(&str, &str, &str)] = &[
    ("title", "title = \"一\"", "title = \"二\""),
    ("audience", "audience = \"-tag:勿扰\"", "audience = \"tag:老客\""),
    ("class", "class = \"care\"", "class = \"service\""),
    ("priority", "priority = 50", "priority = 60"),
    ("tz", "tz = \"Asia/Shanghai\"", "tz = \"Asia/Tokyo\""),
    ("day_ends", "day_ends = \"00:00\"", "day_ends = \"02:00\""),
    ("fresh", "fresh = \"30d\"", "fresh = \"31d\""),
    ("stop", "stop = [\"left\"]", "stop = [\"left\", \"filter:spent>=500\"]"),
    ("rest", "rest = \"180d\"", "rest = \"90d\""),
    ("start", "on = \"silence\", days = 30", "on = \"silence\", days = 31"),
    ("intake", "max = 20", "max = 21"),
    ("intake", "sort = \"-spent\"", "sort = \"spent\""),
    ("at", "at = \"D1 10:00\"", "at = \"D1 11:00\""),
    ("until", "until = \"D3 21:00\"", "until = \"D2 21:00\""),
    ("late", "late = \"keep\"", "late = \"drop\""),
    ("via", "via = \"private\"", "via = \"call\""),
    ("class", "class = \"marketing\"", "class = \"incident\""),
    ("as", "as = \"小完子\"", "as = \"群主\""),
    ("if", "if = 'orders:0'", "if = 'orders>=1'"),
    ("check", "check = \"replied\"", "check = \"bought\""),
    ("answers", "say = \"少发\", then = [\"stop\"]", "say = \"少发\", then = [\"tag:勿扰\"]"),
    ("answers", "say = \"少发\"", "say = \"别发\""),
    ("note", "note = \"先看朋友圈\"", "note = \"先打电话\""),
    ("text", "\"还好吗\"", "\"还好么\""),
    ("image", "image = \"a.jpg\"", "image = \"b.jpg\""),
    ("forward", "label = \"小程序\"", "label = \"视频号\""),
    ("fresh", "fresh = \"7d\"", "fresh = \"8d\""),
    ("end", "then = [\"stage:silent\"]", "then = [\"stage:lost\"]"),
];

const WHOLE: &str = r#"
id = "whole"
title = "一"
for = "member"
audience = "-tag:勿扰"
class = "care"
priority = 50
tz = "Asia/Shanghai"
day_ends = "00:00"
fresh = "30d"
stop = ["left"]
rest = "180d"
start = { on = "silence", days = 30, since = "both" }
intake = { max = 20, per = "day", sort = "-spent" }
[[step]]
id = "a"
at = "D1 10:00"
until = "D3 21:00"
late = "keep"
via = "private"
class = "marketing"
as = "小完子"
if = 'orders:0'
check = "replied"
answers = [{ say = "少发", then = ["stop"] }]
note = "先看朋友圈"
fresh = "7d"
parts = [{ text = ["还好吗"] }, { image = "a.jpg" }, { forward = { where = "群", find = "卡", label = "小程序" } }]
[[end]]
when = "finished"
then = ["stage:silent"]
"#;

const OF_GROUP: &str = r#"
id = "group"
title = "群"
for = "group"
class = "care"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "lines"
by = "D0 07:30"
per = "run"
[[step]]
id = "a"
at = "D0 10:00"
via = "private"
who = "has:unpicked"
pick = { n = 20, sort = "last-liked" }
text = ["{{ name }}，{{ 商品 }}"]
[[step]]
id = "b"
at = "D0 11:00"
via = "internal"
per = "run"
note = "盘点"
[[step]]
id = "c"
at = "D0 12:00"
via = "group"
as = ["小完子", "群主"]
parts = [{ notice = "到货" }, { text = ["早", "好"] }]
"#;

const GROUP_EDITS: &[(&str, &str, &str)] = &[
    ("start", "every = \"daily\"", "every = \"weekly: 一三\""),
    ("start", "every = \"daily\"", "rrule = \"FREQ=DAILY\", dtstart = \"2026-01-31T09:00:00\""),
    ("ask", "by = \"D0 07:30\"", "by = \"D0 08:30\""),
    ("ask", "type = \"lines\"", "type = \"list\""),
    ("who", "who = \"has:unpicked\"", "who = \"tag:老客\""),
    ("pick", "n = 20", "n = 21"),
    ("per", "per = \"run\"\nnote", "note"),
    ("as", "\"小完子\", \"群主\"", "\"小完子\", \"店长\""),
    ("notice", "notice = \"到货\"", "notice = \"到齐\""),
];

fn read(toml: &str) -> Playbook {
    let parsed = crate::sop::parse(toml, "x.toml", &crate::sop::filters::check_filter);
    parsed.playbook.unwrap_or_else(|| panic!("{toml} {:?}", parsed.problems))
}

#[test]
fn every_key_that_changes_what_whom_or_when_is_told_with_both_values() {
    for (toml, edits) in [(WHOLE, EDITS), (OF_GROUP, GROUP_EDITS)] {
        let before = read(toml);
        for (key, was, is) in edits {
            assert!(toml.contains(was), "{was}");
            let after = read(&toml.replacen(was, is, 1));
            let found = compare(&before, &after);
            let tells = |one: &Difference| match one {
                Difference::Key { key: of, change, .. } => of == key && *change != Change::Otherwise,
                _ => false,
            };
            assert!(!found.is_empty() && found.iter().all(tells), "{key}: {was} -> {is}: {found:?}");
        }
    }
}

#[test]
fn of_several_wordings_only_those_that_differ_are_told() {
    let of = |texts: &str| playbook("added", "", &step("a", &format!("at = \"D0 +5m\"\ntext = [{texts}]")));
    let found = compare(&of("\"早\", \"好\", \"来\""), &of("\"早\", \"好啊\", \"来\", \"在\""));
    let words = Change::Words { before: "好".to_owned(), after: "好啊".to_owned() };
    assert_eq!(found, [of_step("a", "text", words), of_step("a", "text", Change::More("在".to_owned()))]);
    let found = compare(&of("\"早\", \"好\""), &of("\"早\""));
    assert_eq!(found, [of_step("a", "text", Change::Less("好".to_owned()))]);
    let found = compare(&of("\"早\", \"好\""), &of("\"好\", \"早\""));
    assert_eq!(found, [of_step("a", "text", Change::Otherwise)]);
}
