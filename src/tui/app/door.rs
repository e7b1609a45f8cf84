//! What answers and pushes of the desk mean for the screen.
//!
//! One file because an answer and a push change the same lists, counts and sentences, arm by arm.

use std::time::Duration;

use super::super::event::{Effect, Timer};
use super::super::line;
use super::super::list::{List, Patched};
use super::super::popup;
use super::super::state::{Detail, Link, Pending, State, Tone, WATCH_GROUPS, WATCH_MAIN, WATCH_MEMBERS};
use super::super::views::Origin;
use super::super::words::Words;
use super::awaited;
use crate::book::time::MINUTE;
use crate::book::{CommandId, ObjectId, TaskId};
use crate::door::command::TaskVerb;
use crate::door::line::{Fact, LineId};
use crate::door::reply::{Counts, DigestRow, Outcome, OutcomeWord};
use crate::door::request::Request;
use crate::door::{Command, Envelope, Push, Refusal, RefusalKind, Reply, Saw, WIRE};

/// Lines on each side of the cursor whose details are kept when there are too many.
const NEAR: usize = 10;

/// So long after something was done what came due does not cover it.
const JUST_SAID: Duration = Duration::from_secs(3);
/// Bells are at least this far apart.
const BELL_EVERY: Duration = Duration::from_secs(30);

impl State {
    /// Says hello again, in another language: the connection has done so before.
    pub(super) fn greet(&mut self) {
        let request = Request::Hello {
            wire: WIRE,
            program: self.start.program.clone(),
            operator: self.start.operator.clone(),
            lang: self.lang,
        };
        self.ask(request, Pending::Hello);
    }

    /// Asks for every list on the screen, from the desk's first word on and after a loss.
    pub(super) fn look_again(&mut self) {
        if self.link != Link::Up {
            return;
        }
        self.watch_main();
        self.members_of.clear();
        self.watch_sides();
        self.details.doubt();
        self.ask_detail();
    }

    pub(super) fn watch_main(&mut self) {
        if self.link == Link::Up {
            let request = self.main.request();
            self.ask(request, Pending::Watch(WATCH_MAIN));
        }
    }

    pub(super) fn reply(&mut self, tag: u64, envelope: Envelope) {
        // a refusal that the connection made by itself knows no time
        if envelope.now != crate::book::Timestamp(0) {
            self.set_now(envelope.now);
        }
        self.ticked_at = envelope.ticked_at;
        self.veil.learn_reply(&envelope.reply);
        // The connection greets the desk by itself, under the tag nothing else has.
        if tag == 0 {
            self.pending.insert(0, Pending::Hello);
        }
        self.answered(tag);
        let Some(pending) = self.pending.remove(&tag) else { return };
        // What was asked in advance, or by nobody, changes nothing that is looked at.
        self.dirty |= match &pending {
            Pending::Detail(id, _) => self.main.cursor.as_ref() == Some(id),
            Pending::Quiet | Pending::ViewCounts(_) => false,
            _ => true,
        };
        let is_refused = match (&pending, &envelope.reply) {
            (Pending::Watch(WATCH_MAIN), Reply::Refused(_)) => true,
            (pending, Reply::Refused(_)) => awaited::is_act(pending),
            (pending, Reply::Done(outcome)) => awaited::is_act(pending) && !not_done(outcome).is_empty(),
            _ => false,
        };
        match (pending, envelope.reply) {
            (
                Pending::Hello,
                Reply::Welcome { store, store_id, zone, demo, counts, operator, forward, .. },
            ) => {
                if let Ok(zone) = zone.parse() {
                    self.zone = zone;
                }
                (self.store, self.store_id) = (store, store_id);
                self.forward = forward;
                self.demo = demo;
                if !operator.is_empty() {
                    self.start.operator = operator;
                }
                self.welcome(counts);
                // the connection greets in the language that the screen began with
                if tag == 0 && self.lang != self.start.lang {
                    self.greet();
                }
            }
            (Pending::Hello, Reply::Refused(refusal)) => self.say_refusal(&refusal),
            (Pending::Watch(watch), Reply::Window(window)) if watch == window.watch => {
                self.take_window(window);
            }
            // The last good rows stay; the prompt or the list says what is wrong.
            (Pending::Watch(WATCH_MAIN), Reply::Refused(refusal)) => {
                if !self.start.commands.is_empty() {
                    self.say_refusal(&refusal);
                }
                self.main.refused = Some(refusal);
                // nothing is on its way any more; what was good before stays
                self.main.loaded = true;
            }
            (Pending::Watch(_), Reply::Refused(_)) => {}
            (Pending::Detail(id, asked_at), reply) => self.take_detail(id, asked_at, reply),
            (Pending::Texts, Reply::Texts(texts)) => self.main.take_texts(texts),
            (Pending::Status, Reply::Status(status)) => {
                self.take_counts(status.counts);
                self.held = status.held;
                self.writable = status.unwritable;
                if let Some(digest) = status.digest {
                    self.push(Push::Digest(digest));
                }
            }
            (Pending::Tasks(tasks), Reply::Done(outcome)) => self.tasks_done(&tasks, &outcome),
            (Pending::Tasks(tasks), Reply::Refused(refusal)) => {
                self.come_back(&tasks);
                self.offer_also(&tasks, &refusal);
                self.say_refusal(&refusal);
            }
            (Pending::Popup, reply) => popup::reply(self, tag, &reply),
            (Pending::EnrolAll(playbook, filter), Reply::Done(outcome)) => {
                self.enrol_told(playbook, filter, &outcome);
            }
            (Pending::Edited(edited), reply) => self.diff_told(&edited, &reply),
            (Pending::Applied(playbook), reply) => self.edit_applied(&playbook, &reply),
            (Pending::SelectHere(text), reply) => self.begin_here(text, reply),
            (Pending::Select(text), reply) => self.begin_on(text, &reply),
            (Pending::Paces, Reply::Paces(paces)) => self.paces = paces,
            (Pending::Names, Reply::Window(window)) => self.take_names(&window),
            (Pending::Names, _) => {}
            (Pending::Agenda, Reply::Agenda(planned)) => self.agenda = planned,
            (Pending::Views, Reply::Views(views)) => self.take_views(Origin::Shared, views),
            (Pending::ViewCounts(names), Reply::Counted(counted)) => self.views_counted(&names, &counted),
            (Pending::ViewCounts(_), _) => {}
            (Pending::Near(of, nearby), Reply::Counted(counted)) => self.near_counted(&of, nearby, &counted),
            (Pending::Near(..), _) => {}
            (Pending::Part(part, _, next), Reply::Done(mut outcome)) => {
                let not = not_done(&outcome);
                self.not_ticked(part, &not);
                outcome.words = format!("{}  {next}", outcome.words);
                self.say_done(&outcome);
            }
            (Pending::Part(part, tasks, _), Reply::Refused(refusal)) => {
                self.not_ticked(part, &tasks);
                self.say_refusal(&refusal);
            }
            (Pending::Undo, Reply::Done(outcome)) => {
                self.solo_undone(outcome.tasks.len());
                if let Some(task) = outcome.tasks.first() {
                    self.main.go_to_when_it_comes(LineId::Object(ObjectId::Task(task.id)));
                }
                self.say_done(&outcome);
            }
            (Pending::Command, Reply::Refused(refusal)) if self.view_overtaken(&refusal) => {}
            (Pending::Command, reply) => self.say_outcome(&reply),
            (Pending::Quiet, Reply::Done(outcome)) if !outcome.warnings.is_empty() => {
                self.say(Tone::Warning, outcome.warnings.join("  "));
            }
            (Pending::Quiet, _) => {}
            (_, Reply::Refused(refusal)) => self.say_refusal(&refusal),
            _ => {}
        }
        if is_refused {
            self.stop_beginning();
            // what was refused is not waited for: a view of that name may come later, by somebody else
            self.wanted_view = None;
        }
    }

    fn welcome(&mut self, counts: Counts) {
        self.link = Link::Up;
        self.set_minute_timer();
        // The connection asks again what had no answer, but watches begin anew.
        self.pending.retain(|_, pending| !matches!(pending, Pending::Watch(_)));
        self.await_anew();
        for list in [&mut self.main, &mut self.groups, &mut self.members] {
            list.loaded = false;
        }
        self.take_counts(counts);
        self.look_again();
        self.ask(Request::Status, Pending::Status);
        self.ask(Request::Views, Pending::Views);
        self.effect(Effect::ReadSheets);
        self.effect(Effect::ReadDrafts);
        if counts.groups == 0 && counts.members == 0 && counts.playbooks == 0 && self.popups.is_empty() {
            self.tour();
        }
    }

    fn take_counts(&mut self, counts: Counts) {
        if self.counted && self.counts == counts {
            return;
        }
        // a firing, a new playbook, another day: what lies ahead is another
        if !self.counted || self.counts.next_at != counts.next_at || self.counts.enrolled != counts.enrolled {
            self.ask(Request::Agenda, Pending::Agenda);
            self.ask_names(0);
        }
        self.counts = counts;
        self.counted = true;
        self.count_views();
        self.dirty = true;
        let title = if counts.overdue > 0 {
            format!("({}!{}) qun", counts.due, counts.overdue)
        } else if counts.due > 0 {
            format!("({}) qun", counts.due)
        } else {
            "qun".to_owned()
        };
        self.effect(Effect::Title(title));
    }

    fn take_window(&mut self, window: crate::door::reply::Window) {
        let watch = window.watch;
        let is_first = self.list_of(watch).awaits_first();
        let is_cut = match watch {
            WATCH_MAIN => {
                let is_cut = self.main.take_window(window);
                self.begin();
                self.look_for_near();
                self.look_up_texts();
                self.rest();
                self.arm_seen();
                is_cut
            }
            WATCH_GROUPS => self.groups.take_window(window),
            WATCH_MEMBERS => self.members.take_window(window),
            _ => false,
        };
        // The first window is small. Only after the first: a desk that leaves rows out is not asked for ever.
        let list = self.list_of(watch);
        if (is_cut || is_first && list.wants_more()) && self.link == Link::Up && !self.is_pending(watch) {
            let request = list.request();
            self.ask(request, Pending::Watch(watch));
        }
        self.dirty = true;
    }

    const fn list_of(&self, watch: u32) -> &List {
        match watch {
            WATCH_GROUPS => &self.groups,
            WATCH_MEMBERS => &self.members,
            _ => &self.main,
        }
    }

    pub(super) fn push(&mut self, push: Push) {
        self.dirty = true;
        self.veil.learn_push(&push);
        match push {
            Push::Window(window) => self.take_window(window),
            Push::Patch(patch) => {
                let (list, watch) = match patch.watch {
                    WATCH_MAIN => (&mut self.main, WATCH_MAIN),
                    WATCH_GROUPS => (&mut self.groups, WATCH_GROUPS),
                    WATCH_MEMBERS => (&mut self.members, WATCH_MEMBERS),
                    _ => return,
                };
                if list.take_patch(patch) == Patched::Gap {
                    let request = list.request();
                    self.ask(request, Pending::Watch(watch));
                }
                if watch == WATCH_MAIN {
                    self.look_for_near();
                    self.look_up_texts();
                    self.details.doubt();
                    self.rest();
                    if !self.seen_armed {
                        self.arm_seen();
                    }
                }
            }
            Push::Counts(counts) => self.take_counts(counts),
            Push::Fired { tasks, words } => self.fired(tasks.len(), &words),
            Push::Digest(digest) => {
                if digest.rows.is_empty() {
                    return;
                }
                let sum = |of: fn(&DigestRow) -> u32| -> u32 { digest.rows.iter().map(of).sum() };
                let away = super::when::span(digest.away_ms / MINUTE, self.lang);
                let (due, expired, open) = (sum(|row| row.due), sum(|row| row.expired), sum(|row| row.open));
                let unfilled = match sum(|row| row.unfilled) {
                    0 => String::new(),
                    n => format!("  {}", self.fill(Words::AwayUnfilled, &[("n", &n)])),
                };
                let words = self.fill(
                    Words::AwayDigest,
                    &[("away", &away), ("due", &due), ("expired", &expired), ("open", &open)],
                );
                self.digest = Some(digest);
                self.say(Tone::Warning, format!("{words}{unfilled}"));
            }
            Push::Said { words } => self.say(Tone::Warning, words),
            Push::ClockHeld { words } => {
                let sentence = format!("{words}  {}", self.text(Words::ClockHint));
                self.held = Some(words);
                self.say(Tone::Error, sentence);
            }
            Push::Writable { ok, words } => {
                self.writable = (!ok).then(|| words.clone());
                self.say(if ok { Tone::Done } else { Tone::Error }, words);
            }
            Push::Views(views) => {
                self.take_views(Origin::Shared, views);
                self.read_own_views(None);
            }
            Push::Rules { ok, words } => {
                self.say(if ok { Tone::Done } else { Tone::Error }, words);
                // what platforms take is among them
                if ok {
                    self.greet();
                }
            }
            Push::Gone => {
                self.link = Link::Lost { since: self.mono };
                self.tell(Tone::Warning, Words::DeskEnded);
                self.effect(Effect::SetTimer { timer: Timer::Waiting, after: Duration::from_secs(1) });
            }
        }
    }

    /// Something became due: the row, the title by the counts, the bell. All of it is only a hint; hooks are the desk's.
    fn fired(&mut self, tasks: usize, words: &[String]) {
        if tasks == 0 {
            return;
        }
        let first = words.first().cloned().unwrap_or_default();
        let sentence = self.fill(Words::Fired, &[("n", &tasks), ("first", &first)]);
        // What somebody has just done stands, also where it made this due.
        let done = self.note.as_ref().is_some_and(|note| note.tone == Tone::Done);
        if done && self.mono.saturating_sub(self.note_said_at) < JUST_SAID {
            self.note_down(Tone::Warning, sentence);
            return;
        }
        self.say(Tone::Warning, sentence);
        let quiet = self.bell_at.is_some_and(|at| self.mono.saturating_sub(at) < BELL_EVERY);
        if quiet {
            return;
        }
        self.bell_at = Some(self.mono);
        self.effect(Effect::Bell);
    }

    fn take_detail(&mut self, id: LineId, asked_at: Duration, reply: Reply) {
        let detail = match reply {
            Reply::Task(task) => {
                self.main.take_texts(vec![task.text.clone()]);
                Detail::Task(task)
            }
            Reply::Group(group) => Detail::Group(group),
            Reply::Member(member) => Detail::Member(member),
            Reply::Account(account) => Detail::Account(account),
            Reply::Sop(sop) => Detail::Sop(sop),
            _ => return,
        };
        let main = &self.main;
        let near = || {
            let lines = main.lines.iter().skip(main.row.saturating_sub(NEAR)).take(2 * NEAR + 1);
            lines.map(line::Line::id).collect()
        };
        let is_shown = main.cursor.as_ref() == Some(&id);
        self.details.take(id, detail, asked_at, near);
        if is_shown {
            self.ask_ahead();
        }
    }

    /// Asks for the texts near the cursor that no window brought.
    pub(super) fn look_up_texts(&mut self) {
        let under_way = self.pending.values().any(|pending| *pending == Pending::Texts);
        let has_text = |line: &line::Line| line.task().is_none_or(|task| self.main.text(task.id).is_some());
        // Those at hand serve until the cursor comes near their end; then twenty are asked for at once.
        let mut near = self.main.lines.iter().skip(self.main.row.saturating_sub(6)).take(13);
        if under_way || near.all(has_text) {
            return;
        }
        let from = self.main.row.saturating_sub(20);
        let missing: Vec<TaskId> = self
            .main
            .lines
            .iter()
            .skip(from)
            .take(41)
            .filter_map(|line| line.task().map(|task| task.id))
            .filter(|id| self.main.text(*id).is_none())
            .collect();
        if !missing.is_empty() && self.link == Link::Up {
            self.ask(Request::Texts(missing), Pending::Texts);
        }
    }

    /// Tells the desk which tasks have been on the screen for a second.
    pub(super) fn seen(&mut self) {
        let unseen: Vec<TaskId> = self
            .main
            .visible()
            .filter_map(line::Line::task)
            .filter(|task| task.facts.contains(&Fact::Unseen))
            .map(|task| task.id)
            .collect();
        if unseen.is_empty() || self.is_too_small() || self.start.readonly || self.link != Link::Up {
            return;
        }
        self.command(Command::Task { tasks: unseen, verb: TaskVerb::Seen }, Pending::Quiet);
    }

    /// Asks the desk to do something; none when it cannot be asked now, which has been said.
    pub(in crate::tui) fn command(&mut self, command: Command, pending: Pending) -> Option<u64> {
        self.command_on(command, None, pending)
    }

    /// The same of what stands on something that was seen: where another has changed that since, it is refused.
    pub(in crate::tui) fn command_on(
        &mut self,
        command: Command,
        saw: Option<Saw>,
        pending: Pending,
    ) -> Option<u64> {
        if !self.may_write() {
            return None;
        }
        if pending != Pending::Quiet {
            self.own_acts.end();
        }
        let now = self.now();
        let command_id: CommandId = self.ids.next(now);
        Some(self.ask(Request::Do { command_id, command, saw }, pending))
    }

    /// Some may have been refused one by one.
    fn tasks_done(&mut self, tasks: &[TaskId], outcome: &Outcome) {
        let not = not_done(outcome);
        self.come_back(&not);
        self.solo_done(tasks.len().saturating_sub(not.len()));
        self.say_done(outcome);
        let left = self.main.mark_count();
        if left > 0 {
            // The rest of the marked: the next chunk of one text.
            let words = self.fill(Words::ChunkLeft, &[("n", &left)]);
            self.say(Tone::Done, format!("{}  {words}", outcome.words));
        }
        let refusal =
            outcome.tasks.iter().find_map(|task| task.refusal.as_ref().map(|r| (task.id, r.clone())));
        if let Some((task, refusal)) = refusal {
            self.offer_also(&[task], &refusal);
            let words = match (not.len(), tasks.len()) {
                (1, 1) => refusal.words.clone(),
                (not, all) => {
                    self.fill(Words::SomeRefused, &[("n", &not), ("all", &all), ("why", &refusal.words)])
                }
            };
            self.say(Tone::Error, words);
        }
    }

    fn come_back(&mut self, tasks: &[TaskId]) {
        for task in tasks {
            self.main.set_leaving(LineId::Object(ObjectId::Task(*task)), false);
        }
        self.main.mark_as_before(tasks.iter().map(|task| LineId::Object(ObjectId::Task(*task))));
    }

    fn say_done(&mut self, outcome: &Outcome) {
        self.refresh_board();
        let mut words = outcome.words.clone();
        let remark = std::mem::take(&mut self.remark);
        if !remark.is_empty() {
            words = format!("{words}  {remark}");
        }
        for warning in &outcome.warnings {
            words = format!("{words}  {warning}");
        }
        let tone = if outcome.warnings.is_empty() { Tone::Done } else { Tone::Warning };
        self.say(tone, words);
    }

    /// Says what came of a command.
    pub(in crate::tui) fn say_outcome(&mut self, reply: &Reply) {
        match reply {
            Reply::Done(outcome) => self.say_done(outcome),
            Reply::Refused(refusal) => self.say_refusal(refusal),
            _ => {}
        }
    }

    /// Says why something was not done, and what to do.
    pub(in crate::tui) fn say_refusal(&mut self, refusal: &Refusal) {
        self.remark.clear();
        let mut words = refusal.words.clone();
        if !refusal.hint.is_empty() {
            words = format!("{words}  {}", refusal.hint);
        }
        if !refusal.candidates.is_empty() {
            words = format!("{words}: {}", refusal.candidates.join(" "));
        }
        let tone = match refusal.kind {
            RefusalKind::Already | RefusalKind::Changed | RefusalKind::Undo => Tone::Warning,
            _ => Tone::Error,
        };
        self.say(tone, words);
    }
}

/// What the desk did not do, one by one.
fn not_done(outcome: &Outcome) -> Vec<TaskId> {
    let not = outcome.tasks.iter().filter(|task| task.outcome != OutcomeWord::Ok);
    not.map(|task| task.id).collect()
}
