//! What is wrong with a command line, in a sentence of the user's language.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::book::id::IdError;
use crate::text::lang::{Lang, UnknownLang};

crate::words! {
    pub(super) enum Words {
        Unknown { what } => ["不认识 {what}", "不認識 {what}", "{what} is not known here"],
        Value { value, what } => ["{what} 不能是“{value}”", "{what} 不能是「{value}」", "{what} cannot be \"{value}\""],
        NoValue { what } => ["{what} 后面还缺一个值", "{what} 後面還缺一個值", "{what} wants a value behind it"],
        Missing { what } => ["还缺 {what}", "還缺 {what}", "{what} is missing"],
        Loose { what } => [
            "“{what}”不属于任何选项: 值里有空格就整个加引号，如 --at '明天 10:00'",
            "「{what}」不屬於任何選項: 值裡有空格就整個加引號，如 --at '明天 10:00'",
            "\"{what}\" belongs to no option: put a value with a blank into quotes, such as --at '明天 10:00'",
        ],
        Together { what, other } => ["{what} 不能和 {other} 一起用", "{what} 不能和 {other} 一起用", "{what} does not go with {other}"],
        Twice { what } => ["{what} 只写一次", "{what} 只寫一次", "write {what} once"],
        TooMany { value, what } => ["{what} 不要“{value}”这个值", "{what} 不要「{value}」這個值", "{what} takes no value \"{value}\""],
        MissingCommand => ["后面还要一个子命令", "後面還要一個子命令", "a subcommand is to follow"],
        NoText => ["参数不是 UTF-8 文字", "參數不是 UTF-8 文字", "an argument is no UTF-8 text"],
        Other => ["命令写得不对", "命令寫得不對", "the command line cannot be read"],
        Nearest { near } => ["最接近: {near}", "最接近: {near}", "nearest: {near}"],
        OneOf { words } => ["可用: {words}", "可用: {words}", "one of: {words}"],
        NoNumber => ["要写整数", "要寫整數", "a whole number is wanted"],
        NoDay => ["要写日期，如 2026-11-26", "要寫日期，如 2026-11-26", "a day is wanted, such as 2026-11-26"],
        Range { from, to } => ["只能是 {from} 到 {to}", "只能是 {from} 到 {to}", "it can be {from} to {to}"],
        From { from } => ["至少是 {from}", "至少是 {from}", "it is {from} at least"],
        NoLang => ["可用 zh-CN, zh-TW, en", "可用 zh-CN, zh-TW, en", "there are zh-CN, zh-TW and en"],
        NoId { kind } => [
            "编号是字母 {kind} 加 26 位小写字母和数字，在 --json 的结果里",
            "編號是字母 {kind} 加 26 位小寫字母和數字，在 --json 的結果裡",
            "an id is the letter {kind} and 26 small letters and digits, as --json shows it",
        ],
        BadId => [
            "编号是一个字母加 26 位小写字母和数字，在 --json 的结果里",
            "編號是一個字母加 26 位小寫字母和數字，在 --json 的結果裡",
            "an id is a letter and 26 small letters and digits, as --json shows it",
        ],
        SeeHelp => ["用法见 --help", "用法見 --help", "--help says how it is used"],
    }
}

/// Why a value is none, by its own reader; those who do not know the language are translated.
fn reason(why: &(dyn std::error::Error + 'static), lang: Lang) -> String {
    if why.is::<UnknownLang>() {
        return Words::NoLang.text(lang).to_owned();
    }
    match why.downcast_ref::<IdError>() {
        Some(IdError::Kind { expected, .. }) => Words::NoId.fill(lang, &[("kind", expected)]),
        Some(IdError::Shape(_)) => Words::BadId.text(lang).to_owned(),
        None if why.is::<std::num::ParseIntError>() => Words::NoNumber.text(lang).to_owned(),
        None if why.is::<chrono::ParseError>() => Words::NoDay.text(lang).to_owned(),
        None => translated(&why.to_string(), lang),
    }
}

/// What the reader of numbers says in English only; others say their words themselves.
fn translated(said: &str, lang: Lang) -> String {
    if said.contains("invalid digit") || said.contains("number too") || said.contains("empty string") {
        return Words::NoNumber.text(lang).to_owned();
    }
    match said.split_once(" is not in ").and_then(|(_, range)| range.split_once("..")) {
        // the end of what a computer counts to is no bound to a human
        Some((from, to)) if to.is_empty() || to.len() > 9 => Words::From.fill(lang, &[("from", &from)]),
        Some((from, to)) => Words::Range.fill(lang, &[("from", &from), ("to", &to.trim_start_matches('='))]),
        None => said.to_owned(),
    }
}

/// The sentence, and what to do.
pub(in crate::cli) fn sentence(error: &Error, lang: Lang) -> (String, String) {
    let listed = |kind: ContextKind| -> Vec<String> {
        match error.get(kind) {
            Some(ContextValue::String(one)) => vec![one.clone()],
            Some(ContextValue::Strings(all)) => all.clone(),
            Some(ContextValue::StyledStrs(all)) => all.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    };
    let told = |kind: ContextKind| listed(kind).join(", ");
    let argument = told(ContextKind::InvalidArg);
    let value = told(ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => Words::Unknown.fill(lang, &[("what", &argument)]),
        ErrorKind::InvalidSubcommand => {
            Words::Unknown.fill(lang, &[("what", &told(ContextKind::InvalidSubcommand))])
        }
        ErrorKind::InvalidValue if value.is_empty() => Words::NoValue.fill(lang, &[("what", &argument)]),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let words = Words::Value.fill(lang, &[("what", &argument), ("value", &value)]);
            // why, as the reader of the value says it
            match std::error::Error::source(error) {
                Some(why) => format!("{words}: {}", reason(why, lang)),
                None => words,
            }
        }
        ErrorKind::MissingRequiredArgument => Words::Missing.fill(lang, &[("what", &argument)]),
        // a word behind the options that no option has taken: the end of a value with a blank in it
        ErrorKind::ArgumentConflict if argument.is_empty() => {
            Words::Loose.fill(lang, &[("what", &told(ContextKind::InvalidSubcommand))])
        }
        ErrorKind::ArgumentConflict => match told(ContextKind::PriorArg) {
            other if other.is_empty() || other == argument => Words::Twice.fill(lang, &[("what", &argument)]),
            other => Words::Together.fill(lang, &[("what", &argument), ("other", &other)]),
        },
        ErrorKind::TooManyValues => Words::TooMany.fill(lang, &[("what", &argument), ("value", &value)]),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            Words::NoValue.fill(lang, &[("what", &argument)])
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Words::MissingCommand.text(lang).to_owned()
        }
        ErrorKind::InvalidUtf8 => Words::NoText.text(lang).to_owned(),
        _ => Words::Other.text(lang).to_owned(),
    };
    let suggested =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let near = suggested.into_iter().map(told).find(|near| !near.is_empty());
    let valid = [ContextKind::ValidValue, ContextKind::ValidSubcommand];
    let valid = valid.into_iter().map(told).find(|words| !words.is_empty());
    let hint = match (near, valid) {
        (Some(near), _) => Words::Nearest.fill(lang, &[("near", &near)]),
        (None, Some(words)) => Words::OneOf.fill(lang, &[("words", &words)]),
        (None, None) => Words::SeeHelp.text(lang).to_owned(),
    };
    (message, hint)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::super::super::args::Cli;
    use super::*;

    fn said(line: &str) -> String {
        let error = Cli::command().try_get_matches_from(line.split(' ')).unwrap_err();
        let (message, hint) = sentence(&error, Lang::ZhCn);
        format!("{message}; {hint}")
    }

    #[test]
    fn each_mistake_has_its_sentence() {
        assert_eq!(said("qun list --jsn"), "不认识 --jsn; 最接近: --json");
        assert_eq!(said("qun sop ad x"), "不认识 ad; 最接近: add");
        assert_eq!(said("qun list --limit many"), "--limit <LIMIT> 不能是“many”: 要写整数; 用法见 --help");
        assert_eq!(said("qun view save x --key 12"), "--key <KEY> 不能是“12”: 只能是 0 到 9; 用法见 --help");
        assert_eq!(said("qun backup --keep 0"), "--keep <N> 不能是“0”: 至少是 1; 用法见 --help");
        assert_eq!(
            said("qun view save x --kind bogus"),
            "--kind <KIND> 不能是“bogus”: tasks, members, groups, accounts, sops; 用法见 --help"
        );
        assert_eq!(said("qun log --limit x"), "--limit <LIMIT> 不能是“x”: 要写整数; 用法见 --help");
        assert_eq!(
            said("qun calendar --from x --until y"),
            "--from <DAY> 不能是“x”: 要写日期，如 2026-11-26; 用法见 --help"
        );
        assert_eq!(said("qun list --limit"), "--limit <LIMIT> 后面还缺一个值; 用法见 --help");
        assert_eq!(said("qun import"), "还缺 <FILE>; 用法见 --help");
        let loose = said("qun compose --to stage:repeat --at 明天 10:00 --text f");
        assert!(loose.starts_with("“10:00”不属于任何选项: 值里有空格就整个加引号"), "{loose}");
        assert_eq!(said("qun list --json --tsv"), "--json 不能和 --tsv 一起用; 用法见 --help");
        assert_eq!(said("qun sop"), "后面还要一个子命令; 用法见 --help");
    }
}
