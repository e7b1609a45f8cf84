//! `rules.toml`: the store's rules as people write them.
//!
//! It is read strictly: an unknown key, a wrong type, an impossible hour or a filter that does not parse is a
//! [`Problem`] with its line and column, and nothing of the file is used. Names of groups, accounts and members are
//! not looked up here: they may come later than the rule. [`default_file`] writes what holds where nobody wrote
//! anything, with a comment beside each key. Here, below the store, because the journal keeps the text as it was
//! written and replaying must read it as the desk did.

mod file;
#[cfg(test)]
mod tests;

pub use file::default_file;

use toml::{Spanned, Value};

use crate::book::days::{BY_CALENDAR, parse_days, together};
use crate::book::{Cap, CapScope, Class, QuietHours, QuietRule, RuleScope, Rules, Span, TextRules};
use crate::query::{self, NamedFilters, Scope, SubjectKind};
use crate::text::lang::Lang;
use crate::text::place::line_and_column;
use file::{CapFile, QuietFile, RulesFile};

crate::words! {
    /// What may be wrong with rules, or should be known about them.
    pub enum RulesWords {
        NotToml { why } => ["TOML 写法不对: {why}", "TOML 寫法不對: {why}", "TOML: {why}"],
        Zone { value } => ["没有时区 {value}", "沒有時區 {value}", "no zone {value}"],
        Clock { value } => [
            "时间写 22:00 这样，不是 {value}", "時間寫 22:00 這樣，不是 {value}", "a time of day is written 22:00, not {value}"
        ],
        Span => ["免打扰的两头不能一样", "免打擾的兩頭不能一樣", "quiet hours begin and end at different times"],
        QuietAlways => [
            "这几段免打扰合起来盖住整个星期，什么都发不出去", "這幾段免打擾合起來蓋住整個星期，什麼都發不出去",
            "with these, quiet hours cover the whole week: nothing could ever be offered"
        ],
        Days { value } => [
            "日子写 周一至周五、周末、一三五，或单写 工作日、休息日，不是 {value}",
            "日子寫 週一至週五、週末、一三五，或單寫 工作日、休息日，不是 {value}",
            "days are written mon-fri, weekend or mon,wed,fri, or workdays or days off alone, not {value}"
        ],
        Scope { value } => [
            "scope 写 store、member、group、account、playbook，可加名字 group:宠友1群，不是 {value}",
            "scope 寫 store、member、group、account、playbook，可加名字 group:寵友1群，不是 {value}",
            "a scope is store, member, group, account or playbook, or one by name (group:NAME), not {value}"
        ],
        Class { value } => [
            "class 写 marketing、care、service、incident，不是 {value}",
            "class 寫 marketing、care、service、incident，不是 {value}",
            "a class is marketing, care, service or incident, not {value}"
        ],
        Per { value } => [
            "per 写 hour、day、week、month，不是 {value}",
            "per 寫 hour、day、week、month，不是 {value}",
            "per is hour, day, week or month, not {value}"
        ],
        Missing { field } => [
            "缺 {field}；qun rules default 是完整的一份",
            "缺 {field}；qun rules default 是完整的一份",
            "{field} is missing; qun rules default prints a whole file"
        ],
        Unknown { field, near, known } => [
            "没有 {field} 这一项{near}；能写 {known}",
            "沒有 {field} 這一項{near}；能寫 {known}",
            "there is no {field}{near}; there are {known}"
        ],
        Near { field } => ["，是 {field} 吗", "，是 {field} 嗎", ", {field} perhaps"],
        Kind { value, kind } => ["要写{kind}，不是 {value}", "要寫{kind}，不是 {value}", "{kind} is wanted, not {value}"],
        List => ["一列，如 [\"care\"]", "一列，如 [\"care\"]", "a list like [\"care\"]"],
        Text => ["带引号的文字", "帶引號的文字", "a text in quotes"],
        Number => ["数字", "數字", "a number"],
        Count { value } => [
            "上限 n 写 1 起的数，或 \"days\"（有几天就几条），不是 {value}",
            "上限 n 寫 1 起的數，或 \"days\"（有幾天就幾條），不是 {value}",
            "a cap's n is a number from 1, or \"days\" for as many as there are days, not {value}"
        ],
        Gap { value } => [
            "gap 写分钟数或 30m、2h，不是 {value}", "gap 寫分鐘數或 30m、2h，不是 {value}", "a gap is minutes, 30m or 2h, not {value}"
        ],
        Workdays { line, year } => [
            "第 {line} 行: 工作日、休息日按法定放假和调休算，{year} 年还不知道，那年两种都不算",
            "第 {line} 行: 工作日、休息日按法定放假和調休算，{year} 年還不知道，那年兩種都不算",
            "line {line}: working days and days off are those of the calendar, which does not know {year}: no day of it is either"
        ],
    }
}

/// Something wrong in a file of rules, with its place; nothing of the file is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    /// TOML's own words: syntax, types, keys.
    Toml(String),
    Filter(Box<query::QueryError>),
    Rules(RulesWords, String),
}

impl Problem {
    /// What is wrong, in a sentence.
    pub fn words(&self, lang: Lang) -> String {
        match &self.why {
            Why::Toml(words) => {
                translated(words, lang).unwrap_or_else(|| RulesWords::NotToml.fill(lang, &[("why", words)]))
            }
            Why::Filter(error) => error.message(lang),
            Why::Rules(words, value) => words.fill(lang, &[("value", value)]),
        }
    }
}

/// The reader's own words for what is mistaken most, in a language; none for others, such as wrong TOML.
fn translated(words: &str, lang: Lang) -> Option<String> {
    let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    if let Some(rest) = words.strip_prefix("missing field") {
        return Some(RulesWords::Missing.fill(lang, &[("field", quoted(rest).first()?)]));
    }
    if let Some(rest) = words.strip_prefix("unknown field") {
        let names = quoted(rest);
        let (field, known) = names.split_first()?;
        let near = crate::text::near::nearest(field, known.iter().map(String::as_str), 1);
        let near = near.first().map_or(String::new(), |near| RulesWords::Near.fill(lang, &[("field", near)]));
        let known = known.join(", ");
        return Some(RulesWords::Unknown.fill(lang, &[("field", field), ("near", &near), ("known", &known)]));
    }
    let (value, wanted) = words.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let kind = match wanted {
        "a sequence" => RulesWords::List,
        "a string" => RulesWords::Text,
        number if number.starts_with(['u', 'i', 'f']) => RulesWords::Number,
        _ => return None,
    };
    // "string "x"" and "integer `3`" are the value behind its kind
    let value = value.split_once(' ').map_or(value, |(_, value)| value).trim_matches('`');
    Some(RulesWords::Kind.fill(lang, &[("value", &value), ("kind", &kind.text(lang))]))
}

/// Rules that were read.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    pub rules: Rules,
    /// Lines, from 1, that go by the calendar of working days.
    pub workdays: Vec<u32>,
    /// Scopes of caps and quiet hours that name one, with their lines.
    pub named: Vec<(u32, RuleScope)>,
}

/// Reads rules, or says where they are wrong.
///
/// # Errors
/// The first [`Problem`].
pub fn read(text: &str) -> Result<Read, Problem> {
    read_with(text, None)
}

/// As [`read`]; where the views of the store are known, exceptions may speak of no other.
///
/// # Errors
/// As [`read`].
pub fn read_with(text: &str, views: Option<&NamedFilters>) -> Result<Read, Problem> {
    let reader = Reader { text, views };
    let file: RulesFile = toml::from_str(text).map_err(|error| {
        let (line, column) = line_and_column(text, error.span().map_or(0, |span| span.start));
        Problem { line, column, why: Why::Toml(error.message().to_owned()) }
    })?;
    if file.zone.get_ref().parse::<chrono_tz::Tz>().is_err() {
        return Err(reader.wrong(file.zone.span().start, RulesWords::Zone, file.zone.get_ref()));
    }
    let default = Rules::default();
    let mut read = Read {
        rules: Rules {
            zone: file.zone.into_inner(),
            shop: file.shop,
            quiet: Vec::new(),
            caps: Vec::new(),
            add_friend_per_day: file.add_friend_per_day.unwrap_or(default.add_friend_per_day),
            pace: file.pace.map_or(default.pace, Into::into),
            lunar: file.lunar.into(),
            text: TextRules {
                lists: file.check.unwrap_or(default.text.lists),
                max: file.text.max.unwrap_or(default.text.max),
                max_moments: file.text.max_moments.unwrap_or(default.text.max_moments),
                max_on: file.text.on.unwrap_or(default.text.max_on),
                source: file.text.source.unwrap_or(default.text.source),
                date: file.text.date.unwrap_or(default.text.date),
            },
            limits: file.limits,
        },
        workdays: Vec::new(),
        named: Vec::new(),
    };
    let scopes = file.cap.iter().map(|cap| Some(&cap.get_ref().scope));
    for scope in scopes.chain(file.quiet.iter().map(|quiet| quiet.get_ref().scope.as_ref())).flatten() {
        let named = RuleScope::parse(scope.get_ref()).filter(|named| !named.name.is_empty());
        read.named.extend(named.map(|named| (line_and_column(text, scope.span().start).0, named)));
    }
    for quiet in file.quiet {
        let start = quiet.span().start;
        let rule = reader.quiet(quiet.into_inner(), start, &mut read.workdays)?;
        read.rules.quiet.push(rule.clone());
        let holds = |other: &&QuietRule| {
            let of_all = other.scope.of == CapScope::Store && other.except.is_empty();
            of_all || (other.scope == rule.scope && other.except == rule.except)
        };
        let together: Vec<QuietHours> = read.rules.quiet.iter().filter(holds).map(QuietRule::hours).collect();
        if super::quiet::covers_the_week(&together) {
            return Err(reader.wrong(start, RulesWords::QuietAlways, ""));
        }
    }
    for cap in file.cap {
        let start = cap.span().start;
        read.rules.caps.push(reader.cap(cap.into_inner(), start)?);
    }
    Ok(read)
}

struct Reader<'a> {
    text: &'a str,
    views: Option<&'a NamedFilters>,
}

impl Reader<'_> {
    fn wrong(&self, byte: usize, words: RulesWords, value: impl std::fmt::Display) -> Problem {
        let (line, column) = line_and_column(self.text, byte);
        Problem { line, column, why: Why::Rules(words, format!("\"{value}\"")) }
    }

    fn quiet(&self, file: QuietFile, start: usize, workdays: &mut Vec<u32>) -> Result<QuietRule, Problem> {
        let (from, to) = (self.clock(&file.from, 1439)?, self.clock(&file.to, 1440)?);
        if from == to || to == 0 && from == 0 {
            return Err(self.wrong(start, RulesWords::Span, ""));
        }
        let days = match &file.days {
            None => 0,
            Some(days) => {
                let at = days.span().start;
                let words = words_of(days.get_ref());
                let mask = days_of(days.get_ref());
                let mask = mask.ok_or_else(|| self.wrong(at, RulesWords::Days, words.join(",")))?;
                if mask & BY_CALENDAR != 0 {
                    workdays.push(line_and_column(self.text, at).0);
                }
                mask
            }
        };
        let scope = self.scope(file.scope.as_ref())?.unwrap_or_default();
        let except = self.except(file.except, &scope)?;
        // 00:00 as an end is the midnight after
        let to = if to == 0 { 1440 } else { to };
        Ok(QuietRule { from, to, days, scope, except })
    }

    fn cap(&self, file: CapFile, start: usize) -> Result<Cap, Problem> {
        let n = match file.n.get_ref() {
            Value::String(days) if days == "days" => Some(0),
            Value::Integer(n) => u32::try_from(*n).ok().filter(|n| *n > 0),
            _ => None,
        };
        let Some(n) = n else {
            let said = words_of(file.n.get_ref()).join(",");
            return Err(self.wrong(file.n.span().start, RulesWords::Count, said));
        };
        let scope = self.scope(Some(&file.scope))?.unwrap_or_default();
        let mut class = Vec::new();
        for word in file.class.as_ref().map(|class| class.get_ref().as_slice()).unwrap_or_default() {
            let at = file.class.as_ref().map_or(start, |class| class.span().start);
            class.push(Class::parse(word).ok_or_else(|| self.wrong(at, RulesWords::Class, word))?);
        }
        let per = Span::parse(file.per.get_ref())
            .ok_or_else(|| self.wrong(file.per.span().start, RulesWords::Per, file.per.get_ref()))?;
        let gap = match &file.gap {
            None => 0,
            Some(gap) => minutes_of(gap.get_ref()).ok_or_else(|| {
                self.wrong(gap.span().start, RulesWords::Gap, words_of(gap.get_ref()).join(","))
            })?,
        };
        let except = self.except(file.except, &scope)?;
        Ok(Cap { scope, class, n, per, gap, except, source: file.source, date: file.date })
    }

    fn scope(&self, scope: Option<&Spanned<String>>) -> Result<Option<RuleScope>, Problem> {
        scope
            .map(|scope| {
                RuleScope::parse(scope.get_ref())
                    .ok_or_else(|| self.wrong(scope.span().start, RulesWords::Scope, scope.get_ref()))
            })
            .transpose()
    }

    /// A filter of whom a rule leaves out, about what its scope counts.
    fn except(&self, except: Option<Spanned<String>>, scope: &RuleScope) -> Result<String, Problem> {
        let Some(except) = except.filter(|except| !except.get_ref().trim().is_empty()) else {
            return Ok(String::new());
        };
        let kind = rows_left_out(scope.of);
        let checked = query::parse(except.get_ref()).and_then(|filter| {
            let whole = match self.views {
                Some(views) => filter.with_shared_views(views)?,
                // what they stand for is not known here
                None if filter.views().next().is_some() => return Ok(()),
                None => filter,
            };
            kind.map_or(Ok(()), |kind| whole.check_for(Scope::Rows(kind)))
        });
        match checked {
            Ok(()) => Ok(except.into_inner()),
            Err(error) => {
                let (line, column) = line_and_column(self.text, except.span().start);
                // behind the opening quotation mark
                let column = column.saturating_add(u32::try_from(error.column).unwrap_or(0));
                Err(Problem { line, column, why: Why::Filter(Box::new(error)) })
            }
        }
    }

    fn clock(&self, value: &Spanned<Value>, latest: u16) -> Result<u16, Problem> {
        let read = match value.get_ref() {
            Value::Integer(minutes) => u16::try_from(*minutes).ok(),
            Value::String(text) => {
                text.trim().replace('：', ":").split_once(':').and_then(|(hours, minutes)| {
                    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
                    (hours <= 24 && minutes < 60).then_some(hours * 60 + minutes)
                })
            }
            _ => None,
        };
        read.filter(|minutes| *minutes <= latest).ok_or_else(|| {
            self.wrong(value.span().start, RulesWords::Clock, words_of(value.get_ref()).join(","))
        })
    }
}

/// A value as its words.
/// The rows that a rule's `except` is about: what its scope counts, and where that is whoever goes through a playbook,
/// rows of any kind.
pub const fn rows_left_out(scope: CapScope) -> Option<SubjectKind> {
    match scope {
        CapScope::Group => Some(SubjectKind::Group),
        CapScope::Account => Some(SubjectKind::Account),
        CapScope::Member => Some(SubjectKind::Member),
        CapScope::Store | CapScope::Playbook => None,
    }
}

fn words_of(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(words_of).collect(),
        other => vec![other.to_string()],
    }
}

fn days_of(value: &Value) -> Option<u8> {
    match value {
        Value::Integer(mask) => u8::try_from(*mask).ok().filter(|mask| *mask < BY_CALENDAR),
        Value::String(text) => parse_days(text),
        Value::Array(items) if !items.is_empty() => {
            let days: Option<Vec<u8>> = items.iter().map(days_of).collect();
            together(&days?)
        }
        _ => None,
    }
}

/// Minutes as a number, or a length such as `30m` and `2h`.
fn minutes_of(value: &Value) -> Option<u32> {
    match value {
        Value::Integer(minutes) => u32::try_from(*minutes).ok(),
        Value::String(text) => {
            let text = text.trim();
            let (number, unit) =
                text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
            let number: u32 = number.parse().ok()?;
            match unit.trim() {
                "" | "m" | "min" | "分" | "分钟" | "分鐘" => Some(number),
                "h" | "小时" | "小時" => number.checked_mul(60),
                "d" | "天" => number.checked_mul(24 * 60),
                _ => None,
            }
        }
        _ => None,
    }
}
