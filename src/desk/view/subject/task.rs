//! A task as filters see one.

use super::{GroupSubject, MemberSubject, Scene, visit_text};
use crate::book::time::{HOUR, MINUTE};
use crate::book::{GroupId, TaskId, TaskKind, TaskState, Upkeep, Via};
use crate::desk::command::merge::merged_into;
use crate::desk::view::wordings::{Wording, characters, without_variables};
use crate::query::{Fact, Key, Subject, SubjectKind, Thing, Value, Visit};
use crate::queue::facts::overdue_until;
use crate::sop::calendar::{local_day, plus_days};
use crate::sop::spoken::filled_in;
use crate::store::columns::TaskColumn;
use crate::store::columns::task::{TargetRow, TaskSort};
use crate::text::fold::fold;
use crate::text::lang::Lang;

/// How long a sent private task waits for a reply in 等回复.
pub(crate) const AWAITED: i64 = 48 * HOUR;

/// A task at a moment.
#[derive(Clone)]
pub(crate) struct TaskSubject<'a> {
    pub scene: Scene<'a>,
    pub id: TaskId,
    pub column: TaskColumn,
}

impl<'a> TaskSubject<'a> {
    pub(crate) fn new(scene: Scene<'a>, row: u32) -> Option<Self> {
        let tasks = &scene.columns.tasks;
        Some(Self { scene, id: tasks.id(row)?, column: tasks.get(row)? })
    }

    /// What its step says, where it is one.
    fn wording(&self) -> Option<&'a Wording> {
        self.scene.wordings.get(self.column.playbook?, self.column.version, self.column.step)
    }

    /// What an open task of a step says with the answers of its run's form, folded; none where no form is filled for it.
    ///
    /// The run is that of the day it is due: one that was moved to another day is found by its wording alone.
    fn filled(&self) -> Option<String> {
        let (columns, column) = (self.scene.columns, &self.column);
        let (id, _) = columns.playbook_at(column.playbook?)?;
        let playbook = self.scene.applied.get(id, column.version)?;
        let (_, step) = playbook.step_by_id(columns.words.text(column.step))?;
        let asks: Vec<&str> =
            playbook.asks.iter().map(|ask| ask.key.as_str()).filter(|key| step.needs(key)).collect();
        let group = self.group_row().and_then(|row| columns.groups.id(row));
        let day = local_day(column.due_at, playbook.tz.unwrap_or(columns.store.zone), playbook.day_ends);
        let days = &step.at.days;
        let values = (days.first()..=days.last()).find_map(|nth| {
            let run = plus_days(day, -nth);
            let answer = |key: &&str| self.scene.desk.answer(id, run, group, key);
            let said = asks.iter().filter_map(|key| Some(((*key).to_owned(), answer(key)?.to_owned())));
            Some(said.collect::<Vec<_>>()).filter(|said| !said.is_empty())
        })?;
        let texts = step.texts_of(column.variant).filter_map(|text| filled_in(text, &values));
        let texts: Vec<String> = texts.map(|text| fold(&without_variables(&text))).collect();
        Some(texts.join("\n")).filter(|text| !text.is_empty())
    }

    fn member(&self) -> Option<MemberSubject<'a>> {
        match self.column.target {
            TargetRow::Member(row) => MemberSubject::new(self.scene, row),
            _ => None,
        }
    }

    /// What is to be done about which group, where it is that. There are few of them, so they are read.
    fn upkeep(&self) -> Option<(GroupId, Upkeep)> {
        match self.scene.desk.store.task(self.id).ok()??.kind {
            TaskKind::Upkeep { group, what } => Some((group, what)),
            _ => None,
        }
    }

    /// The group it is said in, or is for.
    fn group_row(&self) -> Option<u32> {
        match self.column.target {
            TargetRow::Group(row) => self.column.group.or(Some(row)),
            _ => self.column.group,
        }
    }

    fn group(&self) -> Option<GroupSubject<'a>> {
        self.group_row().and_then(|row| GroupSubject::new(self.scene, row))
    }

    /// Its time passed a while ago and somebody could send it: what is held is not late by anybody's doing.
    pub(crate) fn is_overdue(&self) -> bool {
        let column = &self.column;
        column.state == TaskState::Due && !column.held && column.due_at <= overdue_until(self.scene.now)
    }

    /// Minutes past its time: of what is due by now, of what was sent when it was; none for what was not late.
    fn late(&self) -> Option<i64> {
        let column = &self.column;
        let until = match column.state {
            TaskState::Due => self.scene.now,
            TaskState::Sent => column.ended_at()?,
            _ => return None,
        };
        Some(until.since(column.due_at) / MINUTE).filter(|minutes| *minutes > 0)
    }

    /// 等回复: a private message of the last 48 h whose target has not replied since.
    pub(crate) fn is_awaiting(&self) -> bool {
        self.is_unanswered() && self.column.ended_at().is_some_and(|at| self.scene.now.since(at) <= AWAITED)
    }

    /// A private message, however old, whose target has not replied since.
    pub(crate) fn is_unanswered(&self) -> bool {
        let column = &self.column;
        let (TaskState::Sent, Via::Private, Some(ended_at)) = (column.state, column.via, column.ended_at())
        else {
            return false;
        };
        let replied = self.member().and_then(|m| m.column.last_reply_at).is_some_and(|at| at >= ended_at);
        column.replied_at().is_none() && !replied && !self.was_said_with_another()
    }

    /// What was merged into another is no message of its own. Few are held when they are sent, so they are read.
    fn was_said_with_another(&self) -> bool {
        let held = || self.scene.desk.store.task(self.id).ok()??.status.held;
        self.column.held && held().is_some_and(|held| merged_into(&held).is_some())
    }

    /// 待回: an open follow-up on somebody whose last word nobody has answered: they replied, and nothing was sent
    /// to them since.
    pub(crate) fn is_to_answer(&self) -> bool {
        let column = &self.column;
        column.sort == TaskSort::FollowUp
            && column.state.is_open()
            && self.member().is_some_and(|member| {
                let member = member.column;
                member.last_reply_at.is_some() && member.last_touch_at <= member.last_reply_at
            })
    }

    /// True for a message that cannot go out whatever its text: no account, or a private one to somebody who is
    /// no friend of it. Variables are looked at where a text is shown.
    pub(crate) fn is_blocked(&self) -> bool {
        let column = &self.column;
        let is_message = matches!(column.sort, TaskSort::Step | TaskSort::Correction);
        let nowhere = column.via != Via::Internal && column.account.is_none();
        column.state.is_open() && is_message && (nowhere || self.is_to_stranger())
    }

    /// True for what cannot be sent as things are: as [`Self::is_blocked`], or a text that something is missing for.
    fn cannot_be_sent(&self) -> bool {
        let column = &self.column;
        if !column.state.is_open() {
            return false;
        }
        let fills_in = match (&column.words, self.wording()) {
            (Some(words), _) => words.contains("{{") || words.contains("{%"),
            (None, Some(wording)) => {
                wording.has(column.variant, Thing::Variable) || wording.has(column.variant, Thing::Mention)
            }
            // a step that is not there has no text
            (None, None) => column.sort == TaskSort::Step,
        };
        self.is_blocked() || (fills_in && self.scene.desk.lacks_something(self.id))
    }

    /// True for a private message to somebody who is no friend of the account that says it, over or not: it may be copied
    /// again.
    pub(crate) fn is_to_stranger(&self) -> bool {
        let column = &self.column;
        let (Via::Private, Some(account)) = (column.via, column.account) else { return false };
        matches!(column.sort, TaskSort::Step | TaskSort::Correction)
            && self.member().is_some_and(|member| !member.column.is_friend_of(account))
    }
}

impl Subject for TaskSubject<'_> {
    fn names(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        self.member().is_some_and(|member| visit(member.column.key()))
            || self.group().is_some_and(|group| visit(&group.column.key))
            || match self.column.target {
                TargetRow::Account(row) => {
                    self.scene.columns.accounts.get(row).is_some_and(|account| visit(&account.key))
                }
                _ => false,
            }
    }

    fn texts(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        let column = &self.column;
        if let Some(words) = &column.words {
            return visit(words);
        }
        if column.sort == TaskSort::Upkeep {
            return self.upkeep().is_some_and(|(group, what)| {
                let words = |lang| fold(&self.scene.desk.upkeep_words(group, what, lang));
                // whoever asks may read them in any language
                Lang::ALL.into_iter().any(|lang| visit(&words(lang)))
            });
        }
        column.playbook.is_some_and(|playbook| {
            let wording = self.scene.wordings.get(playbook, column.version, column.step);
            wording.is_some_and(|wording| {
                visit(wording.folded(column.variant))
                    || (column.state.is_open()
                        && wording.has(column.variant, Thing::Variable)
                        && self.filled().is_some_and(|filled| visit(&filled)))
            })
        })
    }

    fn value(&self, key: Key) -> Value<'_> {
        let (scene, column) = (&self.scene, &self.column);
        match key {
            Key::State => Value::Word(column.state.word()),
            Key::Due => scene.time(column.snoozed_until().unwrap_or(column.due_at)),
            Key::Overdue => Value::Flag(self.is_overdue()),
            Key::Assignee => {
                column.assignee.map_or(Value::None, |word| Value::Text(scene.columns.words.folded(word)))
            }
            Key::By => {
                let by = column.ended_by.filter(|_| !column.state.is_open());
                by.map_or(Value::None, |word| Value::Text(scene.columns.words.folded(word)))
            }
            Key::Nth => match (column.sort, self.wording()) {
                (TaskSort::Step, Some(wording)) => Value::Number(i64::from(wording.nth)),
                _ => Value::None,
            },
            Key::Len => match (&column.words, self.wording()) {
                (Some(words), _) => Value::Number(characters(words) as i64),
                (None, Some(wording)) => Value::Number(i64::from(wording.length(column.variant))),
                _ => Value::None,
            },
            Key::SentAt => scene.maybe_time(column.ended_at().filter(|_| column.state == TaskState::Sent)),
            Key::Step => match column.sort {
                TaskSort::Step => Value::Text(scene.columns.words.folded(column.step)),
                _ => Value::None,
            },
            Key::Late => self.late().map_or(Value::None, Value::Number),
            Key::Age => scene.age(column.fired_at),
            Key::Created => scene.time(column.fired_at),
            Key::Via => Value::Word(column.via.word()),
            Key::Class => Value::Word(column.class.word()),
            Key::Id => Value::id(self.id),
            Key::Count | Key::Capacity => {
                match self.group_row().and_then(|row| scene.columns.groups.get(row)) {
                    Some(group) if key == Key::Count => {
                        group.body.head_count.map_or(Value::None, |n| Value::Number(i64::from(n)))
                    }
                    Some(group) if group.body.capacity > 0 => Value::Number(i64::from(group.body.capacity)),
                    _ => Value::None,
                }
            }
            Key::LastTouch => match (self.column.target, self.group_row()) {
                (TargetRow::Member(row), _) => {
                    scene.maybe_time(scene.columns.members.get(row).and_then(|member| member.last_touch_at))
                }
                (_, Some(row)) => {
                    scene.maybe_time(scene.columns.groups.get(row).and_then(|g| g.last_touch_at))
                }
                _ => Value::None,
            },
            _ => self.member().map_or(Value::None, |member| member.own_value(key)),
        }
    }

    fn each(&self, key: Key, visit: &mut Visit<'_>) -> bool {
        let (scene, column) = (&self.scene, &self.column);
        match key {
            Key::Sop => column.playbook.is_some_and(|playbook| scene.playbooks([playbook], visit)),
            Key::Member => self.member().is_some_and(|member| member.each(key, visit)),
            Key::Group => match self.group_row() {
                Some(row) => scene.group_key(row, visit),
                None => self.member().is_some_and(|member| member.each(key, visit)),
            },
            Key::Account => column.account.is_some_and(|row| scene.account_key(row, visit)),
            Key::Device => column.account.is_some_and(|row| scene.device(row, visit)),
            Key::Holder => column.account.is_some_and(|row| scene.holder(row, visit)),
            Key::Platform => column.account.is_some_and(|row| scene.platform(row, visit)),
            Key::Note | Key::Tag | Key::Sent => match column.target {
                TargetRow::Account(row) if key == Key::Note => {
                    scene.columns.accounts.get(row).is_some_and(|account| visit_text(&account.notes, visit))
                }
                TargetRow::Member(_) => self.member().is_some_and(|member| member.each(key, visit)),
                _ => self.group().is_some_and(|group| group.each(key, visit)),
            },
            _ if key.applies_to(SubjectKind::Member) => {
                self.member().is_some_and(|member| member.each(key, visit))
            }
            _ => false,
        }
    }

    fn is(&self, fact: Fact) -> bool {
        let column = &self.column;
        match fact {
            Fact::Blocked => self.cannot_be_sent(),
            Fact::Held => column.held && column.state.is_open(),
            Fact::Copied => column.copied,
            Fact::Late => self.is_overdue(),
            Fact::Mine => false,
            Fact::Claimed => column.assignee.is_some(),
            Fact::Unclaimed => column.assignee.is_none(),
            Fact::ByMe => false,
            Fact::Unseen => column.state == TaskState::Due && !column.seen,
            Fact::Awaiting => self.is_awaiting(),
            Fact::ToAnswer => self.is_to_answer(),
        }
    }

    fn has(&self, thing: Thing) -> bool {
        if thing == Thing::Pause && self.group().is_some_and(|group| group.has(thing)) {
            return true;
        }
        if thing.is_of_members() {
            return self.member().is_some_and(|member| member.has(thing));
        }
        self.column.playbook.is_some_and(|playbook| {
            let wording = self.scene.wordings.get(playbook, self.column.version, self.column.step);
            wording.is_some_and(|wording| wording.has(self.column.variant, thing))
        })
    }
}
