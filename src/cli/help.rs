//! `qun help filters`: every key of the filter language, from the table that reads filters; `qun help import`: every header
//! of a file of members, from the table that reads them; `qun help` is `--help`.

use std::process::ExitCode;

use clap::CommandFactory as _;

use super::args::Cli;
use super::context::Context;
use super::error::{CliError, Kind};
use super::{manual, out, table};
use crate::query::{Key, ValueKind, date_words};
use crate::text::lang::Lang;
use crate::text::width::wrap;

/// The topic that is no command: the keys of filters.
const FILTERS: &str = "filters";

/// How wide lists of words are, in columns.
const WIDTH: usize = 78;

crate::words! {
    enum Words {
        Word => [
            "名字或内容里有它; 名字也认拼音和首字母", "名字或內容裡有它; 名字也認拼音和首字母",
            "Name or text has it; a name also by pinyin and initials",
        ],
        Pattern => [
            "名字或内容符合正则表达式; text:/鸡蛋|牛奶/ 只看内容, name:/^小/ 只看名字",
            "名字或內容符合正規表示式; text:/雞蛋|牛奶/ 只看內容, name:/^小/ 只看名字",
            "Name or text matches the regular expression; text:/eggs|milk/ texts alone, name:/^s/ names alone",
        ],
        Eggs => ["/鸡蛋|牛奶/", "/雞蛋|牛奶/", "/eggs|milk/"],
        Dates { words } => [
            "日期可以写: {words}, 12-24, 2026-02, 2026年, 18:00..20:00, -30d, 3天前",
            "日期可以寫: {words}, 12-24, 2026-02, 2026年, 18:00..20:00, -30d, 3天前",
            "Dates: {words}, 12-24, 2026-02, 18:00..20:00, -30d, +2h",
        ],
        NoTopic { topic, near } => [
            "没有「{topic}」的帮助{near}; 可用: filters 和各个命令", "沒有「{topic}」的說明{near}; 可用: filters 和各個命令",
            "there is no help on {topic}{near}; there is filters, and every command has its own",
        ],
        Near { near } => ["，是 {near} 吗", "，是 {near} 嗎", ", {near} perhaps"],
    }
}

/// The help of the program, of a command (`sop plan` in two words), or of a topic.
///
/// # Errors
/// Neither a command nor a topic.
pub(super) fn run(context: &mut Context, topic: &[String]) -> Result<ExitCode, CliError> {
    if topic == [FILTERS] {
        let lang = context.lang;
        let bare =
            |what: &str, words: Words| vec![what.to_owned(), String::new(), words.text(lang).to_owned()];
        let mut rows: Vec<_> = Key::ALL.iter().map(|key| row(*key, lang)).collect();
        rows.extend([bare("zhangsan zs", Words::Word), bare(Words::Eggs.text(lang), Words::Pattern)]);
        for line in table::aligned(&rows) {
            context.out.line(&line);
        }
        context.out.line("");
        for line in wrap(&Words::Dates.fill(lang, &[("words", &date_words(lang).join(" "))]), WIDTH) {
            context.out.line(line.trim());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut found = manual::speak(Cli::command(), context.lang);
    found.build();
    for word in topic {
        let names: Vec<String> = found.get_subcommands().map(|of| of.get_name().to_owned()).collect();
        if !names.contains(word) {
            let known = names.iter().map(String::as_str).chain([FILTERS]);
            let near = crate::text::near::nearest(word, known, 1).first().map(|near| (*near).to_owned());
            let near =
                near.map(|near| Words::Near.fill(context.lang, &[("near", &near)])).unwrap_or_default();
            let message = Words::NoTopic.fill(context.lang, &[("topic", &topic.join(" ")), ("near", &near)]);
            return Err(CliError::new(Kind::Usage, message));
        }
        let Some(next) = found.find_subcommand(word).cloned() else { break };
        found = next;
    }
    let import = topic == ["import"];
    out::print(&if topic.is_empty() { found.render_help() } else { found.render_long_help() }.to_string());
    if import {
        context.out.line("");
        for line in super::import::headers(WIDTH, context.lang) {
            context.out.line(&line);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A key, what it is called, what it finds, and the words that its closed set has.
fn row(key: Key, lang: Lang) -> Vec<String> {
    let label = Some(key.label(lang)).filter(|label| *label != key.word()).unwrap_or_default();
    let words = match key.kind() {
        ValueKind::Words(set) => {
            let words = set.words().into_iter().map(|word| set.label(word, lang));
            format!(": {}", words.collect::<Vec<_>>().join(" "))
        }
        _ => String::new(),
    };
    vec![key.word().to_owned(), label.to_owned(), format!("{}{words}", key.doc(lang))]
}
