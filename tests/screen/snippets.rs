//! 话术 by keys: found, copied, written, changed, taken away.

use qun::book::Snippet;
use qun::door::Command;
use qun::door::detail::SnippetView;
use qun::text::lang::Lang;

use super::Screen;
use super::desk::Desk;
use super::transcripts::told;

/// What the small desk finds: two snippets, one of which cannot be filled.
pub fn found(text: &str) -> Vec<SnippetView> {
    let view = |name: &str, copy: Option<&str>| SnippetView {
        name: name.to_owned(),
        tags: vec!["售后".to_owned()],
        page: format!("{name} #售后\n{{{{ name }}}}，七天内都可以退"),
        show: "张三，七天内都可以退\n运费我们出".to_owned(),
        copy: copy.map(str::to_owned),
        blocked: copy.is_none().then(|| "缺 name".to_owned()),
        used: if copy.is_some() { 3 } else { 0 },
        used_at: copy.map(|_| super::desk::at(-60)),
    };
    let all = [view("退货怎么办", Some("张三，七天内都可以退\n运费我们出")), view("退款多久到", None)];
    all.into_iter().filter(|view| view.name.contains(text)).collect()
}

fn screen(size: (u16, u16)) -> Screen {
    Screen::new(Desk::small(), size, Lang::ZhCn)
}

#[test]
fn three_keys_copy_the_first() {
    for size in [(80, 24), (200, 60)] {
        let mut screen = screen(size);
        screen.keys("s");
        let picture = screen.picture();
        for words in [
            "话术 宠友交流1群>",
            "退货怎么办 #售后",
            "用过 3 次, 上次 ",
            "没用过",
            "运费我们出",
            "Enter 复制",
        ] {
            assert!(picture.contains(words), "{words}\n{picture}");
        }
        screen.keys("'退货 enter");
        assert_eq!(screen.copied(), ["张三，七天内都可以退\n运费我们出"]);
        assert!(screen.picture().contains("复制 15 字: 退货怎么办"), "{}", screen.picture());
        assert_eq!(told(&screen), [&Command::SnippetUsed { name: "退货怎么办".into() }]);
    }
}

#[test]
fn what_cannot_be_filled_is_not_copied() {
    let mut screen = screen((80, 24));
    screen.keys("s '退款 enter");
    assert!(screen.copied().is_empty());
    assert!(screen.picture().contains("缺 name"), "{}", screen.picture());
    screen.keys("esc s '没有的");
    assert!(screen.picture().contains("没有这条话术, Ctrl-e 新写一条"), "{}", screen.picture());
    screen.keys("enter");
    assert!(screen.copied().is_empty() && screen.picture().contains("没有这条话术"), "{}", screen.picture());
}

#[test]
fn one_is_written_changed_and_taken_away_in_the_editor() {
    let mut screen = screen((80, 24));
    screen.keys("s '在吗 ctrl-e \"在的～ ctrl-s");
    let set = |before: Option<&str>, page: &str| Command::SnippetSet {
        before: before.map(str::to_owned),
        snippet: Snippet::from_page(page),
    };
    assert_eq!(told(&screen).pop(), Some(&set(None, "在吗\n在的～")));
    screen.keys("s '退货 ctrl-e '了 ctrl-s");
    let page = "退货怎么办 #售后\n{{ name }}，七天内都可以退了";
    assert_eq!(told(&screen).pop(), Some(&set(Some("退货怎么办"), page)));
    screen.keys("s '退货 ctrl-e ctrl-u backspace ctrl-u ctrl-s");
    assert_eq!(told(&screen).pop(), Some(&Command::SnippetRemove { name: "退货怎么办".into() }));
}
