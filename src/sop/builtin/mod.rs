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

    /// What its comment says behind such a beginning, as one paragraph: an indented line goes on with the one before it.
    pub fn said(&self, head: &str) -> Option<String> {
        let mut lines = self.source.lines().map_while(|line| line.strip_prefix('#'));
        let mut said = lines.find_map(|line| line.trim().strip_prefix(head))?.to_owned();
        said.extend(lines.map_while(|line| line.strip_prefix("  ")).map(str::trim));
        Some(said)
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
    use crate::book::ActivityKind;
    use crate::sop::filters::check_filter;
    use crate::sop::format::{Answer, Effect, Every, Part, Playbook, Step, StopRule, When, parse};
    use crate::sop::grammar::{Until, WallTime};

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

    #[test]
    fn work_of_our_own_is_announced_and_signed_up_for_in_no_group() {
        let mut internal = 0;
        for playbook in playbooks() {
            for step in playbook.steps.iter().filter(|step| step.via == crate::book::Via::Internal) {
                internal += 1;
                let said = |part: &&Part| !matches!(part, Part::File(_) | Part::Image(_));
                assert_eq!(step.parts.iter().find(said), None, "{}/{}", playbook.id, step.id);
                assert_ne!(step.note, "", "{}/{}", playbook.id, step.id);
            }
        }
        assert!(internal > 8, "{internal}");
    }

    fn playbooks() -> impl Iterator<Item = Playbook> {
        BUILTIN.iter().map(|known| parse(known.source, known.id, &check_filter).playbook.unwrap())
    }

    /// The times of this very day that a wording names: `20:00`, and 八点, 九点 of the evening.
    fn times_of_today(wording: &str) -> Vec<WallTime> {
        let clauses = wording.split(['。', '，', '：', '；', '！', '\n']);
        let today = clauses.filter(|clause| !clause.contains(['明', '后', '昨', '第']));
        today
            .flat_map(|clause| {
                let written =
                    clause.char_indices().filter_map(|(at, _)| WallTime::parse(clause.get(at..at + 5)?));
                let spoken = [("八点", 20), ("九点", 21)]
                    .into_iter()
                    .filter(|(word, _)| clause.contains(word) && !clause.contains("点多"))
                    .filter_map(|(_, hour)| WallTime::new(hour, 0));
                written.chain(spoken).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn what_is_still_offered_names_no_time_that_is_over() {
        let mut named = 0;
        for playbook in playbooks() {
            for step in &playbook.steps {
                let Some(Until::Day { day, time: until }) = step.until else { continue };
                let same_day = step.at.days.repeats() || day == step.at.days.first();
                for wording in step.wordings().iter().filter(|_| same_day) {
                    let times = times_of_today(wording);
                    named += times.len();
                    assert!(
                        times.iter().all(|time| *time >= until),
                        "{}/{}: {wording}",
                        playbook.id,
                        step.id
                    );
                }
            }
        }
        assert!(named > 10, "{named}");
    }

    #[test]
    fn a_shop_closes_its_stall_at_one_time_of_day() {
        let playbook = parse(builtin("groupbuy-day").unwrap().source, "", &check_filter).playbook.unwrap();
        let pick_up = |wording: &&String| wording.contains("收摊") || wording.contains("前来");
        let wordings = playbook.steps.iter().flat_map(Step::wordings).filter(pick_up);
        let times: std::collections::BTreeSet<WallTime> =
            wordings.flat_map(|text| times_of_today(text)).collect();
        assert_eq!(times.into_iter().collect::<Vec<_>>(), [WallTime::new(20, 0).unwrap()]);
        let sold_off = playbook.step_by_id("last-stock").unwrap().1.until;
        assert!(matches!(sold_off, Some(Until::Day { time, .. }) if time < WallTime::new(20, 0).unwrap()));
    }

    #[test]
    fn a_day_of_the_month_stands_in_one_place() {
        for playbook in playbooks() {
            let recurrence = playbook.start.recurrence();
            if !recurrence.is_some_and(|recurrence| matches!(recurrence.every, Every::Monthly(_))) {
                continue;
            }
            for wording in playbook.steps.iter().flat_map(Step::wordings) {
                let day =
                    wording.split('号').next().unwrap().trim_end().ends_with(|c: char| c.is_ascii_digit());
                assert!(!wording.contains('号') || !day, "{}: {wording}", playbook.id);
            }
        }
    }

    #[test]
    fn nobody_is_told_of_tomorrow_on_the_last_evening_of_a_trip() {
        let playbook = parse(builtin("tour-trip").unwrap().source, "", &check_filter).playbook.unwrap();
        let last = |id: &str| playbook.step_by_id(id).unwrap().1.at.days.last();
        assert_eq!((last("lunch"), last("tomorrow"), last("check-in")), (3, 2, 2));
    }

    #[test]
    fn whoever_asks_for_fewer_messages_is_not_followed_up() {
        for playbook in playbooks() {
            let says_less = |answer: &Answer| answer.then.contains(&Effect::Tag("勿扰".to_owned()));
            if !playbook.steps.iter().flat_map(|step| &step.answers).any(says_less) {
                continue;
            }
            for end in playbook
                .ends
                .iter()
                .filter(|end| matches!(end.when, When::Stopped(StopRule::Activity(ActivityKind::Replied))))
            {
                let follows = end.then.iter().any(|effect| matches!(effect, Effect::Followup(_)));
                assert!(!follows, "{}: an answer is a reply", playbook.id);
            }
        }
    }
}
