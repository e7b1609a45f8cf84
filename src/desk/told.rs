//! What keeps the desk from its work, and what its opening found: sentences that every screen gets in its language.

use std::collections::BTreeMap;

use super::words::Words;
use super::{ClientId, Desk, Output, Session, Turn};
use crate::book::Timestamp;
use crate::book::time::{DAY, HOUR, MINUTE};
use crate::door::Push;
use crate::store::{OpenNote, ROOM_MIN};
use crate::text::clean::for_display;
use crate::text::lang::Lang;

/// Why nothing can be written now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unwritable {
    /// So few bytes are left that a write could fail half-way: none is begun.
    Full { free: u64 },
    /// The journal or the index refused; what it said.
    Failed(String),
}

impl Unwritable {
    pub(crate) fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Full { free } => Words::DiskFull.fill(lang, &[("mb", &(free >> 20))]),
            Self::Failed(why) => Words::WriteFailed.fill(lang, &[("why", why)]),
        }
    }
}

/// Why the tick is held until a human confirms the clock; spans in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// The clock is behind the last record.
    Behind(i64),
    /// It is far ahead of the last record.
    Ahead(i64),
    /// It moved against the time since boot.
    Jumped(i64),
}

impl Held {
    pub(crate) fn sentence(self, lang: Lang) -> String {
        let (words, ms) = match self {
            Self::Behind(ms) => (Words::ClockBehind, ms),
            Self::Ahead(ms) => (Words::ClockAhead, ms),
            Self::Jumped(ms) => (Words::ClockJumped, ms.abs()),
        };
        words.fill(lang, &[("span", &span(ms, lang))])
    }
}

/// A span in the largest unit that says enough: `3 天`, `5 小时`, `11 分钟`.
fn span(ms: i64, lang: Lang) -> String {
    let (words, n) = match ms {
        _ if ms >= 2 * DAY => (Words::SpanDays, ms / DAY),
        _ if ms >= 2 * HOUR => (Words::SpanHours, ms / HOUR),
        _ => (Words::SpanMinutes, ms / MINUTE),
    };
    words.fill(lang, &[("n", &n)])
}

/// A text that one had copied and another has sent.
pub struct Overtaken {
    pub who: String,
    pub by: String,
    pub what: String,
}

impl Desk {
    /// Keeps what opening found for the first screen that comes.
    pub fn tell_of_opening(&mut self, notes: Vec<OpenNote>) {
        self.opening = notes;
    }

    /// Keeps a sentence for the first screen that comes.
    pub fn tell_once(&mut self, words: String) {
        self.sayings.push(words);
    }

    /// Looks whether there is room to write: what is not begun cannot fail half-way.
    pub(super) fn look_for_room(&mut self) {
        match (self.store.free_bytes(), &self.unwritable) {
            (Some(free), _) if free < ROOM_MIN => self.unwritable = Some(Unwritable::Full { free }),
            (_, Some(Unwritable::Full { .. })) => self.unwritable = None,
            _ => {}
        }
    }

    /// Whether so little room is left that no write is begun.
    pub(super) fn is_full(&self) -> bool {
        matches!(self.unwritable, Some(Unwritable::Full { .. }))
    }

    /// Tells a screen that has just come what it must know.
    pub(super) fn tell_newcomer(&mut self, client: ClientId, now: Timestamp, turn: &mut Turn) {
        let Some(lang) = self.sessions.get(&client).filter(|s| s.screen).map(|s| s.lang) else { return };
        let notes = std::mem::take(&mut self.opening);
        let mut pushes: Vec<Push> =
            notes.iter().filter_map(|note| note.sentence(lang)).map(|words| Push::Said { words }).collect();
        pushes.extend(std::mem::take(&mut self.sayings).into_iter().map(|words| Push::Said { words }));
        pushes.extend(self.held_words(now, lang).map(|words| Push::ClockHeld { words }));
        pushes.extend(self.rules_fault_words(lang).map(|words| Push::Rules { ok: false, words }));
        let unwritable = self.unwritable.as_ref();
        pushes.extend(unwritable.map(|why| Push::Writable { ok: false, words: why.sentence(lang) }));
        turn.outputs.extend(pushes.into_iter().map(|push| Output::Push { client, push }));
    }

    /// Tells every screen when writing stopped or goes on again.
    pub(super) fn tell_writable(&mut self, turn: &mut Turn) {
        let ok = self.unwritable.is_none();
        if std::mem::replace(&mut self.was_writable, ok) != ok {
            let words = |lang| {
                let why = self.unwritable.as_ref();
                why.map_or_else(|| Words::WritableAgain.text(lang).to_owned(), |why| why.sentence(lang))
            };
            self.push_each(turn, |lang| Push::Writable { ok, words: words(lang) });
        }
    }

    /// Tells whoever had copied a text that somebody else has sent it meanwhile.
    pub(super) fn tell_overtaken(&mut self, turn: &mut Turn) {
        let mut told: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for Overtaken { who, by, what } in std::mem::take(&mut self.overtaken) {
            told.entry((who, by)).or_default().push(what);
        }
        for ((who, by), names) in told {
            let screens =
                self.sessions.iter().filter(|(_, session)| session.screen && session.operator == who);
            turn.outputs.extend(screens.map(|(client, session)| {
                let by = for_display(&by);
                let what = names.join(" ");
                let words = Words::SentMeanwhile.fill(session.lang, &[("by", &by), ("what", &what)]);
                Output::Push { client: *client, push: Push::Said { words } }
            }));
        }
    }

    /// Pushes something to every screen in its language.
    pub(super) fn push_each(&self, turn: &mut Turn, push: impl Fn(Lang) -> Push) {
        let screens =
            self.sessions.iter().filter(|(_, session): &(_, &Session)| session.screen && session.greeted);
        turn.outputs.extend(
            screens.map(|(client, session)| Output::Push { client: *client, push: push(session.lang) }),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::testing::TestDesk;
    use crate::door::command::GroupName;
    use crate::door::{Command, RefusalKind, Reply, Request};
    use crate::store::index::RebuildReason;

    fn add(desk: &mut TestDesk, name: &str) -> Result<(), crate::door::Refusal> {
        desk.run(Command::AddGroups {
            names: vec![GroupName { name: name.to_owned(), head_count: None, capacity: None, account: None }],
            account: None,
        })
        .map(|_| ())
    }

    fn status(desk: &mut TestDesk) -> crate::door::reply::Status {
        match desk.ask(Request::Status) {
            Reply::Status(status) => *status,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn without_room_nothing_is_written_it_is_said_and_it_goes_on_by_itself() {
        let mut desk = TestDesk::new();
        add(&mut desk, "甲群").unwrap();
        desk.pushed.clear();
        let end = desk.desk.store.end();
        desk.desk.store.pretended_free = Some(ROOM_MIN - 1);
        let refused = add(&mut desk, "乙群").unwrap_err();
        assert_eq!(refused.kind, RefusalKind::Store);
        assert!(refused.words.contains("磁盘") && refused.words.contains("15 MB"), "{}", refused.words);
        desk.tick();
        assert!(desk.last.wake_at.is_none(), "a tick that finds no room is not wished for at once");
        assert_eq!(desk.desk.store.end(), end);
        let told: Vec<&Push> =
            desk.pushed.iter().filter(|push| matches!(push, Push::Writable { .. })).collect();
        assert!(matches!(told[..], [Push::Writable { ok: false, .. }]), "told once: {told:?}");
        let now = status(&mut desk);
        assert!(!now.writable && now.unwritable.is_some() && now.counts.groups == 1, "reading goes on");

        desk.desk.store.pretended_free = Some(ROOM_MIN);
        add(&mut desk, "乙群").unwrap();
        assert!(desk.pushed.iter().any(|push| matches!(push, Push::Writable { ok: true, .. })));
        assert!(status(&mut desk).writable);
    }

    #[test]
    fn who_comes_later_is_told_what_is_wrong_in_their_language() {
        let mut desk = TestDesk::new();
        desk.desk.tell_of_opening(vec![OpenNote::Rebuilt(RebuildReason::Missing)]);
        add(&mut desk, "甲群").unwrap();
        desk.at("2027-03-01 10:00").tick();
        desk.desk.store.pretended_free = Some(0);
        desk.pushed.clear();
        desk.ask_as("小李", Request::Status);
        let said = |part: &str| {
            desk.pushed.iter().any(|push| match push {
                Push::Said { words } | Push::ClockHeld { words } | Push::Writable { words, .. } => {
                    words.contains(part)
                }
                _ => false,
            })
        };
        assert!(said("晚 99 天") && said("磁盘快满"), "{:?}", desk.pushed);
        assert!(!said("索引"), "the first screen was told");
        desk.desk.tick.held = Some(Held::Behind(90_000_000));
        assert_eq!(
            desk.desk.tick.held.unwrap().sentence(Lang::En),
            "the clock is 25 h behind the last record: the tick is held until confirmed"
        );
    }

    #[test]
    fn spans_are_said_in_the_largest_unit_that_says_enough() {
        let check = |ms: i64, expected: &str| assert_eq!(span(ms, Lang::ZhCn), expected);
        check(11_528 * MINUTE, "8 天");
        check(61 * MINUTE, "61 分钟");
        check(5 * HOUR + MINUTE, "5 小时");
        check(3 * MINUTE, "3 分钟");
    }
}
