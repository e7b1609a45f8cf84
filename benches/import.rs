//! A member list as people have them, and what it costs to take it in while somebody works.

use std::fmt::Write as _;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use qun::book::{CommandId, IdGenerator, Timestamp};
use qun::door::form::{Field, Kind};
use qun::door::{Command, Door as _, Reply, Request};
use qun::socket::client::door::SocketDoor;
use qun::socket::client::{Caller, Program};
use qun::text::lang::Lang;

use super::common::Environment;
use super::measure::{print, size, time, wanted};

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰雨雪琪瑶晨轩梓涵欣怡浩宇诗佳琳婷";
const NICKNAMES: [&str; 8] =
    ["小雨妈", "阿珍", "快乐每一天", "平安是福", "A果蔬批发", "Lily", "静待花开", "猫奴一号"];
const TAGS: [&str; 6] = ["宝妈", "老客", "VIP", "团长", "养猫", "周末"];

/// A list of members as CSV: three in four with a phone, half with a WeChat id, nicknames that many have, every
/// twelfth person twice because they are in two groups.
pub fn member_list(rows: u32, seed: u64) -> String {
    let mut random = fastrand::Rng::with_seed(seed);
    let letters = |of: &str| of.chars().collect::<Vec<char>>();
    let (surnames, given) = (letters(SURNAMES), letters(GIVEN));
    let mut text = String::from(
        "客户列表(导出时间: 2026-03-01 10:00:00)\n\
         客户名称,备注,手机号,微信号,所在群,群昵称,入群时间,添加人,添加时间,企业标签,生日,性别,详细地址\n",
    );
    let groups = (rows / 180).clamp(1, 500);
    let mut line = String::new();
    for n in 0..rows {
        if n % 12 == 11 {
            // the same person in another group
            let again =
                line.replacen(&format!("宠友{}群", n % groups), &format!("宠友{}群", (n + 1) % groups), 1);
            text.push_str(&again);
            continue;
        }
        line.clear();
        let name: String = [random.choice(&surnames), random.choice(&given), random.choice(&given)]
            .into_iter()
            .flatten()
            .collect();
        let nickname = random.choice(NICKNAMES).unwrap_or_default();
        let phone =
            if n % 4 == 0 { String::new() } else { format!("1{:010}", 3_000_000_000_u64 + u64::from(n) * 7) };
        let wechat = if n % 2 == 0 { format!("wxid_{n:07}") } else { String::new() };
        let group = format!("宠友{}群", (n + 1) % groups);
        let day = random.u32(1..29);
        let tags = format!(
            "{}、{}",
            random.choice(TAGS).unwrap_or_default(),
            random.choice(TAGS).unwrap_or_default()
        );
        writeln!(
            line,
            "{nickname},{name},{phone},{wechat},{group},{name}{},2025-{:02}-{day:02} 1{}:0{}:00,手机{},\
             2025-{:02}-{day:02},{tags},{:02}-{day:02},{},杭州市文三路{}号",
            n % 50,
            random.u32(1..13),
            random.u32(0..10),
            random.u32(0..10),
            n % 4,
            random.u32(1..13),
            random.u32(1..13),
            if n % 3 == 0 { "男" } else { "女" },
            random.u32(1..999),
        )
        .unwrap();
        text.push_str(&line);
    }
    text
}

/// A field of `/proc/PID/status` in kB, and the CPU time used so far.
fn of_process(pid: u32, field: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}

/// User and system time of a process in milliseconds; the kernel counts hundredths of a second.
fn cpu(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let behind = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: Vec<u64> = behind.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    // utime and stime are fields 14 and 15; the state letter before them does not parse
    (ticks.get(10).copied().unwrap_or(0) + ticks.get(11).copied().unwrap_or(0)) * 10
}

pub fn run() {
    if !wanted("import program list") {
        return;
    }
    let rows = size("QUN_BENCH_ROWS", 2_000);
    let environment = Environment::new();
    let file = environment.path().join("成员.csv");
    fs::write(&file, member_list(rows, 1)).unwrap();
    let path = file.to_str().unwrap();
    let desk = environment.serve();
    let pid = desk.0.id();
    let import = |more: &[&str]| {
        let arguments: Vec<&str> = ["import", path].iter().chain(more).copied().collect();
        let output = environment.command(&arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned()
    };
    let before = cpu(pid);
    let (taken, counted) = time(|| import(&["--dry-run"]));
    println!(
        "  {counted}; desk {} ms of CPU, {} MB at most",
        cpu(pid) - before,
        of_process(pid, "VmHWM") / 1024
    );
    print(&format!("dry run of {rows} rows, whole process"), vec![taken], "");

    let ended = AtomicBool::new(false);
    let (before, mut acts, mut said) = (cpu(pid), Vec::new(), String::new());
    let taken = std::thread::scope(|scope| {
        let working = scope.spawn(|| {
            let caller = Caller { operator: "王店长".into(), lang: Lang::ZhCn, program: Program::Command };
            let mut door = SocketDoor::connect(&environment.store().join("desk.sock"), &caller).unwrap();
            let mut ids = IdGenerator::new(5);
            let mut acts = Vec::new();
            while !ended.load(Ordering::SeqCst) {
                let command_id: CommandId = ids.next(Timestamp(1_772_413_200_000));
                let name = format!("手工{}", acts.len());
                let command = Command::Create { kind: Kind::Member, fields: vec![(Field::Name, name)] };
                let (act, reply) =
                    time(|| door.ask(Request::Do { command_id, command, saw: None }).unwrap().reply);
                assert!(matches!(reply, Reply::Done(_)), "{reply:?}");
                acts.push(act);
                std::thread::sleep(Duration::from_millis(5));
            }
            acts
        });
        let (taken, row) = time(|| import(&["--json"]));
        ended.store(true, Ordering::SeqCst);
        println!(
            "  {row}; desk {} ms of CPU, {} MB at most",
            cpu(pid) - before,
            of_process(pid, "VmHWM") / 1024
        );
        acts = working.join().unwrap();
        said = row;
        taken
    });
    print(&format!("import of {rows} rows, acknowledged and visible"), vec![taken], "100k: 8000, 1M: 240000");
    print("an acknowledged act meanwhile", acts, "25 at 99 %");
    let before = cpu(pid);
    let (taken, again) = time(|| import(&[]));
    println!("  {again}; desk {} ms of CPU", cpu(pid) - before);
    print(&format!("the same {rows} rows again"), vec![taken], "");
    let row: serde_json::Value = serde_json::from_str(&said).unwrap();
    let act = row["row"]["act_id"].as_str().unwrap();
    let before = cpu(pid);
    let (taken, undone) = time(|| environment.command(&["undo", act]).output().unwrap());
    assert!(undone.status.success(), "{}", String::from_utf8_lossy(&undone.stderr));
    println!("  desk {} ms of CPU, {} MB at most", cpu(pid) - before, of_process(pid, "VmHWM") / 1024);
    print(&format!("undo of the import of {rows} rows"), vec![taken], "");
}
