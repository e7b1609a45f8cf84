//! A playbook opened on the screen: what it shows, what its keys and menus ask of the desk, and the way to an editor and
//! back.
//!
//! One file because every test opens the same playbook.

use super::Screen;
use super::desk::{Desk, at, group_id, member_id, playbook};
use qun::book::id::Id;
use qun::book::{ActId, Class, EnrolmentId, PlaybookId, SkipReason, Target, TaskId, Via};
use qun::door::command::Command;
use qun::door::detail::{
    Coming, NextChange, NextStep, OpenTasks, PlaceView, SopBoard, SopDiff, Standing, StepView,
};
use qun::door::line::SopLine;
use qun::door::reply::{Consequence, Edited, Got, LogEntry, Recall, Spread};
use qun::door::{Refusal, RefusalKind, Reply};
use qun::report::funnel::Funnel;
use qun::text::lang::Lang;
use qun::tui::drafts::Draft;
use qun::tui::event::{Effect, Event, FromEditor};

fn enrolment(n: u32) -> EnrolmentId {
    EnrolmentId::from_bits(0x5000 + u128::from(n))
}

/// What was done: an act, and before it one that was undone, with what undid it.
pub fn log() -> Vec<LogEntry> {
    let entry = |n, minutes, words: &str| LogEntry {
        act: ActId::from_bits(n),
        at: at(minutes),
        by: "小李".into(),
        words: words.into(),
        undone: false,
        undoable: true,
        undoes: false,
    };
    vec![
        entry(9, -3, "已发 周末洗护提醒 / 宠友交流2群"),
        LogEntry { undoes: true, undoable: false, ..entry(8, -4, "已撤销: 已跳过 宠友交流1群") },
        LogEntry { undone: true, undoable: false, ..entry(7, -5, "已跳过 宠友交流1群") },
    ]
}

fn place(n: u32, name: &str, standing: Standing) -> PlaceView {
    PlaceView {
        asks: Vec::new(),
        enrolment: enrolment(n),
        target: Target::Member(member_id(n)),
        name: name.into(),
        standing,
        at: (standing == Standing::Active).then(|| at(i64::from(n) * 600)),
        step: if standing == Standing::Active { "welfare".into() } else { String::new() },
        number: if standing == Standing::Active { 2 } else { 0 },
        why: String::new(),
        line: 0,
        turn: None,
        paused: false,
        version: 2,
    }
}

/// A playbook with people at every stage, or with so many that they come in pages.
pub(super) fn board(sops: &[SopLine], first: u32, rows: u32) -> SopBoard {
    let step = |id: &str, when: &str, via, says: &str, funnel| StepView {
        id: id.into(),
        at: when.into(),
        via,
        class: Class::Care,
        says: says.into(),
        funnel,
    };
    let funnel = |due, sent, private, replied, bought| Funnel {
        due,
        open: due - sent,
        sent,
        private,
        replied,
        bought,
        ruled_out: 0,
    };
    let steps = vec![
        step("hello", "D0 +5m", Via::Private, "{{ name }}你好，我是{{ me }}", funnel(128, 120, 120, 61, 9)),
        step("welfare", "D0 20:00", Via::Private, "跟你说下群里的规矩", funnel(100, 64, 64, 12, 5)),
        step("notice", "D1..D7 10:00", Via::Group, "今日开团", funnel(12, 12, 0, 0, 0)),
        step("count", "D2 14:00", Via::Internal, "盘点", Funnel::default()),
    ];
    let mut places = vec![
        place(1, "小雨妈", Standing::Active),
        PlaceView { why: "上限: 本日 1/1".into(), ..place(2, "大福", Standing::Active) },
        PlaceView { paused: true, version: 1, ..place(3, "Cindy", Standing::Active) },
        PlaceView { line: 1, why: "排队中".into(), ..place(4, "阿珍", Standing::InLine) },
        PlaceView { line: 2, why: "排队中".into(), ..place(5, "老王", Standing::InLine) },
        PlaceView { why: "已走完".into(), ..place(6, "陈姐", Standing::Finished) },
        PlaceView { why: "已停止: 成交".into(), ..place(7, "林小满", Standing::Stopped) },
    ];
    let many = 250;
    places.extend((8..many).map(|n| place(n, &format!("客人{n}"), Standing::Finished)));
    let places = places.into_iter().skip(first as usize).take(rows as usize).collect();
    let line = sops.first().cloned().unwrap_or_else(|| panic!("no playbook is listed"));
    let counts = [3, 2, many - 8 + 1, 1];
    SopBoard { line, toml: "id = \"weekend-wash\"\n".into(), steps, places, first, counts }
}

/// What an edit would do; a text with 错 in it has mistakes.
pub(super) fn diff(toml: &str) -> Reply {
    if toml.contains('错') {
        let mut refusal = Refusal::new(RefusalKind::Playbook, "SOP 文件有错");
        refusal.candidates =
            vec!["weekend-wash.toml:3:8: 没有 fro 这个键".into(), "weekend-wash.toml:9:1: 缺少 at".into()];
        return Reply::Refused(refusal);
    }
    let open = |step: &str, reads: &str, n, stays| OpenTasks {
        step: step.into(),
        reads: reads.into(),
        n,
        stays,
        stopped: false,
    };
    let next = |minutes| NextStep {
        step: "welfare".into(),
        reads: "第 2 步“跟你说下群里的规矩”".into(),
        at: Some(at(minutes)),
        ..NextStep::default()
    };
    Reply::SopDiff(Box::new(SopDiff {
        entering: None,
        title: "周末洗护".into(),
        before: 2,
        changes: vec![
            "第 1 步“你好，我是小完子”的 at: D0 +5m -> D0 +10m".into(),
            "第 2 步的 文案多了“进群先看公告”".into(),
        ],
        open: vec![
            open("hello", "第 1 步“你好，我是小完子”", 4, true),
            open("case", "第 3 步“盘点”", 2, false),
        ],
        outside: 0,
        next: vec![NextChange { name: "小雨妈".into(), before: next(360), after: next(390) }],
        stopped: 1,
        stopped_names: vec!["王姐".into()],
        skipped: 0,
        skipped_names: Vec::new(),
        running: 5,
        looked_at: 5,
        unchanged: 4,
        changed: 1,
        ending: 0,
        warnings: Vec::new(),
        older: 0,
    }))
}

fn opened(size: (u16, u16), lang: Lang) -> Screen {
    let mut screen = Screen::new(Desk::small(), size, lang);
    screen.keys("9 enter");
    screen
}

fn edited(screen: &mut Screen, text: &str) {
    let playbook = PlaybookId("weekend-wash".into());
    let changed = true;
    screen.event(Event::Edited(FromEditor::Closed { playbook, text: text.into(), changed }));
}

/// The editor was left without a further change.
fn left(screen: &mut Screen, text: &str) {
    let playbook = PlaybookId("weekend-wash".into());
    screen.event(Event::Edited(FromEditor::Closed { playbook, text: text.into(), changed: false }));
}

/// The text that the editor was opened on last.
fn opened_on(screen: &mut Screen) -> Option<String> {
    let mut texts = screen.effects.drain(..).filter_map(|effect| match effect {
        Effect::Edit { text, .. } => Some(text),
        _ => None,
    });
    texts.next_back()
}

#[test]
fn an_edit_that_was_not_applied_is_not_lost() {
    for (text, asks) in [("id = \"weekend-wash\"\n# 改过", "生效: 对所有人"), ("错", "还没有生效")]
    {
        let mut screen = opened((80, 24), Lang::ZhCn);
        screen.keys("E");
        let before = opened_on(&mut screen).unwrap();
        left(&mut screen, &before);
        assert!(screen.picture().contains("没有改动"), "{}", screen.picture());
        edited(&mut screen, text);
        let asked = screen.picture();
        assert!(asked.contains(asks), "{asked}");
        // edited on, and left without another change: the same question stands there again
        screen.keys("enter");
        assert_eq!(opened_on(&mut screen).as_deref(), Some(text));
        left(&mut screen, text);
        assert_eq!(screen.picture(), asked);
        // left by Esc it is there the next time, and what is asked for it as well
        screen.keys("esc");
        let picture = screen.picture();
        assert!(picture.contains("E 接着改") && !picture.contains(asks), "{picture}");
        screen.keys("E");
        let offered = screen.picture();
        assert!(offered.contains("上次改了一半") && offered.contains("从第 2 版改起的"), "{offered}");
        assert_eq!(opened_on(&mut screen), None, "it is asked first");
        screen.keys("enter");
        assert_eq!(opened_on(&mut screen).as_deref(), Some(text));
        left(&mut screen, text);
        assert!(screen.picture().contains(asks), "{}", screen.picture());
        // dropped, the next edit begins with what runs
        let drop = screen
            .picture()
            .lines()
            .find_map(|row| row.split("放弃改动").next().filter(|at| *at != row).map(str::to_owned));
        let digit = drop.unwrap().trim_end().chars().last().unwrap().to_string();
        screen.keys(&digit);
        assert!(screen.picture().contains("改动已放弃"), "{}", screen.picture());
        screen.keys("E");
        assert_eq!(opened_on(&mut screen).as_deref(), Some(before.as_str()));
        assert_eq!(screen.desk.told, []);
    }
}

/// What the screen has asked to be kept of edits and to be dropped.
fn kept(screen: &Screen) -> Vec<String> {
    let kept = screen.effects.iter().filter_map(|effect| match effect {
        Effect::KeepDraft(draft) => Some(format!("{} {}: {}", draft.playbook, draft.began_on, draft.toml)),
        Effect::DropDraft(playbook) => Some(format!("drop {playbook}")),
        _ => None,
    });
    kept.collect()
}

#[test]
fn an_edit_outlasts_the_screen_and_takes_no_other_back_unseen() {
    let text = "id = \"weekend-wash\"\n# 改过";
    let mut screen = opened((80, 24), Lang::ZhCn);
    screen.keys("E");
    edited(&mut screen, text);
    assert_eq!(kept(&screen), [format!("weekend-wash 2: {text}")]);
    let Some(Effect::KeepDraft(draft)) =
        screen.effects.iter().find(|effect| matches!(effect, Effect::KeepDraft(_))).cloned()
    else {
        panic!()
    };
    assert_eq!(draft.store, "s01", "another store may be called so");
    // another screen, another day; somebody has changed it meanwhile
    let mut screen = opened((80, 24), Lang::ZhCn);
    assert!(screen.effects.contains(&Effect::ReadDrafts));
    screen.event(Event::Drafts(vec![Draft { began_on: 1, ..*draft }]));
    screen.keys("E");
    insta::assert_snapshot!("board-draft", screen.picture());
    // laid beside what runs, it says that it would take the change back
    screen.keys("2");
    let picture = screen.picture();
    assert!(picture.contains("从第 1 版改起, 之后有人改到了第 2 版"), "{picture}");
    screen.effects.clear();
    screen.keys("1");
    let Some(Command::SopAdd { base, .. }) = screen.desk.told.last() else { panic!() };
    assert_eq!(*base, Some(2), "another change after that is not taken back either");
    assert_eq!(kept(&screen), ["drop weekend-wash"]);
}

#[test]
fn an_edit_is_kept_until_the_desk_has_taken_it() {
    let mut screen = opened((80, 24), Lang::ZhCn);
    let text = "id = \"weekend-wash\"\n# 改过";
    edited(&mut screen, text);
    screen.keys("1");
    assert!(matches!(screen.desk.told.last(), Some(Command::SopAdd { new_only: false, .. })));
    screen.effects.clear();
    screen.keys("E");
    assert_ne!(opened_on(&mut screen).as_deref(), Some(text), "it was applied");
}

#[test]
fn an_opened_playbook_shows_steps_and_people_at_every_size() {
    for (size, lang) in [
        ((60, 12), Lang::ZhCn),
        ((80, 24), Lang::ZhCn),
        ((120, 40), Lang::ZhTw),
        ((200, 60), Lang::ZhCn),
        ((80, 24), Lang::En),
    ] {
        let screen = opened(size, lang);
        insta::assert_snapshot!(format!("board-{}x{}-{lang}", size.0, size.1), screen.picture());
        for row in screen.rows() {
            assert!(!row.chars().any(qun::text::width::is_ambiguous), "{row}");
        }
    }
}

#[test]
fn who_is_marked_is_taken_out_and_the_rest_paused_by_the_menu() {
    let mut screen = opened((80, 24), Lang::ZhCn);
    // to the people, two of them, and the menu
    screen.keys("tab space space enter");
    insta::assert_snapshot!("board-menu", screen.picture());
    screen.keys("1");
    assert_eq!(screen.desk.told, [Command::Unenrol { enrolments: vec![enrolment(1), enrolment(2)] }]);
    screen.keys("G g g tab enter 3");
    let targets = vec![Target::Member(member_id(1))];
    assert_eq!(screen.desk.told.last(), Some(&Command::Pause { targets, until: None }));
    // what has ended is not taken out
    screen.keys("j j j j j :");
    screen.keys("'unenrol enter");
    assert_eq!(screen.desk.told.len(), 2, "{}", screen.picture());
    assert!(screen.picture().contains("已经不在走了"), "{}", screen.picture());
    screen.keys("esc");
    assert!(!screen.picture().contains("客人8"));
}

#[test]
fn a_day_is_called_off_only_after_it_was_asked() {
    let mut screen = opened((80, 24), Lang::ZhCn);
    screen.keys(": 'day-off_今天暴雨 enter");
    assert!(screen.desk.told.is_empty(), "{:?}", screen.desk.told);
    let picture = screen.picture();
    assert!(
        picture.contains("今日停团?") && picture.contains("1 算了") && picture.contains("今天暴雨"),
        "{picture}"
    );
    screen.keys("1");
    assert!(screen.desk.told.is_empty(), "{:?}", screen.desk.told);
    screen.keys(": 'day-off_今天暴雨 enter 2");
    let [Command::SopDayOff { notice, .. }] = screen.desk.told.as_slice() else {
        panic!("{:?}", screen.desk.told)
    };
    assert_eq!(notice, "今天暴雨");
}

#[test]
fn more_people_come_as_the_cursor_goes_down() {
    let mut screen = opened((80, 24), Lang::ZhCn);
    assert!(!screen.picture().contains("客人249"));
    screen.keys("G G G G");
    assert!(screen.picture().contains("客人249"), "{}", screen.picture());
}

#[test]
fn people_are_put_in_by_name_and_by_filter() {
    let mut screen = opened((80, 24), Lang::ZhCn);
    screen.keys("N '小雨 enter");
    let playbook = PlaybookId("weekend-wash".into());
    let Some(Command::Enrol { playbook: told, targets, .. }) = screen.desk.told.last() else {
        panic!("{:?}", screen.desk.told)
    };
    assert_eq!((told, targets.len()), (&playbook, 1));
    screen.keys(": 'enrol enter 'stage:新客 enter");
    let dry = |dry_run| Command::Enrol {
        playbook: playbook.clone(),
        targets: Vec::new(),
        filter: "stage:新客".into(),
        anchor: None,
        dry_run,
    };
    assert_eq!(screen.desk.told.last(), Some(&dry(true)));
    screen.keys("2");
    assert_eq!(screen.desk.told.last(), Some(&dry(false)));
    let _ = group_id(1);
}

#[test]
fn the_editor_comes_back_with_what_the_text_would_do() {
    let mut screen = opened((80, 24), Lang::ZhCn);
    screen.keys("E");
    let asked = screen.effects.iter().any(|effect| {
        matches!(effect, Effect::Edit { playbook, text } if playbook.0 == "weekend-wash" && text.starts_with("id"))
    });
    assert!(asked);
    edited(&mut screen, "id = \"weekend-wash\"\n# 改过");
    insta::assert_snapshot!("board-diff", screen.picture());
    // Enter, pressed by who still thinks of the editor, edits on
    screen.effects.clear();
    screen.keys("enter");
    assert!(screen.effects.iter().any(|effect| matches!(effect, Effect::Edit { .. })));
    assert_eq!(screen.desk.told, []);
    edited(&mut screen, "id = \"weekend-wash\"\n# 改过");
    screen.keys("2");
    let Some(Command::SopAdd { new_only: true, file, .. }) = screen.desk.told.last() else {
        panic!("{:?}", screen.desk.told)
    };
    assert_eq!(file, "weekend-wash.toml");
    edited(&mut screen, "错");
    insta::assert_snapshot!("board-mistakes", screen.picture());
    screen.keys("2");
    assert_eq!(screen.desk.told.len(), 1);
    let words = "vi: no such file".to_owned();
    screen.event(Event::Edited(FromEditor::Failed { words }));
    assert!(screen.picture().contains("编辑器没有打开"), "{}", screen.picture());
}

#[test]
fn the_keys_of_the_list_work_on_it_without_opening() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys("9 : 'pause enter");
    let playbook = PlaybookId("weekend-wash".into());
    assert_eq!(screen.desk.told.last(), Some(&Command::SopPause { playbook: playbook.clone() }));
    screen.keys(": 'retire enter");
    assert!(screen.picture().contains("停用"), "{}", screen.picture());
    screen.keys("2");
    assert_eq!(screen.desk.told.last(), Some(&Command::SopRemove { playbook }));
    // elsewhere there is no playbook to pause, and it is the target that waits
    screen.keys("1 : 'pause enter");
    assert!(matches!(screen.desk.told.last(), Some(Command::Pause { .. })), "{:?}", screen.desk.told);
}

#[test]
fn a_playbook_says_what_it_does_before_what_comes() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys("9 W");
    let picture = screen.picture();
    let at = |part: &str| picture.find(part).unwrap_or_else(|| panic!("no {part} in {picture}"));
    assert!(
        at("为什么: 周末洗护") < at("weekend-wash v") && at("weekend-wash v") < at("什么时候用：周末有空位")
    );
    screen.keys("esc : 'tour enter 4");
    let picture = screen.picture();
    assert!(
        picture.contains("新客培育 7 天  new-friend-7d") && picture.contains("加好友后七天"),
        "{picture}"
    );
}

/// Who got a text that is to be corrected.
pub fn spread() -> Spread {
    let got = |name: &str, at, recall| Got { name: name.into(), at, recall, said: String::new() };
    let named = vec![
        got("阿珍", at(-1), Recall::Until(at(1))),
        got("小雨妈", at(-9), Recall::Until(at(-7))),
        got("手机1 朋友圈", at(-20), Recall::Always),
    ];
    let stands =
        vec!["SOP “新客培育 7 天” 第 2 步 d1".to_owned(), "SOP “沉默唤醒 3 轮” 第 1 步 r1".to_owned()];
    Spread {
        text: "{{ name }}，还剩 6 个名额".into(),
        pending: 3,
        got: 3,
        named,
        stands,
        ..Spread::default()
    }
}

/// The same of a text that more got than there is room for, and some had by hand otherwise.
pub fn wide_spread(got: u32) -> Spread {
    let named = (1..=got.min(9)).map(|n| {
        let said = String::new();
        Got { name: format!("第{n}位"), at: at(-i64::from(n)), recall: Recall::Never, said }
    });
    let edited = (1..=8).map(|n| Edited {
        task: TaskId::from_bits(n),
        name: format!("改过的第{n}位"),
        at: None,
        follows: Vec::new(),
        said: "您好".into(),
    });
    Spread { got, named: named.collect(), edited: edited.collect(), ..spread() }
}

/// What comes next for whom the small desk speaks of.
pub fn coming() -> Vec<Coming> {
    vec![Coming {
        at: Some(at(19 * 60)),
        asks: vec![(at(17 * 60), "商品".into())],
        playbook: playbook(),
        enrolment: EnrolmentId::from_bits(5),
        step: "wash-4".into(),
        step_number: (4, 5),
        says: "小雨妈，今天打卡了吗".into(),
        since: "进群 11-20, D4 19:00".into(),
        why: "10:00 -> 14:05 午休".into(),
    }]
}

/// What each reason for skipping brings about at the small desk.
pub fn consequences(tasks: usize) -> Vec<Consequence> {
    let of = |reason: &SkipReason| Consequence {
        reason: *reason,
        ends: 2,
        cancels: tasks as u32,
        holds: 0,
        noted: 1,
    };
    SkipReason::ALL.iter().map(of).collect()
}
