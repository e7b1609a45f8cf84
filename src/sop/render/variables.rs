//! What is known when a text is rendered.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

/// How many names a text spells out before it says how many there are.
pub const NAMES_SHOWN: usize = 3;

/// What stands behind a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    Text(String),
    Number(i64),
    /// Printed as `a、b、c 等 12 位`; can be gone through with `for`.
    Names(Vec<String>),
    /// Known, and there is nothing: no last order, no remark.
    Empty,
    /// An `[[ask]]` that nobody has answered yet.
    Unasked,
}

/// Variables by name. A name that was never set is unknown and blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables {
    values: BTreeMap<String, Given>,
}

impl Variables {
    /// Sets a text; blanks only mean that there is nothing.
    pub fn set(&mut self, name: &str, text: &str) {
        let given = if text.trim().is_empty() { Given::Empty } else { Given::Text(text.to_owned()) };
        self.values.insert(name.to_owned(), given);
    }

    /// Sets a number.
    pub fn set_number(&mut self, name: &str, number: i64) {
        self.values.insert(name.to_owned(), Given::Number(number));
    }

    /// Sets names; blank ones are left out.
    pub fn set_names(&mut self, name: &str, names: Vec<String>) {
        let names: Vec<String> = names.into_iter().filter(|name| !name.trim().is_empty()).collect();
        let given = if names.is_empty() { Given::Empty } else { Given::Names(names) };
        self.values.insert(name.to_owned(), given);
    }

    /// Sets a key that was asked and not answered.
    pub fn set_unasked(&mut self, name: &str) {
        self.values.insert(name.to_owned(), Given::Unasked);
    }

    /// Sets `day`, `date` and `weekday` from N of DN and the local day.
    pub fn set_day(&mut self, day: i32, date: NaiveDate) {
        self.set_number("day", i64::from(day));
        self.set("date", &format!("{}月{}日", date.month(), date.day()));
        self.set("weekday", weekday(date));
    }

    /// What a name stands for; none when unknown.
    pub fn get(&self, name: &str) -> Option<&Given> {
        self.values.get(name)
    }
}

/// 周一 to 周日.
pub fn weekday(date: NaiveDate) -> &'static str {
    match date.weekday() {
        chrono::Weekday::Mon => "周一",
        chrono::Weekday::Tue => "周二",
        chrono::Weekday::Wed => "周三",
        chrono::Weekday::Thu => "周四",
        chrono::Weekday::Fri => "周五",
        chrono::Weekday::Sat => "周六",
        chrono::Weekday::Sun => "周日",
    }
}

/// Names as the engine sees them: a list that prints itself as people write one.
#[derive(Debug)]
struct Names(Vec<String>);

pub(super) fn names_value(names: &[String]) -> Value {
    Value::from_object(Names(names.to_vec()))
}

impl Object for Names {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_usize()?).map(|name| Value::from(name.as_str()))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<&str> = self.0.iter().take(NAMES_SHOWN).map(String::as_str).collect();
        f.write_str(&shown.join("、"))?;
        if self.0.len() > NAMES_SHOWN { write!(f, " 等 {} 位", self.0.len()) } else { Ok(()) }
    }
}
