//! What happened: the digits of its menu, and how what belongs to each kind is written.

use crossterm::event::KeyCode;

use super::{Press, Quick, Stage};
use crate::book::ActivityKind;
use crate::door::command::Happening;
use crate::tui::app::writing::would_be_missed;
use crate::tui::keymap::Context;
use crate::tui::registry::Action;
use crate::tui::state::State;
use crate::tui::words::{QuickWords, Words};

/// What the digits mean, in this order.
pub const KINDS: &[ActivityKind] = &[
    ActivityKind::Joined,
    ActivityKind::Added,
    ActivityKind::Replied,
    ActivityKind::Bought,
    ActivityKind::Left,
    ActivityKind::Unfriended,
    ActivityKind::Tagged,
    ActivityKind::HeadCount,
    ActivityKind::CheckedIn,
    ActivityKind::Refunded,
    ActivityKind::PickedUp,
    ActivityKind::LeaveDay,
    ActivityKind::Liked,
    ActivityKind::Complained,
    ActivityKind::Blocked,
    ActivityKind::Renamed,
    ActivityKind::Untagged,
    ActivityKind::StageChanged,
];

/// How people come into the book: a name that nobody has is news with these, and asked about with others.
pub(super) const fn brings_people(kind: ActivityKind) -> bool {
    matches!(kind, ActivityKind::Joined | ActivityKind::Added)
}

/// A kind with nothing said to it.
pub(super) const fn bare(kind: ActivityKind) -> Happening {
    Happening { kind, amount: None, number: None, relative: false, text: String::new() }
}

/// What happened that needs something said with it.
pub(super) const fn wants_words(kind: ActivityKind) -> bool {
    matches!(
        kind,
        ActivityKind::Bought
            | ActivityKind::Refunded
            | ActivityKind::Tagged
            | ActivityKind::Untagged
            | ActivityKind::HeadCount
            | ActivityKind::Renamed
            | ActivityKind::StageChanged
            | ActivityKind::Complained
    )
}

/// How the words of a kind are written.
pub const fn how_to_say(kind: ActivityKind) -> Words {
    match kind {
        ActivityKind::Bought | ActivityKind::Refunded => Words::HowBought,
        ActivityKind::Tagged | ActivityKind::Untagged => Words::HowTag,
        ActivityKind::HeadCount => Words::HowCount,
        ActivityKind::StageChanged => Words::HowStage,
        _ => Words::HowText,
    }
}

/// Reads what was typed with a kind: `39.9 奶粉`, `奶粉 39.9元`, `=186`, `+3`, a tag.
pub(super) fn read_happening(kind: ActivityKind, text: &str) -> Option<Happening> {
    let text = text.trim();
    let mut happening = bare(kind);
    match kind {
        ActivityKind::HeadCount => {
            let digits = text.trim_start_matches(['=', '＝']);
            happening.relative = digits.starts_with(['+', '-', '＋', '－']);
            happening.number = digits.replace('＋', "+").replace('－', "-").parse().ok();
            happening.number?;
        }
        ActivityKind::Bought | ActivityKind::Refunded => {
            let mut words = Vec::new();
            for word in text.split_whitespace() {
                match word.parse() {
                    Ok(amount) if happening.amount.is_none() => happening.amount = Some(amount),
                    _ => words.push(word),
                }
            }
            happening.text = words.join(" ");
        }
        ActivityKind::StageChanged => {
            crate::book::Stage::parse(text)?.word().clone_into(&mut happening.text);
        }
        ActivityKind::Complained => text.clone_into(&mut happening.text),
        _ => {
            text.trim_start_matches(['#', '＃']).clone_into(&mut happening.text);
            if happening.text.is_empty() {
                return None;
            }
        }
    }
    Some(happening)
}

/// What happened, at the beginning of some words, and the rest of them.
pub(super) fn event(text: &str) -> Option<(ActivityKind, &str)> {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let kind = ActivityKind::parse(word).filter(|kind| KINDS.contains(kind))?;
    Some((kind, rest.trim()))
}

/// Names, then what happened to them: where the first word of an event stands behind a name.
pub(super) fn ending_event(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let gaps = text.char_indices().filter(|(_, c)| c.is_whitespace());
    let mut split = gaps.map(|(at, _)| text.split_at(at));
    split.find(|(names, rest)| !names.is_empty() && event(rest).is_some()).map(|(a, b)| (a.trim(), b.trim()))
}

impl Quick {
    /// What is said where leaving throws away what would be typed again with some pains.
    pub(super) fn lost(&self, state: &State) -> Option<String> {
        let is_lost = self.is_written();
        is_lost.then(|| match self.stage {
            Stage::With(_) => state.fill_in(Context::Prompt, QuickWords::LostWords, &[]),
            _ => state.fill_in(Context::Prompt, QuickWords::Lost, &[("n", &self.chips.len())]),
        })
    }

    /// Whether there is something in this stage that would be missed: names of some that were typed or pasted, words.
    pub fn is_written(&self) -> bool {
        match self.stage {
            Stage::Who => self.chips.len() > self.given + 1,
            Stage::With(_) => would_be_missed(self.field.text()),
            _ => false,
        }
    }

    /// A key while the words of what happened are typed.
    pub(super) fn with_key(&mut self, state: &mut State, Press { key, action }: Press, kind: ActivityKind) {
        match (action, key.code) {
            (Some(Action::Take), _) => match read_happening(kind, self.field.text()) {
                Some(happening) => self.tell(state, happening),
                None => self.error = Some(state.text(how_to_say(kind)).to_owned()),
            },
            (_, KeyCode::Backspace) if self.field.is_empty() => {
                self.stage = self.trail.pop().unwrap_or(Stage::What);
                self.stand(state);
            }
            _ => {
                self.field.key(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_ends_a_line_of_names() {
        assert_eq!(ending_event("张雨桐、刘欣怡 打卡"), Some(("张雨桐、刘欣怡", "打卡")));
        assert_eq!(ending_event("张雨桐 下单 39.9 奶粉"), Some(("张雨桐", "下单 39.9 奶粉")));
        assert_eq!(ending_event("打卡"), None, "somebody may be called so");
        assert_eq!(ending_event("张雨桐 刘欣怡"), None);
        assert_eq!(event("下单 39.9 奶粉"), Some((ActivityKind::Bought, "39.9 奶粉")));
    }
    use crate::book::Money;

    #[test]
    fn reads_what_comes_with_it() {
        let check = |kind, text: &str, amount: Option<i64>, number: Option<i64>, relative, words: &str| {
            let read = read_happening(kind, text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (read.amount, read.number, read.relative, read.text.as_str()),
                (amount.map(Money), number, relative, words),
                "{text}"
            );
        };
        check(ActivityKind::Bought, "39.9 奶粉", Some(3990), None, false, "奶粉");
        check(ActivityKind::Bought, "奶粉 2段 ¥39.9", Some(3990), None, false, "奶粉 2段");
        check(ActivityKind::Bought, "", None, None, false, "");
        check(ActivityKind::HeadCount, "=186", None, Some(186), false, "");
        check(ActivityKind::HeadCount, "＋3", None, Some(3), true, "");
        check(ActivityKind::Tagged, "#勿扰", None, None, false, "勿扰");
        check(ActivityKind::StageChanged, "复购", None, None, false, "repeat");
        assert_eq!(read_happening(ActivityKind::HeadCount, "很多"), None);
        assert_eq!(read_happening(ActivityKind::StageChanged, "贵宾"), None);
        assert_eq!(read_happening(ActivityKind::Tagged, " "), None);
    }
}
