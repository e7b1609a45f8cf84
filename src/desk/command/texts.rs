//! The texts of a task that has several parts: which are texts, and which of them is meant.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use crate::book::Task;
use crate::desk::view::includes::Kept;
use crate::door::{Refusal, RefusalKind};
use crate::sop::format::{VARIABLES, is_variable};
use crate::sop::include::expand;
use crate::sop::template;
use crate::text::clean::for_display;
use crate::text::near::nearest;
use crate::text::width::truncate;

/// Columns of a text by which its part is named.
const PART_COLUMNS: usize = 24;

crate::words! {
    enum TextWords {
        Part { n, text } => ["{n} {text}", "{n} {text}", "{n} {text}"],
        NoText { n, what, list } => [
            "第 {n} 段不是文字 ({what})，在这里更正不了: 在 SOP 里改这一段，已经收到的人按 + 或用 qun compose 另说；能更正的 (--part N): {list}",
            "第 {n} 段不是文字 ({what})，在這裡更正不了: 在 SOP 裡改這一段，已經收到的人按 + 或用 qun compose 另說；能更正的 (--part N): {list}",
            "part {n} is no text ({what}) and cannot be put right here: change it in the playbook, and tell those who got it by + or qun compose; what can be (--part N): {list}"
        ],
        Wrong { why } => ["更正的文字写得不对: {why}", "更正的文字寫得不對: {why}", "the text is wrong: {why}"],
        NoVariable { name, near } => [
            "没有变量 {name}{near}: 这样改，谁都发不了",
            "沒有變數 {name}{near}: 這樣改，誰都發不了",
            "there is no variable {name}{near}: nobody could be sent this"
        ],
        NearVariable { name } => [" (是不是 {name}?)", " (是不是 {name}?)", " (did you mean {name}?)"],
        Which { list } => [
            "这条有几段文字，说明哪一段写错了 (--part N): {list}",
            "這則有幾段文字，說明哪一段寫錯了 (--part N): {list}",
            "it has several texts: say which part is wrong (--part N): {list}"
        ],
    }
}

impl Desk {
    /// Which of a task's texts is meant, by the part that is named; one must be where there are several.
    pub(super) fn text_meant(&self, act: &Act, task: &Task, part: Option<u16>) -> Result<u16, DeskError> {
        let texts = self.texts_by_part(task);
        let place = part.map(|part| texts.iter().position(|(of, _)| *of == part));
        match place {
            None if texts.len() < 2 => return Ok(0),
            Some(Some(nth)) => return Ok(nth as u16),
            // a text without parts is its first
            Some(None) if texts.len() < 2 && part == Some(0) => return Ok(0),
            _ => {}
        }
        let named = texts.iter().map(|(part, text)| {
            let text = text.trim().lines().next().unwrap_or_default();
            let text = truncate(&for_display(text), PART_COLUMNS).into_owned();
            TextWords::Part.fill(act.lang, &[("n", &(part + 1)), ("text", &text)])
        });
        let list = named.collect::<Vec<_>>().join(Words::PlaceComma.text(act.lang));
        let parts = self.task_text(task)?.parts;
        // a part that is a text would have been found
        let other = part.and_then(|part| Some((part + 1, parts.get(usize::from(part))?)));
        let words = match other {
            Some((n, other)) => {
                let what = truncate(&for_display(&other.show), PART_COLUMNS).into_owned();
                let values: [(&str, &dyn std::fmt::Display); 3] =
                    [("n", &n), ("what", &what), ("list", &list)];
                TextWords::NoText.fill(act.lang, &values)
            }
            None => TextWords::Which.fill(act.lang, &[("list", &list)]),
        };
        Err(Refusal::new(RefusalKind::Invalid, words).about(self.whom(task)).into())
    }

    /// Refuses a text for a task that could never be said: it is no whole template, or asks for what nothing fills.
    pub(super) fn must_be_sayable(&self, act: &Act, task: &Task, text: &str) -> Result<(), DeskError> {
        let invalid = |words: String| -> DeskError { Refusal::new(RefusalKind::Invalid, words).into() };
        let whole = expand(text, &Kept(&self.store.columns));
        let names = whole.and_then(|whole| template::check(&whole)).map_err(|mistake| {
            let why = template::words_of(&mistake, act.lang);
            invalid(TextWords::Wrong.fill(act.lang, &[("why", &why)]))
        })?;
        let of = self.step_of(task);
        let asked: Vec<&str> = of.iter().flat_map(|(playbook, _)| self.asked_by(playbook)).collect();
        let is_known = |name: &str| is_variable(name) || asked.contains(&name);
        let Some(unknown) = names.iter().find(|name| !is_known(name)) else { return Ok(()) };
        let near = nearest(unknown, VARIABLES.iter().copied().chain(asked.iter().copied()), 1);
        let near = near.first().map(|near| TextWords::NearVariable.fill(act.lang, &[("name", near)]));
        let (name, near) = (for_display(unknown), near.unwrap_or_default());
        Err(invalid(TextWords::NoVariable.fill(act.lang, &[("name", &name), ("near", &near)])))
    }

    /// What each part of a task says that is a text, before names are filled in.
    pub(in crate::desk) fn texts_by_part(&self, task: &Task) -> Vec<(u16, String)> {
        let texts = self.wording(task).map(|wording| wording.texts).unwrap_or_default();
        self.text_places(task).into_iter().map(|at| at as u16).zip(texts).collect()
    }

    /// Which parts of a task are texts.
    pub(super) fn text_places(&self, task: &Task) -> Vec<usize> {
        let parts = self.parts_of(task).into_iter().enumerate();
        parts.filter(|(_, (_, is_text))| *is_text).map(|(at, _)| at).collect()
    }

    /// Whether one of its texts is still to be said.
    pub(super) fn is_text_to_say(&self, task: &Task, nth: u16) -> bool {
        let place = self.text_places(task).get(usize::from(nth)).copied();
        place.is_none_or(|at| !task.status.has_ticked(at))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::TextWords>(), Vec::<String>::new());
    }
}
