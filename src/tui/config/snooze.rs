//! `[snooze]`: when what is put off may come back.

use toml::de::{DeTable, DeValue};

use super::problem::{Reader, Wrong, shown};
use crate::book::Timestamp;
use crate::query::parse_moment;

/// When what is put off may come back, where the user says nothing.
pub const SNOOZES: [&str; 6] = ["10m", "1h", "14:00", "18:00", "明天 09:00", "下周一 09:00"];

/// The most of them: a digit each, and one for any other time.
const SNOOZES_MAX: usize = 8;

/// `presets = ["10m", "14:00"]`: each is tried as a time; what is none is left out.
pub(super) fn read(reader: &mut Reader<'_>, table: &DeTable<'_>, snoozes: &mut Vec<String>) {
    let Some(value) = table.get("presets") else { return };
    let DeValue::Array(presets) = value.get_ref() else {
        let expected = SNOOZES.map(|time| format!("\"{time}\"")).join(", ");
        reader.not_a_word(value.span().start, "snooze.presets", value.get_ref(), &format!("[{expected}]"));
        return;
    };
    for preset in presets {
        let text = match preset.get_ref() {
            DeValue::String(text) => text.trim(),
            _ => "",
        };
        // midnight: what can be meant at all lies ahead of it
        let midnight = Timestamp(0);
        if text.is_empty() || parse_moment(text, midnight, chrono_tz::UTC).is_err() {
            let values = vec![("value", shown(preset.get_ref()))];
            reader.error(preset.span().start, Wrong::NoTime, values);
        } else if snoozes.len() == SNOOZES_MAX {
            let values = vec![("n", SNOOZES_MAX.to_string())];
            reader.error(preset.span().start, Wrong::TooManyTimes, values);
            break;
        } else {
            snoozes.push(text.to_owned());
        }
    }
}
