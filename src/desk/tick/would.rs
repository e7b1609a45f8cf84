//! What a held tick would do: said with why it is held, so that a human has seen it before the clock is confirmed.

use std::collections::BTreeMap;

use super::super::Desk;
use super::super::told::Held;
use crate::book::{PlaybookId, TaskState, Timestamp};
use crate::sop::schedule::{Coming, Course};
use crate::store::columns::task::TaskColumn;
use crate::text::lang::Lang;

/// How many targets are looked at step by step; of more only how many there are is said.
const LOOKED_AT: usize = 100;
/// How many targets are counted by their playbooks.
const COUNTED: usize = 20_000;
/// How many steps of one target are counted.
const STEPS: u32 = 400;
/// How many playbooks are named.
const NAMED: usize = 5;

crate::words! {
    enum Words {
        Steps { n, whose } => [
            "确认后到点 {n} 步: {whose}", "確認後到點 {n} 步: {whose}", "once confirmed {n} steps are due: {whose}",
        ],
        Targets { n, whose } => [
            "确认后 {n} 个目标有到点的: {whose}", "確認後 {n} 個目標有到點的: {whose}",
            "once confirmed something is due for {n} targets: {whose}",
        ],
        Nothing => ["确认后没有到点的", "確認後沒有到點的", "once confirmed nothing is due"],
        ComeAgain { n } => [
            "确认后 {n} 条提前到点的收回，到时再来", "確認後 {n} 條提前到點的收回，到時再來",
            "once confirmed {n} that came too soon are taken back and come at their time",
        ],
        Expire { n } => ["待发过期 {n} 条", "待發過期 {n} 條", "{n} open tasks expire"],
        More => ["等", "等", "and others"],
    }
}

impl Desk {
    /// Why the tick is held, and what it would do once the clock is confirmed; none where it is not held.
    pub(in crate::desk) fn held_words(&self, now: Timestamp, lang: Lang) -> Option<String> {
        let held = self.tick.held?;
        Some(format!("{}; {}", held.sentence(lang), self.would_do(held, now, lang)))
    }

    fn would_do(&self, held: Held, now: Timestamp, lang: Lang) -> String {
        let columns = &self.store.columns;
        // a clock behind the last record brings nothing before that; what came since comes again
        if matches!(held, Held::Behind(_)) {
            let ahead = columns.tasks.iter().rev().take_while(|(_, _, task)| task.fired_at > now);
            // what somebody has begun with stays
            let untouched = |task: &TaskColumn| {
                let by_rule = matches!(
                    task.state,
                    TaskState::Due | TaskState::Snoozed | TaskState::Expired | TaskState::Skipped
                );
                by_rule && task.playbook.is_some() && task.ended_by.is_none() && !task.copied
            };
            let n = ahead.filter(|(_, _, task)| untouched(task)).count();
            return match n {
                0 => Words::Nothing.text(lang).to_owned(),
                n => Words::ComeAgain.fill(lang, &[("n", &n)]),
            };
        }
        let end = (Timestamp(now.0.saturating_add(1)), 0);
        let (targets, expire) = (columns.wakes.rank(end), columns.expiries.rank(end));
        let by_step = targets <= LOOKED_AT;
        let mut of: BTreeMap<PlaybookId, u32> = BTreeMap::new();
        for (_, row) in columns.wakes.within(Timestamp(i64::MIN), end.0).take(COUNTED) {
            let Some(column) = columns.enrolments.get(row) else { continue };
            let Some((playbook, _)) = columns.playbook_at(column.playbook) else { continue };
            let n = if by_step { self.steps_due(row, now) } else { 1 };
            *of.entry(playbook.clone()).or_default() += n;
        }
        of.retain(|_, n| *n > 0);
        let steps = of.values().sum::<u32>() as usize;
        let all = if by_step { steps } else { targets };
        let expire = (expire > 0).then(|| Words::Expire.fill(lang, &[("n", &expire)]));
        if all == 0 {
            let nothing = Words::Nothing.text(lang).to_owned();
            return [Some(nothing), expire].into_iter().flatten().collect::<Vec<_>>().join(", ");
        }
        let mut most: Vec<(&PlaybookId, u32)> = of.iter().map(|(playbook, n)| (playbook, *n)).collect();
        most.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let mut whose: Vec<String> =
            most.iter().take(NAMED).map(|(playbook, n)| format!("{} {n}", self.title(playbook))).collect();
        whose.extend((most.len() > NAMED).then(|| Words::More.text(lang).to_owned()));
        let whose = whose.join(", ");
        let words = if by_step { Words::Steps } else { Words::Targets };
        let said = words.fill(lang, &[("n", &all), ("whose", &whose)]);
        [Some(said), expire].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    /// How many steps of an enrolment have come by now, whether they would be held, dropped or moved then.
    fn steps_due(&self, row: u32, now: Timestamp) -> u32 {
        let enrolment = self.store.columns.enrolments.id(row).map(|id| self.store.enrolment(id));
        // what cannot be read brings nothing; whoever opens it is told that the index is broken
        let Some(Ok(Some(enrolment))) = enrolment else { return 0 };
        let status = &enrolment.status;
        let Some(playbook) = self.playbooks.get(&enrolment.playbook, status.version) else { return 0 };
        let (zone, holidays) = (self.store.columns.zone_of(&enrolment), &self.store.columns.holidays);
        let course = Course { playbook: &playbook, anchor: &status.anchor, zone, holidays };
        let (mut coming, mut progress, mut n) = (Coming::default(), status.progress.clone(), 0);
        while n < STEPS
            && let Some(planned) = coming.next(&course, &progress).filter(|planned| planned.due_at <= now)
        {
            progress = course.pass(&progress, &planned);
            n += 1;
        }
        n
    }
}
