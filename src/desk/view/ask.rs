//! The questions of today's runs: what a human is asked so that a run's texts can speak.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::task_line::clean;
use crate::book::{GroupId, PlaybookId, Target, TaskKind, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::AskView;
use crate::door::line::Ref;
use crate::sop::calendar::recur::Rounds;
use crate::sop::calendar::{day_start, instant, instant_anchor, local_day, plus_days};
use crate::sop::format::{Ask, AskPer, Part, Step};
use crate::sop::grammar::{At, Moment};
use crate::sop::{Course, Playbook};
use crate::store::columns::enrolment::{EnrolmentColumn, RunState};
use crate::store::columns::task::TargetRow;
use crate::store::record::{AskKey, PlaybookState};
use crate::text::clean::for_display_lines;
use crate::text::pinyin::sort_key;

/// How many days back the rounds of a recurrence are looked for that are still under way.
const ROUND_DAYS: i32 = 7;

/// How many days back an answer is proposed again.
const PROPOSED_DAYS: i32 = 31;

/// One run of a playbook in one group, or of an account.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    day: NaiveDate,
    group: Option<GroupId>,
}

impl Desk {
    /// Every question of today's runs with its answer, or with the last run's as a proposal; open ones first, those of
    /// yesterday that are still asked for too. Where nothing of today is to be said any more, tomorrow's stand there.
    pub(super) fn open_asks_of_today(&self, now: Timestamp) -> Result<Vec<AskView>, DeskError> {
        let columns = &self.store.columns;
        let mut views = Vec::new();
        for (position, id) in columns.playbook_ids.iter().enumerate() {
            let Some(column) = columns.playbooks.get(id) else { continue };
            let Some(playbook) = self.playbooks.get(id, column.current) else { continue };
            if column.state != PlaybookState::Running || playbook.asks.is_empty() {
                continue;
            }
            let zone = playbook.tz.unwrap_or(columns.store.zone);
            let runs = self.runs_of_today(position as u16, &playbook, zone, now);
            let today = local_day(now, zone, playbook.day_ends);
            let of_today = runs.iter().any(|run| run.day == today);
            // nobody says anything on a day that was called off
            let is_on = |run: &Run| !columns.days_off.contains(&(id.clone(), run.day));
            let runs: Vec<Run> = runs.into_iter().filter(is_on).collect();
            let tomorrow = std::cell::LazyCell::new(|| {
                let tomorrow = self.runs_of(position as u16, &playbook, zone, plus_days(today, 1));
                tomorrow.into_iter().filter(is_on).collect::<Vec<Run>>()
            });
            // of a round that began before, what was answered and is still to be said can be put right
            let stands = |ask: &Ask, is_said: bool, day: NaiveDate, group: Option<GroupId>| {
                let to_say =
                    |step: &Step| step.needs(&ask.key) && plus_days(day, step.at.days.last()) >= today;
                let answered = || self.answer(id, day, group, &ask.key).is_some();
                day > today
                    || (day == today && (answered() || !is_said))
                    || playbook.start.recurrence().is_none()
                    || (day < today && answered() && playbook.steps.iter().any(to_say))
            };
            for ask in &playbook.asks {
                let is_said = !of_today || self.is_said(&playbook, ask, today, zone, now);
                let stands = |day: NaiveDate, group: Option<GroupId>| stands(ask, is_said, day, group);
                let ahead = if is_said { tomorrow.as_slice() } else { &[] };
                let runs: BTreeSet<Run> = runs.iter().chain(ahead).copied().collect();
                let mut days: Vec<NaiveDate> = runs.iter().map(|run| run.day).collect();
                days.dedup();
                match ask.per {
                    AskPer::Run => {
                        for day in days.iter().filter(|day| stands(**day, None)) {
                            let groups =
                                runs.iter().filter(|run| run.day == *day).filter_map(|run| run.group);
                            let groups: Vec<GroupId> = groups.collect();
                            views.push(self.ask_view(id, &playbook, ask, *day, (None, &groups), zone));
                        }
                        // a group that was given an answer of its own stands beside the one of all
                        let own = runs.iter().filter(|run| self.has_own_answer(id, **run, &ask.key));
                        for run in own.filter(|run| stands(run.day, run.group)) {
                            let groups: Vec<GroupId> = run.group.into_iter().collect();
                            let group = (run.group, groups.as_slice());
                            views.push(self.ask_view(id, &playbook, ask, run.day, group, zone));
                        }
                    }
                    AskPer::Group => {
                        for run in runs.iter().filter(|run| stands(run.day, run.group)) {
                            let groups: Vec<GroupId> = run.group.into_iter().collect();
                            views.push(self.ask_view(
                                id,
                                &playbook,
                                ask,
                                run.day,
                                (run.group, &groups),
                                zone,
                            ));
                        }
                    }
                }
            }
        }
        self.add_open_asks(&mut views)?;
        // What is still to be filled in stands first; groups of one question by name, as lists have them.
        views.sort_by_cached_key(|ask| {
            let group = ask.group.as_ref().map(|group| sort_key(&group.name));
            (ask.answered, ask.by, ask.playbook.id.0.clone(), ask.key.clone(), group)
        });
        Ok(views)
    }

    /// Whether a group has an answer of its own to a question of a run.
    fn has_own_answer(&self, playbook: &PlaybookId, run: Run, key: &str) -> bool {
        let Some(group) = run.group else { return false };
        let ask =
            AskKey { playbook: playbook.clone(), run: run.day, group: Some(group), key: key.to_owned() };
        self.store.columns.answers.contains_key(&ask)
    }

    /// Questions that a to-do still asks for although their run is not of today.
    fn add_open_asks(&self, views: &mut Vec<AskView>) -> Result<(), DeskError> {
        let columns = &self.store.columns;
        for row in columns.queue.asks() {
            let Some(id) = columns.tasks.id(row) else { continue };
            let Some(task) = self.store.task(id)? else { continue };
            let TaskKind::Ask { playbook: id, run, key, group } = &task.kind else { continue };
            let known = views.iter().any(|ask| {
                (&ask.playbook.id, ask.run, &ask.key) == (id, *run, &clean(key))
                    && ask.group.as_ref().map(|group| group.id) == *group
            });
            let Some(playbook) = self.playbooks.current(id, columns).filter(|_| !known) else { continue };
            let zone = playbook.tz.unwrap_or(columns.store.zone);
            if let Some(ask) = playbook.asks.iter().find(|ask| ask.key == *key) {
                let groups: Vec<GroupId> = group.iter().copied().collect();
                views.push(self.ask_view(id, &playbook, ask, *run, (*group, &groups), zone));
            }
        }
        Ok(())
    }

    /// Whether anybody in a playbook has a round that begins on a day; true where nobody is in it.
    pub(in crate::desk) fn has_round(&self, playbook: &Playbook, day: NaiveDate) -> bool {
        let columns = &self.store.columns;
        let zone = playbook.tz.unwrap_or(columns.store.zone);
        let position = columns.playbook_position(&playbook.id);
        let running = columns.enrolments.iter().map(|(_, _, enrolment)| enrolment);
        let running = running.filter(|e| Some(e.playbook) == position && e.state == RunState::Active);
        let begun: BTreeSet<i32> = running.map(|enrolment| enrolment.d0).collect();
        let mut firsts = begun.iter().filter_map(|d0| NaiveDate::from_num_days_from_ce_opt(*d0));
        let (holidays, day_ends) = (&*columns.holidays, playbook.day_ends);
        begun.is_empty()
            || firsts.any(|first| match playbook.start.recurrence() {
                Some(recurrence) => {
                    Rounds { recurrence, first, holidays, zone, day_ends }.on_or_after(day) == Some(day)
                }
                None => first == day,
            })
    }

    /// Whether nothing of a round of today needs the answer to a question any more.
    fn is_said(&self, playbook: &Playbook, ask: &Ask, today: NaiveDate, zone: Tz, now: Timestamp) -> bool {
        let begins = day_start(today, zone, playbook.day_ends);
        let anchor = instant_anchor(String::new(), begins, zone, playbook.day_ends);
        let holidays = &*self.store.columns.holidays;
        let course = Course { playbook, anchor: &anchor, zone, holidays };
        course.answer_ends(today, &ask.key).is_some_and(|ends| ends <= now)
    }

    /// Rounds of a recurrence that begin on a day.
    fn runs_of(&self, position: u16, playbook: &Playbook, zone: Tz, day: NaiveDate) -> BTreeSet<Run> {
        let columns = &self.store.columns;
        let Some(recurrence) = playbook.start.recurrence() else { return BTreeSet::new() };
        let (holidays, day_ends) = (&*columns.holidays, playbook.day_ends);
        let running = columns.enrolments.iter().map(|(_, _, enrolment)| enrolment);
        let running = running.filter(|e| e.playbook == position && e.state == RunState::Active);
        let begins = running.filter_map(|enrolment| {
            let first = NaiveDate::from_num_days_from_ce_opt(enrolment.d0)?;
            let rounds = Rounds { recurrence, first, holidays, zone, day_ends };
            (rounds.on_or_after(day) == Some(day)).then(|| Run { day, group: self.group_of(&enrolment) })
        });
        begins.collect()
    }

    fn group_of(&self, enrolment: &EnrolmentColumn) -> Option<GroupId> {
        let columns = &self.store.columns;
        match enrolment.target {
            TargetRow::Group(row) => columns.groups.id(row),
            _ => enrolment.group.and_then(|row| columns.groups.id(row)),
        }
    }

    /// Rounds that are under way: of a recurrence those whose last step is to come, of what begins once the one.
    fn runs_of_today(&self, position: u16, playbook: &Playbook, zone: Tz, now: Timestamp) -> BTreeSet<Run> {
        let columns = &self.store.columns;
        let today = local_day(now, zone, playbook.day_ends);
        let last = playbook.steps.iter().map(|step| step.at.days.last()).max().unwrap_or(0);
        let running = columns.enrolments.iter().map(|(_, _, enrolment)| enrolment);
        let running = running.filter(|e| e.playbook == position && e.state == RunState::Active);
        let mut runs = BTreeSet::new();
        for enrolment in running {
            let Some(first) = NaiveDate::from_num_days_from_ce_opt(enrolment.d0) else { continue };
            let group = self.group_of(&enrolment);
            let Some(recurrence) = playbook.start.recurrence() else {
                let under_way = first <= today && plus_days(first, last) >= today;
                runs.extend(under_way.then_some(Run { day: first, group }));
                continue;
            };
            let (holidays, day_ends) = (&*columns.holidays, playbook.day_ends);
            let rounds = Rounds { recurrence, first, holidays, zone, day_ends };
            let days = (0..=last.clamp(0, ROUND_DAYS)).map(|back| plus_days(today, -back));
            let days = days.filter(|day| rounds.on_or_after(*day) == Some(*day));
            runs.extend(days.map(|day| Run { day, group }));
        }
        runs
    }

    fn ask_view(
        &self,
        id: &PlaybookId,
        playbook: &Playbook,
        ask: &Ask,
        run: NaiveDate,
        (group, groups): (Option<GroupId>, &[GroupId]),
        zone: Tz,
    ) -> AskView {
        let answer = self.answer(id, run, group, &ask.key).map(str::to_owned);
        let proposal = || self.last_answer(id, run, group, &ask.key);
        let proposed = answer.is_none();
        let used = playbook.steps.iter().find(|step| preview(step, &ask.key, &[]).len() > 1);
        let known =
            used.map(|_| self.known_beside(id, playbook, ask, run, (group, groups))).unwrap_or_default();
        let value = answer.or_else(proposal).unwrap_or_default();
        AskView {
            playbook: Ref { id: id.clone(), name: self.title(id) },
            run,
            key: clean(&ask.key),
            kind: ask.kind.word().to_owned(),
            group: group
                .map(|id| Ref { id, name: clean(&self.store.columns.target_name(Target::Group(id))) }),
            by: moment(ask.by.as_ref(), run, zone, playbook),
            answered: !proposed,
            used_at: used.map(|step| moment(Some(&step.at), run, zone, playbook)),
            preview: used.map(|step| preview(step, &ask.key, &known)).unwrap_or_default(),
            proposed: proposed && !value.is_empty(),
            value: crate::text::clean::for_clipboard(&value).into_owned(),
        }
    }

    /// What stands in a text beside the answer to a question: what else the form has, and what is the same for all whom it
    /// goes to, or so for the one group that is asked about.
    fn known_beside(
        &self,
        id: &PlaybookId,
        playbook: &Playbook,
        ask: &Ask,
        run: NaiveDate,
        (group, groups): (Option<GroupId>, &[GroupId]),
    ) -> Vec<(String, String)> {
        let columns = &self.store.columns;
        let others = playbook.asks.iter().filter(|other| other.key != ask.key);
        let mut known: Vec<(String, String)> = others
            .filter_map(|other| {
                Some((other.key.clone(), self.answer(id, run, group, &other.key)?.to_owned()))
            })
            .collect();
        known.push(("shop".to_owned(), columns.rules.shop.clone()));
        if let Some(group) = group.and_then(|id| columns.groups.by_id(id)) {
            known.push(("group".to_owned(), group.body.name.clone()));
        }
        let persona = |group: &GroupId| {
            let account = columns.groups.by_id(*group)?.body.account?;
            columns.accounts.by_id(account).map(|account| account.body.persona.as_str())
        };
        let personas: BTreeSet<&str> = groups.iter().filter_map(persona).collect();
        if let (Some(persona), 1) = (personas.first(), personas.len()) {
            known.push(("me".to_owned(), (*persona).to_owned()));
        }
        known.retain(|(_, value)| !value.is_empty());
        known
    }

    /// The newest answer of an earlier run to the same question.
    fn last_answer(
        &self,
        playbook: &PlaybookId,
        run: NaiveDate,
        group: Option<GroupId>,
        key: &str,
    ) -> Option<String> {
        let edge =
            |run: NaiveDate| AskKey { playbook: playbook.clone(), run, group: None, key: String::new() };
        self.store
            .columns
            .answers
            .range(edge(plus_days(run, -PROPOSED_DAYS))..edge(run))
            .rev()
            .find(|(ask, _)| ask.group == group && ask.key == key)
            .map(|(_, answer)| answer.clone())
    }
}

/// What a step says, cut where it says the answer to a question, with what is known beside it filled in; one piece where
/// it does not say it. What differs from one to the next stands by its name.
fn preview(step: &Step, key: &str, known: &[(String, String)]) -> Vec<String> {
    let texts = step.parts.iter().filter_map(|part| match part {
        Part::Text(wordings) => wordings.first().cloned(),
        Part::Notice(text) | Part::Jielong(text) => Some(text.clone()),
        Part::Mention(names) => Some(format!("@{names}")),
        _ => None,
    });
    // The same list is often said twice, as text and as 接龙: once is enough to see it.
    let mut whole: Vec<String> = Vec::new();
    for text in texts {
        if !whole.iter().any(|known| known.contains(&text)) {
            whole.push(text);
        }
    }
    let whole = whole.join("\n");
    let mut pieces = vec![String::new()];
    let mut rest = whole.as_str();
    while let Some((before, (inside, after))) =
        rest.split_once("{{").and_then(|(before, behind)| Some((before, behind.split_once("}}")?)))
    {
        let name = inside.trim().split(|c: char| c.is_whitespace() || c == '|').next().unwrap_or_default();
        if let Some(last) = pieces.last_mut() {
            last.push_str(before);
            if name != key {
                match known.iter().find(|(known, _)| known == inside.trim()) {
                    Some((_, value)) => last.push_str(value),
                    None => last.extend(["{{", inside, "}}"]),
                }
            }
        }
        if name == key {
            pieces.push(String::new());
        }
        rest = after;
    }
    if let Some(last) = pieces.last_mut() {
        last.push_str(rest);
    }
    pieces.iter().map(|piece| for_display_lines(piece).into_owned()).collect()
}

/// When something of a run is needed: as the playbook says, else when the run starts.
fn moment(at: Option<&At>, run: NaiveDate, zone: Tz, playbook: &Playbook) -> Timestamp {
    let start = day_start(run, zone, playbook.day_ends);
    at.map_or(start, |at| {
        let day = plus_days(run, at.days.first());
        match at.moment {
            Moment::Wall(time) => instant(day, time, zone, playbook.day_ends),
            Moment::Elapsed(length) => start + length.duration(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sop::builtin::builtin;
    use crate::sop::filters::check_filter;

    #[test]
    fn a_message_is_cut_where_the_answer_stands_in_it() {
        let source = builtin("groupbuy-day").unwrap().source;
        let playbook = crate::sop::format::parse(source, "", &check_filter).playbook.unwrap();
        let pieces = |step: &str, key: &str| preview(playbook.step_by_id(step).unwrap().1, key, &[]);
        let open = pieces("open", "商品");
        assert_eq!(open, ["今日开团，21:00 截单，明天 16:00 后提货\n", ""]);
        let unpicked = pieces("unpicked", "未提货");
        assert!(unpicked.len() == 2 && unpicked[0].ends_with("\n@"), "{unpicked:?}");
        assert_eq!(pieces("remind", "未提货").len(), 1);
        assert!(pieces("remind", "商品")[0].starts_with("{{ name }}，"));
        let known = [("未提货".to_owned(), "张三".to_owned()), ("me".to_owned(), "小完子".to_owned())];
        let step = playbook.step_by_id("unpicked").unwrap().1;
        assert!(preview(step, "商品", &known)[0].ends_with("@张三"), "the rest of the form is filled in");
    }
}
