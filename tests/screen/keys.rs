//! Keys that a user binds: they act, and every place that names keys names them.

use super::Screen;
use super::desk::Desk;
use qun::text::lang::Lang;
use qun::tui::config;
use qun::tui::palette::Palettes;
use qun::tui::state::Pane;

fn with_keys(toml: &str) -> Screen {
    let (config, problems) = config::read(toml, &Palettes::default().names());
    assert_eq!(problems, Vec::new());
    Screen::with(Desk::small(), (120, 40), Lang::ZhCn, config)
}

#[test]
fn keys_of_a_users_own_act_and_are_named_everywhere() {
    let mut screen = with_keys(
        "[keys.global]\n'ctrl-o' = 'sent'\n'd' = 'none'\n'y' = 'none'\n'f11' = ':filter state:snoozed'\n[keys.list]\n'y g' = 'search-term'\n",
    );
    let hints = screen.rows().pop().unwrap();
    assert!(hints.contains("Ctrl-o 已发") && !hints.contains("d已发"), "{hints}");
    let next = screen.picture();
    assert!(next.contains("F2 复制, 到聊天里粘贴发送, 再按 Ctrl-o"), "{next}");
    let due = screen.state.main.total;
    screen.keys("d");
    assert_eq!(screen.state.main.total, due, "d does nothing any more");
    screen.keys("y");
    assert!(screen.copied().is_empty(), "y waits for what follows");
    screen.keys("g");
    assert_eq!(screen.copied().len(), 1);
    screen.keys("ctrl-o");
    assert_eq!(screen.state.main.total, due - 1);
    screen.keys("? 'yfi");
    screen.keys("esc ? '已发");
    assert!(screen.picture().contains("Ctrl-o F3"), "{}", screen.picture());
    screen.keys("esc f11");
    assert_eq!(screen.state.main.spec.filter, "state:snoozed");
}

#[test]
fn a_pane_has_keys_of_its_own() {
    let mut screen = with_keys("[keys.preview]\n'J' = 'back'\n[keys.groups]\n'j' = 'bottom'\n");
    screen.keys("enter");
    assert_eq!(screen.state.focus, Pane::Preview);
    screen.keys("J");
    assert_eq!(screen.state.focus, Pane::List);
    screen.keys("J h j");
    assert_eq!(screen.state.focus, Pane::Groups);
    let groups = &screen.state.groups;
    assert_eq!(groups.row + groups.first as usize + 1, groups.total as usize);
}

#[test]
fn lists_of_groups_and_members_have_the_keys_of_their_panes() {
    let mut screen = with_keys(
        "[keys.members]\n'f2' = 'note'\n[keys.groups]\n'j' = 'bottom'\n[keys.list]\n'J' = 'bottom'\n",
    );
    let hints = |screen: &Screen| screen.rows().pop().unwrap();
    assert!(!hints(&screen).contains("F2 备注"), "{}", hints(&screen));
    screen.keys("8");
    assert!(hints(&screen).contains("F2 备注"), "{}", hints(&screen));
    screen.keys("f2");
    assert!(screen.state.is_typing());
    screen.keys("esc 7 j");
    let at = |screen: &Screen| screen.state.main.row + screen.state.main.first as usize + 1;
    assert_eq!(at(&screen), screen.state.main.total as usize);
    screen.keys("8 J");
    assert_eq!(at(&screen), screen.state.main.total as usize, "what is bound for the list holds there too");
}

#[test]
fn a_key_that_input_methods_turn_into_another_is_refused() {
    for key in ["；", "！", "你", "ｊ", "ctrl-1"] {
        let (_, problems) = config::read(&format!("[keys.global]\n\"{key}\" = \"help\"\n"), &[]);
        let said: Vec<String> = problems.iter().map(|problem| problem.sentence(Lang::ZhCn)).collect();
        assert!(said.len() == 1 && said[0].contains("被终端或输入法占用"), "{key}: {said:?}");
    }
}

#[test]
fn a_mistake_in_the_file_is_said_at_the_beginning() {
    let start = qun::tui::state::Start { warning: "config.toml:4:12: x".into(), ..Default::default() };
    let screen = Screen::unanswered(Desk::default(), start);
    assert!(screen.picture().contains("config.toml:4:12"), "{}", screen.picture());
}

#[test]
fn popups_listen_to_the_same_table_and_name_what_is_bound() {
    let mut screen = with_keys(
        "[keys.text]\n'ctrl-o' = 'save'\n'ctrl-s' = 'none'\n'f3' = 'none'\n[keys.prompt]\n'f10' = 'leave'\n'esc' = 'none'\n[keys.menu]\n'x' = 'back'\n'n' = 'next'\n",
    );
    screen.keys("e");
    let editor = screen.picture();
    assert!(editor.contains("Ctrl-o 保存") && !editor.contains("Ctrl-s"), "{editor}");
    screen.keys("'改过 ctrl-s");
    assert!(screen.picture().contains("Ctrl-o 保存"), "Ctrl-s saves nothing any more");
    screen.keys("esc");
    assert!(screen.picture().contains("改过还没保存: Ctrl-o 保存, Ctrl-g 放弃"), "{}", screen.picture());
    screen.keys("ctrl-o");
    assert_eq!(screen.state.popups.len(), 0);
    // a prompt is left by another key, an editor by the old one
    screen.keys("/ esc");
    assert_eq!(screen.state.popups.len(), 1);
    screen.keys("f10");
    assert_eq!(screen.state.popups.len(), 0);
    // a menu moves and closes by keys of its own, which do something else in panes
    screen.keys("z n");
    assert!(screen.picture().contains(">2"), "{}", screen.picture());
    assert!(screen.picture().contains("x 返回"), "{}", screen.picture());
    screen.keys("x");
    assert_eq!(screen.state.popups.len(), 0);
}

#[test]
fn keys_of_popups_must_leave_a_way_out_and_letters_letters() {
    let said = |toml: &str| {
        let (config, problems) = config::read(toml, &Palettes::default().names());
        assert_eq!(config.keymap, qun::tui::keymap::Keymap::with(Vec::new()));
        problems
            .iter()
            .map(|p| format!("{}: {}", p.line, p.sentence(Lang::En)))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(
        said("[keys.editor]\n'x' = 'save'\n"),
        "2: in [keys.editor] text is typed: x is a letter there; use ctrl- or a function key"
    );
    assert!(
        said("[keys.text]\n'f5' = 'sent'\n")
            .starts_with("2: sent does nothing in [keys.text]; there are take")
    );
    assert!(said("[keys.list]\n'f11' = 'save'\n").contains("save does nothing in [keys.list]"));
    assert_eq!(
        said("[keys.text]\n'esc' = 'none'\n"),
        "1: in [keys.prompt] leave has no key left; leave it one"
    );
}

#[test]
fn times_to_put_off_to_are_the_users_own() {
    let mut screen = with_keys("[snooze]\npresets = ['30m', '18:00', '明天 20:00']\n");
    screen.keys("z");
    let menu = screen.picture();
    for words in ["1 30m", "14:33", "2 傍晚", "3 明天 20:00"] {
        assert!(menu.contains(words), "{words}\n{menu}");
    }
    assert!(!menu.contains("10 分钟"), "{menu}");
}

#[test]
fn a_key_that_means_nothing_says_so() {
    for (lang, words) in [
        (Lang::ZhCn, "c 在这里没有用处; ? 查所有按键"),
        (Lang::ZhTw, "c 在這裡沒有用處; ? 查所有按鍵"),
        (Lang::En, "c does nothing here; ? lists every key"),
    ] {
        let mut screen = Screen::new(Desk::small(), (80, 24), lang);
        for key in ["c", "@", "T"] {
            screen.keys(key);
            assert!(screen.picture().contains(&words.replacen('c', key, 1)), "{key}\n{}", screen.picture());
        }
        screen.keys("g x");
        assert!(screen.picture().contains(&words.replacen('c', "g x", 1)), "{}", screen.picture());
    }
}
