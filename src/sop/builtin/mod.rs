//! The playbooks that come with the program: sixteen worked examples that can be applied as they are.
//!
//! They are ordinary files, comments included, so that a team exports one, changes the words to its own and
//! applies it again.

/// A playbook that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Its id, also the file's name without `.toml`.
    pub id: &'static str,
    /// The file, with the comment that says when to use it.
    pub source: &'static str,
}

impl Builtin {
    /// The lines of the comment at the head, without `#`: title, when to use it, how it goes.
    pub fn comment(&self) -> impl Iterator<Item = &'static str> {
        self.source.lines().map_while(|line| line.strip_prefix('#')).map(str::trim)
    }
}

/// All of them, in the order in which a beginner needs them.
pub const BUILTIN: &[Builtin] = &[
    Builtin { id: "new-friend-7d", source: include_str!("new-friend-7d.toml") },
    Builtin { id: "group-morning", source: include_str!("group-morning.toml") },
    Builtin { id: "groupbuy-day", source: include_str!("groupbuy-day.toml") },
    Builtin { id: "wake-silent", source: include_str!("wake-silent.toml") },
    Builtin { id: "checkin-21d", source: include_str!("checkin-21d.toml") },
    Builtin { id: "moments-week", source: include_str!("moments-week.toml") },
    Builtin { id: "first-order-care", source: include_str!("first-order-care.toml") },
    Builtin { id: "repurchase", source: include_str!("repurchase.toml") },
    Builtin { id: "birthday", source: include_str!("birthday.toml") },
    Builtin { id: "festival-care", source: include_str!("festival-care.toml") },
    Builtin { id: "morning-night-21d", source: include_str!("morning-night-21d.toml") },
    Builtin { id: "group-cold-start", source: include_str!("group-cold-start.toml") },
    Builtin { id: "member-day", source: include_str!("member-day.toml") },
    Builtin { id: "live-stream", source: include_str!("live-stream.toml") },
    Builtin { id: "tour-trip", source: include_str!("tour-trip.toml") },
    Builtin { id: "left-winback", source: include_str!("left-winback.toml") },
];

/// How many of them a shop needs to be believable, from the first.
pub const FIRST: usize = 6;

/// The one with this id.
pub fn builtin(id: &str) -> Option<&'static Builtin> {
    BUILTIN.iter().find(|builtin| builtin.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sop::filters::check_filter;
    use crate::sop::format::{Part, parse};

    #[test]
    fn all_parse_without_problems_and_say_when_to_use_them() {
        for known in BUILTIN {
            let checked = parse(known.source, known.id, &check_filter);
            assert_eq!(checked.problems, Vec::new(), "{}", known.id);
            let playbook = checked.playbook.unwrap();
            assert_eq!(playbook.id.0, known.id);
            let mut comment = known.comment();
            assert_eq!(comment.next(), Some(playbook.title.as_str()));
            assert!(comment.any(|line| line.starts_with("什么时候用：")), "{}", known.id);
        }
        assert_eq!(BUILTIN.len(), 16);
        assert!(builtin("wake-silent").is_some() && builtin("none").is_none());
    }

    #[test]
    fn no_wording_promises_what_the_law_forbids() {
        for known in BUILTIN {
            let playbook = parse(known.source, known.id, &check_filter).playbook.unwrap();
            for text in playbook.steps.iter().flat_map(|step| &step.parts).filter_map(|part| match part {
                Part::Text(wordings) => Some(wordings),
                _ => None,
            }) {
                for wording in text {
                    // true on the first day, and of whatever is sold
                    assert!(!wording.contains("昨天的团") && !wording.contains("刚切开"), "{wording}");
                    for word in ["第一名", "全网最低", "绝对", "百分百", "根治", "国家级"] {
                        assert!(!wording.contains(word), "{}: {wording}", known.id);
                    }
                }
            }
        }
    }
}
