//! What comes in by the screen: a member list, typed or dropped, looked at, counted before anything is changed, then taken;
//! and a playbook that comes with the program.

use super::Screen;
use super::desk::Desk;
use qun::door::command::Command;
use qun::door::reply::{Cell, Conflict, ImportReport, ImportStage, ImportStanding};
use qun::door::rows::MemberRow;
use qun::text::lang::Lang;
use qun::tui::event::{Effect, Event, Timer};
use qun::tui::files::{FileFacts, FromFile, ToFile};

/// A screen that reads a file after `:import`.
fn reading() -> Screen {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys(": 'import_/tmp/名单.csv enter");
    let opened = screen.effects.iter().any(
        |effect| matches!(effect, Effect::OpenFile(which) if which.path == "/tmp/名单.csv" && which.now_ms > 0),
    );
    assert!(opened, "{:?}", screen.effects);
    screen
}

fn facts() -> FileFacts {
    FileFacts {
        name: "名单.csv".into(),
        rows: 3_000,
        rejects: "名单.rejects.csv".into(),
        notes: vec!["没有用到的列: 流失状态".into()],
        ..FileFacts::default()
    }
}

fn bad_facts() -> FileFacts {
    let problems = (4..16).map(|line| {
        format!("第 {line} 行 B 列「手机号」: 1.38E+10: 表格软件把数字缩短了，后面的位数已丢失；把这一列设为文本，重新填写")
    });
    FileFacts { rejected: 12, problems: problems.collect(), ..facts() }
}

fn report() -> ImportReport {
    ImportReport {
        import: 5,
        new: 2_980,
        changed: 20,
        new_groups: (1..8).map(|n| format!("宠友{n}群")).collect(),
        new_accounts: vec!["小完子".into()],
        entering: vec![("新客培育 7 天".into(), 12, 2_988, qun::door::form::Kind::Member)],
        ..ImportReport::default()
    }
}

fn standing(stage: ImportStage, done: u32, report: &ImportReport) -> ImportStanding {
    ImportStanding { stage, rows: 3_000, done, report: report.clone() }
}

/// Every row of the file goes to the desk.
fn send_all(screen: &mut Screen) {
    let row = MemberRow { line: 2, name: "阿珍".into(), ..MemberRow::default() };
    assert!(screen.effects.contains(&Effect::File(ToFile::Rows)));
    screen.event(Event::File(FromFile::Rows(vec![row])));
    assert!(screen.picture().contains("送出 1/3000"), "{}", screen.picture());
    screen.event(Event::File(FromFile::End));
}

fn commands(screen: &Screen) -> Vec<&Command> {
    screen.desk.told.iter().filter(|command| !matches!(command, Command::Task { .. })).collect()
}

#[test]
fn a_list_is_counted_before_anything_is_changed() {
    let mut screen = reading();
    insta::assert_snapshot!("import-reading", screen.picture());
    screen.event(Event::File(FromFile::Looked(Ok(facts()))));
    screen.desk.standings.push_back(standing(ImportStage::Checking, 900, &ImportReport::default()));
    screen.desk.standings.push_back(standing(ImportStage::Checked, 3_000, &report()));
    send_all(&mut screen);
    screen.event(Event::Timer(Timer::Import));
    assert!(screen.picture().contains("核对 900/3000"), "{}", screen.picture());
    screen.event(Event::Timer(Timer::Import));
    insta::assert_snapshot!("import-preview", screen.picture());
    assert!(!commands(&screen).iter().any(|c| matches!(c, Command::ImportCommit { dry_run: false, .. })));

    screen.desk.standings.push_back(standing(ImportStage::Applying, 1_200, &report()));
    screen.desk.standings.push_back(standing(ImportStage::Applied, 3_000, &report()));
    screen.keys("1");
    assert!(matches!(commands(&screen).last(), Some(Command::ImportCommit { import: 5, dry_run: false })));
    screen.event(Event::Timer(Timer::Import));
    assert!(screen.picture().contains("写入 1200/3000"), "{}", screen.picture());
    screen.event(Event::Timer(Timer::Import));
    let picture = screen.picture();
    assert!(
        picture.contains("已导入: 新增 2980, 更新 20, 不变 0") && screen.state.popups.is_empty(),
        "{picture}"
    );
    assert_eq!(screen.state.view, 7);
}

#[test]
fn nothing_is_taken_where_the_answer_is_no() {
    let mut screen = reading();
    screen.event(Event::File(FromFile::Looked(Ok(facts()))));
    screen.desk.standings.push_back(standing(ImportStage::Checked, 3_000, &report()));
    send_all(&mut screen);
    screen.event(Event::Timer(Timer::Import));
    screen.keys("esc");
    assert!(matches!(commands(&screen).last(), Some(Command::ImportDrop { import: 5 })));
    assert!(screen.picture().contains("没有导入") && screen.state.popups.is_empty());
    assert!(screen.effects.contains(&Effect::CloseFile));
    // what comes late finds nobody
    screen.event(Event::File(FromFile::End));
    screen.event(Event::Timer(Timer::Import));
    assert!(screen.state.popups.is_empty());
}

#[test]
fn a_file_that_is_none_is_named_and_another_can_be_typed() {
    let mut screen = reading();
    let words = "/tmp/名单.csv: 这是 xlsx，不是文本表格；请另存为 CSV (UTF-8) 再导入";
    screen.event(Event::File(FromFile::Looked(Err(words.into()))));
    insta::assert_snapshot!("import-wrong", screen.picture());
    screen.keys("1");
    assert!(screen.picture().contains("导入> /tmp/名单.csv"), "{}", screen.picture());
    assert_eq!(commands(&screen).len(), 0);
}

#[test]
fn bad_rows_are_named_and_the_rest_is_taken_when_asked() {
    let mut screen = reading();
    screen.event(Event::File(FromFile::Looked(Ok(bad_facts()))));
    insta::assert_snapshot!("import-bad-rows", screen.picture());
    assert_eq!(commands(&screen).len(), 0);
    screen.keys("1");
    let doubtful = Conflict {
        line: 7,
        about: Cell::Name,
        value: "小李".into(),
        words: "对得上 2 位成员，分不清是谁".into(),
        refused: true,
    };
    let report = ImportReport { refused: 1, conflicts: vec![doubtful.clone()], ..report() };
    screen.desk.standings.push_back(standing(ImportStage::Checked, 3_000, &report));
    send_all(&mut screen);
    screen.event(Event::Timer(Timer::Import));
    let picture = screen.picture();
    assert!(picture.contains("第 7 行 小李: 对得上 2 位成员"), "{picture}");
    screen.desk.standings.push_back(standing(ImportStage::Applied, 3_000, &report));
    screen.keys("enter");
    assert!(screen.effects.contains(&Effect::File(ToFile::KeepRejects(vec![doubtful]))));
    screen.event(Event::Timer(Timer::Import));
    assert!(screen.picture().contains("13 行没有, 见 名单.rejects.csv"), "{}", screen.picture());
}

#[test]
fn the_tour_asks_for_the_file() {
    let mut screen = Screen::new(Desk::default(), (80, 24), Lang::ZhCn);
    screen.keys("2");
    assert!(screen.picture().contains("导入>"), "{}", screen.picture());
    screen.keys("\"/tmp/a.csv enter");
    assert!(
        screen
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::OpenFile(which) if which.path == "/tmp/a.csv"))
    );
}

#[test]
fn group_names_pasted_at_the_beginning_are_taken() {
    let mut screen = Screen::new(Desk::default(), (80, 24), Lang::ZhCn);
    // a word of an input method is no list
    screen.keys("\"你好");
    assert!(screen.picture().contains("输入法在中文状态"), "{}", screen.picture());
    screen.keys("\"宠友交流1群\\n宠友交流2群\\n");
    assert!(screen.state.is_typing() && screen.picture().contains("宠友交流2群"), "{}", screen.picture());
    screen.keys("ctrl-s");
    assert_eq!(screen.desk.groups.len(), 2);
    // where no text is taken, that is said
    screen.keys("esc esc 1 ? esc z \"宠友交流1群\\n宠友交流2群\\n");
    assert!(screen.picture().contains("粘贴的内容已忽略"), "{}", screen.picture());
}

#[test]
fn a_playbook_of_the_program_is_looked_at_before_it_is_used() {
    let mut screen = Screen::new(Desk::default(), (80, 24), Lang::ZhCn);
    screen.keys("4 1");
    assert!(screen.picture().contains("用起来"), "{}", screen.picture());
    screen.keys("2");
    assert!(screen.picture().contains("id = "), "{}", screen.picture());
    screen.keys("esc");
    assert!(
        super::transcripts::told(&screen).is_empty() && screen.picture().contains("用起来"),
        "{}",
        screen.picture()
    );
    screen.keys("1");
    assert!(matches!(super::transcripts::told(&screen)[..], [Command::SopAdd { .. }]));
}
