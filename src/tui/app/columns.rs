//! `:columns` and `:rows`: which columns a view shows and how many rows at most. A change like any other of a view: marked,
//! kept while the screen runs, saved by whoever saves the view.

use super::super::popup::prompt::Offer;
use super::super::state::{State, Tone};
use super::super::words::ViewWords;
use crate::book::view::{Column, LIMIT_MAX, Listed};
use crate::text::near::nearest;
use crate::text::pinyin::{Needle, search_key};

/// Words for the list's own columns, and for all rows.
const OWN: [&str; 4] = ["default", "默认", "預設", "own"];
const ALL: [&str; 3] = ["all", "全部", "0"];
/// How many rows are offered.
const ROWS: [u32; 5] = [10, 20, 50, 100, 200];

/// What stands between two columns.
const fn separates(c: char) -> bool {
    matches!(c, ',' | '，' | '、' | ' ' | '\u{3000}')
}

impl State {
    pub(super) fn listed(&self) -> Listed {
        self.tab().map_or(Listed::Tasks, |tab| tab.saved.kind)
    }

    fn columns_shown(&self) -> Vec<Column> {
        self.tab().map(|tab| tab.columns.clone()).unwrap_or_default()
    }

    /// `:columns` alone: the columns that are shown, to be changed.
    pub(super) fn columns_prompt(&mut self) {
        let verb = super::super::registry::Action::Columns.entry().verb(self.lang).unwrap_or("columns");
        let names = self.columns_shown();
        let names: Vec<&str> = names.iter().map(|column| column.label(self.lang)).collect();
        self.verb_prompt(&format!("{verb} {}", names.join(",")));
    }

    /// `:rows` alone: how many are shown at most, to be changed.
    pub(super) fn rows_prompt(&mut self) {
        let verb = super::super::registry::Action::Rows.entry().verb(self.lang).unwrap_or("rows");
        let limit = self.tab().and_then(|tab| tab.limit).map(|n| n.to_string()).unwrap_or_default();
        self.verb_prompt(&format!("{verb} {limit}"));
    }

    /// Columns that may stand where the last one is being typed, in the line that they make.
    pub(super) fn column_offers(&self, verb: &str, typed: &str) -> Vec<Offer> {
        let end = typed.char_indices().rfind(|(_, c)| separates(*c)).map_or(0, |(at, c)| at + c.len_utf8());
        let (before, word) = typed.split_at(end);
        let taken: Vec<Column> = before.split(separates).filter_map(Column::parse).collect();
        let needle = Needle::new(word);
        let fits = |column: &&Column| {
            let own = |spelling: &str| spelling.starts_with(word) || needle.matches(&search_key(spelling));
            !taken.contains(column) && (word.is_empty() || column.spellings().iter().any(|s| own(s)))
        };
        let own = before.is_empty() && (word.is_empty() || OWN.iter().any(|own| own.starts_with(word)));
        let own = own.then(|| {
            let label = self.text(ViewWords::ColumnsOwn).to_owned();
            Offer { line: format!("{verb} {label}"), label, hint: String::new(), id: None }
        });
        let offer = |column: &Column| {
            let label = column.label(self.lang).to_owned();
            Offer { line: format!("{verb} {before}{label}"), label, hint: column.word().to_owned(), id: None }
        };
        let offers: Vec<Offer> = self.listed().columns().iter().filter(fits).map(offer).chain(own).collect();
        if offers.is_empty() && !word.is_empty() {
            // nothing is called so: what there is
            let free = |column: &&Column| !taken.contains(column);
            return self.listed().columns().iter().filter(free).map(offer).collect();
        }
        offers
    }

    /// How many rows may be asked for.
    pub(super) fn row_offers(&self) -> Vec<(String, String)> {
        let all = (self.text(ViewWords::RowsAll).to_owned(), "0".to_owned());
        ROWS.iter().map(|n| (n.to_string(), String::new())).chain([all]).collect()
    }

    /// `:columns 到期,账号`: these, from left to right; the sentence says what is wrong.
    pub(super) fn set_columns(&mut self, text: &str) -> Result<(), String> {
        let kind = self.listed();
        let mut columns: Vec<Column> = Vec::new();
        let words: Vec<&str> = text.split(separates).filter(|word| !word.is_empty()).collect();
        let own = matches!(words.as_slice(), [word] if OWN.iter().any(|own| own.eq_ignore_ascii_case(word)));
        for word in words.iter().filter(|_| !own) {
            let Some(column) = Column::parse(word).filter(|column| kind.columns().contains(column)) else {
                return Err(self.no_column(kind, word));
            };
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let names: Vec<&str> = columns.iter().map(|column| column.label(self.lang)).collect();
        let words = if columns.is_empty() {
            self.text(ViewWords::ColumnsBack).to_owned()
        } else {
            self.fill(ViewWords::ColumnsNow, &[("columns", &names.join(" "))])
        };
        let view = self.view;
        if let Some(tab) = self.tabs.get_mut(view) {
            tab.columns = columns;
        }
        self.say(Tone::Info, words);
        Ok(())
    }

    fn no_column(&self, kind: Listed, word: &str) -> String {
        let all = kind.columns();
        let spellings = all.iter().flat_map(|column| column.spellings().iter().copied());
        let near = nearest(word, spellings, 1).first().and_then(|near| Column::parse(near));
        let kind = kind.label(self.lang);
        match near.map(|near| near.label(self.lang)) {
            Some(near) => {
                self.fill(ViewWords::NoColumnNear, &[("kind", &kind), ("column", &word), ("columns", &near)])
            }
            // those there are stand below
            None => self.fill(ViewWords::NoColumn, &[("kind", &kind), ("column", &word)]),
        }
    }

    /// `:rows 50`: so many at most; the sentence says what is wrong.
    pub(super) fn set_rows(&mut self, text: &str) -> Result<(), String> {
        let limit = if ALL.iter().any(|all| all.eq_ignore_ascii_case(text)) {
            None
        } else {
            let n = crate::text::fold::fold(text).parse::<u32>().ok().filter(|n| (1..=LIMIT_MAX).contains(n));
            Some(n.ok_or_else(|| self.fill(ViewWords::NoRows, &[("text", &text), ("n", &LIMIT_MAX)]))?)
        };
        let view = self.view;
        if let Some(tab) = self.tabs.get_mut(view) {
            tab.limit = limit;
        }
        self.apply_filter();
        let words = match limit {
            Some(n) => self.fill(ViewWords::RowsNow, &[("n", &n)]),
            None => self.text(ViewWords::RowsAll).to_owned(),
        };
        self.say(Tone::Info, words);
        Ok(())
    }
}
