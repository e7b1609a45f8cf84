//! Persona scripts: a step that several of our accounts say in one group, as one step for each, in order.
//!
//! Decided once: `as = ["小完子", "群主"]` with `via = "group"` is a talk. A text and the images, files and so on behind it
//! are a line. Where the step has as many lines as speakers or more, each line is a turn, and the speakers take turns as
//! often as there are lines: of three lines by two the first speaker says the first and the third. Where it has fewer,
//! each speaker has one turn: the first says all of it and the others only the texts, each beginning with another
//! wording. A turn comes two minutes after the one before, and is not offered before that one was said. The first keeps
//! the step's id, the others are `open.2`, `open.3`. What is looked up before copying belongs to the first, answers to
//! the last.
//!
//! A talk may be written step by step as well: steps that follow one another in the file, each `as` somebody in the group,
//! each at most half an hour after the one before it and on the same days, are one where more than one of us speaks. Each
//! waits for the one before it, and nobody says the line of another.

use super::model::{Part, Step, StepPer};
use crate::book::Via;
use crate::sop::grammar::{At, Length, Moment, Until, WallTime};

/// Minutes between two who speak.
pub const APART: u32 = 2;

/// Minutes at most between two steps that are lines of one talk.
const TALK: u32 = 30;

/// One step for each turn, in order; the step itself where one speaks.
pub(super) fn turns(step: Step) -> Vec<Step> {
    let speakers = step.speakers.len();
    if speakers < 2 || step.via != Via::Group {
        return vec![step];
    }
    let lines = step.parts.iter().filter(|part| is_text(part)).count();
    let count = lines.max(speakers);
    let mut turns: Vec<Step> = Vec::with_capacity(count);
    for (turn, speaker) in step.speakers.iter().cycle().take(count).enumerate() {
        let later = u32::try_from(turn).unwrap_or(u32::MAX).saturating_mul(APART);
        let (first, last) = (turn == 0, turn + 1 == count);
        turns.push(Step {
            id: if first { step.id.clone() } else { format!("{}.{}", step.id, turn + 1) },
            at: At { days: step.at.days.clone(), moment: moment(&step, later) },
            speakers: vec![speaker.clone()],
            in_turn: true,
            after: turns.last().map(|before| before.id.clone()),
            parts: parts(&step.parts, turn, lines >= speakers),
            check: step.check.filter(|_| first),
            answers: if last { step.answers.clone() } else { Vec::new() },
            ..step.clone()
        });
    }
    turns
}

/// Lets each step of a talk that is written in several wait for the one before it.
pub(super) fn in_order(steps: &mut [Step]) {
    let mut from = 0;
    while from < steps.len() {
        let rest = steps.get(from..).unwrap_or_default();
        let pairs = rest.iter().zip(rest.iter().skip(1));
        let length = 1 + pairs.take_while(|(before, next)| follows(before, next)).count();
        let Some(talk) = steps.get_mut(from..from + length) else { return };
        from += length;
        let first = talk.first().map(|step| step.speakers.clone());
        if talk.iter().all(|step| Some(&step.speakers) == first.as_ref()) {
            // one of us who says several things
            continue;
        }
        let mut before: Option<String> = None;
        for step in talk {
            step.in_turn = true;
            step.after = step.after.take().or(before);
            before = Some(step.id.clone());
        }
    }
}

/// Whether a step is the next line of a talk.
fn follows(before: &Step, next: &Step) -> bool {
    let is_line = |step: &Step| {
        step.via == Via::Group
            && step.speakers.len() == 1
            && step.per == StepPer::Target
            && step.who.is_none()
    };
    let apart = match (before.at.moment, next.at.moment) {
        (Moment::Wall(a), Moment::Wall(b)) => b.minutes().checked_sub(a.minutes()).map(u32::from),
        (Moment::Elapsed(a), Moment::Elapsed(b)) => b.minutes().checked_sub(a.minutes()),
        _ => None,
    };
    is_line(before)
        && is_line(next)
        && before.at.days == next.at.days
        && before.collect == next.collect
        && apart.is_some_and(|apart| apart <= TALK)
}

/// So many minutes later; the same time where that would be another day or the end of the span.
fn moment(step: &Step, later: u32) -> Moment {
    match step.at.moment {
        Moment::Elapsed(length) => {
            Moment::Elapsed(Length::from_minutes(length.minutes().saturating_add(later)))
        }
        Moment::Wall(time) => {
            let minutes = u32::from(time.minutes()).saturating_add(later);
            let ends = match step.until {
                Some(Until::Day { time: end, .. }) if end > time => u32::from(end.minutes()),
                _ => u32::MAX,
            };
            let of = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
            let moved = WallTime::new(of(minutes / 60), of(minutes % 60)).filter(|_| minutes < ends);
            Moment::Wall(moved.unwrap_or(time))
        }
    }
}

fn is_text(part: &Part) -> bool {
    matches!(part, Part::Text(_))
}

/// What is said in one of several turns: a line, which is a text and what is sent with it. Where there are fewer lines than
/// speakers, everybody says the texts, and the first sends the rest.
fn parts(all: &[Part], turn: usize, by_lines: bool) -> Vec<Part> {
    if by_lines {
        let mut line = 0;
        let mut own = Vec::new();
        for (place, part) in all.iter().enumerate() {
            line += usize::from(is_text(part) && all.iter().take(place).any(is_text));
            own.extend((line == turn).then(|| part.clone()));
        }
        return own;
    }
    let lines = all.iter().any(is_text);
    let own = all.iter().filter(|part| turn == 0 || !lines || is_text(part)).cloned();
    own.map(|part| match part {
        Part::Text(mut wordings) => {
            let first = turn % wordings.len().max(1);
            wordings.rotate_left(first);
            Part::Text(wordings)
        }
        part => part,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use crate::sop::schedule::tests::playbook;

    /// Compares `id time speaker after: parts` of each turn.
    fn check(step: &str, expected: &[&str]) {
        let source = format!("[[step]]\nid = \"talk\"\nvia = \"group\"\n{step}");
        let playbook = playbook("every = \"daily\"", "", &source);
        let shown: Vec<String> = playbook
            .steps
            .iter()
            .map(|step| {
                let says = |part: &super::Part| match part {
                    super::Part::Text(wordings) => wordings.join("|"),
                    part => part.key().to_owned(),
                };
                let parts: Vec<String> = step.parts.iter().map(says).collect();
                let at = match step.at.moment {
                    super::Moment::Wall(time) => time.to_string(),
                    super::Moment::Elapsed(length) => format!("+{length}"),
                };
                let after = step.after.clone().unwrap_or_default();
                format!("{} {at} {} {after}: {}", step.id, step.speakers.join("+"), parts.join(" / "))
            })
            .collect();
        assert_eq!(shown, expected, "{step}");
    }

    #[test]
    fn parts_are_said_in_turn_and_one_text_by_all() {
        check(
            "at = \"D0 10:00\"\nas = [\"甲\", \"乙\"]\nparts = [{ text = [\"问\"] }, { text = [\"答\"] }, { image = \"a.jpg\" }, { text = [\"谢\"] }]",
            &["talk 10:00 甲 : 问", "talk.2 10:02 乙 talk: 答 / image", "talk.3 10:04 甲 talk.2: 谢"],
        );
        check(
            "at = \"D0 10:00\"\nas = [\"甲\", \"乙\"]\nparts = [{ image = \"a.jpg\" }, { text = [\"问\"] }, { text = [\"答\"] }]",
            &["talk 10:00 甲 : image / 问", "talk.2 10:02 乙 talk: 答"],
        );
        check(
            "at = \"D0 10:00\"\nas = [\"甲\", \"乙\", \"丙\"]\ntext = [\"好\", \"不错\"]",
            &["talk 10:00 甲 : 好|不错", "talk.2 10:02 乙 talk: 不错|好", "talk.3 10:04 丙 talk.2: 好|不错"],
        );
        check(
            "at = \"D0 10:00\"\nas = [\"甲\", \"乙\"]\nparts = [{ text = [\"早\"] }, { image = \"a.jpg\" }]",
            &["talk 10:00 甲 : 早 / image", "talk.2 10:02 乙 talk: 早"],
        );
        check("at = \"D0 10:00\"\nas = \"甲\"\ntext = \"好\"", &["talk 10:00 甲 : 好"]);
        check(
            "at = \"D0 +5m\"\ncollect = \"30m\"\nas = [\"甲\", \"乙\"]\ntext = \"好\"",
            &["talk +5m 甲 : 好", "talk.2 +7m 乙 talk: 好"],
        );
    }

    /// Compares `id <- after` of each step that waits for another.
    fn ordered(steps: &[(&str, &str, &str)], expected: &[&str]) {
        let step = |(id, at, more): &(&str, &str, &str)| {
            format!("[[step]]\nid = \"{id}\"\nat = \"{at}\"\nvia = \"group\"\ntext = \"好\"\n{more}\n")
        };
        let playbook = playbook("by-hand", "", &steps.iter().map(step).collect::<String>());
        let waits = playbook.steps.iter().filter_map(|step| {
            assert_eq!(
                step.in_turn,
                step.after.is_some() || playbook.steps.iter().any(|s| s.after.as_ref() == Some(&step.id))
            );
            step.after.as_ref().map(|after| format!("{} <- {after}", step.id))
        });
        assert_eq!(waits.collect::<Vec<_>>(), expected, "{steps:?}");
    }

    #[test]
    fn a_talk_may_be_written_step_by_step() {
        let (a, b) = ("as = \"甲\"", "as = \"乙\"");
        ordered(&[("x", "D0 10:00", a), ("y", "D0 10:03", b), ("z", "D0 10:05", a)], &["y <- x", "z <- y"]);
        let gathers = |by: &str| format!("{by}\ncollect = \"30m\"");
        ordered(&[("x", "D0 +5m", &gathers(a)), ("y", "D0 +8m", &gathers(b))], &["y <- x"]);
        ordered(&[("x", "D1..D3 10:00", a), ("y", "D1..D3 10:30", b)], &["y <- x"]);
        // a list of its own among them
        let both = "as = [\"甲\", \"乙\"]\nparts = [{ text = [\"问\"] }, { text = [\"答\"] }]";
        let list = format!("[[step]]\nid = \"l\"\nat = \"D0 10:05\"\nvia = \"group\"\n{both}\n");
        let of =
            format!("[[step]]\nid = \"x\"\nat = \"D0 10:00\"\nvia = \"group\"\ntext = \"好\"\n{b}\n{list}");
        let playbook = playbook("every = \"daily\"", "", &of);
        let after: Vec<_> = playbook.steps.iter().filter_map(|step| step.after.as_deref()).collect();
        assert_eq!(after, ["x", "l"]);
        // too far apart, not on the same days, earlier than the one before, one who speaks alone, nobody named
        ordered(&[("x", "D0 10:00", a), ("y", "D0 10:31", b)], &[]);
        ordered(&[("x", "D0 10:00", a), ("y", "D1 10:03", b)], &[]);
        ordered(&[("x", "D0 10:00", a), ("y", "D0 09:58", b)], &[]);
        ordered(&[("x", "D0 10:00", a), ("y", "D0 +5m", &gathers(b))], &[]);
        ordered(&[("x", "D0 10:00", a), ("y", "D0 10:03", a)], &[]);
        ordered(&[("x", "D0 10:00", a), ("y", "D0 10:03", ""), ("z", "D0 10:05", b)], &[]);
    }

    #[test]
    fn nobody_is_moved_out_of_the_day_or_the_span() {
        check(
            "at = \"D0 23:58\"\nas = [\"甲\", \"乙\"]\ntext = \"好\"",
            &["talk 23:58 甲 : 好", "talk.2 23:58 乙 talk: 好"],
        );
        check(
            "at = \"D0 21:59\"\nuntil = \"D0 22:00\"\nas = [\"甲\", \"乙\"]\ntext = \"好\"",
            &["talk 21:59 甲 : 好", "talk.2 21:59 乙 talk: 好"],
        );
    }
}
