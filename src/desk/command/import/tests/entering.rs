//! Whom an import brings into which playbook: the dry run says it, the import does it.

use super::*;
use crate::book::PlaybookId;
use crate::door::form::Kind;
use crate::store::columns::enrolment::RunState;

/// A playbook with one step on the day of its start.
fn playbook(id: &str, start: &str, more: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"{id} 号\"\n{more}\nstart = {{ {start} }}\n[[step]]\nid = \"one\"\n\
         at = \"D0 20:00\"\nvia = \"private\"\ntext = [\"你好\"]\n"
    )
}

/// A desk with a playbook for each way in.
fn bench() -> Bench {
    let mut bench = Bench::new();
    for toml in [
        playbook("hello", "on = \"added\"", "for = \"member\"\naudience = \"-tag:同行\""),
        playbook("welcome", "on = \"joined\"", "for = \"member\""),
        playbook(
            "daily",
            "on = \"recurrence\", every = \"daily\"",
            "for = \"member\"\naudience = \"tag:打卡\"",
        ),
    ] {
        let file = "x.toml".to_owned();
        bench.command(Command::SopAdd { toml, file, new_only: false, base: None });
    }
    bench
}

/// Rows of every age: long ago, before the playbooks were there, after that, and nobody knows when.
fn rows() -> Vec<MemberRow> {
    let account = || Some("小完子".to_owned());
    let group = || Some("一群".to_owned());
    let tags = |tag: &str| vec![tag.to_owned()];
    let mut rows = vec![
        MemberRow { account: account(), added_at: Some(JOINED), ..row(2, "昨天加的") },
        MemberRow { account: account(), added_at: Some(MORNING), ..row(3, "刚加的") },
        MemberRow { account: account(), added_at: Some(MORNING), tags: tags("同行"), ..row(4, "同行") },
        MemberRow { account: account(), ..row(5, "不知何时加的") },
        MemberRow { group: group(), joined_at: Some(MORNING), ..row(6, "刚进群的") },
        MemberRow {
            group: group(), joined_at: Some(JOINED), tags: tags("打卡"), ..row(7, "昨天进群的")
        },
        MemberRow { group: group(), ..row(8, "不知何时进群的") },
        MemberRow { group: Some("二群".into()), joined_at: Some(MORNING), ..row(9, "刚进群的") },
        MemberRow {
            account: account(), added_at: Some(MORNING), tags: tags("勿扰"), ..row(10, "勿扰的")
        },
    ];
    // far apart, so that they are of different slices
    rows.extend((0..400).map(|n| MemberRow {
        group: group(),
        joined_at: Some(JOINED - i64::from(n)),
        ..row(20 + n, &format!("老成员{n}"))
    }));
    rows.push(MemberRow { group: group(), joined_at: Some(MORNING), ..row(900, "又一个刚进群的") });
    rows.push(MemberRow { account: account(), added_at: Some(MORNING), ..row(901, "刚进群的") });
    rows
}

fn running(bench: &Bench, playbook: &str) -> usize {
    let columns = &bench.desk.store.columns;
    let position = columns.playbook_position(&PlaybookId(playbook.into())).unwrap();
    let runs = |state| matches!(state, RunState::Active | RunState::InLine);
    columns.enrolments.iter().filter(|(_, _, e)| e.playbook == position && runs(e.state)).count()
}

#[test]
fn the_dry_run_counts_whom_the_import_brings_in() {
    let mut bench = bench();
    let report = bench.dry_run(&rows());
    let line = |title: &str, entering, history, kind| (format!("{title} 号"), entering, history, kind);
    let member = Kind::Member;
    let expected =
        [line("daily", 1, 0, member), line("hello", 2, 2, member), line("welcome", 3, 402, member)];
    // 勿扰 is a tag like others for a playbook that is no marketing
    let found = report.entering.clone();
    assert_eq!(bench.desk.store.columns.enrolments.len(), 0, "a dry run enrolled somebody");
    let real = bench.import(&rows());
    assert_eq!(real.entering, found);
    assert_eq!(real, report);
    for (playbook, (_, entering, _, _)) in ["daily", "hello", "welcome"].iter().zip(&found) {
        assert_eq!(running(&bench, playbook), *entering as usize, "{playbook}");
    }
    assert_eq!(found, expected);
    // known now: the same file brings nobody in, and makes nobody history a second time
    let again = bench.dry_run(&rows());
    assert_eq!((again.entering, again.new, again.changed), (vec![], 0, 0));
}

#[test]
fn members_of_the_book_enter_by_what_the_file_adds() {
    let mut bench = bench();
    let known = |line, tags: &[&str]| MemberRow {
        phone: Some("13800138000".into()),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..row(line, "老客")
    };
    bench.import(&[known(2, &["同行"]), row(3, "别人")]);
    let join =
        |tags| MemberRow { account: Some("小完子".into()), added_at: Some(MORNING), ..known(2, tags) };
    // the book says that he is of the trade, the file does not say that he is not
    let report = bench.dry_run(&[join(&[])]);
    assert_eq!(report.entering, vec![]);
    assert_eq!(bench.import(&[join(&[])]).entering, vec![]);
    let other =
        [MemberRow { account: Some("小完子".into()), added_at: Some(MORNING), ..row(2, "别人") }];
    let report = bench.dry_run(&other);
    assert_eq!(report.entering, [("hello 号".to_owned(), 1, 0, Kind::Member)]);
    assert_eq!(bench.import(&other), report);
}

#[test]
fn who_comes_to_fit_by_a_file_enters_what_takes_whoever_is_there_and_nothing_else() {
    let mut bench = bench();
    let tag = playbook("gains", "on = \"tag\", tag = \"打卡\"", "for = \"member\"");
    bench.command(Command::SopAdd { toml: tag, file: "x.toml".to_owned(), new_only: false, base: None });
    let handles = || vec![("wecom".to_owned(), "wmA".to_owned())];
    bench.import(&[MemberRow { handles: handles(), ..row(2, "小雨妈") }]);
    assert_eq!(running(&bench, "daily"), 0);
    let tagged = [MemberRow { handles: handles(), tags: vec!["打卡".to_owned()], ..row(2, "小雨妈") }];
    let said = bench.dry_run(&tagged).entering;
    assert_eq!(said, [("daily 号".to_owned(), 1, 0, Kind::Member)]);
    assert_eq!(running(&bench, "daily"), 0, "a dry run lets nobody in");
    assert_eq!(bench.import(&tagged).entering, said);
    assert_eq!((running(&bench, "daily"), running(&bench, "gains")), (1, 0));
    assert_eq!(bench.import(&tagged).entering, [], "nobody enters twice");
}
