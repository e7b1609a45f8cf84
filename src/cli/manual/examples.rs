//! Command lines to copy: at least one for every command, each read by the program itself in a test.
//!
//! One file because it is one table, a row a command, that grows with them and has nothing to it.

mod objects;
mod scripts;

use super::views;
use crate::text::lang::Lang;
use crate::text::width::width;

/// A command line, and what it does in simplified and traditional Chinese and in English.
pub(super) type Example = (&'static str, [&'static str; 3]);

/// How many examples a group of commands shows of those below it.
const OF_A_GROUP: usize = 3;

/// The columns of an example before it goes on in the next line, so that no terminal breaks it where a shell would not.
const COLUMNS: usize = 72;

fn all() -> impl Iterator<Item = &'static (&'static str, &'static [Example])> {
    EXAMPLES.iter().chain(objects::EXAMPLES).chain(scripts::EXAMPLES).chain(views::EXAMPLES)
}

/// The examples of a command; of a group the first of the commands below it. Empty where there are none.
pub(super) fn lines(path: &str) -> Vec<Example> {
    if let Some((_, own)) = all().find(|(of, _)| *of == path) {
        return own.to_vec();
    }
    let below = |of: &str| of.strip_prefix(path).is_some_and(|rest| rest.starts_with(' '));
    all().filter(|(of, _)| below(of)).filter_map(|(_, own)| own.first().copied()).take(OF_A_GROUP).collect()
}

/// A command line in lines that a shell puts together again: it goes on before an option.
pub(super) fn in_lines(line: &str) -> String {
    let (mut lines, mut quote) = (vec![String::new()], None);
    let options = line.split(" --").enumerate().map(|(n, part)| match n {
        0 => part.to_owned(),
        _ => format!("--{part}"),
    });
    for option in options {
        let last = lines.last_mut().map_or(0, |last| width(last));
        let fits = last == 0 || last + width(&option) < COLUMNS || quote.is_some();
        match lines.last_mut() {
            Some(last) if fits => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(&option);
            }
            _ => lines.push(option.clone()),
        }
        for c in option.chars() {
            match quote {
                Some(open) if open == c => quote = None,
                None if matches!(c, '\'' | '"') => quote = Some(c),
                _ => {}
            }
        }
    }
    lines.join(" \\\n    ")
}

/// The examples of a command as help shows them: what it does, then the line.
pub(super) fn of(path: &str, lang: Lang) -> Option<String> {
    let lines = lines(path);
    let shown = lines.iter().map(|(line, words)| {
        let words = match lang {
            Lang::ZhCn => words[0],
            Lang::ZhTw => words[1],
            Lang::En => words[2],
        };
        format!("  {}\n      {words}", in_lines(line))
    });
    (!lines.is_empty()).then(|| shown.collect::<Vec<_>>().join("\n"))
}

/// A line as a shell would take it apart: at spaces outside quotes.
#[cfg(test)]
pub(super) fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    let mut begun = false;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '\'' | '"') => (quote, begun) = (Some(c), true),
            (None, ' ') => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            _ => {
                word.push(c);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "",
        &[
            ("qun", ["打开界面", "打開介面", "open the screen"]),
            (
                "qun -f 'due:today account:手机1'",
                ["打开就只看手机1今天的", "打開就只看手機1今天的", "open on what 手机1 owes today"],
            ),
            (
                "qun 今日 -f account:手机1 --select 张三 -c ':focus'",
                [
                    "今日里手机1的，停在张三，专注做",
                    "今日裡手機1的，停在張三，專注做",
                    "today's of 手机1, at 张三, one at a time",
                ],
            ),
            (
                "qun --only-filter 'state:due due:08:00..12:00 platform:wecom' --readonly",
                ["上午企微的，只看", "上午企微的，只看", "this morning on WeCom, only to look"],
            ),
            (
                "qun --plain 今日 -f account:手机1",
                [
                    "不开界面，一行一条 (读屏软件, 简单终端)",
                    "不開介面，一行一則 (讀屏軟體, 簡單終端機)",
                    "no screen, a line each (screen readers, dumb terminals)",
                ],
            ),
            (
                "qun --config ~/店里.toml --color never",
                ["用另一份设置，不要颜色", "用另一份設定，不要顏色", "other settings, no colours"],
            ),
            ("qun demo", ["看看演示数据", "看看演示資料", "look at made-up data"]),
        ],
    ),
    (
        "list",
        &[
            (
                "qun list -f 'state:due group:宠友' --limit 50",
                ["宠友群里待发的前 50 条", "寵友群裡待發的前 50 條", "the first 50 due in 宠友"],
            ),
            (
                "qun list 大客户 -f 'stage:silent' --columns name,spent",
                [
                    "视图里沉默的，只看两列",
                    "視圖裡沉默的，只看兩欄",
                    "the silent ones of a view, two columns",
                ],
            ),
            (
                "qun list members -f 'tag:宝妈' --csv",
                ["宝妈写成表格", "寶媽寫成表格", "the mothers as a file for a spreadsheet"],
            ),
            ("qun list groups --no-headings", ["不要表头", "不要表頭", "without headings"]),
            (
                "qun list members -f 'silent>=30d' --json",
                [
                    "30 天没动静的成员，给脚本用",
                    "30 天沒動靜的成員，給腳本用",
                    "who has been silent for 30 days, for a script",
                ],
            ),
        ],
    ),
    (
        "show",
        &[
            ("qun show 张三", ["张三的卡片", "張三的卡片", "the card of 张三"]),
            ("qun show k3f9a --text", ["这条待办要发的文字", "這條待辦要發的文字", "the text of a task"]),
        ],
    ),
    (
        "do",
        &[
            ("qun do sent k3f9a --at 14:00", ["补记 14:00 已发", "補記 14:00 已發", "it was sent at 14:00"]),
            (
                "qun do skip k3f9a b72xq --reason 2",
                ["跳过两条: 已成交", "跳過兩條: 已成交", "skip two: they have bought"],
            ),
            (
                "qun do correct k3f9a",
                [
                    "这段话发给了谁，还能不能撤回",
                    "這段話發給了誰，還能不能收回",
                    "who got this text, and what can be recalled",
                ],
            ),
            (
                "qun do correct k3f9a --text '鸡蛋 29.9 元' --notice '价格写错了，是 29.9 元'",
                [
                    "没发的都改，发过的各得一条更正",
                    "沒發的都改，發過的各得一條更正",
                    "right text for the rest, a correction for those who had it",
                ],
            ),
            ("qun do snooze k3f9a --until 明天9点", ["明天 9 点再发", "明天 9 點再發", "tomorrow at nine"]),
        ],
    ),
    (
        "tell",
        &[
            ("qun tell 张三 下单 39.9 鸡蛋", ["张三下单了", "張三下單了", "张三 ordered"]),
            (
                "qun tell 小雨妈,阿珍 进群 --group 宠友交流1群 --new",
                ["两个新人进群", "兩個新人進群", "two newcomers"],
            ),
            (
                "qun tell +3 人 --group 宠友交流1群",
                ["群里多了 3 人", "群裡多了 3 人", "three more in the group"],
            ),
        ],
    ),
    (
        "import",
        &[
            ("qun help import", ["认得哪些表头", "認得哪些表頭", "which headers are understood"]),
            (
                "qun import 会员.csv --dry-run",
                ["先看会变什么", "先看會變什麼", "see first what would change"],
            ),
            (
                "qun import 会员.csv --rejects 问题行.csv",
                [
                    "好的行先进，坏的行另存",
                    "好的行先進，壞的行另存",
                    "take the good rows, keep the bad ones aside",
                ],
            ),
        ],
    ),
    (
        "sop check",
        &[
            (
                "qun sop check 早安.toml",
                ["检查文件，列出所有错处", "檢查檔案，列出所有錯處", "every mistake in a file"],
            ),
            (
                "qun sop check 早安.toml 午安.toml",
                [
                    "几个一起查，也查有没有绕成一圈",
                    "幾個一起查，也查有沒有繞成一圈",
                    "several at once, and whether they go round in a ring",
                ],
            ),
        ],
    ),
    (
        "sop add",
        &[
            ("qun sop add 早安.toml", ["启用这个文件", "啟用這個檔案", "apply a file"]),
            (
                "qun sop add --builtin new-friend-7d",
                ["启用内置的新客培育", "啟用內建的新客培育", "apply one that comes with qun"],
            ),
        ],
    ),
    (
        "sop forecast",
        &[
            ("qun sop forecast", ["往后 30 天", "往後 30 天", "the coming 30 days"]),
            ("qun sop forecast --days 7 --json", ["下一周，给脚本", "下一週，給腳本", "a week, for scripts"]),
        ],
    ),
    (
        "campaign edit",
        &[
            ("qun campaign edit jun-618 --until +6d", ["多做一天", "多做一天", "a day longer"]),
            (
                "qun campaign edit jun-618 --at 后天 --at 大后天 --dry-run",
                [
                    "还没开始的两波各晚一天，先试算",
                    "還沒開始的兩波各晚一天，先試算",
                    "both waves to come a day later, tried first",
                ],
            ),
        ],
    ),
    (
        "campaign add",
        &[(
            "qun campaign add jun-618 --title 618 --playbook wake-silent --playbook group-618 --wave stage:repeat --at 明天 --wave 'count>=100' --at 后天 --until +5d --ask 商品=牛奶",
            [
                "老客一波，百人以上的群一波 (大促自己的群 SOP)，五天后全部结束",
                "老客一波，百人以上的群一波 (大促自己的群 SOP)，五天後全部結束",
                "regulars first, then groups of a hundred by a playbook of its own; all ends in five days",
            ],
        )],
    ),
    ("campaign list", &[("qun campaign list", ["都有哪些", "都有哪些", "which there are"])]),
    (
        "campaign show",
        &[
            ("qun campaign show jun-618", ["复盘", "復盤", "the review"]),
            (
                "qun campaign show jun-618 --texts",
                [
                    "还没发的文字，改好用 edit --texts 放回去",
                    "還沒發的文字，改好用 edit --texts 放回去",
                    "its texts to come, given back with edit --texts",
                ],
            ),
        ],
    ),
    ("campaign stop", &[("qun campaign stop jun-618", ["马上停", "馬上停", "end it now"])]),
    ("sop list", &[("qun sop list", ["在用的 SOP", "在用的 SOP", "what is applied"])]),
    (
        "sop plan",
        &[
            (
                "qun sop plan new-friend-7d --member 张三",
                ["张三哪天该收到什么", "張三哪天該收到什麼", "what 张三 gets on which day"],
            ),
            (
                "qun sop plan 早安.toml --days 7",
                ["没启用也能先看一周", "沒啟用也能先看一週", "a week of a file that is not applied"],
            ),
        ],
    ),
    (
        "sop export",
        &[("qun sop export group-morning", ["把文件取回来", "把檔案取回來", "the file, given back"])],
    ),
    ("sop pause", &[("qun sop pause group-morning", ["先停一停", "先停一停", "stop for now"])]),
    ("sop resume", &[("qun sop resume group-morning", ["接着来", "接著來", "go on"])]),
    ("sop remove", &[("qun sop remove group-morning", ["不再用它", "不再用它", "end it"])]),
    (
        "sop enrol",
        &[
            (
                "qun sop enrol wake-silent -f 'silent>=60d' --dry-run",
                ["先看会有谁进", "先看會有誰進", "see first who would enter"],
            ),
            (
                "qun sop enrol checkin-21d --member 张三 --anchor 周一",
                ["张三从周一算起", "張三從週一算起", "张三 from Monday on"],
            ),
        ],
    ),
    (
        "sop leave",
        &[("qun sop leave wake-silent --member 张三", ["张三不再走", "張三不再走", "张三 is taken out"])],
    ),
    (
        "rules show",
        &[("qun rules show", ["现在的上限和免打扰", "現在的上限和免打擾", "caps and quiet hours that hold"])],
    ),
    ("rules check", &[("qun rules check rules.toml", ["检查文件", "檢查檔案", "look for a mistake"])]),
    ("rules apply", &[("qun rules apply rules.toml", ["现在就用它", "現在就用它", "apply it now"])]),
    (
        "rules default",
        &[(
            "qun rules default",
            [
                "带注释的默认规则，重定向就是一份起点",
                "帶註解的預設規則，重新導向就是一份起點",
                "the default rules with comments: a file to begin with",
            ],
        )],
    ),
    (
        "calendar",
        &[(
            "qun calendar --year 2026",
            [
                "全年的节日、节气和休息日",
                "全年的節日、節氣和休息日",
                "festivals, terms and days off of a year",
            ],
        )],
    ),
    (
        "calendar import",
        &[(
            "qun calendar import 2027.toml",
            ["加上 2027 年的放假安排", "加上 2027 年的放假安排", "the days off of 2027"],
        )],
    ),
    (
        "fill",
        &[
            ("qun fill", ["今天还有哪些空要填", "今天還有哪些空要填", "what is still asked today"]),
            ("qun fill groupbuy-day 商品 '鸡蛋 39.9'", ["填今天的商品", "填今天的商品", "today's goods"]),
            (
                "qun fill groupbuy-day 商品 '苹果 25' --day 明天",
                ["先填明天的", "先填明天的", "those of tomorrow"],
            ),
        ],
    ),
    (
        "tick",
        &[(
            "qun tick",
            [
                "不开界面，把到点的放进待发",
                "不開介面，把到點的放進待發",
                "bring what is due into the queue, without a screen",
            ],
        )],
    ),
    (
        "undo",
        &[
            ("qun undo", ["撤销我的上一步", "撤銷我的上一步", "take back what I did last"]),
            (
                "qun undo yfyyx1",
                [
                    "qun log 里编号以此结尾的一步",
                    "qun log 裡編號以此結尾的一步",
                    "the act of qun log whose id ends so",
                ],
            ),
        ],
    ),
    ("redo", &[("qun redo", ["重做", "重做", "do it again"])]),
    ("log", &[("qun log --mine --limit 20", ["我最近做的 20 步", "我最近做的 20 步", "my last 20 acts"])]),
    ("status", &[("qun status", ["值守进程和待发数", "值守程序和待發數", "the desk, and how much is owed"])]),
    (
        "serve",
        &[
            ("qun serve", ["在服务器上一直值守", "在伺服器上一直值守", "stay, on a server"]),
            ("qun serve --stop", ["让值守进程结束", "讓值守程序結束", "end the one that runs"]),
        ],
    ),
    (
        "demo",
        &[(
            "qun demo --members 10000 --tasks 2000",
            ["一万成员的演示数据", "一萬成員的演示資料", "made-up data of 10,000 members"],
        )],
    ),
    (
        "backup",
        &[(
            "qun backup --keep 7",
            ["备份，留最近 7 份", "備份，留最近 7 份", "save, and keep the last seven"],
        )],
    ),
    ("restore", &[("qun restore", ["恢复最新的备份", "恢復最新的備份", "the newest backup"])]),
    ("doctor", &[("qun doctor", ["哪里不对，怎么办", "哪裡不對，怎麼辦", "what is wrong, and what to do"])]),
    (
        "help",
        &[
            ("qun help filters", ["过滤能用的全部词", "過濾能用的全部詞", "every key of filters"]),
            (
                "qun help import",
                ["名单里认得的全部表头", "名單裡認得的全部表頭", "every header of a file of members"],
            ),
        ],
    ),
    (
        "sop new",
        &[
            ("qun sop new 会员日", ["从空白写一个", "從空白寫一個", "one of your own"]),
            (
                "qun sop new 我的早安 --from group-morning",
                ["从内置的早安改起", "從內建的早安改起", "from the one that comes with qun"],
            ),
        ],
    ),
    (
        "sop show",
        &[(
            "qun sop show new-friend-7d",
            ["各步走到哪，谁在哪一步", "各步走到哪，誰在哪一步", "how far everybody got"],
        )],
    ),
    (
        "snippet add",
        &[(
            "qun snippet add 退货怎么办 --tags 售后 --text '{{ name }}，七天内都可以退'",
            [
                "存一条，发给谁就填谁的称呼",
                "存一條，發給誰就填誰的稱呼",
                "keep one that is filled for whom it goes to",
            ],
        )],
    ),
    ("snippet set", &[("qun snippet set 退货怎么办 --tags 售后,常问", ["改标签", "改標籤", "its tags"])]),
    (
        "snippet list",
        &[("qun snippet list thzmb", ["拼音首字母也能找", "拼音首字母也能找", "found by its initials"])],
    ),
    (
        "snippet show",
        &[("qun snippet show 退货怎么办 --to 张三", ["填好给张三的", "填好給張三的", "filled for 张三"])],
    ),
    (
        "snippet rm",
        &[("qun snippet rm 退货怎么办", ["删掉，可撤销", "刪掉，可撤銷", "taken away, can be undone"])],
    ),
    (
        "snippet import",
        &[(
            "qun snippet import 话术.md",
            ["导入一份 Markdown", "匯入一份 Markdown", "all of a Markdown file"],
        )],
    ),
    (
        "snippet export",
        &[(
            "qun snippet export --markdown",
            [
                "全部导出，重定向就是一份文件",
                "全部匯出，重新導向就是一份檔案",
                "all of them, to be sent into a file",
            ],
        )],
    ),
    (
        "count",
        &[
            (
                "qun count -f state:due",
                [
                    "待发有几条，放进提示符或 cron",
                    "待發有幾條，放進提示字元或 cron",
                    "how much is due, for a prompt or cron",
                ],
            ),
            (
                "qun count 大客户",
                ["视图“大客户”里有几个", "視圖「大客戶」裡有幾個", "how many the view 大客户 has"],
            ),
        ],
    ),
    (
        "query explain",
        &[(
            "qun query explain 'due:today -tag:勿扰 (spent>=500 OR stage:repeat)'",
            ["这样写会找什么", "這樣寫會找什麼", "what it finds"],
        )],
    ),
    (
        "sheet",
        &[
            (
                "qun sheet 手机1",
                ["手机1 待发的，编好号", "手機1 待發的，編好號", "what is due from 手机1, numbered"],
            ),
            (
                "qun sheet 手机1 --sent '1 3 5-8' --at 14:00",
                ["这几条 14:00 发了", "這幾條 14:00 發了", "these were sent at 14:00"],
            ),
        ],
    ),
    (
        "sop day-off",
        &[(
            "qun sop day-off groupbuy-day --notice '今天暴雨，停团一天，明天见'",
            [
                "今天剩下的取消，各群发一条说明",
                "今天剩下的取消，各群發一條說明",
                "the rest of today is cancelled, each group is told",
            ],
        )],
    ),
];
