//! Groups as cells name them.

use super::*;

fn of(line: u32, name: &str, group: &str) -> MemberRow {
    MemberRow { group: Some(group.to_owned()), ..row(line, name) }
}

fn groups_of(bench: &Bench, name: &str) -> Vec<String> {
    let stays = bench.stays(bench.named(name).id);
    let names = stays.iter().map(|stay| bench.desk.store.columns.groups.by_id(stay.group).unwrap());
    names.map(|group| group.body.name.clone()).collect()
}

#[test]
fn a_cell_of_several_groups_is_each_of_them_where_one_is_known() {
    let mut bench = Bench::new();
    bench.import(&[of(2, "阿珍", "一群"), of(3, "王姐", "南/北群")]);
    let rows = [
        of(2, "小雨", "一群、二群"),
        of(3, "李哥", "二群; 一群"),
        of(4, "小雨", "一群、二群"),
        of(5, "赵姐", "三群、四群"),
        of(6, "王姐", "南/北群"),
        of(7, "孙姐", "二 群"),
    ];
    let told = |report: &ImportReport| {
        let told = report.conflicts.iter().map(|told| (told.line, told.about, told.words.clone()));
        told.collect::<Vec<_>>()
    };
    let report = bench.dry_run(&rows);
    assert_eq!(report.new_groups, ["二群", "三群、四群", "二 群"]);
    let expected = [
        (2, "当作 2 个群: 一群, 二群"),
        (3, "当作 2 个群: 二群, 一群"),
        (5, "「三群、四群」当作一个新群的名字；要是 2 个群，先建其中一个再导入"),
        (7, "新群「二 群」和「二群」相近；是同一个群就先改成那个名字，或给那个群加上这个别名"),
    ];
    let expected = expected.map(|(line, words)| (line, Cell::Group, words.to_owned()));
    assert_eq!(told(&report), expected);
    let report = bench.import(&rows);
    assert_eq!((report.new, report.unchanged, told(&report)), (4, 2, expected.to_vec()));
    assert_eq!(groups_of(&bench, "小雨"), ["一群", "二群"]);
    assert_eq!(groups_of(&bench, "李哥").len(), 2);
    assert_eq!(groups_of(&bench, "王姐"), ["南/北群"]);
    // whoever is in one of them already is the same
    bench.import(&[of(2, "阿珍", "二群、一群")]);
    assert_eq!(groups_of(&bench, "阿珍"), ["一群", "二群"]);
    assert_eq!(bench.import(&rows).unchanged, 6, "the same file again");
}

#[test]
fn a_group_that_stands_alone_in_a_later_row_is_known_to_cells_of_several() {
    // the row that tells is a chunk behind, and what came before it is applied when the process ends
    let mut rows: Vec<_> = (2..1_200).map(|line| of(line, &format!("某{line}"), "西门群")).collect();
    rows.insert(0, of(1, "阿珍", "福利6群;小区邻里5群"));
    rows.push(of(1_200, "王姐", "小区邻里5群"));
    rows[1_100].group = Some("北门群/小区邻里5群".to_owned());
    let groups = ["福利6群", "小区邻里5群", "西门群", "北门群"];
    let mut bench = Bench::new();
    assert_eq!(bench.dry_run(&rows).new_groups, groups);
    let import = bench.begin(&rows);
    bench.command(Command::ImportCommit { import, dry_run: false });
    while bench.desk.store.columns.imports[&import].next == 0 {
        bench.desk.turn(vec![Input::Idle], now());
    }
    bench.crash(1);
    bench.settle();
    let columns = &bench.desk.store.columns;
    let made: Vec<_> = columns.groups.iter().map(|(_, _, group)| group.body.name.as_str()).collect();
    assert_eq!(made, groups);
    assert_eq!(groups_of(&bench, "阿珍"), groups[..2]);
    assert_eq!(groups_of(&bench, "某1101"), ["小区邻里5群", "北门群"]);
}
