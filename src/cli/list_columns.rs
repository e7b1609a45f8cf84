//! The columns of a list that somebody chose.

use chrono_tz::Tz;

use super::list::{comes_at, short_time};
use crate::book::Timestamp;
use crate::book::view::Column;
use crate::door::line::{AccountLine, GroupLine, Lines, MemberLine, Ref, SopLine, TaskLine};
use crate::text::lang::Lang;

/// When, where and for whom rows are shown.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub now: Timestamp,
    pub zone: Tz,
    pub lang: Lang,
}

/// A row of cells for each line.
pub(super) fn rows(lines: &Lines, columns: &[Column], shown: Shown) -> Vec<Vec<String>> {
    let each = |cell: &dyn Fn(Column) -> String| columns.iter().map(|column| cell(*column)).collect();
    match lines {
        Lines::Tasks(lines) => lines.iter().map(|line| each(&|column| task(line, column, shown))).collect(),
        Lines::Members(lines) => {
            lines.iter().map(|line| each(&|column| member(line, column, shown.lang))).collect()
        }
        Lines::Groups(lines) => {
            lines.iter().map(|line| each(&|column| group(line, column, shown.lang))).collect()
        }
        Lines::Accounts(lines) => lines.iter().map(|line| each(&|column| account(line, column))).collect(),
        Lines::Playbooks(lines) => lines.iter().map(|line| each(&|column| playbook(line, column))).collect(),
    }
}

fn name<I>(of: Option<&Ref<I>>) -> String {
    of.map_or_else(String::new, |of| of.name.clone())
}

fn some(n: u32) -> String {
    if n == 0 { String::new() } else { n.to_string() }
}

fn task(line: &TaskLine, column: Column, shown: Shown) -> String {
    match column {
        Column::Id => line.id.short(),
        Column::State => line.state.label(shown.lang).to_owned(),
        Column::Due => short_time(comes_at(line), shown.now, shown.zone),
        Column::Account => name(line.account.as_ref()),
        Column::Whom => line.target_name.clone(),
        Column::Group => name(line.group.as_ref()),
        Column::Text => line.summary.clone(),
        Column::Sop => name(line.playbook.as_ref()),
        Column::Step => line.step.clone(),
        Column::Via => line.via.label(shown.lang).to_owned(),
        Column::By if line.state.is_open() => line.assignee.clone(),
        Column::By => line.ended_by.clone(),
        _ => String::new(),
    }
}

fn member(line: &MemberLine, column: Column, lang: Lang) -> String {
    match column {
        Column::Id => line.id.short(),
        Column::Name if line.remark.is_empty() => line.name.clone(),
        Column::Name => format!("{} ({})", line.remark, line.name),
        Column::Stage => line.stage.map_or("", |stage| stage.label(lang)).to_owned(),
        Column::Group => name(line.groups.first()),
        Column::Spent if line.orders > 0 => line.spent.to_string(),
        Column::Orders => some(line.orders),
        Column::Tags => line.tags.join(" "),
        _ => String::new(),
    }
}

fn group(line: &GroupLine, column: Column, lang: Lang) -> String {
    let state = || crate::door::form::GroupStateWord::parse(&line.state).map(|state| state.label(lang));
    match column {
        Column::Id => line.id.short(),
        Column::Name => line.name.clone(),
        Column::Account => name(line.account.as_ref()),
        Column::Count => line.head_count.map_or_else(String::new, |heads| match line.capacity {
            0 => heads.to_string(),
            capacity => format!("{heads}/{capacity}"),
        }),
        Column::Owed => some(line.due),
        Column::State => state().map_or_else(|| line.state.clone(), str::to_owned),
        Column::Tags => line.tags.join(" "),
        _ => String::new(),
    }
}

fn account(line: &AccountLine, column: Column) -> String {
    match column {
        Column::Id => line.id.short(),
        Column::Name => line.name.clone(),
        Column::State => line.health.clone(),
        Column::Owed => some(line.due),
        _ => String::new(),
    }
}

fn playbook(line: &SopLine, column: Column) -> String {
    match column {
        Column::Id => line.id.to_string(),
        Column::Name => line.title.clone(),
        Column::Owed => some(line.due),
        _ => String::new(),
    }
}
