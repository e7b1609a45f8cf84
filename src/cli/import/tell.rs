//! What an import has to say: problems on stderr, the result on stdout, or both as JSON.

use serde_json::{Value, json};

use super::super::args::ImportArgs;
use super::super::context::Context;
use super::super::out::complain;
use super::words::Words;
use crate::book::ActId;
use crate::door::form::{self, Kind};
use crate::door::reply::{Cell, Conflict, ImportReport};
use crate::door::rows::{Problem, RejectedRow};
use crate::exchange::{Apart, Field, HEADERS, Layout, Namesake, Survey, column_letter};
use crate::text::lang::Lang;
use crate::text::width::{width, wrap};

/// How many problems are told one by one; a file of rejects has them all.
const TOLD_MAX: usize = 20;
/// How many names are listed.
const NAMES_MAX: usize = 10;

/// Every cell that is wrong in itself, and what else is odd about the file.
pub(super) fn problems(context: &Context, file: &str, survey: &Survey, as_json: bool) {
    let lang = context.lang;
    if !as_json {
        some(survey.rejects.iter().map(|cell| place(file, cell, lang)), lang);
        some(survey.left_out.iter().map(|cell| place(file, cell, lang)), lang);
    }
    for words in oddities(survey, lang) {
        complain(&words);
    }
    if !as_json {
        complain(&columns(&survey.layout, lang));
    }
}

/// What is odd about a file and keeps no row from being taken.
pub(super) fn oddities(survey: &Survey, lang: Lang) -> Vec<String> {
    let mut odd = Vec::new();
    if !survey.left_out.is_empty() {
        odd.push(Words::LeftOut.fill(lang, &[("n", &survey.left_out.len())]));
    }
    if !survey.repeats.is_empty() {
        let pairs: Vec<String> =
            survey.repeats.iter().take(NAMES_MAX).map(|(row, earlier)| format!("{row}={earlier}")).collect();
        let n = survey.repeats.len();
        let dots = if n > pairs.len() { " …" } else { "" };
        let pairs = format!("{}{dots}", pairs.join(" "));
        odd.push(Words::Repeats.fill(lang, &[("n", &n), ("pairs", &pairs)]));
    }
    let (n, namesakes) = &survey.namesakes;
    if *n > 0 {
        // what cannot be told apart is looked at first
        let (one, others): (Vec<_>, Vec<_>) =
            namesakes.iter().partition(|namesake| namesake.apart == Apart::Nothing);
        let pairs: Vec<String> =
            one.into_iter().chain(others).take(NAMES_MAX).map(|one| namesake(one, lang)).collect();
        let dots = if *n as usize > pairs.len() { " …" } else { "" };
        let pairs = format!("{}{dots}", pairs.join(", "));
        odd.push(Words::Namesakes.fill(lang, &[("n", n), ("pairs", &pairs)]));
    }
    let (_, only_listed) = survey.placed.friends(false, false);
    // who says of some since when they are friends knows it of the others
    if only_listed > 0 && !survey.placed.tells_since() {
        odd.push(Words::OnlyListed.fill(lang, &[("n", &only_listed)]));
    }
    if !survey.unknown_columns.is_empty() {
        odd.push(Words::UnknownColumns.fill(lang, &[("names", &listed(&survey.unknown_columns, lang))]));
    }
    odd
}

/// How many rows make a friend of our account, and of how many it only says who listed them.
fn friends_of(survey: &Survey, args: &ImportArgs) -> (u32, u32) {
    survey.placed.friends(args.account.is_some(), args.group.is_some())
}

/// What comes of a group or an account that is given for all rows: friends or none.
fn friends(survey: &Survey, args: &ImportArgs, lang: Lang) -> Vec<String> {
    if args.account.is_none() && args.group.is_none() {
        return Vec::new();
    }
    let (made, only_listed) = friends_of(survey, args);
    let account = args.account.as_deref().unwrap_or(Words::TheirAccount.text(lang));
    let told = |n: u32, words: Words| {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("n", &n), ("account", &account)];
        (n > 0).then(|| words.fill(lang, &values))
    };
    [told(made, Words::BecomeFriends), told(only_listed, Words::OnlyListedBy)].into_iter().flatten().collect()
}

/// Which two have one name, and what tells them apart.
fn namesake(of: &Namesake, lang: Lang) -> String {
    let apart = match of.apart {
        Apart::Phone => Words::ApartPhone,
        Apart::Handle => Words::ApartHandle,
        Apart::Joined => Words::ApartJoined,
        Apart::Group => Words::ApartGroup,
        Apart::Account => Words::ApartAccount,
        Apart::Nothing => Words::ApartNothing,
    };
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("row", &of.row), ("earlier", &of.earlier), ("apart", &apart.text(lang))];
    Words::Namesake.fill(lang, &values)
}

/// Every used column and what it became: a header can be understood in more than one way.
pub(super) fn columns(layout: &Layout, lang: Lang) -> String {
    let list: Vec<String> =
        layout.used_columns().map(|(header, field)| format!("{header}→{}", became(field, lang))).collect();
    Words::Columns.fill(lang, &[("list", &list.join(", "))])
}

/// Every header that is understood, by what its column feeds; lines of at most so many columns.
pub(in crate::cli) fn headers(columns: usize, lang: Lang) -> Vec<String> {
    let mut lines = wrap(Words::Headers.text(lang), columns);
    for (field, words) in HEADERS {
        lines.push(format!("  {}", fed(*field, lang)));
        lines.extend(filled(words, columns.saturating_sub(6)).iter().map(|words| format!("      {words}")));
    }
    lines.extend(wrap(Words::RemarkOrNote.text(lang), columns));
    lines
}

/// Words side by side, none of them broken.
fn filled(words: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// What a column feeds, told apart from the others.
fn fed(field: Field, lang: Lang) -> String {
    match field {
        Field::Detail => Words::NoteWithHeader.fill(lang, &[("note", &became(field, lang))]),
        Field::Passed => Words::NotTaken.text(lang).to_owned(),
        other => became(other, lang),
    }
}

/// What a column feeds, by the name the forms have for it.
fn became(field: Field, lang: Lang) -> String {
    let form = match field {
        Field::Name => return Words::Nickname.text(lang).to_owned(),
        Field::GroupRef => return Words::GroupId.text(lang).to_owned(),
        Field::LunarBirthday => return Words::LunarBirthday.text(lang).to_owned(),
        Field::Handle(platform) => {
            return Words::IdOn.fill(lang, &[("platform", &platform.label(lang))]);
        }
        Field::Remark => form::Field::Remark,
        Field::Aliases => form::Field::Aliases,
        Field::Phone => form::Field::Phone,
        Field::Group => form::Field::Group,
        Field::Account => form::Field::Account,
        Field::Tags => form::Field::Tags,
        Field::Stage => form::Field::Stage,
        Field::JoinedAt => form::Field::JoinedAt,
        Field::AddedAt => form::Field::Since,
        Field::Birthday => form::Field::Birthday,
        Field::Gender => form::Field::Gender,
        Field::Inviter => form::Field::Inviter,
        Field::GroupNickname => form::Field::Nickname,
        Field::Source => form::Field::Source,
        Field::Note | Field::Detail | Field::Passed => form::Field::Note,
    };
    form.label(lang).to_owned()
}

/// The same for a script.
fn column_word(field: Field) -> String {
    match field {
        Field::Handle(platform) => format!("handle:{}", platform.word()),
        Field::Name => "name".to_owned(),
        Field::GroupRef => "group-id".to_owned(),
        Field::LunarBirthday => "lunar-birthday".to_owned(),
        other => became(other, Lang::En),
    }
}

pub(super) fn place(file: &str, cell: &RejectedRow, lang: Lang) -> String {
    let (line, value) = (cell.line, &cell.value);
    let reason = cell.problem.sentence(lang);
    if cell.column.is_empty() {
        return format!("{file}:{line}: {value}: {reason}");
    }
    format!("{file}:{line}: {} {}: {value}: {reason}", cell.column, cell.header)
}

/// The first sentences, and how many more there are.
fn some(sentences: impl Iterator<Item = String>, lang: Lang) {
    let mut more = 0_usize;
    for (at, sentence) in sentences.enumerate() {
        if at < TOLD_MAX {
            complain(&sentence);
        } else {
            more += 1;
        }
    }
    if more > 0 {
        complain(&Words::MoreProblems.fill(lang, &[("n", &more)]));
    }
}

fn listed(names: &[String], lang: Lang) -> String {
    let shown = names.iter().take(NAMES_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() <= NAMES_MAX {
        return shown;
    }
    Words::AndMore.fill(lang, &[("names", &shown), ("n", &names.len())])
}

/// Which column of the file a conflict is about.
fn column_of(conflict: &Conflict, layout: &Layout) -> Option<usize> {
    layout.column_of(|field| match conflict.about {
        Cell::Name => field == Field::Name,
        Cell::Handle => matches!(field, Field::Handle(_)),
        Cell::Phone => field == Field::Phone,
        Cell::Group => matches!(field, Field::Group | Field::GroupRef),
        Cell::Account => field == Field::Account,
        Cell::Field => false,
    })
}

/// The cell of the file that a conflict is about.
fn cell_of(conflict: &Conflict, layout: &Layout) -> RejectedRow {
    let at = column_of(conflict, layout);
    let header = at.and_then(|at| layout.columns.get(at)).map(|(header, _)| header.clone());
    RejectedRow {
        line: conflict.line,
        column: at.map(column_letter).unwrap_or_default(),
        header: header.unwrap_or_default(),
        value: conflict.value.clone(),
        problem: Problem::Contradicted { words: conflict.words.clone() },
    }
}

/// Adds to the rejects what the book contradicts.
pub(super) fn contradicted(survey: &mut Survey, conflicts: &[Conflict]) {
    let refused = conflicts.iter().filter(|conflict| conflict.refused);
    let cells: Vec<RejectedRow> = refused.map(|conflict| cell_of(conflict, &survey.layout)).collect();
    survey.rejects.extend(cells);
    survey.rejects.sort_by_key(|cell| cell.line);
}

/// What the book contradicts.
pub(super) fn conflicts(file: &str, survey: &Survey, report: &ImportReport, lang: Lang, as_json: bool) {
    if !as_json {
        let sentences = report.conflicts.iter().map(|conflict| {
            if conflict.refused || conflict.about != Cell::Field {
                place(file, &cell_of(conflict, &survey.layout), lang)
            } else {
                format!("{file}:{}: {}", conflict.line, conflict.words)
            }
        });
        some(sentences, lang);
    }
}

/// The result.
pub(super) fn report(
    context: &mut Context,
    args: &ImportArgs,
    survey: &Survey,
    report: &ImportReport,
    act: Option<ActId>,
) {
    if args.json {
        let row = as_json(survey, report, act, args, context.lang);
        context.out.json(json!({"schema": 1, "row": row}));
        return;
    }
    let lang = context.lang;
    let ImportReport { new, changed, unchanged, .. } = report;
    let rejected = rejected_rows(survey);
    // without a place for the rejects one wrong row stops all of them
    let nothing = args.dry_run && args.rejects.is_none() && rejected > 0;
    let words = match (nothing, args.dry_run) {
        (true, _) => Words::WouldTakeNothing,
        (false, true) => Words::WouldImport,
        (false, false) => Words::Imported,
    };
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("new", new), ("changed", changed), ("unchanged", unchanged), ("n", &rejected)];
    context.out.line(&words.fill(lang, &values));
    for line in friends(survey, args, lang) {
        context.out.line(&line);
    }
    if !report.new_groups.is_empty() {
        context.out.line(&Words::NewGroups.fill(lang, &[("names", &listed(&report.new_groups, lang))]));
    }
    if !report.new_accounts.is_empty() {
        context.out.line(&Words::NewAccounts.fill(lang, &[("names", &listed(&report.new_accounts, lang))]));
    }
    for (title, entering, history, kind) in &report.entering {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("title", title), ("entering", entering), ("history", history)];
        let words = match kind {
            Kind::Group => Words::GroupsEntering,
            Kind::Account => Words::AccountsEntering,
            _ => Words::Entering,
        };
        context.out.line(&words.fill(lang, &values));
    }
    if nothing {
        context.out.line(Words::HowToGoOn.text(lang));
    } else if rejected > 0 {
        context.out.line(&Words::Rejected.fill(lang, &[("n", &rejected)]));
    }
}

/// How many rows were not taken; a row may have several wrong cells.
pub(super) fn rejected_rows(survey: &Survey) -> usize {
    let mut lines: Vec<u32> = survey.rejects.iter().map(|cell| cell.line).collect();
    lines.sort_unstable();
    lines.dedup();
    lines.len()
}

fn as_json(
    survey: &Survey,
    report: &ImportReport,
    act: Option<ActId>,
    args: &ImportArgs,
    lang: Lang,
) -> Value {
    let (friends, only_listed) = friends_of(survey, args);
    let entering: Vec<_> = report
        .entering
        .iter()
        .map(|(title, entering, history, kind)| {
            json!({"title": title, "entering": entering, "history": history, "for": kind.word()})
        })
        .collect();
    let conflicts: Vec<_> = report
        .conflicts
        .iter()
        .filter(|conflict| !conflict.refused)
        .map(|conflict| {
            json!({"line": conflict.line, "about": conflict.about.word(), "value": conflict.value, "words": conflict.words})
        })
        .collect();
    let cells = |cells: &[RejectedRow]| -> Vec<Value> {
        let cell = |cell: &RejectedRow| {
            json!({"line": cell.line, "column": cell.column, "header": cell.header, "value": cell.value,
                   "reason": cell.problem.sentence(lang)})
        };
        cells.iter().map(cell).collect()
    };
    let columns: Vec<Value> = survey
        .layout
        .used_columns()
        .map(|(header, field)| json!({"header": header, "field": column_word(field)}))
        .collect();
    json!({
        "act_id": act.map(|act| act.to_string()), "dry_run": args.dry_run, "friends": friends,
        "only_listed": only_listed,
        "new": report.new, "changed": report.changed, "unchanged": report.unchanged,
        "rejected": rejected_rows(survey),
        "columns": columns, "columns_not_used": survey.unknown_columns,
        "new_groups": report.new_groups, "new_accounts": report.new_accounts, "entering": entering,
        "conflicts": conflicts, "rejects": cells(&survey.rejects), "left_out": cells(&survey.left_out),
    })
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;
    use crate::exchange::{ReadOptions, read_members};

    #[test]
    fn an_account_beside_a_group_makes_no_friends_and_that_is_said() {
        let check = |text: &str, expected: &[&str]| {
            let zone = Tz::Asia__Shanghai;
            let options = ReadOptions { zone, file: "名单.csv".into(), now_ms: 1_800_000_000_000 };
            let survey = read_members(text.as_bytes(), &options).unwrap().survey;
            assert_eq!(oddities(&survey, Lang::ZhCn), expected, "{text}");
        };
        let said = "2 行的账号只记是谁列的名单，不算好友; 是好友就加一列「添加时间」";
        check("姓名,群,账号\n阿珍,宠友群,小完子\n王姐,宠友群,小完子\n小雨,宠友群,\n李哥,,小完子\n", &[said]);
        check("姓名,群,账号,添加时间\n阿珍,宠友群,小完子,2026-03-01\n王姐,宠友群,小完子,\n", &[]);
        check("姓名,账号\n阿珍,小完子\n", &[]);
    }
}
