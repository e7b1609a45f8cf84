//! `qun import` with the real program: true counts, all or nothing, and a sentence for every wrong file.
//!
//! One file because what goes out as a file is read back by the same counts.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::common::{Environment, Ran};

const GOOD: &str = "姓名,手机号,群,账号,添加时间\n\
                    阿珍,13800138000,宠友群,小完子,2026-03-01 10:00\n\
                    小雨妈,13900139000,宠友群,,\n";

fn write(environment: &Environment, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::write(environment.path().join(name), bytes).unwrap();
}

fn row(ran: &Ran) -> serde_json::Value {
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {ran:?}"));
    assert_eq!(value["schema"], 1);
    value["row"].clone()
}

fn members(environment: &Environment) -> usize {
    let ran = environment.run(&["list", "members", "--json", "--limit", "100000"]);
    if ran.code == 3 { 0 } else { ran.names().len() }
}

#[test]
fn whose_list_it_is_makes_friends_or_none_and_that_is_said() {
    let environment = Environment::new();
    let ok = |arguments: &[&str]| {
        let ran = environment.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
        ran
    };
    ok(&["account", "add", "手机1", "--platform", "wechat"]);
    ok(&["group", "add", "宠友群", "--account", "手机1"]);
    write(&environment, "好友.csv", "姓名\n阿珍\n王姐\n");
    write(&environment, "群.csv", "姓名\n小雨妈\n李哥\n大福\n");
    let friends = || environment.run(&["count", "members", "-f", "friend-of:手机1"]).out;
    let of_group = ["--account", "手机1", "--group", "宠友群"];
    for (file, options, words, n) in [
        ("好友.csv", &of_group[..2], "2 行算 手机1 的好友", "2\n"),
        ("群.csv", &of_group[..], "3 行是群成员名单: 手机1 只记是谁列的，不算好友", "2\n"),
    ] {
        for dry in [&["--dry-run"][..], &[]] {
            let ran = ok(&[&["import", file], options, dry].concat());
            assert!(ran.out.contains(words), "{ran:?}");
        }
        assert_eq!(friends(), n);
    }
}

#[test]
fn the_counts_are_those_of_what_is_in_the_book() {
    for serving in [false, true] {
        let environment = Environment::new();
        let desk = serving.then(|| environment.serve());
        write(&environment, "名单.csv", GOOD);
        let counts = |ran: &Ran| {
            let row = row(ran);
            (row["new"].as_u64(), row["changed"].as_u64(), row["unchanged"].as_u64())
        };
        let dry = environment.run(&["import", "名单.csv", "--dry-run", "--json"]);
        assert_eq!((dry.code, counts(&dry)), (0, (Some(2), Some(0), Some(0))), "{dry:?}");
        assert_eq!(row(&dry)["new_groups"], serde_json::json!(["宠友群"]));
        assert_eq!(row(&dry)["new_accounts"], serde_json::json!(["小完子"]));
        assert_eq!(members(&environment), 0);
        let ran = environment.run(&["import", "名单.csv", "--json"]);
        assert_eq!((ran.code, counts(&ran)), (0, (Some(2), Some(0), Some(0))), "{ran:?}");
        assert_eq!(members(&environment), 2, "it came back before the rows were there");
        let more = format!("{GOOD}老张,13700137000,,,\n").replace("小雨妈", "小雨妈妈");
        write(&environment, "名单.csv", more);
        let ran = environment.run(&["import", "名单.csv"]);
        assert!(ran.code == 0 && ran.out.contains("新增 1, 更新 1, 不变 1"), "{ran:?}");
        let ran = environment.run(&["import", "名单.csv"]);
        assert!(ran.out.contains("新增 0, 更新 0, 不变 3"), "{ran:?}");
        drop(desk);
    }
}

#[test]
fn all_or_nothing_or_the_good_rows_with_the_others_written_down() {
    let environment = Environment::new();
    write(&environment, "名单.csv", format!("{GOOD}老张,1.38E+10,,,\n老李,13600136000,,,昨天\n"));
    let ran = environment.run(&["import", "名单.csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    assert!(ran.err.contains("名单.csv:4: B 手机号: 1.38E+10: 表格软件把数字缩短了"), "{ran:?}");
    assert!(
        ran.err.contains("名单.csv:5: E 添加时间: 昨天: 不是日期") && ran.err.contains("--rejects"),
        "{ran:?}"
    );
    assert_eq!(members(&environment), 0);
    let error = environment.run(&["import", "名单.csv", "--json"]).error();
    assert_eq!((&error["kind"], &error["line"]), (&"file".into(), &4.into()));
    assert!(error["message"].as_str().unwrap().contains("B 手机号: 1.38E+10"), "{error}");

    let dry = environment.run(&["import", "名单.csv", "--dry-run"]);
    assert!(dry.code == 5 && dry.out.contains("2 行不对, 这样一行也不会导入"), "{dry:?}");
    assert!(dry.out.contains("--rejects") && !dry.out.contains("2 行没有导入"), "{dry:?}");
    let dry = environment.run(&["import", "名单.csv", "--dry-run", "--rejects", "bad.csv"]);
    assert!(dry.code == 5 && dry.out.contains("新增 2") && dry.out.contains("2 行没有导入"), "{dry:?}");
    assert_eq!(members(&environment), 0);

    let ran = environment.run(&["import", "名单.csv", "--rejects", "bad.csv", "--json"]);
    let result = row(&ran);
    assert_eq!((ran.code, &result["new"], &result["rejected"]), (5, &2.into(), &2.into()), "{ran:?}");
    assert_eq!(result["rejects"][0]["column"], "B");
    assert_eq!(members(&environment), 2);
    let bad = std::fs::read_to_string(environment.path().join("bad.csv")).unwrap();
    assert!(bad.contains("老张,1.38E+10") && bad.contains("原因") && !bad.contains("阿珍"), "{bad}");
    // repaired, it is a file like others
    write(&environment, "bad.csv", bad.replace("1.38E+10", "13800138001").replace("昨天", ""));
    let ran = environment.run(&["import", "bad.csv"]);
    assert!(ran.code == 0 && ran.out.contains("新增 2"), "{ran:?}");

    write(&environment, "名单.csv", "姓名,手机号\n老张,1.38E+10\n");
    let ran = environment.run(&["import", "名单.csv", "--rejects", "bad.csv"]);
    assert!(ran.code == 1 && ran.err.contains("没有一行可以导入"), "{ran:?}");
    let ran = environment.run(&["import", "名单.csv", "--rejects", "./名单.csv"]);
    assert!(ran.code == 2 && ran.err.contains("会盖掉"), "{ran:?}");
    let ran = environment.run(&["import", "名单.csv", "--rejects", "没有/bad.csv"]);
    assert!(ran.code == 1 && ran.err.contains("没有/bad.csv"), "{ran:?}");
}

#[test]
fn what_the_book_contradicts_stops_all_of_it_and_names_the_cell() {
    let environment = Environment::new();
    write(&environment, "一.csv", "姓名,QQ,群\n小李,10001,宠友群\n小李,10002,宠友群\n");
    assert_eq!(environment.run(&["import", "一.csv"]).code, 0);
    let column = |file: &str, text: &str| {
        write(&environment, file, text);
        environment.run(&["import", file])
    };
    // one name that two members have
    let ran = column("二.csv", "群,姓名\n宠友群,小李\n宠友群,老张\n");
    assert!(ran.code == 1 && ran.err.contains("二.csv:2: B 姓名: 小李: 对得上 2 位成员"), "{ran:?}");
    assert_eq!(members(&environment), 2);
    // one row that is two members
    let ran = column("三.csv", "姓名,QQ,QQ号\n小李,10001,10002\n");
    assert!(ran.code == 1 && ran.err.contains("三.csv:2: B QQ: 10002: 一行对着两位成员"), "{ran:?}");
    // one name that two groups have: the second by its chat id
    assert_eq!(column("四.csv", "姓名,群,群ID\n甲,晨跑群,wr1\n乙,晨跑群,wr2\n").code, 0);
    let ran = column("五.csv", "姓名,群\n丙,晨跑群\n");
    assert!(ran.code == 1 && ran.err.contains("五.csv:2: B 群: 晨跑群: 有几个群都叫「晨跑群」"), "{ran:?}");
    // the good rows can be had
    let ran = environment.run(&["import", "二.csv", "--rejects", "bad.csv"]);
    assert!(ran.code == 5 && ran.out.contains("新增 1"), "{ran:?}");
    let bad = std::fs::read_to_string(environment.path().join("bad.csv")).unwrap();
    assert!(
        bad.contains("宠友群,小李,") && bad.contains("对得上 2 位成员") && !bad.contains("老张"),
        "{bad}"
    );
    // two rows that are one person are taken as one, and told
    let ran = column("六.csv", "姓名,手机号,群\n老王,13500135000,晨读群\n老王,13500135000,夜读群\n");
    assert!(ran.code == 0 && ran.err.contains("3=2") && ran.out.contains("新增 1, 更新 1"), "{ran:?}");
}

/// A sentence for each file that is none, with what to do; the store is not even made.
#[test]
fn wrong_files_are_named_and_change_nothing() {
    let check = |name: &str, bytes: &[u8], said: &[&str]| {
        let environment = Environment::new();
        write(&environment, name, bytes);
        refused(&environment, name, said);
    };
    check("空.csv", b"", &["空.csv: 文件里没有内容", "表头"]);
    check("空行.csv", b"\n\n,,\n", &["空行.csv: 文件里没有内容"]);
    check("表头.csv", "\u{feff}姓名,手机号\r\n".as_bytes(), &["表头.csv 第 1 行: 只有表头"]);
    check(
        "没表头.csv",
        "阿珍,13800138000\n小雨,13900139000\n".as_bytes(),
        &["第 1 行: 没有姓名列", "加一行"],
    );
    check("近.csv", "姓明,手机号\n阿珍,1\n".as_bytes(), &["最接近的是 姓明", "请改表头"]);
    check("图.csv", &[0, 1, 2, 3, 0, 0, 255, 0].repeat(999), &["图.csv: 这是 binary", "另存为 CSV"]);
    check("表.csv", b"PK\x03\x04\x14\x00\x06\x00", &["表.csv: 这是 xlsx", "另存为 CSV"]);
    check("旧表.csv", &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], &["旧表.csv: 这是 xls"]);
    check(
        "引号.csv",
        "姓名,备注\n阿珍,\"开了\n没关\n".as_bytes(),
        &["引号.csv 第 2 行 B 列: 这里的引号没有关上"],
    );
    let long = format!("姓名,备注\n阿珍,{}\n", "x".repeat(1 << 20));
    check("大格.csv", long.as_bytes(), &["大格.csv 第 2 行 B 列: 一格超过 128 KB"]);
    let twice = "姓名,入群时间,入群时间\n阿珍,2026-01-01,2026-01-02\n";
    check("重.csv", twice.as_bytes(), &["重.csv 第 1 行 C 列「入群时间」: 和 B 列的表头一样"]);
    let wide = format!("姓名{}\n阿珍\n", ",x".repeat(20_000));
    check("宽.csv", wide.as_bytes(), &["宽.csv 第 1 行: 超过 16384 列"]);
}

fn refused(environment: &Environment, name: &str, said: &[&str]) {
    let ran = environment.run(&["import", name]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{name}: {ran:?}");
    for words in said {
        assert!(ran.err.contains(words), "{name} without {words:?}: {ran:?}");
    }
    assert!(ran.err.lines().count() <= 3, "{ran:?}");
    let ran = environment.run(&["list", "members"]);
    assert_eq!(ran.code, 3, "{name} changed something: {ran:?}");
    let error = environment.run(&["import", name, "--json"]).error();
    assert_eq!(error["kind"], "file", "{name}: {error}");
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let environment = Environment::new();
    std::fs::create_dir(environment.path().join("文件夹")).unwrap();
    refused(&environment, "文件夹", &["文件夹: 这是文件夹"]);
    refused(&environment, "没有.csv", &["没有.csv: 没有这个文件"]);
    refused(&environment, "/dev/null", &["/dev/null: 这是管道或设备"]);
    let fifo = environment.path().join("管道");
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0)
        .unwrap();
    refused(&environment, "管道", &["管道: 这是管道或设备", "存成文件"]);
    // root reads everything
    if !rustix::process::getuid().is_root() {
        write(&environment, "锁.csv", GOOD);
        let locked = std::fs::Permissions::from_mode(0o000);
        std::fs::set_permissions(environment.path().join("锁.csv"), locked).unwrap();
        refused(&environment, "锁.csv", &["锁.csv: 没有读取权限"]);
    }
}

#[test]
fn files_of_every_make_are_read_alike() {
    let header = "客户名称,手机号,添加时间,企业标签,添加人";
    let rows = "小雨👩‍👧妈,\t13800138000,2024-01-02 15:04:05,\"宝妈、VIP\",小完子\n阿珍,'13900139000,2024/1/2,老客;团长,小完子\n";
    let text = format!("客户列表(导出时间: 2024-02-01),,,,\n{header}\n{rows}");
    let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let makes: [(&str, Vec<u8>); 5] = [
        ("utf8.csv", text.clone().into_bytes()),
        ("bom.csv", format!("\u{feff}{text}").into_bytes()),
        ("gb.csv", gb.clone()),
        ("utf16.csv", utf16),
        ("tab.txt", text.replace('\t', "").replace(',', "\t").into_bytes()),
    ];
    let environment = Environment::new();
    for (at, (name, bytes)) in makes.iter().enumerate() {
        write(&environment, name, bytes);
        let ran = environment.run(&["import", name, "--json"]);
        let row = row(&ran);
        let expected = if at == 0 { [2, 0, 0] } else { [0, 0, 2] };
        let found = ["new", "changed", "unchanged"].map(|key| row[key].as_u64().unwrap());
        assert_eq!((ran.code, found), (0, expected), "{name}: {ran:?}");
    }
    // one broken byte in GB18030 is one cell, named
    let mut broken = gb;
    let at = broken.windows(4).position(|bytes| bytes == b"1390").unwrap();
    broken[at - 3] = 0xFF;
    write(&environment, "坏.csv", broken);
    let ran = environment.run(&["import", "坏.csv"]);
    assert!(ran.code == 1 && ran.err.contains("坏.csv:4: ") && ran.err.contains("另存为 UTF-8"), "{ran:?}");
    // three hundred columns are no fault
    let wide = format!("姓名,{}\n老张\n", (0..300).map(|n| format!("列{n}")).collect::<Vec<_>>().join(","));
    write(&environment, "宽.csv", wide);
    let ran = environment.run(&["import", "宽.csv"]);
    assert!(ran.code == 0 && ran.err.contains("没有用到的列: 列0") && ran.err.contains("300 个"), "{ran:?}");
}

#[test]
fn dates_of_every_shape_come_to_one_instant() {
    let environment = Environment::new();
    let shapes = [
        "2024-01-02 15:04:05",
        "2024/1/2 15:04:05",
        "2024年1月2日 15:04:05",
        "1704179045",
        "1704179045000",
        "2024-01-02T15:04:05+08:00",
        "2024-01-02T07:04:05Z",
    ];
    let mut text = String::from("姓名,账号,添加时间\n");
    for (at, shape) in shapes.iter().enumerate() {
        writeln!(text, "人{at},小完子,{shape}").unwrap();
    }
    text.push_str("从来没有,小完子,0001-01-01T00:00:00Z\n");
    write(&environment, "日期.csv", text);
    assert_eq!(environment.run(&["import", "日期.csv"]).code, 0);
    for (at, shape) in shapes.iter().enumerate() {
        let ran = environment.run(&["show", &format!("人{at}"), "--json"]);
        assert!(ran.out.contains("2024-01-02T15:04:05+08:00"), "{shape}: {ran:?}");
    }
    for (shape, said) in
        [("1/2/24", "分不清年月日"), ("昨天", "不是日期"), ("1.7E+09", "缩短"), ("2044-01-01", "还没到")]
    {
        write(&environment, "坏.csv", format!("姓名,添加时间\n老张,{shape}\n"));
        let ran = environment.run(&["import", "坏.csv"]);
        assert!(ran.code == 1 && ran.err.contains(&format!("坏.csv:2: B 添加时间: {shape}")), "{ran:?}");
        assert!(ran.err.contains(said), "{ran:?}");
    }
}

/// An import that is killed after its promise is finished by whoever opens the store next, and one that is killed
/// before it leaves nothing.
#[test]
fn a_killed_import_is_whole_or_nothing() {
    let environment = Environment::new();
    let mut text = String::from("姓名,手机号,群\n");
    for n in 0..3_000 {
        writeln!(text, "成员{n},1380000{n:04},{}群", n % 9).unwrap();
    }
    write(&environment, "名单.csv", text);
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..6 {
        let mut command: Command = environment.command(&["import", "名单.csv"]);
        let mut child =
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(random.u64(20..900)));
        let _ = child.kill();
        let _ = child.wait();
        // any command that opens the store may have to finish it
        let found = finished(&environment);
        assert!(found == 0 || found == 3_000, "{found} of 3000 rows");
    }
    assert_eq!(environment.run(&["import", "名单.csv"]).code, 0);
    assert_eq!(members(&environment), 3_000);
}

/// How many members there are once nothing goes on any more.
fn finished(environment: &Environment) -> usize {
    let mut before = members(environment);
    loop {
        let ran = environment.run(&["tick"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let now = members(environment);
        if now == before {
            return now;
        }
        before = now;
    }
}

#[test]
fn an_import_is_undone_whole() {
    let environment = Environment::new();
    let mut text = String::from("姓名,手机号,群\n");
    for n in 0..900 {
        writeln!(text, "成员{n},1380000{n:04},{}群", n % 9).unwrap();
    }
    write(&environment, "名单.csv", text);
    assert_eq!(environment.run(&["import", "名单.csv"]).code, 0);
    let ran = environment.run(&["undo"]);
    assert!(ran.code == 0 && ran.out.contains("900"), "{ran:?}");
    assert_eq!(
        (members(&environment), environment.groups().len()),
        (0, 0),
        "it came back before it was done"
    );
    let ran = environment.run(&["redo"]);
    assert!(ran.code == 0, "{ran:?}");
    assert_eq!((members(&environment), environment.groups().len()), (900, 9));
}

#[test]
fn a_dry_run_says_who_would_enter_what() {
    let environment = Environment::new();
    write(
        &environment,
        "hello.toml",
        "id = \"hello\"\ntitle = \"问好\"\nfor = \"member\"\nstart = { on = \"added\" }\n[[step]]\nid = \"one\"\n\
         at = \"D0 20:00\"\nvia = \"private\"\ntext = [\"你好\"]\n",
    );
    let ran = environment.run(&["sop", "add", "hello.toml"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let later = |arguments: &[&str]| {
        let mut command = environment.command(arguments);
        Ran::of(&command.env("QUN_CLOCK", "2026-03-02T12:00:00+08:00").output().unwrap())
    };
    write(
        &environment,
        "名单.csv",
        "姓名,账号,添加时间\n新来的,小完子,2026-03-02 11:00\n老客,小完子,2025-03-02 11:00\n不知道的,小完子,\n",
    );
    let said = "问好: 1 人进入, 2 历史成员不进入";
    let ran = later(&["import", "名单.csv", "--dry-run"]);
    assert!(ran.out.contains(said) && ran.out.contains("没有改动"), "{ran:?}");
    let ran = later(&["import", "名单.csv"]);
    assert!(ran.out.contains(said), "{ran:?}");
    assert!(Path::new(&environment.store()).exists());
}

#[test]
fn what_every_column_became_is_told_and_a_note_is_nobodys_name() {
    let environment = Environment::new();
    write(&environment, "名单.csv", "姓名,家长电话,星座,备注\n阿珍,13800138000,,爱迟到，请提醒\n");
    let dry = environment.run(&["import", "名单.csv", "--dry-run"]);
    assert!(dry.err.contains("列: 姓名→昵称, 家长电话→手机, 备注→备注说明\n"), "{dry:?}");
    assert!(dry.err.contains("没有用到的列: 星座"), "{dry:?}");
    let ran = environment.run(&["import", "名单.csv", "--json"]);
    let columns = serde_json::json!([
        {"header": "姓名", "field": "name"}, {"header": "家长电话", "field": "phone"}, {"header": "备注", "field": "note"}
    ]);
    assert_eq!(
        (&row(&ran)["columns"], &row(&ran)["columns_not_used"]),
        (&columns, &serde_json::json!(["星座"]))
    );
    let shown = environment.run(&["show", "阿珍", "--json"]);
    let member = row(&shown).to_string();
    assert!(member.contains("爱迟到，请提醒") && !member.contains(r#""remark":"爱迟到"#), "{member}");
}

#[test]
fn members_go_out_as_a_file_that_is_read_back() {
    let environment = Environment::new();
    let named = "昵称,备注名,手机号,微信号,群,账号,添加时间,标签,生日\n\
                 =阿珍,+珍姐,13800138000,zhen,宠友群,,,宝妈、VIP,农历08-03\n\
                 小雨妈,,,yu,,小完子,2026-03-01 10:00,,\n\
                 王姐,,,,一群,,,,\n";
    write(&environment, "名单.csv", named);
    assert_eq!(environment.run(&["import", "名单.csv"]).code, 0);
    let ran = environment.run(&["list", "members", "--csv"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("'=阿珍,'+珍姐"), "no formula: {ran:?}");
    write(&environment, "出.csv", &ran.out);
    let counts = |environment: &Environment| {
        let row = row(&environment.run(&["import", "出.csv", "--json"]));
        (row["new"].as_u64(), row["changed"].as_u64(), row["unchanged"].as_u64())
    };
    assert_eq!(counts(&environment), (Some(0), Some(0), Some(3)));
    // elsewhere it makes the same people
    let other = Environment::new();
    write(&other, "出.csv", &ran.out);
    assert_eq!(counts(&other), (Some(3), Some(0), Some(0)));
    let sorted = |environment: &Environment| {
        let ran = environment.run(&["list", "members", "--csv"]);
        let mut lines: Vec<String> = ran.out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&other), sorted(&environment));
    let ran = environment.run(&["list", "groups", "--csv"]);
    assert!(ran.code == 2 && ran.err.contains("qun list members --csv"), "{ran:?}");
    assert_eq!(environment.run(&["list", "members", "-f", "没有的", "--csv"]).code, 3);
}
