//! The file of a user who wants nothing otherwise: every setting with what it does, switched off by a `#`.
//!
//! A setting begins with `#` and no blank, so that it is a setting once that is taken away; what explains begins with
//! `# `. As it is printed the file says nothing, and so the program's own words hold, also those of later versions.

use std::fmt::Write as _;

use super::super::keymap::Context;
use super::super::palette::built_in_names;
use super::super::registry::{Action, Section};
use super::super::theme::Role;
use super::{Config, Glyphs, PreviewAt, SNOOZES};
use crate::text::lang::Lang;

crate::words! {
    enum Words {
        Head => [
            "你自己的设置: 去掉行首的 # 就生效。有错时 qun config check 说出行号，其余照常。\n规则 (上限, 免打扰, 时区) 不在这里，在数据旁的 rules.toml。",
            "你自己的設定: 去掉行首的 # 就生效。有錯時 qun config check 說出行號，其餘照常。\n規則 (上限, 免打擾, 時區) 不在這裡，在資料旁的 rules.toml。",
            "Your own settings: take the # away and a line holds. qun config check tells mistakes by line; all else goes on.\nRules (caps, quiet hours, zone) are not here but in rules.toml beside the journal.",
        ],
        Lang => ["语言: auto 跟系统走, zh-CN, zh-TW, en", "語言: auto 跟系統走, zh-CN, zh-TW, en", "The language: auto (as the locale says), zh-CN, zh-TW, en"],
        Theme { names } => [
            "配色: {names}，或 themes 目录里自己的", "配色: {names}，或 themes 目錄裡自己的", "Colours: {names}, or one of your own in the directory themes beside this file",
        ],
        View => ["一开始的视图: 1-9 或名字", "一開始的視圖: 1-9 或名字", "The view to begin with: 1-9 or its name"],
        Preview => ["正文预览开着", "正文預覽開著", "The text of what is selected is in sight"],
        PreviewAt { words } => ["预览的位置: {words}", "預覽的位置: {words}", "Where it stands: {words}"],
        HideNames => ["撤展: 名字和手机号都遮住 (投屏, 截图)", "撤展: 名字和手機號都遮住 (投影, 截圖)", "Names and phones are hidden (when others look on)"],
        Emoji => [
            "界面的列表里照样显示表情，和卡片、正文一样; 终端把表情画错位时写 false: 列表里写成 [表情]",
            "介面的列表裡照樣顯示表情，和卡片、正文一樣; 終端機把表情畫錯位時寫 false: 列表裡寫成 [表情]",
            "Emoji in lists as they are, as on cards and in texts; false where the terminal draws them askew: lists say [emoji]",
        ],
        Glyphs { words } => [
            "…—“”· 这类字符在终端里占几格: {words}; auto 问终端一次, wide 换成不会错位的", "…—“”· 這類字元在終端機裡佔幾格: {words}; auto 問終端機一次, wide 換成不會錯位的",
            "How wide …—“”· are in your terminal: {words}; auto asks it once, wide puts others in their place",
        ],
        Snoozes => [
            "稍后的几个时间，最多 8 个; 只列还没过的", "稍後的幾個時間，最多 8 個; 只列還沒過的",
            "When what is put off may come back, at most 8; only those that lie ahead are offered",
        ],
        Roles { words } => [
            "单独改某一种: {words}", "單獨改某一種: {words}", "One role otherwise, whatever the theme: {words}",
        ],
        Keys => [
            "按键。\"键\" = \"动作\"，\":命令\" 或 \"none\"。可写在 [keys.global] (到处) 或 [keys.groups] [keys.list] [keys.preview] [keys.members] (那一栏，群和成员的也管列它们的视图)。\n弹窗: [keys.menu] [keys.card] [keys.calendar] [keys.board] [keys.quick] 先看自己的，再看 global；打字的地方 [keys.text]，\n单独的 [keys.prompt] [keys.editor] [keys.form]。两个键连按: \"g g\"。",
            "按鍵。\"鍵\" = \"動作\"，\":命令\" 或 \"none\"。可寫在 [keys.global] (到處) 或 [keys.groups] [keys.list] [keys.preview] [keys.members] (那一欄，群和成員的也管列它們的檢視)。\n彈窗: [keys.menu] [keys.card] [keys.calendar] [keys.board] [keys.quick] 先看自己的，再看 global；打字的地方 [keys.text]，\n單獨的 [keys.prompt] [keys.editor] [keys.form]。兩個鍵連按: \"g g\"。",
            "Keys. \"key\" = \"action\", \":verb\" or \"none\", in [keys.global] (everywhere) or [keys.groups] [keys.list] [keys.preview]\n[keys.members] (that pane; those of groups and members in lists of them too). Popups: [keys.menu] [keys.card] [keys.calendar] [keys.board] [keys.quick] go before global;\nwhere text is typed [keys.text], and alone [keys.prompt] [keys.editor] [keys.form]. Two keys in a row: \"g g\".",
        ],
        NoKey => ["没有按键", "沒有按鍵", "no key"],
    }
}

/// The file, with a comment beside everything.
pub fn default_file(lang: Lang) -> String {
    let mut out = String::new();
    let plain = Config::default();
    comment(&mut out, Words::Head.text(lang));
    out.push('\n');
    comment(&mut out, Words::Lang.text(lang));
    out.push_str("#lang = \"auto\"\n");
    let names = built_in_names();
    comment(&mut out, &Words::Theme.fill(lang, &[("names", &names.join(" "))]));
    let _ = writeln!(out, "#theme = \"{}\"", names.first().copied().unwrap_or_default());
    comment(&mut out, Words::View.text(lang));
    out.push_str("#view = \"1\"\n\n[screen]\n");
    let switch = |out: &mut String, words: &str, key: &str, is: bool| {
        comment(out, words);
        let _ = writeln!(out, "#{key} = {is}");
    };
    switch(&mut out, Words::Preview.text(lang), "preview", plain.looks.preview);
    let places = PreviewAt::ALL.map(PreviewAt::word).join(" ");
    comment(&mut out, &Words::PreviewAt.fill(lang, &[("words", &places)]));
    let _ = writeln!(out, "#preview-at = \"{}\"", plain.looks.preview_at.word());
    switch(&mut out, Words::HideNames.text(lang), "hide-names", plain.looks.hide_names);
    switch(&mut out, Words::Emoji.text(lang), "emoji", plain.looks.emoji);
    let words = Glyphs::ALL.map(Glyphs::word).join(" ");
    comment(&mut out, &Words::Glyphs.fill(lang, &[("words", &words)]));
    let _ = writeln!(out, "#glyphs = \"{}\"", plain.looks.glyphs.word());
    out.push_str("\n[snooze]\n");
    comment(&mut out, Words::Snoozes.text(lang));
    let presets = SNOOZES.map(|time| format!("\"{time}\"")).join(", ");
    let _ = writeln!(out, "#presets = [{presets}]");
    out.push_str("\n[roles]\n");
    let roles = Role::ALL.iter().map(|role| role.word()).collect::<Vec<_>>().join(" ");
    comment(&mut out, &Words::Roles.fill(lang, &[("words", &roles)]));
    out.push_str(
        "# overdue = { fg = \"#ff8787\", bg = \"black\", modifiers = [\"bold\", \"underlined\"] }\n\n",
    );
    comment(&mut out, Words::Keys.text(lang));
    let _ = writeln!(out, "[keys.{}]", Context::Global.word());
    for section in Section::ALL {
        let _ = writeln!(out, "# -- {}", section.label(lang));
        for entry in Action::all().iter().filter(|entry| entry.section == section) {
            let everywhere = |written: &&&str| Context::of_written(written).0 == Context::Global;
            for key in entry.keys.iter().filter(everywhere) {
                let _ = writeln!(out, "#\"{key}\" = \"{}\"  # {}", entry.id, entry.doc(lang));
            }
            if entry.keys.is_empty() {
                let _ = writeln!(out, "# {}: {} ({})", entry.id, entry.doc(lang), Words::NoKey.text(lang));
            }
        }
    }
    for context in Context::ALL.into_iter().filter(|context| *context != Context::Global) {
        let here = Action::all().iter().flat_map(|entry| {
            let keys = entry.keys.iter().map(|written| Context::of_written(written));
            keys.filter(move |(of, _)| *of == context).map(move |(_, key)| (key, entry))
        });
        let here: Vec<_> = here.collect();
        if here.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n[keys.{}]", context.word());
        for (key, entry) in here {
            let _ = writeln!(out, "#\"{key}\" = \"{}\"  # {}", entry.id, entry.doc(lang));
        }
    }
    out
}

fn comment(out: &mut String, words: &str) {
    for line in words.lines() {
        let _ = writeln!(out, "# {line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
    }
}
