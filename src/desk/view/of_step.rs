//! What a step to come says, and what it counts from.

use std::borrow::Cow;

use super::board::says;
use super::task_line::clean;
use super::text::has_variables;
use crate::book::id::Id;
use crate::book::{Enrolment, Target, Task, TaskId, TaskKind, TaskStatus};
use crate::desk::Desk;
use crate::sop::format::{Part, Playbook, Start, Step};
use crate::sop::schedule::Planned;
use crate::text::lang::Lang;
use crate::text::width::truncate;

/// Columns of the beginning of a text.
const SAID_COLUMNS: usize = 60;

impl Desk {
    /// How a step to come begins, for whom it is for, in the wording that is theirs next; what is not known yet is named in
    /// its place.
    pub(super) fn would_begin(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        lang: Lang,
    ) -> String {
        let target = self.touch_target(enrolment, playbook, step);
        let variant = self.variant_for(playbook, step, target);
        let text = step.parts.iter().find_map(|part| match part {
            Part::Text(wordings) => wordings.get(usize::from(variant)).map(String::as_str),
            _ => None,
        });
        let text = text.unwrap_or_else(|| says(step));
        // one that cannot be filled is told as it is written
        let whole = self.whole(text, lang).map_or_else(|_| text.to_owned(), Cow::into_owned);
        let filled = if has_variables(&whole) {
            let task = self.to_come(enrolment, playbook, step, planned, (target, variant));
            self.filled_in(&task, playbook, &whole, lang).ok().flatten().unwrap_or(whole)
        } else {
            whole
        };
        let first = filled.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        truncate(&clean(first.trim()), SAID_COLUMNS).into_owned()
    }

    /// A step to come as if it were due, to fill its text.
    fn to_come(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        planned: &Planned,
        (target, variant): (Target, u16),
    ) -> Task {
        let whom = self.protected(enrolment, step);
        Task {
            id: TaskId::from_bits(0),
            kind: TaskKind::Step {
                key: self.key(playbook, step, planned, target),
                version: enrolment.status.version,
                variant,
            },
            target,
            of: vec![enrolment.id],
            group: whom.group,
            members: whom.member.into_iter().collect(),
            via: step.via,
            class: playbook.class_of(step),
            priority: playbook.priority,
            day: planned.day,
            moved_from: None,
            moved_why: String::new(),
            fired_at: planned.due_at,
            status: TaskStatus::due(planned.due_at, None, whom.account),
        }
    }

    /// What a step counts from, and when the playbook has it.
    pub(super) fn counts_from(
        &self,
        enrolment: &Enrolment,
        playbook: &Playbook,
        step: &Step,
        lang: Lang,
    ) -> String {
        let start = self.start_words(&playbook.start, lang);
        let day = match playbook.start {
            // each of its days is counted from itself
            Start::Recurrence(_) => String::new(),
            _ => format!(" {}", enrolment.status.anchor.d0.format("%m-%d")),
        };
        format!("{start}{day}, {}", step.at)
    }

    fn start_words(&self, start: &Start, lang: Lang) -> String {
        let named = |words: StartWords, name: &str, value: &str| words.fill(lang, &[(name, &clean(value))]);
        let plain = |words: StartWords| words.text(lang).to_owned();
        match start {
            Start::Added => plain(StartWords::Added),
            Start::Joined => plain(StartWords::Joined),
            Start::GroupCreated => plain(StartWords::GroupCreated),
            Start::Tag { tag } => named(StartWords::Tag, "tag", tag),
            Start::Stage { stage } => named(StartWords::Stage, "stage", stage.label(lang)),
            Start::FirstPurchase => plain(StartWords::FirstPurchase),
            Start::LastPurchase => plain(StartWords::LastPurchase),
            Start::LastReply => plain(StartWords::LastReply),
            Start::LastTouch => plain(StartWords::LastTouch),
            Start::Silence { days, .. } => StartWords::Silence.fill(lang, &[("n", days)]),
            Start::CheckinStreak { k } => StartWords::Streak.fill(lang, &[("n", k)]),
            Start::CheckinMissed { days } => StartWords::Missed.fill(lang, &[("n", days)]),
            Start::Birthday { .. } => plain(StartWords::Birthday),
            Start::LunarBirthday { .. } => plain(StartWords::LunarBirthday),
            Start::Festival { festival: day, .. } | Start::Term { term: day, .. } => clean(day),
            Start::Date { .. } => plain(StartWords::Date),
            Start::Recurrence(_) => plain(StartWords::Recurrence),
            Start::Runout { product, .. } => named(StartWords::Runout, "product", product),
            Start::After { playbook } => named(StartWords::After, "title", &self.title(playbook)),
            Start::ByHand => plain(StartWords::ByHand),
        }
    }
}

crate::words! {
    /// What a playbook counts its days from.
    enum StartWords {
        Added => ["加好友", "加好友", "added as a friend"],
        Joined => ["进群", "進群", "joined"],
        GroupCreated => ["建群", "建群", "the group was made"],
        Tag { tag } => ["打上 {tag}", "標上 {tag}", "tagged {tag}"],
        Stage { stage } => ["到{stage}", "到{stage}", "became {stage}"],
        FirstPurchase => ["首次下单", "首次下單", "first purchase"],
        LastPurchase => ["最近下单", "最近下單", "last purchase"],
        LastReply => ["最近回复", "最近回覆", "last reply"],
        LastTouch => ["最近发过", "最近發過", "last message"],
        Silence { n } => ["沉默 {n} 天", "沉默 {n} 天", "silent for {n} days"],
        Streak { n } => ["连续打卡 {n} 天", "連續打卡 {n} 天", "checked in {n} days running"],
        Missed { n } => ["断卡 {n} 天", "斷卡 {n} 天", "missed {n} days"],
        Birthday => ["生日", "生日", "birthday"],
        LunarBirthday => ["农历生日", "農曆生日", "lunar birthday"],
        Date => ["定好的日子", "定好的日子", "the day that was set"],
        Recurrence => ["每次", "每次", "each round"],
        Runout { product } => ["{product} 快用完", "{product} 快用完", "{product} runs out"],
        After { title } => ["走完 {title}", "走完 {title}", "finished {title}"],
        ByHand => ["手动加入", "手動加入", "put in by hand"],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_start_has_its_words() {
        assert_eq!(crate::text::lang::faults::<super::StartWords>(), Vec::<String>::new());
    }
}
