//! Nothing is cut or squeezed while there is room.

use qun::text::lang::Lang;
use qun::tui::event::Event;

use super::Screen;
use super::desk::{Desk, task_id};

#[test]
fn a_narrow_header_has_the_counts_of_what_is_owed() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.state.demo = true;
    let counts = qun::door::reply::Counts {
        due: 52,
        today: 42,
        overdue: 50,
        snoozed: 8,
        awaiting: Some(26),
        to_answer: 5,
        groups: 12,
        members: 180,
        playbooks: 7,
        ..screen.state.counts
    };
    for view in 1..=9 {
        screen.keys(&view.to_string());
        screen.event(Event::Push(Box::new(qun::door::Push::Counts(counts))));
        let head = screen.rows().remove(0);
        assert!(!head.contains("8成 ") && head.contains("7群"), "{head}");
        assert!(head.contains("8员") || head.contains("8成员"), "{head}");
        for n in ["52", "42", "50", "8", "26", "5"] {
            assert!(head.contains(&format!(" {n} ")), "{n}: {head}");
        }
    }
}

#[test]
fn what_went_wrong_is_told_whole() {
    let mut screen = Screen::new(Desk::small(), (120, 40), Lang::ZhCn);
    let words = format!("{}到此为止", "这句话说明白了哪里不对、怎么改、去哪里看。".repeat(8));
    screen.desk.refuse = Some(qun::door::Refusal::new(qun::door::RefusalKind::Invalid, words));
    screen.keys("d");
    let foot = screen.rows().split_off(30).concat().replace(' ', "");
    assert!(foot.contains("到此为止"), "{}", screen.picture());
}

#[test]
fn no_word_of_a_narrow_header_is_cut() {
    for columns in 40..=140 {
        let mut screen = Screen::new(Desk::small(), (columns, 24), Lang::En);
        for view in 1..=9 {
            screen.keys(&view.to_string());
            let head = screen.rows().remove(0);
            let names: Vec<&str> =
                head.split(' ').filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).collect();
            assert!(names.iter().all(|name| !name.ends_with('.')), "{columns}: {head}");
        }
    }
}

#[test]
fn no_scraps_are_left_beside_a_box() {
    for columns in 80..=125 {
        let mut screen = Screen::new(Desk::small(), (columns, 30), Lang::ZhCn);
        screen.keys("a");
        let rows = screen.rows();
        let rule = rows.iter().find(|row| row.contains("-- 第 1/3 步")).unwrap();
        let beside = rule.rsplit("-  ").next().filter(|_| rule.contains("-  ")).unwrap_or_default();
        assert!(beside.trim().is_empty(), "{columns}\n{}", screen.picture());
    }
}

#[test]
fn the_next_action_is_whole_beside_a_list() {
    for size in [(100, 30), (120, 40), (80, 24), (200, 60)] {
        let mut screen = Screen::new(Desk::small(), size, Lang::ZhCn);
        let rows: Vec<String> = screen
            .rows()
            .iter()
            .map(|row| row.rsplit('|').next().unwrap_or_default().trim().to_owned())
            .collect();
        let all = rows.concat().replace(' ', "");
        assert!(all.contains("下一步:y复制,到聊天里粘贴发送,再按d"), "{size:?}\n{}", screen.picture());
        assert!(all.contains("第3步/共5步"), "{size:?}\n{}", screen.picture());
        screen.keys("-");
        assert!(!screen.picture().contains("下一步: y"), "{size:?}\n{}", screen.picture());
        screen.keys("-");
        assert!(screen.picture().contains("下一步: y"), "{size:?}\n{}", screen.picture());
    }
}

#[test]
fn no_cell_is_squeezed_to_dots() {
    for size in [(80, 24), (100, 30), (120, 40), (160, 45), (200, 60)] {
        for zoomed in [false, true] {
            let mut screen = Screen::new(Desk::believable(40), size, Lang::ZhCn);
            // cards cut what is long with reason
            screen.keys("-");
            for view in 1..=9 {
                screen.keys(&view.to_string());
                if zoomed {
                    screen.keys("_");
                }
                for row in screen.rows() {
                    let squeezed = row.split_whitespace().any(|word| matches!(word, "." | ".."));
                    assert!(!squeezed, "{size:?} {view}: {row}\n{}", screen.picture());
                }
                if zoomed {
                    screen.keys("_");
                }
            }
        }
    }
}

#[test]
fn the_members_of_a_group_have_the_whole_screen_when_it_is_theirs() {
    let mut screen = Screen::new(Desk::believable(40), (120, 40), Lang::ZhCn);
    let name = "一个名字很长很长的人从来没有被截断";
    screen.desk.members[0].name = name.into();
    screen.event(Event::Resumed);
    for _ in 0..4 {
        screen.keys("tab");
        if screen.state.focus == qun::tui::state::Pane::Members {
            break;
        }
    }
    screen.keys("_");
    assert!(screen.picture().contains(name), "{}", screen.picture());
}

#[test]
fn what_comes_next_fills_the_rows_under_the_timeline() {
    // what is for a person has no group to tell of
    let mut desk = Desk::small();
    let one =
        desk.tasks.iter().find(|task| matches!(task.target, qun::book::Target::Member(_))).unwrap().clone();
    let many = (500..560).map(|n| qun::door::line::TaskLine { id: task_id(n), group: None, ..one.clone() });
    desk.tasks = many.collect();
    let screen = Screen::new(desk, (120, 40), Lang::ZhCn);
    let rows = screen.rows();
    let head = rows
        .iter()
        .position(|row| row.contains("今日时间轴"))
        .unwrap_or_else(|| panic!("{}", screen.picture()));
    assert!(rows[head..].iter().any(|row| row.contains("周末洗护  6 条")), "{}", screen.picture());
}

#[test]
fn a_list_that_is_filtered_counts_its_own_hours() {
    let mut screen = Screen::new(Desk::small(), (200, 60), Lang::ZhCn);
    let strip = |screen: &Screen| {
        let rows = screen.rows();
        let at = rows.iter().position(|row| row.contains("今日时间轴")).unwrap();
        rows[at..].join("\n")
    };
    let whole = strip(&screen);
    assert!(whole.contains("16点 7条") && screen.picture().contains("周末洗护  6 条"), "{whole}");
    screen.desk.tasks.truncate(1);
    screen.keys("/ '驱虫 enter");
    let filtered = strip(&screen);
    assert!(filtered.contains("只算本列表") && !filtered.contains("16点"), "{filtered}");
    assert!(!screen.picture().contains("周末洗护  6 条"), "{}", screen.picture());
}

#[test]
fn the_pane_of_groups_stands_on_the_one_that_the_queue_is_narrowed_to() {
    let mut screen = Screen::new(Desk::small(), (200, 60), Lang::ZhCn);
    screen.keys("7 j j enter");
    let narrowed = screen.state.narrowed.clone();
    assert!(narrowed.is_some());
    let stands = screen.state.groups.selected().and_then(qun::tui::line::Line::group);
    assert_eq!(stands, narrowed, "{}", screen.picture());
}

#[test]
fn the_way_to_help_is_in_sight_at_every_size() {
    for lang in Lang::ALL {
        for size in [(80, 24), (100, 30), (120, 40), (200, 60)] {
            let mut screen = Screen::new(Desk::small(), size, lang);
            for view in ["1", "7", "8", "9"] {
                screen.keys(view);
                let foot = screen.rows().pop().unwrap();
                for action in ["/", ":", "?"] {
                    assert!(foot.contains(&format!(" {action}")), "{lang} {size:?} {view}: {foot}");
                }
            }
        }
    }
}

#[test]
fn the_text_takes_what_the_others_leave() {
    let mut desk = super::desk::Desk::small();
    let long = format!("{}完", "今天的货到了".repeat(9));
    desk.tasks[0].summary.clone_from(&long);
    let mut screen = super::Screen::new(desk, (200, 60), qun::text::lang::Lang::ZhCn);
    screen.keys("_");
    assert!(screen.picture().contains(&long), "{}", screen.picture());
}

#[test]
fn the_text_at_hand_is_in_sight_in_the_least_window() {
    for (lang, next) in [(Lang::ZhCn, "下一步"), (Lang::ZhTw, "下一步"), (Lang::En, "next")] {
        let mut screen = Screen::new(Desk::small(), (60, 12), lang);
        let rows = screen.rows();
        let at = |rows: &[String], words: &str| {
            rows.iter()
                .position(|row| row.contains(words))
                .unwrap_or_else(|| panic!("{words}\n{}", rows.join("\n")))
        };
        assert!(rows.iter().any(|row| row.starts_with('>')), "the row itself");
        let first = at(&rows, "各位铲屎官周末好");
        assert!(
            rows[first + 1].contains("周六 10:00") || rows[first + 1].contains("名额"),
            "{}",
            rows.join("\n")
        );
        assert!(at(&rows, next) > first + 1);
        // of several parts the one at hand
        screen.keys("j j j j j");
        let rows = screen.rows();
        at(&rows, "明天会员日");
        screen.keys("y d");
        at(&screen.rows(), "/素材/会员日.jpg");
    }
}

#[test]
fn counts_stay_longer_than_names() {
    for lang in Lang::ALL {
        let mut screen = Screen::new(Desk::small(), (60, 12), lang);
        screen.state.demo = true;
        let (due, today, overdue, snoozed, awaiting, to_answer) = (52, 42, 50, 9, Some(26), 5);
        let counts = screen.state.counts;
        screen.state.counts =
            qun::door::reply::Counts { due, today, overdue, snoozed, awaiting, to_answer, ..counts };
        screen.keys("7");
        let header = screen.rows().remove(0);
        for count in ["52", "42", "50", "9", "26", "5"] {
            let words: Vec<&str> = header.split([' ', ':']).collect();
            assert!(words.contains(&count), "{lang} {count}: {header}");
        }
    }
}

#[test]
fn no_word_of_a_header_is_cut_without_saying_so() {
    for (size, due) in [((60, 12), 10), ((80, 24), 10), ((80, 24), 4_000), ((100, 30), 120), ((200, 60), 10)]
    {
        let screen = Screen::new(Desk::large(due), size, Lang::En);
        let header = screen.rows().remove(0);
        let whole =
            ["due", "today", "late", "later", "await", "answer", "groups", "people", "SOP", "Sun", "demo"];
        for word in header.split([' ', ':']).filter(|word| !word.is_empty()) {
            let letters = word.trim_matches(|c: char| c.is_ascii_digit() || c == '*');
            assert!(
                letters.is_empty() || whole.contains(&letters) || letters.ends_with('.') || size.0 >= 100,
                "{header}"
            );
        }
        for digit in 1..=9 {
            assert!(header.contains(&digit.to_string()), "{header}");
        }
    }
}

#[test]
fn how_late_a_task_is_stands_once_in_its_row() {
    let mut desk = Desk::small();
    desk.tasks[0].facts = vec![qun::door::line::Fact::FollowUp, qun::door::line::Fact::LateDays(2)];
    desk.tasks[0].due_at = super::desk::at(-2 * 1440);
    let screen = Screen::new(desk, (80, 24), Lang::ZhCn);
    let rows = screen.rows();
    let row = rows.iter().find(|row| row.starts_with('>')).unwrap();
    assert!(row.contains("-2天") && row.contains("逾期 跟进") && !row.contains("晚"), "{row}");
    assert!(rows.iter().any(|row| row.contains("-- 内容") && row.contains("晚 2天")), "{}", rows.join("\n"));
}

#[test]
fn beside_a_text_a_row_still_says_how_it_stands() {
    use qun::tui::config::PreviewAt;
    for (lang, words) in [
        (Lang::ZhCn, ["逾期", "不可发", "待发", "已复制"]),
        (Lang::ZhTw, ["逾期", "不可發", "待發", "已複製"]),
        (Lang::En, ["overdue", "blocked", "due", "copied"]),
    ] {
        let mut screen = Screen::new(Desk::small(), (80, 24), lang);
        screen.state.preview_at = PreviewAt::Right;
        screen.event(Event::Resize(80, 24));
        screen.keys("j y k");
        let rows: Vec<String> = (screen.rows().iter().skip(3).take(10))
            .map(|row| row.split('|').next().unwrap_or_default().trim_end().to_owned())
            .collect();
        let stands = |word: &&str| rows.iter().any(|row| row.contains(*word));
        assert!(words.iter().all(stands), "{words:?}\n{}", screen.picture());
        // who has it in hand may be a long name
        let cut = |row: &String| row.ends_with("..") && !row.contains("小李");
        assert!(!rows.iter().any(cut), "{}", screen.picture());
    }
}

#[test]
fn no_heading_stands_with_nothing_under_it() {
    for columns in [80, 200] {
        for rows in 14..=60 {
            let screen = Screen::new(Desk::small(), (columns, rows), Lang::ZhCn);
            let shown = screen.rows();
            for (at, row) in shown.iter().enumerate() {
                let heads = ["接下来", "历史"].into_iter().filter_map(|head| row.find(head));
                for column in heads.map(|byte| qun::text::width::width(&row[..byte])) {
                    let below = shown.get(at + 1).map(String::as_str).unwrap_or_default();
                    let mut cells = below.chars();
                    let mut skipped = 0;
                    while skipped < column
                        && let Some(c) = cells.next()
                    {
                        skipped += qun::text::width::width(c.encode_utf8(&mut [0; 4]));
                    }
                    let under: String = cells.collect();
                    let is_line = under.starts_with(|c: char| c.is_alphanumeric());
                    assert!(
                        is_line && !under.starts_with("下一步"),
                        "{columns}x{rows}: {under:?}\n{}",
                        screen.picture()
                    );
                }
            }
        }
    }
}

#[test]
fn groups_that_begin_alike_are_told_apart_in_every_list() {
    for (size, keys) in [((120, 40), "1"), ((200, 60), "1"), ((60, 12), "7")] {
        let mut desk = Desk::small();
        for n in 0..3 {
            let name = format!("阳光花园团购福利社第{}群", n + 1);
            desk.tasks[n].target_name.clone_from(&name);
            desk.groups[n].name = name;
        }
        let mut screen = Screen::new(desk, size, Lang::ZhCn);
        screen.keys(keys);
        for n in 1..=3 {
            let ends = format!("{n}群");
            assert!(
                screen.rows().iter().skip(3).any(|row| row.contains(&ends)),
                "{ends}\n{}",
                screen.picture()
            );
        }
    }
}

#[test]
fn the_row_of_a_member_says_until_when_nothing_is_sent() {
    for size in [(60, 12), (120, 40)] {
        let mut desk = Desk::small();
        let until = Some(super::desk::at(60));
        desk.members[0].pause = Some(qun::door::detail::PauseView { until });
        let mut screen = Screen::new(desk, size, Lang::ZhCn);
        screen.keys("8");
        let rows = screen.rows();
        assert!(
            rows.iter().any(|row| row.contains("小雨妈") && row.contains("[停发到 ")),
            "{}",
            screen.picture()
        );
    }
}
