//! What is asked before an act: when to snooze to, why to skip, whether it was really sent.
//!
//! The digit acts, `u` takes it back; beside a reason stands what else it brings about.
//!
//! One file because each of these is a menu whose first line does nothing, over the tasks the key was about.

use super::super::config::SNOOZES;
use super::super::line::Line;
use super::super::popup::menu::Filling;
use super::super::popup::{Choice, Item, Menu, Popup, Prompt, PromptKind};
use super::super::state::{Pending, State, Tone};
use super::super::words::Words;
use super::when;
use crate::book::time::{DAY, MINUTE};
use crate::book::{SkipReason, Target, TaskId, TaskState, Timestamp};
use crate::door::command::{CatchUp, TaskVerb};
use crate::door::line::{Fact, TaskLine};
use crate::door::reply::Consequence;
use crate::door::request::Request;
use crate::door::{Command, Refusal, RefusalKind};

crate::words! {
    enum ChoiceWords {
        IsOver { state } => [
            "这条{state}了, 不在待发里; 真发过才改成已发", "這條{state}了, 不在待發裡; 真發過才改成已發",
            "this one is {state} and no longer due; mark it sent only if it was",
        ],
        NeverCopied { n, all } => [
            "选着的 {all} 条里 {n} 条没复制过, 都发出去了吗?",
            "選著的 {all} 條裡 {n} 條沒複製過, 都發出去了嗎?",
            "{n} of the {all} marked were never copied: were all of them sent?",
        ],
        NotCopied { names } => ["没复制过: {names}", "沒複製過: {names}", "never copied: {names}"],
        PartNotCopied { part, all } => [
            "第 {part}/{all} 段没复制过", "第 {part}/{all} 段沒複製過", "part {part} of {all} was never copied",
        ],
        SentCopied { n } => ["只记复制过的 {n} 条", "只記複製過的 {n} 條", "only the {n} that were copied"],
        SentAll { n } => ["{n} 条都发了, 记下来", "{n} 條都發了, 記下來", "all {n} were sent, note it"],
    }
}

/// How many names a question lists.
const NAMED: usize = 8;

impl State {
    /// What a rule holds is copied only when a human lets it go, and what would reach nobody when they insist.
    pub(super) fn held_menu(&mut self, task: TaskId, why: String) {
        let (words, note) = if self.is_held(task) {
            (Words::WakeAndCopy, self.fill(Words::SkipUndo, &[]))
        } else {
            (Words::CopyAnyway, String::new())
        };
        let items = vec![
            Item::new(self.text(Words::KeepHeld), "", Choice::Close),
            Item::new(self.text(words), note, Choice::WakeAndCopy(task)),
        ];
        self.popups.push(Popup::Menu(Box::new(Menu::new(why, items))));
    }

    /// Who does not go along with what is copied for several, by the reasons why; none where everybody does.
    pub(super) fn left_out(&self, unready: &[TaskLine]) -> Option<String> {
        let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
        for (name, why) in unready.iter().filter_map(|task| self.first_unready(&[task.id])) {
            match reasons.iter_mut().find(|(known, _)| *known == why) {
                Some((_, names)) => names.push(name),
                None => reasons.push((why, vec![name])),
            }
        }
        let of = |(why, names): &(String, Vec<String>)| format!("{} ({why})", names.join(" "));
        let who = reasons.iter().map(of).collect::<Vec<_>>().join("; ");
        let values: [(&str, &dyn std::fmt::Display); 2] = [("n", &unready.len()), ("who", &who)];
        (!reasons.is_empty()).then(|| self.fill(Words::ChunkWithout, &values))
    }

    pub(super) fn wake_and_copy(&mut self, task: TaskId) {
        if !self.main.lines.iter().filter_map(Line::task).any(|line| line.id == task) {
            self.tell_gone();
            return;
        }
        if self.is_held(task) {
            self.command(Command::Task { tasks: vec![task], verb: TaskVerb::Wake }, Pending::Command);
        }
        if let Some(text) = self.main.text(task).cloned() {
            self.copy_part(task, &text);
        }
    }

    fn is_held(&self, task: TaskId) -> bool {
        let line = self.main.lines.iter().filter_map(Line::task).find(|line| line.id == task);
        let open = line.filter(|line| line.state.is_open());
        open.is_some_and(|line| line.facts.iter().any(|fact| matches!(fact, Fact::Held(_))))
    }

    /// The first of some tasks of which it is asked whether it was sent: it could not have been copied, or a human or a
    /// rule has ended it otherwise. Its name, and why.
    pub(super) fn first_doubtful(&self, tasks: &[TaskId]) -> Option<(String, String)> {
        let over = |id: &TaskId| {
            let task = self.main.lines.iter().filter_map(Line::task).find(|task| task.id == *id)?;
            if task.state.is_open() || task.state == TaskState::Sent {
                return None;
            }
            let why = ChoiceWords::IsOver.fill(self.lang, &[("state", &task.state.label(self.lang))]);
            Some((task.target_name.clone(), why))
        };
        self.first_unready(tasks).or_else(|| tasks.iter().find_map(over))
    }

    /// A human may have sent what the screen would not have copied; the default is that it was a slip.
    pub(super) fn ask_whether_sent(
        &mut self,
        tasks: Vec<TaskId>,
        at: Option<Timestamp>,
        name: &str,
        why: &str,
    ) {
        let mut items = vec![Item::new(self.text(Words::NotSentYet), "", Choice::Close)];
        let others: Vec<TaskId> =
            tasks.iter().copied().filter(|task| self.first_doubtful(&[*task]).is_none()).collect();
        if !others.is_empty() {
            let words = self.fill(Words::SentOthers, &[("n", &others.len())]);
            items.push(Item::new(words, "", Choice::SentAnyway(others, at)));
        }
        items.push(Item::new(self.text(Words::SentByMyself), "", Choice::SentAnyway(tasks, at)));
        let mut menu = Menu::new(self.fill(Words::ReallySent, &[("name", &name)]), items);
        menu.notes.push(why.to_owned());
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// Several marked of which some were never copied: nobody has looked at what those say. Asked once, with which they
    /// are; the key that asks is none that answers.
    pub(super) fn asks_about_uncopied(&mut self, tasks: &[TaskId]) -> bool {
        let lines = || self.main.lines.iter().filter_map(Line::task).filter(|task| tasks.contains(&task.id));
        let is_left = |task: &&TaskLine| self.is_uncopied(task);
        let left: Vec<&TaskLine> = lines().filter(is_left).collect();
        if left.is_empty() {
            return false;
        }
        let had: Vec<TaskId> = lines().filter(|task| !is_left(task)).map(|task| task.id).collect();
        let mut names = left.iter().take(NAMED).map(|task| task.target_name.as_str()).collect::<Vec<_>>();
        names.extend((left.len() > NAMED).then_some("…"));
        let (lang, all) = (self.lang, tasks.len());
        let mut items = vec![Item::new(self.text(Words::NotSentYet), "", Choice::Close)];
        if !had.is_empty() {
            let words = ChoiceWords::SentCopied.fill(lang, &[("n", &had.len())]);
            items.push(Item::new(words, "", Choice::SentAnyway(had, None)));
        }
        let words = ChoiceWords::SentAll.fill(lang, &[("n", &all)]);
        items.push(Item::new(words, "", Choice::SentAnyway(tasks.to_vec(), None)));
        let title = ChoiceWords::NeverCopied.fill(lang, &[("n", &left.len()), ("all", &all)]);
        let mut menu = Menu::new(title, items);
        menu.notes.push(ChoiceWords::NotCopied.fill(lang, &[("names", &names.join(" "))]));
        self.popups.push(Popup::Menu(Box::new(menu)));
        true
    }

    /// The part at hand of one task, or of what was copied for several, was never copied. Asked once.
    pub(super) fn asks_about_uncopied_part(&mut self, tasks: &[TaskId]) -> bool {
        // that another has ticked what was meant is said first
        if self.tells_ticked(tasks) {
            return true;
        }
        let of_these = |task: &&TaskLine| tasks.contains(&task.id) && self.is_uncopied(task);
        let left = self.main.lines.iter().filter_map(Line::task).filter(of_these).find_map(|task| {
            let text = self.main.text(task.id).filter(|text| text.parts.len() > 1)?;
            let (at, _) = Self::part_at_hand(text)?;
            Some((task.target_name.clone(), at + 1, text.parts.len()))
        });
        let Some((name, part, all)) = left else { return false };
        let items = vec![
            Item::new(self.text(Words::NotSentYet), "", Choice::Close),
            Item::new(self.text(Words::SentByMyself), "", Choice::SentAnyway(tasks.to_vec(), None)),
        ];
        let mut menu = Menu::new(self.fill(Words::ReallySent, &[("name", &name)]), items);
        menu.notes.push(ChoiceWords::PartNotCopied.fill(self.lang, &[("part", &part), ("all", &all)]));
        self.popups.push(Popup::Menu(Box::new(menu)));
        true
    }

    /// Whether what `d` is about of a task was never copied, here or by oneself at another screen.
    fn is_uncopied(&self, task: &TaskLine) -> bool {
        let Some(text) = self.main.text(task.id).filter(|_| task.state.is_open()) else { return false };
        let all = text.parts.len();
        if all == 1 && self.copied_text.contains_key(&task.id) {
            return false;
        }
        let at_hand = Self::part_at_hand(text);
        at_hand.is_some_and(|(at, part)| part.copy.is_some() && !self.has_copied(task, at, all))
    }

    /// When another was faster: 我也发了.
    pub(super) fn offer_also(&mut self, tasks: &[TaskId], refusal: &Refusal) {
        if refusal.kind != RefusalKind::Already {
            return;
        }
        let [task] = tasks else { return };
        let mut menu = Menu::new(
            refusal.words.clone(),
            vec![
                Item::new(self.text(Words::AlsoNot), "", Choice::Close),
                Item::new(
                    self.text(Words::AlsoSent),
                    self.text(Words::AlsoSentNote),
                    Choice::AlsoSent(*task),
                ),
            ],
        );
        menu.notes.push(refusal.hint.clone());
        self.push_unasked(menu);
    }

    pub(super) fn also_sent(&mut self, task: TaskId) {
        let verb = TaskVerb::Sent { at: None, also: true };
        self.command(Command::Task { tasks: vec![task], verb }, Pending::Command);
    }

    pub(super) fn snooze_menu(&mut self) {
        let tasks = self.acted_on_tasks();
        let now = self.now();
        let at = |words: &str| when::read(words, now, self.zone);
        let mut items = Vec::new();
        let own = &self.start.snoozes;
        let presets: Vec<&str> =
            if own.is_empty() { SNOOZES.to_vec() } else { own.iter().map(String::as_str).collect() };
        let ahead = |at: &Timestamp| *at > now && (!own.is_empty() || at.since(now) < 14 * DAY);
        for words in presets {
            if let Some(at) = at(words).ok().filter(ahead) {
                let choice = Choice::Snooze(at, tasks.clone());
                items.push(Item::new(self.snooze_label(words), self.say_instant(at), choice));
            }
        }
        let n = tasks.len();
        items.push(Item::new(self.text(Words::SnoozeOther), "", Choice::SnoozeAsk(tasks)));
        let menu = Menu::new(self.fill(Words::SnoozeTitle, &[("n", &n)]), items);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// What a time to put off to is called: in words where the program has some.
    fn snooze_label(&self, time: &str) -> String {
        let words = match time {
            "10m" => Words::Snooze10,
            "1h" => Words::Snooze1h,
            "14:00" => Words::SnoozeNoon,
            "18:00" => Words::SnoozeEvening,
            "明天 09:00" => Words::SnoozeTomorrow,
            "下周一 09:00" => Words::SnoozeMonday,
            _ => return time.to_owned(),
        };
        self.text(words).to_owned()
    }

    pub(super) fn snooze_until(&mut self, tasks: Vec<TaskId>, until: Timestamp) {
        self.end_tasks(tasks, TaskVerb::Snooze { until });
        self.main.clear_marks();
    }

    /// Lets go what a rule holds, or brings a snoozed task back now.
    pub(super) fn wake(&mut self) {
        let tasks = self.acted_on_tasks();
        self.command(Command::Task { tasks, verb: TaskVerb::Wake }, Pending::Command);
        self.main.clear_marks();
    }

    pub(super) fn skip_menu(&mut self) {
        let tasks = self.acted_on_tasks();
        let to_group = |line: &Line| {
            let task = line.task();
            task.is_some_and(|task| task.member.is_none() && matches!(task.target, Target::Group(_)))
        };
        // what only a person does stands where it always does, and cannot be chosen
        let of_groups = self.main.acted_on().into_iter().all(to_group);
        let items = SkipReason::ALL
            .iter()
            .map(|reason| {
                let end = reason.end_state().label(self.lang);
                let note = match reason {
                    SkipReason::Unfriended | SkipReason::DoNotDisturb if of_groups => {
                        let words = self.text(Words::SkipOfPeople);
                        let item =
                            Item::new(reason.label(self.lang), words, Choice::Skip(*reason, tasks.clone()));
                        return Item { enabled: false, ..item };
                    }
                    SkipReason::DoNotDisturb => self.text(Words::SkipStopsMarketing).to_owned(),
                    _ => end.to_owned(),
                };
                Item::new(reason.label(self.lang), note, Choice::Skip(*reason, tasks.clone()))
            })
            .collect();
        let mut menu = Menu::new(self.fill(Words::SkipTitle, &[("n", &tasks.len())]), items);
        menu.notes.push(self.fill(Words::SkipUndo, &[]));
        menu.waiting = Some((self.ask(Request::Consequences(tasks), Pending::Popup), Filling::Notes));
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// Puts the counts of what ends or is held beside the reasons.
    pub(in crate::tui) fn note_consequences(&self, items: &mut [Item], told: &[Consequence]) {
        for item in items.iter_mut().filter(|item| item.enabled) {
            let Choice::Skip(reason, _) = item.choice else { continue };
            let Some(told) = told.iter().find(|told| told.reason == reason) else { continue };
            for said in told.said(self.lang) {
                item.note = format!("{}  {said}", item.note);
            }
        }
    }

    pub(super) fn skip(&mut self, reason: SkipReason, tasks: Vec<TaskId>) {
        if reason == SkipReason::Other {
            self.popups.push(Popup::Prompt(Box::new(Prompt::new(PromptKind::Skip(tasks), ""))));
            return;
        }
        self.skip_with(tasks, reason, String::new());
    }

    pub(super) fn skip_with(&mut self, tasks: Vec<TaskId>, reason: SkipReason, words: String) {
        self.end_tasks(tasks, TaskVerb::Skip { reason, words });
        self.main.clear_marks();
    }

    /// Asks what a step wants to be sure of: of one task, or of a chunk at once.
    pub(super) fn check_menu(&mut self, tasks: Vec<TaskId>, check: &str) {
        let question = match check {
            "bought" => Words::CheckBought,
            "paid" => Words::CheckPaid,
            _ => Words::CheckReplied,
        };
        let no = Item::new(self.text(Words::CheckNo), "", Choice::Check(tasks.clone(), false));
        let (title, other) = if let [_] = tasks.as_slice() {
            let yes = Item::new(
                self.text(Words::CheckYes),
                self.text(Words::CheckYesNote),
                Choice::Check(tasks, true),
            );
            (self.text(question).to_owned(), yes)
        } else {
            // who has and who has not differs: those are looked at one by one
            let one_by_one = Item::new(
                self.text(Words::CheckOneByOne),
                self.text(Words::CheckOneByOneNote),
                Choice::ClearMarks,
            );
            (format!("{} ({})", self.text(question), tasks.len()), one_by_one)
        };
        self.popups.push(Popup::Menu(Box::new(Menu::new(title, vec![no, other]))));
    }

    /// The answer to a step's `check`: yes records it, no goes on to copying.
    pub(super) fn checked(&mut self, tasks: Vec<TaskId>, yes: bool) {
        if yes {
            self.end_tasks(tasks, TaskVerb::Check { yes });
            return;
        }
        for task in &tasks {
            if let Some(text) = self.main.texts.get_mut(task) {
                text.check = None;
            }
        }
        let verb = TaskVerb::Check { yes };
        self.command(Command::Task { tasks: tasks.clone(), verb }, Pending::Quiet);
        self.copy_asked(&tasks);
    }

    /// What came due while the desk was away, by playbook.
    pub(super) fn digest_menu(&mut self) {
        let Some(digest) = self.digest.clone() else {
            self.tell(Tone::Info, Words::NoDigest);
            return;
        };
        let mut items = Vec::new();
        for row in &digest.rows {
            let (playbook, title) = (&row.playbook, &row.title);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("due", &row.due), ("expired", &row.expired), ("open", &row.open)];
            let note = self.fill(Words::DigestRow, &values);
            let note = match row.unfilled {
                0 => note,
                n => format!("{note}, {}", self.fill(Words::DigestUnfilled, &[("n", &n)])),
            };
            for (choice, words) in [
                (CatchUp::Send, Words::CatchSend),
                (CatchUp::Shift, Words::CatchShift),
                (CatchUp::Expire, Words::CatchExpire),
            ] {
                let label = format!("{title}: {}", self.text(words));
                items.push(Item::new(label, note.clone(), Choice::CatchUp(Some(playbook.clone()), choice)));
            }
        }
        let away = when::span(digest.away_ms / MINUTE, self.lang);
        let menu = Menu::new(self.fill(Words::DigestTitle, &[("away", &away)]), items);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<super::ChoiceWords>(), Vec::<String>::new());
    }
}
