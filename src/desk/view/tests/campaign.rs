//! Campaigns: who enters, what they share, what is said besides, and how all of it ends.
//!
//! One file because all of it is told of one campaign over one book.

use super::{Book, GROUPBUY, SENT};
use crate::book::{ActivityKind, Campaign, CampaignText, Class, PlaybookId, Target, Timestamp, Wave};
use crate::desk::testing::at;
use crate::door::command::ObjectRef;
use crate::door::detail::CampaignView;
use crate::door::form::Field;
use crate::door::{Command, RefusalKind, Reply, Request};
use crate::store::Body;

const CALL: &str = r#"
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
[[step]]
id = "two"
at = "D2 10:00"
via = "private"
text = ["还剩一天"]
"#;

fn id(id: &str) -> PlaybookId {
    PlaybookId(id.to_owned())
}

fn wave(at: Timestamp, filter: &str) -> Wave {
    Wave::new(at, filter.to_owned())
}

/// Three members, one of them an old customer, and a group; a campaign over two playbooks, in two waves.
fn set_up() -> (Book, Campaign) {
    let mut book = Book::new(&["宠友1群"], &["小雨妈", "大福", "老王"]);
    book.sop(CALL);
    let by_hand = "start = { on = \"by-hand\" }";
    book.sop(&GROUPBUY.replace("start = { on = \"recurrence\", every = \"daily\" }", by_hand));
    let objects = vec![ObjectRef::Member(book.members[0])];
    book.desk.run(Command::Edit { objects, fields: vec![(Field::Stage, "repeat".to_owned())] }).unwrap();
    let campaign = Campaign {
        id: "jun-618".to_owned(),
        title: "618 大促".to_owned(),
        playbooks: vec![id("call"), id("groupbuy")],
        waves: vec![wave(at("2026-11-23 00:00"), "stage:repeat"), wave(at("2026-11-24 00:00"), "")],
        from: at("2026-11-23 00:00"),
        until: at("2026-11-25 20:00"),
        answers: [("商品", "牛奶 19.9"), ("未提货", "小雨妈"), ("没人问", "x")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .to_vec(),
        texts: Vec::new(),
        stopped_at: None,
        ended_at: None,
        act: None,
    };
    (book, campaign)
}

fn view(book: &mut Book) -> CampaignView {
    match book.desk.ask(Request::Campaigns(Some("jun-618".to_owned()))) {
        Reply::Campaigns(mut views) => views.remove(0),
        other => panic!("{other:?}"),
    }
}

fn running(book: &mut Book) -> Vec<[u32; 4]> {
    view(book).playbooks.into_iter().map(|(_, counts, _)| counts).collect()
}

#[test]
fn waves_enter_once_share_answers_and_end_together() {
    let (mut book, campaign) = set_up();
    let add = Command::CampaignAdd { campaign: campaign.clone() };
    let outcome = book.desk.run(add.clone()).unwrap();
    assert!(outcome.act.is_some() && outcome.words.contains("11-23 00:00"), "{}", outcome.words);
    assert!(outcome.warnings.iter().any(|words| words.contains("没人问")), "{:?}", outcome.warnings);
    assert_eq!(running(&mut book), [[0; 4]; 2]);
    // the same again changes nothing, another one with this id is refused
    book.desk.run(add.clone()).unwrap();
    assert_eq!(running(&mut book), [[0; 4]; 2]);
    let other = Campaign { title: "别的".to_owned(), ..campaign };
    assert!(book.desk.run(Command::CampaignAdd { campaign: other }).is_err());
    // the first wave is a day before the second, and its answers stand in every round of the group
    book.tick_at("2026-11-23 10:00");
    assert_eq!(running(&mut book), [[1, 0, 0, 0], [0; 4]]);
    book.desk.run(add).unwrap();
    assert_eq!(running(&mut book), [[1, 0, 0, 0], [0; 4]]);
    let due: Vec<String> =
        book.tasks("state:due sop:call").into_iter().map(|task| task.target_name).collect();
    assert_eq!(due, ["小雨妈"]);
    book.tick_at("2026-11-24 10:00");
    assert_eq!(running(&mut book), [[3, 0, 0, 0], [1, 0, 0, 0]]);
    let calls = book.tasks("state:due sop:call");
    assert_eq!(calls.len(), 3);
    let open = book.tasks("state:due sop:groupbuy via:group");
    assert_eq!(open.len(), 1, "{open:#?}");
    let text = book.text(open[0].id);
    assert!(text.parts[0].copy.as_ref().is_some_and(|text| text.contains("牛奶 19.9")), "{text:?}");
    for task in &calls {
        book.verb(task.id, SENT);
    }
    let bought = book.members[1];
    book.desk.at("2026-11-24 11:00");
    book.happened(bought, ActivityKind::Bought, "牛奶");
    let (_, _, funnel) = view(&mut book).playbooks.remove(0);
    assert_eq!((funnel.due, funnel.sent, funnel.bought), (3, 3, 1));
    // nothing outlasts it
    book.tick_at("2026-11-25 10:00");
    let last = book.tasks("state:due sop:call");
    assert!(last.iter().all(|task| task.until == Some(at("2026-11-25 20:00"))), "{last:?}");
    book.tick_at("2026-11-26 12:00");
    assert_eq!(book.tasks("state:due sop:call").len(), 0);
    assert_eq!(running(&mut book).iter().map(|counts| counts[0] + counts[1]).sum::<u32>(), 0);
    assert!(view(&mut book).over);
}

#[test]
fn a_wave_that_nobody_matches_is_told_before_and_when_it_begins() {
    let (mut book, mut campaign) = set_up();
    campaign.waves =
        vec![wave(at("2026-11-22 08:00"), "tag:没人有"), wave(at("2026-11-24 00:00"), "stage:repeat")];
    campaign.from = at("2026-11-22 08:00");
    campaign.answers.clear();
    let Reply::CampaignTrial(trial) = book.desk.ask(Request::CampaignTrial(campaign.clone())) else {
        panic!()
    };
    assert_eq!(trial.warnings, ["11-22 08:00 的一波没有人符合: tag:没人有"]);
    let outcome = book.desk.run(Command::CampaignAdd { campaign: campaign.clone() }).unwrap();
    assert_eq!(outcome.warnings, ["11-22 08:00 的一波没有人符合: tag:没人有"]);
    let waves = view(&mut book).waves;
    assert_eq!((waves[0].people, waves[0].chosen_at.is_some()), (0, true));
    // the other one takes somebody, and says nothing
    book.tick_at("2026-11-24 10:00");
    let said = std::mem::take(&mut book.desk.pushed);
    let said: Vec<String> = said
        .into_iter()
        .filter_map(|push| if let crate::door::Push::Said { words } = push { Some(words) } else { None })
        .collect();
    assert_eq!(said, ["618 大促 第 2/2 波开始: 1 个进入"]);
}

#[test]
fn a_wave_of_the_whole_book_is_told_before_it_enters() {
    let (mut book, mut campaign) = set_up();
    campaign.answers.clear();
    let mut warnings = |campaign: &Campaign| match book.desk.ask(Request::CampaignTrial(campaign.clone())) {
        Reply::CampaignTrial(trial) => trial.warnings,
        other => panic!("{other:?}"),
    };
    let from = campaign.from;
    campaign.waves = vec![wave(from, "stage:repeat"), wave(at("2026-11-24 00:00"), "name:宠友1群")];
    assert_eq!(warnings(&campaign), Vec::<String>::new());
    // a wave of people brings no group into a playbook of groups
    campaign.waves = vec![wave(from, "stage:repeat")];
    let told = warnings(&campaign);
    assert!(told.len() == 1 && told[0].contains("没有群会进"), "{told:?}");
    campaign.waves = vec![wave(from, "")];
    let told = warnings(&campaign);
    assert!(told.len() == 1 && told[0].ends_with("这一波没写筛选: 整本名册里合适的一次全进"), "{told:?}");
}

#[test]
fn it_is_stopped_for_all_and_undone_as_one() {
    let (mut book, campaign) = set_up();
    book.desk.run(Command::CampaignAdd { campaign: campaign.clone() }).unwrap();
    book.tick_at("2026-11-24 10:00");
    let stop = Command::CampaignStop { id: "jun-618".to_owned() };
    book.desk.run(stop.clone()).unwrap();
    assert_eq!(running(&mut book), [[0, 0, 0, 3], [0, 0, 0, 1]]);
    let left = book.tasks("state:due via:private,group");
    assert_eq!(left, [], "{left:#?}");
    assert!(book.desk.run(stop).is_err());
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(running(&mut book), [[3, 0, 0, 0], [1, 0, 0, 0]]);
    assert!(!view(&mut book).over);
    book.desk.desk.store.columns.rules = crate::book::Rules::default();
    book.desk.restart();
    assert_eq!(running(&mut book), [[3, 0, 0, 0], [1, 0, 0, 0]]);
    // taken back whole: nobody is in it and nobody knows it
    book.desk.run(Command::Undo { act: None }).unwrap();
    let Reply::Campaigns(views) = book.desk.ask(Request::Campaigns(None)) else { panic!() };
    assert_eq!(views, []);
    assert_eq!(book.tasks("state:due via:private,group").len(), 0);
    let member = Target::Member(book.members[0]);
    let Reply::Why(coming) = book.desk.ask(Request::Why(member)) else { panic!() };
    assert!(coming.iter().all(|coming| coming.at.is_none()), "{coming:?}");
}

#[test]
fn it_is_tried_before_it_is_set_up() {
    let (mut book, campaign) = set_up();
    book.sop(&CALL.replace("\"call\"", "\"other\"").replace("service", "marketing"));
    let targets = vec![Target::Member(book.members[2])];
    let enrol = Command::Enrol {
        playbook: id("other"),
        targets,
        filter: String::new(),
        anchor: Some(at("2026-11-24 00:00")),
        dry_run: false,
    };
    book.desk.run(enrol).unwrap();
    book.sop(&CALL.replace("service", "marketing"));
    let end = book.desk.desk.store.end().seq;
    let mut tried = |campaign: &Campaign| match book.desk.ask(Request::CampaignTrial(campaign.clone())) {
        Reply::CampaignTrial(trial) => Ok(*trial),
        Reply::Refused(refusal) => Err(refusal),
        other => panic!("{other:?}"),
    };
    let trial = tried(&campaign).unwrap();
    let waves: Vec<(u32, u32)> = trial.waves.iter().map(|wave| (wave.people, wave.overlap)).collect();
    // one old customer; then the two others and the group, the customer being in the first
    assert_eq!(waves, [(1, 0), (3, 1)]);
    let each: Vec<Vec<u32>> =
        trial.waves.iter().map(|wave| wave.playbooks.iter().map(|(_, n)| *n).collect()).collect();
    assert_eq!(each, [[1, 0], [2, 1]]);
    assert_eq!(trial.clash_count, 1);
    assert_eq!(
        (trial.clashes[0].1.as_str(), trial.clashes[0].0.to_string().as_str()),
        ("老王", "2026-11-24")
    );
    assert!(trial.messages > 0 && trial.warnings.len() == 1 && trial.caps.is_empty(), "{trial:?}");
    let mut wrong = campaign.clone();
    wrong.waves[0].filter = "stag:repeat".to_owned();
    assert!(tried(&wrong).is_err());
    assert_eq!(book.desk.desk.store.end().seq, end);
    // a cap lets only one of the two through on that day
    book.desk.desk.store.columns.rules.caps = vec![super::forecast::once_a_day()];
    let Reply::CampaignTrial(capped) = book.desk.ask(Request::CampaignTrial(campaign.clone())) else {
        panic!()
    };
    assert_eq!((capped.caps.len(), capped.caps[0].planned, capped.caps[0].name.as_str()), (1, 2, "老王"));
    assert_eq!(capped.clash_count, 0);
    // one that stands is tried without what has begun of it
    book.desk.run(Command::CampaignAdd { campaign: campaign.clone() }).unwrap();
    book.tick_at("2026-11-23 00:00");
    let Reply::CampaignTrial(trial) = book.desk.ask(Request::CampaignTrial(campaign)) else { panic!() };
    assert_eq!((trial.waves.len(), trial.waves[0].people, trial.waves[0].overlap), (1, 3, 1));
    // and the review tells waves apart
    book.tick_at("2026-11-24 10:00");
    let shown = view(&mut book);
    assert_eq!(shown.waves.iter().map(|wave| wave.people).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(shown.waves[1].playbooks[0].0, [2, 0, 0, 0]);
    assert_eq!(shown.waves.iter().map(|wave| wave.playbooks[0].1.due).sum::<u32>(), shown.playbooks[0].2.due);
}

#[test]
fn a_wave_is_chosen_as_it_begins_and_nobody_is_in_two() {
    let (mut book, mut campaign) = set_up();
    // a playbook that takes one who came with the first wave only later
    let late = CALL.replace("\"call\"", "\"late\"").replace("for = ", "audience = \"tag:会员\"\nfor = ");
    book.sop(&late);
    campaign.playbooks = vec![id("call"), id("late")];
    campaign.waves[1].filter = "-tag:不要".to_owned();
    book.desk.run(Command::CampaignAdd { campaign: campaign.clone() }).unwrap();
    book.tick_at("2026-11-23 00:00");
    assert_eq!(running(&mut book), [[1, 0, 0, 0], [0; 4]]);
    let tag = |book: &mut Book, member: usize, tags: &str| {
        let objects = vec![ObjectRef::Member(book.members[member])];
        book.desk.run(Command::Edit { objects, fields: vec![(Field::Tags, tags.to_owned())] }).unwrap();
    };
    // the first was in the first wave; the second no longer fits; somebody new does
    tag(&mut book, 0, "会员");
    tag(&mut book, 1, "不要");
    let name = vec![(Field::Name, "新来的".to_owned()), (Field::Tags, "会员".to_owned())];
    let kind = crate::door::form::Kind::Member;
    book.desk.run(Command::Create { kind, fields: name }).unwrap();
    book.desk.desk.store.columns.rules = crate::book::Rules::default();
    book.desk.restart();
    book.tick_at("2026-11-24 00:00");
    assert_eq!(running(&mut book), [[3, 0, 0, 0], [1, 0, 0, 0]]);
    let Reply::Why(coming) = book.desk.ask(Request::Why(Target::Member(book.members[1]))) else { panic!() };
    assert_eq!(coming, []);
    let Reply::Why(coming) = book.desk.ask(Request::Why(Target::Member(book.members[0]))) else { panic!() };
    assert_eq!(coming.len(), 1, "{coming:?}");
    // nobody enters a wave that has begun
    tag(&mut book, 1, "");
    book.tick_at("2026-11-24 12:00");
    assert_eq!(running(&mut book), [[3, 0, 0, 0], [1, 0, 0, 0]]);
    // and one undo takes back whoever came in later as well
    let acts = crate::store::acts::newest(None, 50, &book.desk.desk.store.bodies).unwrap();
    let set_up = acts.iter().find(|(act, _)| {
        let first = crate::store::acts::first_of(*act, &book.desk.desk.store.bodies).unwrap();
        matches!(first, Some(Body::CampaignSet { before: None, .. }))
    });
    let act = set_up.map(|(act, _)| *act);
    book.desk.run(Command::Undo { act }).unwrap();
    book.desk.tick();
    let Reply::Campaigns(views) = book.desk.ask(Request::Campaigns(None)) else { panic!() };
    assert_eq!(views, []);
    assert_eq!(book.tasks("state:due via:private"), []);
    book.tick_at("2026-11-24 13:00");
    assert_eq!(book.tasks("state:due via:private"), []);
    // and back again
    book.desk.run(Command::Redo).unwrap();
    book.desk.tick();
    assert_eq!(running(&mut book), [[3, 0, 0, 0], [1, 0, 0, 0]]);
}

#[test]
fn a_campaign_is_changed_but_not_what_has_begun_of_it() {
    let (mut book, campaign) = set_up();
    book.desk.run(Command::CampaignAdd { campaign: campaign.clone() }).unwrap();
    let edit = |campaign: &Campaign| Command::CampaignEdit { campaign: campaign.clone() };
    let mut changed = campaign.clone();
    changed.title = "618 年中大促".to_owned();
    changed.waves[1].at = at("2026-11-23 18:00");
    changed.until = at("2026-11-26 20:00");
    changed.answers[0].1 = "牛奶 18.8".to_owned();
    let outcome = book.desk.run(edit(&changed)).unwrap();
    assert!(outcome.act.is_some(), "{outcome:?}");
    book.tick_at("2026-11-23 09:00");
    assert_eq!(running(&mut book), [[1, 0, 0, 0], [0; 4]]);
    let mut wrong = changed.clone();
    wrong.waves[0].filter = String::new();
    assert!(book.desk.run(edit(&wrong)).is_err());
    book.tick_at("2026-11-23 20:00");
    assert_eq!(running(&mut book), [[3, 0, 0, 0], [1, 0, 0, 0]]);
    wrong = changed.clone();
    wrong.playbooks.remove(0);
    let refusal = book.desk.run(edit(&wrong)).unwrap_err();
    assert!(refusal.words.contains('3'), "{}", refusal.words);
    // undone by name: what has begun has begun
    let undone = book.desk.run(Command::Undo { act: outcome.act }).unwrap();
    assert!(!undone.warnings.is_empty(), "{undone:?}");
    let before = view(&mut book).campaign;
    assert_eq!((before.title.as_str(), before.waves[1].at), ("618 大促", changed.waves[1].at));
    assert_eq!(running(&mut book), [[3, 0, 0, 0], [1, 0, 0, 0]]);
    let mut longer = changed.clone();
    longer.until = at("2026-11-27 20:00");
    let outcome = book.desk.run(edit(&longer)).unwrap();
    assert_eq!(view(&mut book).campaign.until, longer.until);
    book.desk.run(Command::Undo { act: outcome.act }).unwrap();
    assert_eq!(view(&mut book).campaign, before);
    assert!(book.desk.run(edit(&Campaign { id: "jun-619".to_owned(), ..longer })).is_err());
}

#[test]
fn what_is_wrong_with_a_campaign_changes_nothing() {
    let (mut book, campaign) = set_up();
    let mut refused = |change: &dyn Fn(&mut Campaign)| {
        let mut wrong = campaign.clone();
        change(&mut wrong);
        let refusal = book.desk.run(Command::CampaignAdd { campaign: wrong }).unwrap_err();
        let Reply::Campaigns(views) = book.desk.ask(Request::Campaigns(None)) else { panic!() };
        assert_eq!(views, [], "{refusal:?}");
        refusal
    };
    assert_eq!(refused(&|wrong| wrong.id = "618 大促".to_owned()).kind, RefusalKind::Invalid);
    refused(&|wrong| wrong.playbooks.clear());
    refused(&|wrong| wrong.until = wrong.from);
    refused(&|wrong| wrong.waves[1].at = wrong.until);
    refused(&|wrong| wrong.waves[1].at = wrong.waves[0].at);
    refused(&|wrong| wrong.playbooks.push(id("none")));
    let refusal = refused(&|wrong| wrong.waves[0].filter = "stag:repeat".to_owned());
    assert!(
        refusal.column.is_some() || !refusal.candidates.is_empty() || !refusal.hint.is_empty(),
        "{refusal:?}"
    );
}

fn text(at: Timestamp, groups: bool, filter: &str, text: &str) -> CampaignText {
    CampaignText {
        title: String::new(),
        groups,
        filter: filter.to_owned(),
        at,
        until: None,
        text: text.to_owned(),
        class: Class::Service,
        account: None,
        made: None,
        begun_at: None,
    }
}

/// The campaign with two texts: to a group on the 23rd, to an old customer on the 24th.
fn with_texts() -> (Book, Campaign) {
    let (book, mut campaign) = set_up();
    campaign.answers.truncate(1);
    campaign.texts = vec![
        text(at("2026-11-23 09:00"), true, "宠友1群", "今晚开始，{{ 商品 }}"),
        text(at("2026-11-24 09:00"), false, "stage:repeat", "{{ name }}，老客专场"),
    ];
    (book, campaign)
}

#[test]
fn texts_are_made_in_their_time_reviewed_and_stopped_with_the_rest() {
    let (mut book, campaign) = with_texts();
    let Reply::CampaignTrial(trial) = book.desk.ask(Request::CampaignTrial(campaign.clone())) else {
        panic!()
    };
    let tried: Vec<_> = trial.texts.iter().map(|text| (text.report.matched, text.report.gets)).collect();
    assert_eq!(tried, [(1, 1), (1, 1)], "{:?}", trial.texts);
    assert_eq!(trial.texts[0].report.text, "今晚开始，牛奶 19.9");
    book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    assert_eq!(book.tasks("state:due").len(), 0);
    assert!(view(&mut book).texts.iter().all(|text| text.made.is_none()));
    book.tick_at("2026-11-23 09:00");
    let due = book.tasks("state:due via:group");
    assert_eq!(due.len(), 1, "{due:?}");
    assert_eq!(book.text(due[0].id).parts[0].copy.as_deref(), Some("今晚开始，牛奶 19.9"));
    // a desk that begins anew makes no second one
    book.desk.desk.store.columns.rules = crate::book::Rules::default();
    book.desk.restart();
    book.tick_at("2026-11-23 09:01");
    assert_eq!(book.tasks("state:due via:group").len(), 1);
    book.verb(due[0].id, SENT);
    let told = view(&mut book).texts;
    assert_eq!((told[0].funnel.due, told[0].funnel.sent), (1, 1));
    assert_eq!((told[1].made.is_some(), told[1].funnel.due), (false, 0));
    // who is in a wave gets a text as well; whom it is for is decided at its time
    let objects = vec![ObjectRef::Member(book.members[1])];
    book.desk.run(Command::Edit { objects, fields: vec![(Field::Stage, "repeat".to_owned())] }).unwrap();
    book.tick_at("2026-11-24 09:00");
    let special: Vec<String> =
        book.tasks("state:due 老客专场").into_iter().map(|task| task.target_name).collect();
    assert_eq!(special.len(), 2, "{special:?}");
    // its end ends them
    let due = book.tasks("state:due 老客专场");
    assert!(due.iter().all(|task| task.until == Some(at("2026-11-25 20:00"))), "{due:?}");
    book.desk.run(Command::CampaignStop { id: "jun-618".to_owned() }).unwrap();
    assert_eq!(book.tasks("state:due 老客专场").len(), 0);
    assert_eq!(view(&mut book).texts[1].counts, [0, 0, 0, 2]);
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(book.tasks("state:due 老客专场").len(), 2);
    // and taking the campaign back takes back what it made
    book.desk.run(Command::Undo { act: None }).unwrap();
    book.desk.run(Command::Undo { act: None }).unwrap();
    book.desk.run(Command::Undo { act: None }).unwrap();
    let Reply::Campaigns(views) = book.desk.ask(Request::Campaigns(None)) else { panic!() };
    assert_eq!(views, []);
    assert_eq!(book.tasks("state:due 老客专场").len(), 0);
}

/// What is answered is said as it stands, whatever it looks like, and may still change.
#[test]
fn answers_are_no_part_of_the_template() {
    let (mut book, mut campaign) = with_texts();
    let sale = "牛奶 {{ name }} {% 19.9 {{ 没有 }}";
    campaign.answers =
        vec![("商品".to_owned(), sale.to_owned()), ("满 减".to_owned(), "{{ \"满\"\\ }}".to_owned())];
    campaign.texts[0].text = "今晚{% if 商品 %}，{{ 商品 }}{% endif %}，{{ 满 减 }}".to_owned();
    let said = format!("今晚，{sale}，{{{{ \"满\"\\ }}}}");
    let Reply::CampaignTrial(trial) = book.desk.ask(Request::CampaignTrial(campaign.clone())) else {
        panic!()
    };
    assert_eq!((trial.texts[0].report.text.as_str(), trial.texts[0].report.gets), (said.as_str(), 1));
    assert_eq!(trial.warnings, [] as [&str; 0]);
    let added = book.desk.run(Command::CampaignAdd { campaign }).unwrap();
    assert_eq!(added.warnings, [] as [&str; 0]);
    book.tick_at("2026-11-23 09:00");
    let due = book.tasks("state:due via:group");
    let text = |book: &mut Book| book.text(due[0].id).parts[0].copy.clone();
    assert_eq!(text(&mut book).as_deref(), Some(said.as_str()));
    let mut edited = book.desk.desk.store.columns.campaigns["jun-618"].written();
    edited.answers[0].1 = "酸奶".to_owned();
    book.desk.run(Command::CampaignEdit { campaign: edited }).unwrap();
    assert_eq!(text(&mut book).as_deref(), Some("今晚，酸奶，{{ \"满\"\\ }}"));
    book.desk.run(Command::Undo { act: None }).unwrap();
    assert_eq!(text(&mut book).as_deref(), Some(said.as_str()));
}

#[test]
fn texts_stand_alone_are_edited_until_they_begin_and_wrong_ones_are_named() {
    let (mut book, mut campaign) = with_texts();
    (campaign.playbooks, campaign.waves) = (Vec::new(), Vec::new());
    let refused = |book: &mut Book, change: &dyn Fn(&mut Campaign)| {
        let mut wrong = campaign.clone();
        change(&mut wrong);
        let refusal = book.desk.run(Command::CampaignAdd { campaign: wrong }).unwrap_err();
        (refusal.object, refusal.words)
    };
    assert_eq!(refused(&mut book, &|wrong| wrong.texts.clear()).0, "playbook");
    let (object, words) = refused(&mut book, &|wrong| wrong.texts[1].filter = "stagee:new".to_owned());
    assert!(object == "text.1" && words.contains("第 2 条") && words.contains("stage"), "{words}");
    assert_eq!(refused(&mut book, &|wrong| wrong.texts[0].at = at("2026-11-26 09:00")).0, "text.0");
    assert_eq!(refused(&mut book, &|wrong| wrong.texts[0].text = "{{ name".to_owned()).0, "text.0");
    assert_eq!(refused(&mut book, &|wrong| wrong.texts.push(wrong.texts[0].clone())).0, "text.2");
    book.desk.run(Command::CampaignAdd { campaign: campaign.clone() }).unwrap();
    book.tick_at("2026-11-23 09:00");
    let edit = |campaign: &Campaign| Command::CampaignEdit { campaign: campaign.clone() };
    let mut later = campaign.clone();
    later.texts[1].at = at("2026-11-24 15:00");
    book.desk.run(edit(&later)).unwrap();
    let mut other = later.clone();
    other.texts[0].text = "别的".to_owned();
    let words = book.desk.run(edit(&other)).unwrap_err().words;
    assert!(words.contains("11-23 09:00"), "{words}");
    book.tick_at("2026-11-24 09:00");
    assert_eq!(book.tasks("state:due 老客专场").len(), 0);
    book.tick_at("2026-11-24 15:00");
    assert_eq!(book.tasks("state:due 老客专场").len(), 1);
    // nobody there is said, and a text whose account is gone is not tried for ever
    let mut more = later;
    more.texts.push(text(at("2026-11-25 09:00"), false, "tag:没有", "x"));
    book.desk.run(edit(&more)).unwrap();
    book.desk.pushed.clear();
    book.tick_at("2026-11-25 09:00");
    let said = std::mem::take(&mut book.desk.pushed);
    let is_told = |push: &crate::door::Push| matches!(push, crate::door::Push::Said { words } if words.contains("11-25 09:00") && words.contains("没有人收"));
    assert!(said.iter().any(is_told), "{said:?}");
    assert!(view(&mut book).campaign.texts.iter().all(|text| text.begun_at.is_some()));
}
