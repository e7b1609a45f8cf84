//! Bulk work in slices: dry runs and undos of a whole list, human acts in between, crashes anywhere.

use super::*;
use crate::door::reply::ReversalStanding;

/// What people see of the book.
fn seen(bench: &Bench) -> Vec<String> {
    let columns = &bench.desk.store.columns;
    let groups = columns.groups.iter().filter(|(_, _, g)| !g.body.archived);
    let groups = groups.map(|(_, _, g)| format!("{} {}", g.body.name, g.members));
    let members = columns.members.iter().filter(|(_, _, m)| !m.archived);
    let members = members.map(|(_, id, m)| {
        let body = bench.desk.store.member(id).unwrap().unwrap();
        format!(
            "{} {} {:?} {:?} {:?}",
            body.name,
            body.phone,
            body.handles,
            m.stays().collect::<Vec<_>>(),
            m.contacts().collect::<Vec<_>>()
        )
    });
    groups.chain(members).collect()
}

impl Bench {
    /// Undoes an act and lets the desk work until it is done.
    fn undo(&mut self, act: Option<crate::book::ActId>) -> ReversalStanding {
        let outcome = self.command(Command::Undo { act });
        assert!(outcome.going_on, "{outcome:?}");
        self.reversed(outcome.act.unwrap())
    }

    fn reversed(&mut self, undo: crate::book::ActId) -> ReversalStanding {
        for _ in 0..10_000 {
            match self.ask(Request::Reversal(undo)) {
                Reply::Reversal(standing) if standing.done >= standing.parts => return standing,
                Reply::Reversal(_) => {}
                other => panic!("{other:?}"),
            }
        }
        panic!("the undo does not end");
    }
}

impl Bench {
    /// Checks a file as a careful human does, and keeps it for committing.
    fn checked(&mut self, rows: &[MemberRow]) -> (u32, ImportReport) {
        let import = self.begin(rows);
        self.command(Command::ImportCommit { import, dry_run: true });
        let report = self.ended(import, ImportStage::Checked);
        (import, report)
    }

    fn commit(&mut self, import: u32) -> ImportReport {
        self.command(Command::ImportCommit { import, dry_run: false });
        self.ended(import, ImportStage::Applied)
    }
}

#[test]
fn what_was_checked_is_applied_as_it_was_decided() {
    let rows =
        [many(300), file().into_iter().map(|row| MemberRow { line: row.line + 1_000, ..row }).collect()]
            .concat();
    let mut unchecked = Bench::new();
    let wanted = unchecked.import(&rows);
    let mut bench = Bench::new();
    let (import, checked) = bench.checked(&rows);
    let given: Vec<MemberId> = bench.desk.imports.decided_members();
    assert_eq!(checked, wanted);
    assert_eq!(bench.commit(import), wanted);
    assert_eq!(seen(&bench), seen(&unchecked));
    let made: Vec<MemberId> = bench.desk.store.columns.members.iter().map(|(_, id, _)| id).collect();
    assert_eq!(made, given, "decided again");
}

#[test]
fn what_humans_do_meanwhile_is_seen_although_the_file_was_checked() {
    let mut bench = Bench::new();
    let rows = many(300);
    let (import, _) = bench.checked(&rows);
    // somebody of the last rows is made by hand between check and commit, another one while it is applied
    let by_hand = |bench: &mut Bench, row: &MemberRow| {
        let mut member = Member::new(bench.commands.next(Timestamp(MORNING)), &row.name, Timestamp(MORNING));
        member.phone = row.phone.clone().unwrap();
        bench.human(Body::MemberMade(member));
    };
    by_hand(&mut bench, &rows[290]);
    let report = bench.commit(import);
    assert_eq!((report.new, report.new + report.changed + report.unchanged), (299, 300));

    let mut bench = Bench::new();
    let (import, _) = bench.checked(&rows);
    bench.command(Command::ImportCommit { import, dry_run: false });
    bench.desk.turn(vec![Input::Idle], now());
    let done = bench.desk.store.columns.imports[&import].next;
    assert!((1..200).contains(&done), "{done}");
    by_hand(&mut bench, &rows[290]);
    let report = bench.ended(import, ImportStage::Applied);
    assert_eq!((report.new, report.new + report.changed + report.unchanged), (299, 300));
}

#[test]
fn a_dry_run_of_many_slices_counts_as_the_import_does() {
    let mut bench = Bench::new();
    let mut rows = many(700);
    // the same people again, far from where they were first: by id, by phone, by name in a group
    let first: Vec<MemberRow> = rows[..50].to_vec();
    rows.extend((1_000..).zip(&first).map(|(line, row)| MemberRow { line, ..row.clone() }));
    rows.extend((1_100..).zip(&first).map(|(line, first)| MemberRow {
        line,
        name: format!("{}姐", first.name),
        phone: first.phone.clone(),
        tags: vec!["老客".into()],
        ..MemberRow::default()
    }));
    let chat = |line, name: &str| MemberRow {
        line,
        group: Some("0群".into()),
        group_ref: Some("wr0".into()),
        ..row(line, name)
    };
    rows.extend([chat(1_300, "甲"), chat(1_301, "乙")]);
    let dry = bench.dry_run(&rows);
    assert_eq!((dry.new, dry.changed, dry.unchanged, dry.refused), (702, 50, 50, 0));
    assert_eq!(bench.members().len(), 0);
    assert_eq!(bench.import(&rows), dry);
}

#[test]
fn people_go_on_working_between_the_slices() {
    let mut bench = Bench::new();
    let import = bench.begin(&many(900));
    bench.command(Command::ImportCommit { import, dry_run: true });
    let mut groups = 0;
    let report = loop {
        bench.command(Command::AddGroups {
            names: vec![crate::door::command::GroupName {
                name: format!("我的群{groups}"),
                head_count: None,
                account: None,
                capacity: None,
            }],
            account: None,
        });
        groups += 1;
        match bench.ask(Request::Import(import)) {
            Reply::Import(standing) if standing.stage == ImportStage::Checked => break standing.report,
            Reply::Import(_) => {}
            other => panic!("{other:?}"),
        }
    };
    assert!(groups > 5, "the dry run took only {groups} turns");
    assert_eq!((report.new, report.new_groups.len()), (900, 7));
    assert_eq!(bench.desk.store.columns.groups.len(), groups);
    // rows that were looked at can still be committed, or dropped
    bench.command(Command::ImportCommit { import, dry_run: false });
    assert_eq!(bench.ended(import, ImportStage::Applied).new, 900);
}

#[test]
fn a_dropped_dry_run_ends() {
    let mut bench = Bench::new();
    let import = bench.begin(&many(900));
    bench.command(Command::ImportCommit { import, dry_run: true });
    bench.command(Command::ImportDrop { import });
    bench.settle();
    match bench.ask(Request::Import(import)) {
        Reply::Refused(refusal) => assert_eq!(refusal.kind, RefusalKind::NotFound),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_whole_list_is_undone_and_done_again_in_slices() {
    let mut bench = Bench::new();
    bench.import(&file());
    let before = seen(&bench);
    bench.import(&many(1_000));
    let after = seen(&bench);
    let standing = bench.undo(None);
    assert!(standing.parts > 1_000 / super::super::slice::SLICE_ROWS as u32 && standing.kept.is_empty());
    assert_eq!(standing.words, "已撤销: 导入 1000 行", "it goes on no more");
    assert_eq!(seen(&bench), before);
    assert_eq!(bench.desk.store.columns.reversals.len(), 0);
    // an undo is undone by doing again
    let redo = bench.command(Command::Redo);
    assert!(redo.going_on && redo.words.contains("1000"), "{redo:?}");
    bench.reversed(redo.act.unwrap());
    assert_eq!(seen(&bench), after);
    let kept = bench.undo(None).kept;
    assert_eq!((seen(&bench), kept), (before, vec![]));
}

#[test]
fn an_undo_resumes_after_every_crash() {
    for seed in 0..10 {
        let mut bench = Bench::new();
        bench.import(&many(600));
        let outcome = bench.command(Command::Undo { act: None });
        assert!(outcome.going_on);
        for _ in 0..seed * 4 {
            bench.desk.turn(vec![Input::Idle], now());
        }
        bench.crash(seed);
        bench.reversed(outcome.act.unwrap());
        bench.settle();
        assert_eq!(seen(&bench), Vec::<String>::new(), "seed {seed}");
    }
}

#[test]
fn who_changes_their_mind_in_the_middle_of_an_undo_gets_all_of_it_back() {
    let mut bench = Bench::new();
    bench.import(&many(600));
    let after = seen(&bench);
    bench.command(Command::Undo { act: None });
    for _ in 0..20 {
        bench.desk.turn(vec![Input::Idle], now());
    }
    assert_ne!(seen(&bench), after);
    let redo = bench.command(Command::Redo);
    if redo.going_on {
        bench.reversed(redo.act.unwrap());
    }
    bench.settle();
    assert_eq!(seen(&bench), after);
    assert_eq!(bench.desk.store.columns.reversals.len(), 0);
}

#[test]
fn what_people_changed_since_stays_also_in_slices() {
    let mut bench = Bench::new();
    bench.import(&file());
    bench.import(&many(500));
    let id = bench.members().into_iter().find(|m| m.name == "成员3").unwrap().id;
    bench.human(edit(id, "phone", "13800000003", "13700000000"));
    let act = acts::newest(None, 20, &bench.desk.store.bodies).unwrap();
    let import = act.iter().find(|(_, head)| head.bodies > 2).unwrap().0;
    bench.undo(Some(import));
    let member = bench.desk.store.member(id).unwrap().unwrap();
    assert_eq!((member.phone.as_str(), member.archived), ("13700000000", true));
}

/// Two hundred of one name in one group, and twenty of them with the other account: by number they are found, by
/// name alone they are nobody's guess, and a list of them is no more work than another.
#[test]
fn a_name_that_very_many_have_tells_nobody_apart() {
    let mut bench = Bench::new();
    let common = |n: u32| MemberRow {
        handles: vec![("wechat".into(), format!("wxid_{n}"))],
        group: Some("大群".into()),
        account: n.is_multiple_of(10).then(|| "小完子".to_owned()),
        added_at: n.is_multiple_of(10).then_some(JOINED),
        ..row(n + 2, "平安是福")
    };
    let rows: Vec<MemberRow> = (0..200).map(common).collect();
    let dry = bench.dry_run(&rows);
    assert_eq!((dry.new, dry.refused), (200, 0));
    // they came without numbers of each other's: the first ones are warned about, as namesakes always are
    assert_eq!(bench.import(&rows), dry);
    assert_eq!(bench.dry_run(&rows).unchanged, 200);
    let nobody = MemberRow { group: Some("大群".into()), ..row(2, "平安是福") };
    let report = bench.dry_run(&[nobody]);
    assert_eq!((report.new, report.refused), (0, 1));
    assert!(report.conflicts[0].words.contains("64"), "{report:?}");
    // in a group with one of them the name is enough
    let one = MemberRow { group: Some("小群".into()), ..common(7) };
    bench.import(&[one]);
    let again =
        MemberRow { group: Some("小群".into()), tags: vec!["老客".into()], ..row(2, "平安是福") };
    let report = bench.import(&[again]);
    assert_eq!((report.new, report.changed, report.refused), (0, 1, 0), "{report:?}");
}
