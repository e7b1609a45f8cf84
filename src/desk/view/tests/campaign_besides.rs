//! Campaigns beside those who go through their playbooks without them.

use super::{Book, GROUPBUY};
use crate::book::{Campaign, Class, PlaybookId, Target, Timestamp, Wave};
use crate::desk::testing::at;
use crate::door::campaign::{CampaignTrial, CampaignView, waits_lines};
use crate::door::compose::Compose;
use crate::door::form::Kind;
use crate::door::{Command, Refusal, Reply, Request};

/// A day of group-buys that all groups are in.
fn daily() -> Book {
    let mut book = Book::new(&["甲群", "乙群"], &["小雨妈"]);
    book.sop(GROUPBUY);
    book
}

fn campaign(playbook: &str, answers: &[(&str, &str)], waves: Vec<Wave>) -> Campaign {
    Campaign {
        id: "c38".to_owned(),
        title: "38 大促".to_owned(),
        playbooks: vec![PlaybookId(playbook.to_owned())],
        from: waves.iter().map(|wave| wave.at).min().unwrap(),
        waves,
        until: at("2026-11-27 20:00"),
        answers: answers.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        texts: Vec::new(),
        stopped_at: None,
        ended_at: None,
        act: None,
    }
}

fn wave(at: Timestamp) -> Wave {
    Wave::new(at, String::new())
}

fn tried(book: &mut Book, campaign: &Campaign) -> Result<CampaignTrial, Refusal> {
    match book.desk.ask(Request::CampaignTrial(campaign.clone())) {
        Reply::CampaignTrial(trial) => Ok(*trial),
        Reply::Refused(refusal) => Err(refusal),
        other => panic!("{other:?}"),
    }
}

fn view(book: &mut Book) -> CampaignView {
    match book.desk.ask(Request::Campaigns(Some("c38".to_owned()))) {
        Reply::Campaigns(mut views) => views.remove(0),
        other => panic!("{other:?}"),
    }
}

/// What a run answers, by the desk.
fn answers(book: &Book, run: &str) -> Vec<String> {
    let answers = book.desk.desk.store.columns.answers.iter();
    answers.filter(|(ask, _)| ask.run.to_string() == run).map(|(_, value)| value.clone()).collect()
}

#[test]
fn who_goes_through_its_playbook_already_does_not_enter_and_loses_nothing() {
    let mut book = daily();
    let plain = campaign("groupbuy", &[], vec![wave(at("2026-11-23 00:00")), wave(at("2026-11-24 00:00"))]);
    let trial = tried(&mut book, &plain).unwrap();
    assert_eq!((trial.messages, trial.waves[0].people), (0, 0));
    assert_eq!(trial.waves[0].stays, [("已经在走, 不再进入: 甲群, 乙群".to_owned(), 2)]);
    assert!(trial.warnings.iter().any(|words| words.contains("已经有 2 个在走")), "{:?}", trial.warnings);
    let ahead = |book: &mut Book| match book.desk.ask(Request::Forecast { days: 4 }) {
        Reply::Forecast(forecast) => forecast.days.iter().map(|day| day.tasks).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let without = ahead(&mut book);
    book.desk.run(Command::CampaignAdd { campaign: plain }).unwrap();
    assert_eq!(ahead(&mut book), without);
    book.tick_at("2026-11-24 10:00");
    let shown = view(&mut book);
    assert_eq!((shown.playbooks[0].1, shown.playbooks[0].2.due), ([0; 4], 0));
    let owed = book.tasks("state:due sop:groupbuy via:group").len();
    assert!(owed > 0);
    book.desk.run(Command::CampaignStop { id: "c38".to_owned() }).unwrap();
    book.desk.tick();
    assert_eq!(book.tasks("state:due sop:groupbuy via:group").len(), owed);
}

#[test]
fn what_others_fill_in_is_not_answered_for_them() {
    let mut book = daily();
    let told = campaign("groupbuy", &[("商品", "38礼盒")], vec![wave(at("2026-11-23 00:00"))]);
    let refusal = tried(&mut book, &told).unwrap_err();
    assert!(refusal.words.contains("已经有 2 个在走") && refusal.words.contains("商品"), "{}", refusal.words);
    assert!(refusal.hint.contains("qun sop export groupbuy"));
    assert!(book.desk.run(Command::CampaignAdd { campaign: told.clone() }).is_err());
    assert_eq!(answers(&book, "2026-11-23"), Vec::<String>::new());
    // a question that it does not ask is only of no use
    let other = Campaign { answers: vec![("没人问".to_owned(), "x".to_owned())], ..told };
    assert!(tried(&mut book, &other).is_ok());
}

#[test]
fn its_stop_takes_back_what_it_answered_for_rounds_to_come() {
    let mut book = Book::new(&["甲群"], &[]);
    let by_hand = "start = { on = \"by-hand\" }";
    book.sop(&GROUPBUY.replace("start = { on = \"recurrence\", every = \"daily\" }", by_hand));
    let waves = vec![wave(at("2026-11-23 00:00")), wave(at("2026-11-25 00:00"))];
    let told = campaign("groupbuy", &[("商品", "38礼盒")], waves);
    book.desk.run(Command::CampaignAdd { campaign: told }).unwrap();
    assert_eq!(answers(&book, "2026-11-25"), ["38礼盒"]);
    let run = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let (playbook, key) = (PlaybookId("groupbuy".to_owned()), "商品".to_owned());
    let fill = Command::Fill { playbook, run, group: None, key: key.clone(), value: "春见".to_owned() };
    book.desk.run(fill).unwrap();
    assert_eq!(view(&mut book).refilled, [(key, run, "春见".to_owned())]);
    book.tick_at("2026-11-23 10:00");
    book.desk.run(Command::CampaignStop { id: "c38".to_owned() }).unwrap();
    assert_eq!(answers(&book, "2026-11-23"), ["春见"]);
    assert_eq!(answers(&book, "2026-11-25"), Vec::<String>::new());
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(answers(&book, "2026-11-25"), ["38礼盒"]);
}

/// Two in a campaign with a message due, one of them in its playbook by hand as well.
fn one_is_in_by_hand() -> Book {
    let mut book = Book::new(&["甲群"], &["小雨妈", "大福"]);
    book.sop(
        r#"
id = "call"
title = "通知"
for = "member"
class = "service"
start = { on = "by-hand" }
[[step]]
id = "one"
at = "D0 10:00"
via = "private"
text = ["明天开始"]
"#,
    );
    let told = campaign("call", &[], vec![wave(at("2026-11-23 00:00"))]);
    book.desk.run(Command::CampaignAdd { campaign: told }).unwrap();
    book.tick_at("2026-11-23 00:00");
    // one of them is taken in by hand as well, from the same day
    let enrol = Command::Enrol {
        playbook: PlaybookId("call".to_owned()),
        targets: vec![Target::Member(book.members[0])],
        filter: String::new(),
        anchor: Some(at("2026-11-23 00:00")),
        dry_run: false,
    };
    book.desk.run(enrol).unwrap();
    book.tick_at("2026-11-23 10:00");
    assert_eq!(due(&mut book).len(), 2, "each is told once");
    book
}

/// Whom something is due to, and until when.
fn due(book: &mut Book) -> Vec<(String, Option<Timestamp>)> {
    let due = book.tasks("state:due sop:call").into_iter();
    due.map(|task| (task.target_name, task.until)).collect()
}

#[test]
fn what_its_playbook_says_without_it_outlives_its_end() {
    let mut book = one_is_in_by_hand();
    book.tick_at("2026-11-27 20:00");
    assert_eq!(due(&mut book), [("小雨妈".to_owned(), None)]);
    book.tick_at("2026-11-28 09:00");
    assert_eq!(due(&mut book), [("小雨妈".to_owned(), None)]);
}

#[test]
fn what_its_playbook_says_without_it_outlives_its_stop() {
    let mut book = one_is_in_by_hand();
    // only the two that entered with it are its own
    let shown = view(&mut book);
    assert_eq!((shown.playbooks[0].1[0], shown.playbooks[0].2.due), (2, 2));
    book.desk.run(Command::CampaignStop { id: "c38".to_owned() }).unwrap();
    book.desk.tick();
    assert_eq!(due(&mut book), [("小雨妈".to_owned(), None)]);
    book.desk.run(Command::Undo { act: None }).unwrap();
    book.desk.tick();
    assert_eq!(due(&mut book).len(), 2);
}

#[test]
fn what_was_not_sent_yet_stands_before_it_and_that_is_told() {
    let mut book = Book::new(&[], &["小雨妈", "大福"]);
    book.desk.desk.store.columns.rules.caps = vec![super::forecast::once_a_day()];
    book.sop(
        r#"
id = "sale"
title = "上新"
for = "member"
class = "marketing"
start = { on = "by-hand" }
[[step]]
id = "one"
at = "D0 10:00"
via = "private"
text = ["上新了"]
"#,
    );
    let compose = Compose {
        title: "老客唤回".to_owned(),
        to: Kind::Member,
        filter: "name:小雨妈".to_owned(),
        at: book.desk.now().wall,
        until: None,
        text: "好久不见".to_owned(),
        class: Class::Marketing,
        account: None,
    };
    book.desk.run(Command::Compose { compose, dry_run: false }).unwrap();
    book.desk.tick();
    assert_eq!(book.tasks("state:due").len(), 1);
    let told = campaign("sale", &[], vec![wave(at("2026-11-24 00:00"))]);
    let words = "1 个还有没发的 老客唤回, 发掉或取消才轮到";
    let trial = tried(&mut book, &told).unwrap();
    assert!(trial.warnings.iter().any(|warning| warning == words), "{:?}", trial.warnings);
    book.desk.run(Command::CampaignAdd { campaign: told }).unwrap();
    let Reply::Forecast(forecast) = book.desk.ask(Request::Forecast { days: 4 }) else { panic!() };
    assert_eq!(forecast.unsent, [("老客唤回".to_owned(), 1)]);
    book.tick_at("2026-11-24 10:00");
    let shown = view(&mut book);
    assert_eq!((shown.playbooks[0].1[0], shown.playbooks[0].2.due), (2, 1));
    assert_eq!(waits_lines(&shown, crate::text::lang::Lang::ZhCn), [words]);
}

#[test]
fn what_each_of_a_group_is_told_and_what_is_gathered_is_counted() {
    let mut book = Book::new(&["甲群"], &["小雨妈", "大福"]);
    let (group, members) = (book.groups[0], book.members.clone());
    for member in members {
        book.join(member, group);
    }
    let step = |id: &str, kind: &str, more: &str| {
        format!(
            "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"{kind}\"\nclass = \"care\"\nstart = {{ on = \"by-hand\" }}\n\
             [[step]]\nid = \"a\"\nat = \"D0 10:00\"\n{more}\n"
        )
    };
    book.sop(&step("each", "group", "via = \"private\"\nwho = \"-tag:勿扰\"\ntext = [\"你好\"]"));
    book.sop(&step("all", "member", "via = \"group\"\ntext = [\"{{ members }} 来\"]"));
    let both = Campaign {
        playbooks: ["each", "all"].map(|id| PlaybookId(id.to_owned())).to_vec(),
        ..campaign("each", &[], vec![wave(at("2026-11-23 00:00"))])
    };
    book.desk.run(Command::CampaignAdd { campaign: both }).unwrap();
    book.tick_at("2026-11-23 00:00");
    book.tick_at("2026-11-23 10:00");
    let due = book.tasks("state:due");
    assert_eq!(due.len(), 3, "two by name, and one in the group: {due:?}");
    for task in &due {
        book.verb(task.id, super::SENT);
    }
    let counted = |book: &mut Book| -> Vec<(u32, u32)> {
        view(book).playbooks.iter().map(|(_, _, funnel)| (funnel.due, funnel.sent)).collect()
    };
    assert_eq!(counted(&mut book), [(2, 2), (1, 1)]);
    // what a playbook says without it is not counted
    let enrol = Command::Enrol {
        playbook: PlaybookId("each".to_owned()),
        targets: vec![Target::Group(group)],
        filter: String::new(),
        anchor: Some(at("2026-11-24 00:00")),
        dry_run: false,
    };
    book.desk.run(enrol).unwrap();
    book.tick_at("2026-11-24 10:00");
    assert_eq!(book.tasks("state:due").len(), 2);
    assert_eq!(counted(&mut book), [(2, 2), (1, 1)]);
}
