//! Telling what happened: replies, follow-ups, notes, forms, cards.
//!
//! One file because each act is a few lines of one shape: open, ask, tell the desk.

use super::super::keymap::Context;
use super::super::line::Line;
use super::super::popup::editor::Purpose;
use super::super::popup::prompt::Mistake;
use super::super::popup::{Card, Choice, Editor, FormPopup, Item, Menu, Popup, Prompt, PromptKind};
use super::super::state::{Detail, Pane, Pending, State, Tone};
use super::super::words::Words;
use super::when::Follow;
use crate::book::{MemberId, ObjectId, SkipReason, TaskId};
use crate::door::choices::notice_draft;
use crate::door::command::{GroupName, ObjectRef, TaskVerb};
use crate::door::detail::{Coming, TaskDetail, step_words};
use crate::door::form::{Field, Kind};
use crate::door::line::LineId;
use crate::door::request::Request;
use crate::door::{Command, Saw};
use crate::text::names::group_names;

/// Lines of a playbook's own comment that stand before what comes next.
const WHY_HEAD: usize = 2;

impl State {
    /// Does what a line of a menu says.
    pub(in crate::tui) fn choose(&mut self, choice: Choice) {
        self.dirty = true;
        match choice {
            Choice::Act(action) => self.act(action),
            Choice::Snooze(until, tasks) => self.snooze_until(tasks, until),
            Choice::SnoozeAsk(tasks) => {
                let mut prompt = Prompt::new(PromptKind::Snooze(tasks), "");
                self.text(Words::HowWhen).clone_into(&mut prompt.meaning);
                self.popups.push(Popup::Prompt(Box::new(prompt)));
            }
            Choice::Skip(reason, tasks) => self.skip(reason, tasks),
            Choice::Check(tasks, yes) => self.checked(tasks, yes),
            Choice::ClearMarks => self.main.clear_marks(),
            Choice::Reply { member, task, answer } => self.replied(member, task, answer),
            Choice::Create(kind) => self.create(kind),
            Choice::Edit(object) => self.edit(object),
            Choice::Archive(object) => {
                self.command(Command::Archive { object }, Pending::Command);
            }
            Choice::Ask(ask) => self.answer_ask(*ask),
            Choice::CatchUp(playbook, choice) => {
                self.command(Command::CatchUp { playbook, choice }, Pending::Command);
            }
            Choice::Acknowledge(tasks, codes) => self.acknowledged(&tasks, codes),
            Choice::Do(command) => self.decided(*command),
            Choice::Undo(act) => self.undo(Some(act)),
            Choice::Playbook(index) => self.builtin_menu(index),
            Choice::PasteGroups => self.paste_groups(),
            Choice::Import => self.import_prompt(),
            Choice::FollowNow { on, name } => self.follow_now(on, name),
            Choice::WriteOn { text, .. } => self.write_on(&text),
            Choice::Playbooks => self.playbook_menu(),
            Choice::Say(words) => self.say(Tone::Info, words),
            Choice::SentAnyway(tasks, at) => self.say_sent(tasks, at),
            Choice::WakeAndCopy(task) => self.wake_and_copy(task),
            Choice::AlsoSent(task) => self.also_sent(task),
            Choice::SameText => self.mark_same_text(),
            Choice::Correct { task, part, text, got } => self.correct_text((task, part), text, got),
            Choice::List(filter) => self.set_filter(&filter),
            Choice::OfPlaybook(what) => self.choose_of_playbook(*what),
            Choice::OneOff(of) => self.of_one_off(*of),
            Choice::OfView(of) => self.of_view(&of),
            Choice::Close => {}
        }
    }

    /// `r`: they replied; a step with answers offers them, Enter alone only says replied.
    pub(super) fn reply_menu(&mut self) {
        let Some((member, name)) = self.list().selected().and_then(Line::member) else {
            self.tell(Tone::Info, Words::NoMember);
            return;
        };
        let on_task = matches!(self.focus, Pane::List | Pane::Preview);
        let task = self.task().filter(|_| on_task).map(|task| task.id);
        let answers =
            self.task_text().filter(|_| on_task).map(|text| text.answers.clone()).unwrap_or_default();
        if answers.is_empty() {
            self.replied(member, task, None);
            return;
        }
        let mut items: Vec<Item> = answers
            .iter()
            .enumerate()
            .map(|(at, say)| {
                Item::new(say.clone(), "", Choice::Reply { member, task, answer: Some(at as u16) })
            })
            .collect();
        let only = Choice::Reply { member, task, answer: None };
        let at = items.len();
        items.push(Item::new(self.text(Words::OnlyReplied), "Enter", only));
        let mut menu = Menu::new(self.fill(Words::ReplyTitle, &[("name", &name)]), items);
        menu.cursor = at;
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    fn replied(&mut self, member: MemberId, task: Option<TaskId>, answer: Option<u16>) {
        let command = Command::Reply { member, task, answer, at: None };
        self.command(command, Pending::Command);
    }

    /// `+`: a follow-up on what is under the cursor.
    pub(super) fn follow(&mut self) {
        let (on, name) = self.objects_acted_on();
        self.follow_up(on, name);
    }

    /// `+` where no line says whom it is about.
    pub(super) fn follow_whom(&mut self) {
        let mut prompt = Prompt::new(PromptKind::Whom, "");
        prompt.meaning = self.fill_in(Context::Prompt, Words::WhomHint, &[]);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    fn follow_up(&mut self, on: Vec<ObjectId>, name: String) {
        let mut prompt = Prompt::new(PromptKind::Follow { on, name }, "");
        self.text(Words::HowFollow).clone_into(&mut prompt.meaning);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    pub(super) fn note_prompt(&mut self) {
        let (on, name) = self.objects_acted_on();
        let mut prompt = Prompt::new(PromptKind::Note { on, name }, "");
        prompt.meaning = self.fill_in(Context::Prompt, Words::LineHint, &[]);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    /// The marked objects, else the one under the cursor, and what to call them.
    fn objects_acted_on(&self) -> (Vec<ObjectId>, String) {
        let lines = self.list().acted_on();
        let name = match lines.as_slice() {
            [one] => one.name().to_owned(),
            many => self.fill(Words::Rows, &[("n", &many.len())]),
        };
        (lines.into_iter().filter_map(Line::object).collect(), name)
    }

    /// What Enter does in a prompt; it comes back when it must stay open.
    pub(in crate::tui) fn end_prompt(&mut self, mut prompt: Prompt) -> Option<Prompt> {
        let text = prompt.field.text().trim().to_owned();
        match prompt.kind.clone() {
            PromptKind::Filter { before } => {
                if prompt.error.is_some() {
                    return Some(prompt);
                }
                if text.is_empty() {
                    self.clear_filter();
                } else {
                    self.set_filter(&self.within_view(&text, &before));
                    self.recall.keep(&prompt.kind, &text);
                    self.warn_of_twofold_in(&text);
                }
                self.main.keep_filtered();
            }
            PromptKind::Verb => {
                // rows may have moved since their numbers were read
                let meaning = self.verb_meaning(&text);
                if !prompt.meaning.is_empty() && prompt.meaning != meaning {
                    self.tell_moved();
                    prompt.meaning = meaning;
                    return Some(prompt);
                }
                // also what was refused: it is brought back to be put right
                self.recall.keep(&prompt.kind, &text);
                if let Err(words) = self.run_verb(&text) {
                    prompt.error = Some(Mistake::whole(words));
                    return Some(prompt);
                }
            }
            PromptKind::Jump | PromptKind::Whom => {
                let Some(offer) = prompt.offers.get(prompt.chosen).cloned() else {
                    prompt.error = Some(Mistake::whole(self.text(Words::NobodyFound)));
                    return Some(prompt);
                };
                match (prompt.kind, offer.id) {
                    (PromptKind::Whom, Some(LineId::Object(id))) => self.follow_up(vec![id], offer.label),
                    (_, Some(id)) => self.go_to(&id, &offer.label),
                    (_, None) => {}
                }
            }
            PromptKind::Follow { on, name } => match self.read_follow(&text) {
                Ok(Follow { at, words, .. }) => {
                    let words = match (words.is_empty(), on.as_slice()) {
                        (true, [_]) => self.fill(Words::FollowWords, &[("name", &name)]),
                        (true, _) => self.text(Words::FollowThem).to_owned(),
                        (false, _) => words,
                    };
                    self.command(Command::FollowUp { on, words, at }, Pending::Command)?;
                    self.list_mut().clear_marks();
                }
                Err(error) => {
                    // What was typed may leave no room beside it.
                    self.say(Tone::Warning, error.clone());
                    prompt.error = Some(Mistake::whole(error));
                    return Some(prompt);
                }
            },
            PromptKind::Note { on, .. } => {
                if text.is_empty() {
                    return None;
                }
                if self.command(Command::Note { on, text }, Pending::Command).is_none() {
                    return Some(prompt);
                }
                self.list_mut().clear_marks();
            }
            PromptKind::Snooze(tasks) => match self.read_instant(&text) {
                Ok(at) => self.snooze_until(tasks, at),
                Err(error) => {
                    prompt.error = Some(Mistake::whole(error));
                    return Some(prompt);
                }
            },
            PromptKind::Enrol { playbook, .. } => {
                if let Err(words) = self.end_enrol(&prompt, playbook, &text) {
                    prompt.error = Some(Mistake::whole(words));
                    return Some(prompt);
                }
            }
            PromptKind::Snippet { .. } => {
                if let Err(words) = self.use_snippet(&prompt) {
                    prompt.error = Some(Mistake::whole(words));
                    return Some(prompt);
                }
            }
            PromptKind::ComposeWhom(_)
            | PromptKind::ComposeWhen(_)
            | PromptKind::ComposeUntil(_)
            | PromptKind::ComposeAccount(_)
            | PromptKind::ComposeTitle(_) => return self.piece_typed(prompt, text),
            PromptKind::ViewName(naming) => {
                if let Err(words) = self.view_named(naming, &text) {
                    prompt.error = Some(Mistake::whole(words));
                    return Some(prompt);
                }
            }
            PromptKind::Skip(tasks) => self.skip_with(tasks, SkipReason::Other, text),
            PromptKind::Import if text.is_empty() => return Some(prompt),
            PromptKind::Import => self.import_file(&text),
            PromptKind::Ask(ask) => {
                // it stays until the desk has taken it
                match self.end_ask(&ask, text, prompt.standing.saw()) {
                    Ok(tag) => prompt.saving = tag,
                    Err(error) => prompt.error = Some(Mistake::whole(error)),
                }
                return Some(prompt);
            }
        }
        None
    }

    /// Hands an edited text to the desk; none when nothing is to be waited for.
    pub(in crate::tui) fn save_text(
        &mut self,
        purpose: &Purpose,
        text: &str,
        saw: Option<Saw>,
    ) -> Option<u64> {
        match purpose {
            Purpose::Rewrite(task) => {
                let text = (!text.trim().is_empty()).then(|| text.to_owned());
                let verb = TaskVerb::Rewrite { text };
                self.command_on(Command::Task { tasks: vec![*task], verb }, saw, Pending::Popup)
            }
            // nobody is to be told of what nobody got
            Purpose::CorrectText { task, part, got: Some(0) } => {
                let (task, part, text) = (*task, *part, text.to_owned());
                let command = Command::Correct { task, text, notice: None, part };
                self.command_on(command, saw, Pending::Popup)
            }
            Purpose::CorrectText { task, part, .. } => {
                let next = Purpose::CorrectNotice { task: *task, part: *part, text: text.to_owned() };
                let title = self.text(Words::CorrectNoticeTitle).to_owned();
                let hint = self.foot(Context::Editor, Words::CorrectNoticeHint, &[]);
                let draft = notice_draft(text, self.lang);
                let editor = Editor::new(title, hint, &draft, next);
                let editor = match saw {
                    Some(saw) => editor.standing_on(saw),
                    None => editor,
                };
                self.popups.push(Popup::Editor(Box::new(editor)));
                None
            }
            Purpose::CorrectNotice { task, part, text: right } => {
                let notice = (!text.trim().is_empty()).then(|| text.to_owned());
                let (task, part, text) = (*task, *part, right.clone());
                let command = Command::Correct { task, text, notice, part };
                self.command_on(command, saw, Pending::Popup)
            }
            Purpose::Groups => {
                let names = pasted_groups(text);
                if names.is_empty() {
                    self.tell(Tone::Warning, Words::NoGroupNames);
                    return None;
                }
                self.command(Command::AddGroups { names, account: None }, Pending::Popup)
            }
            Purpose::Ask(ask) => self.fill_ask(ask, text.to_owned(), saw),
            Purpose::Snippet(before) => self.save_snippet(before.clone(), text, saw),
            Purpose::Compose(draft) => {
                self.what_typed((**draft).clone(), text);
                None
            }
        }
    }

    /// What follows once a text was taken.
    pub(in crate::tui) fn text_saved(&mut self, purpose: &Purpose, text: &str, made: &[ObjectId]) {
        match purpose {
            Purpose::Groups => {
                // which of them were there already is not told: only all of them are named by the first
                let pasted = pasted_groups(text);
                let first = pasted.first().filter(|_| pasted.len() == made.len());
                self.tour_next(made, first.map(|group| group.name.as_str()));
            }
            Purpose::Rewrite(task)
            | Purpose::CorrectText { task, .. }
            | Purpose::CorrectNotice { task, .. } => {
                // The new text comes with the patch; the old copy of it means nothing any more.
                self.copied.remove(task);
                self.details.doubt();
                self.main.texts.remove(task);
                self.look_up_texts();
                self.rest();
            }
            Purpose::Ask(ask) => self.next_ask(ask),
            _ => {}
        }
    }

    /// `N`: what can be made.
    pub(super) fn new_menu(&mut self) {
        let kinds = [Kind::Group, Kind::Member, Kind::Account, Kind::Contact, Kind::Membership];
        let mut items: Vec<Item> =
            kinds.iter().map(|kind| Item::new(kind.label(self.lang), "", Choice::Create(*kind))).collect();
        items.push(Item::new(self.text(Words::PasteGroups), "", Choice::PasteGroups));
        if !self.start.playbooks.is_empty() {
            items.push(Item::new(self.text(Words::BuiltinPlaybooks), "", Choice::Playbooks));
        }
        let menu = Menu::new(self.text(Words::NewTitle), items);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// A form with what the line under the cursor already says.
    fn create(&mut self, kind: Kind) {
        let mut filled = Vec::new();
        let line = self.list().selected();
        if let Some((_, name)) = line.and_then(Line::member)
            && matches!(kind, Kind::Contact | Kind::Membership)
        {
            filled.push((Field::Member, name));
        }
        if let Some((_, name)) = line.and_then(Line::group)
            && matches!(kind, Kind::Member | Kind::Membership)
        {
            filled.push((Field::Group, name));
        }
        if kind == Kind::Account {
            // Most are there.
            filled.push((Field::Platform, crate::book::Platform::Wechat.word().to_owned()));
        }
        self.popups.push(Popup::Form(Box::new(FormPopup::new(kind, Vec::new(), &filled))));
    }

    /// What `E` and `:rm` are about: of a task its member or group.
    fn objects_here(&self) -> Vec<(String, ObjectRef)> {
        let Some(line) = self.list().selected() else { return Vec::new() };
        let label = |kind: Kind, name: &str| format!("{} {name}", kind.label(self.lang));
        let member = line.member();
        let group = if matches!(line, Line::Member(_)) { None } else { line.group() };
        let account = if matches!(line, Line::Member(_)) { None } else { line.account() };
        let mut found = Vec::new();
        if let Some((id, name)) = &member {
            found.push((label(Kind::Member, name), ObjectRef::Member(*id)));
        }
        if let Some((id, name)) = &group {
            found.push((label(Kind::Group, name), ObjectRef::Group(*id)));
        }
        if let Some((id, name)) = &account {
            found.push((label(Kind::Account, name), ObjectRef::Account(*id)));
        }
        if let (Some((member, name)), Some((account, by))) = (&member, line.account()) {
            found.push((
                label(Kind::Contact, &format!("{name} / {by}")),
                ObjectRef::Contact(*member, account),
            ));
        }
        if let (Some((member, name)), Some((group, at))) = (&member, line.group()) {
            let label = label(Kind::Membership, &format!("{name} / {at}"));
            found.push((label, ObjectRef::Membership(*member, group)));
        }
        found
    }

    pub(super) fn edit_card(&mut self) {
        if matches!(self.list().selected(), Some(Line::Playbook(_))) {
            self.edit_playbook();
            return;
        }
        if self.list().mark_count() > 1 {
            self.edit_several();
            return;
        }
        let found = self.objects_here();
        match found.as_slice() {
            [] => self.tell(Tone::Info, Words::NotForThis),
            [(_, only)] => self.edit(*only),
            _ => {
                let items = found
                    .into_iter()
                    .map(|(label, object)| Item::new(label, "", Choice::Edit(object)))
                    .collect();
                let menu = Menu::new(self.text(Words::EditCardTitle), items);
                self.popups.push(Popup::Menu(Box::new(menu)));
            }
        }
    }

    /// One form for all marked groups or members: what is filled in goes to each of them.
    fn edit_several(&mut self) {
        let own = |line: &Line| match line {
            Line::Group(group) => Some(ObjectRef::Group(group.id)),
            Line::Member(member) => Some(ObjectRef::Member(member.id)),
            Line::Account(account) => Some(ObjectRef::Account(account.id)),
            Line::Task(_) | Line::Playbook(_) => None,
        };
        let objects: Vec<ObjectRef> = self.list().acted_on().into_iter().filter_map(own).collect();
        match objects.first() {
            Some(first) => {
                let form = FormPopup::new(first.kind(), objects, &[]);
                self.popups.push(Popup::Form(Box::new(form)));
            }
            None => self.tell(Tone::Warning, Words::OneAtATime),
        }
    }

    fn edit(&mut self, object: ObjectRef) {
        let tag = self.ask(Request::Form(object), Pending::Popup);
        let mut form = FormPopup::new(object.kind(), vec![object], &[]);
        form.wait_for_values(tag);
        self.popups.push(Popup::Form(Box::new(form)));
    }

    pub(super) fn archive(&mut self) {
        let Some((label, object)) = self.objects_here().into_iter().next() else { return };
        let menu = Menu::new(
            self.fill(Words::ArchiveTitle, &[("name", &label)]),
            vec![
                Item::new(self.text(Words::Cancel), "", Choice::Close),
                Item::new(
                    self.text(Words::ArchiveGo),
                    self.fill(Words::SkipUndo, &[]),
                    Choice::Archive(object),
                ),
            ],
        );
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    pub(super) fn jump_prompt(&mut self) {
        self.popups.push(Popup::Prompt(Box::new(Prompt::new(PromptKind::Jump, ""))));
    }

    /// `W`: why it is here, and what comes next.
    pub(super) fn why(&mut self) {
        let Some(line) = self.list().selected() else { return };
        let name = line.name().to_owned();
        let Some(target) = line.target() else {
            let lines = match self.shown_detail() {
                Some(Detail::Sop(sop)) => {
                    // what it does, in its author's words: the comment at the head of the file
                    let head = sop.toml.lines().map_while(|line| line.strip_prefix('#'));
                    let head = head.map(str::trim).filter(|line| !line.is_empty() && *line != sop.line.title);
                    let mut lines = vec![format!("{} v{}", sop.line.id, sop.line.version)];
                    lines.extend(head.take(WHY_HEAD).map(str::to_owned));
                    lines.extend(self.sop_coming_lines(&sop.coming));
                    lines
                }
                _ => vec![self.text(Words::Waiting).to_owned()],
            };
            let title = self.fill(Words::WhyTitle, &[("name", &name)]);
            self.popups.push(Popup::Card(Box::new(Card { title, lines, ..Card::default() })));
            return;
        };
        let mut card = Card { title: self.fill(Words::WhyTitle, &[("name", &name)]), ..Card::default() };
        // what was read of a task a moment ago may have been put right since
        let request = match line.task() {
            Some(task) => {
                card.lines.push(self.text(Words::Waiting).to_owned());
                Request::Task(task.id)
            }
            None => Request::Why(target),
        };
        card.waiting = Some(self.ask(request, Pending::Popup));
        self.popups.push(Popup::Card(Box::new(card)));
    }

    /// Sentences about why a task is here, what its step tells the human, and what comes after it.
    pub(in crate::tui) fn why_lines(&self, detail: &TaskDetail) -> Vec<String> {
        let mut lines = detail.why.clone();
        lines.extend((!detail.note.is_empty()).then(|| detail.note.clone()));
        lines.extend(self.coming_lines(&detail.coming));
        lines
    }

    /// Sentences about what comes: when, which step, or why not.
    pub(in crate::tui) fn coming_lines(&self, coming: &[Coming]) -> Vec<String> {
        if coming.is_empty() {
            return vec![self.text(Words::NothingComes).to_owned()];
        }
        coming
            .iter()
            .map(|next| {
                let at = next
                    .at
                    .map_or_else(|| self.text(Words::NotPlanned).to_owned(), |at| self.say_instant(at));
                format!("{}  {}", self.with_asks(&next.asks, at), next.told(self.lang))
            })
            .collect()
    }

    /// Sentences about what comes of one playbook: when, to whom, which step, or why not.
    pub(in crate::tui) fn sop_coming_lines(&self, coming: &[Coming]) -> Vec<String> {
        if coming.is_empty() {
            return vec![self.text(Words::NothingComes).to_owned()];
        }
        let line = |next: &Coming| {
            let at =
                next.at.map_or_else(|| self.text(Words::NotPlanned).to_owned(), |at| self.say_instant(at));
            let at = self.with_asks(&next.asks, at);
            let step = match next.step_number {
                (n, all) if n > 0 && all > 1 => step_words(n, self.lang),
                _ => String::new(),
            };
            // the playbook is the one that is looked at: what tells the lines apart comes first
            format!("{at}  {}  {step}  {}", next.why, next.says).trim_end().to_owned()
        };
        coming.iter().map(line).collect()
    }

    /// The messages so far, newest first.
    pub(super) fn messages(&mut self) {
        let lines = self
            .notes
            .iter()
            .rev()
            .map(|note| match note.at {
                Some(at) => format!("{}  {}", self.say_past(at), note.text),
                None => note.text.clone(),
            })
            .collect();
        let card = Card { title: self.text(Words::MessagesTitle).to_owned(), lines, ..Card::default() };
        self.popups.push(Popup::Card(Box::new(card)));
    }

    /// The line whose details are shown, and they.
    pub fn shown_detail(&self) -> Option<&Detail> {
        self.details.of(self.main.cursor.as_ref()?)
    }

    /// The object a task hangs on, for a line of any list.
    pub fn cursor_object(&self) -> Option<ObjectId> {
        match self.main.cursor.as_ref()? {
            LineId::Object(object) => Some(*object),
            LineId::Playbook(_) => None,
        }
    }
}

/// Groups as they were pasted, each once.
fn pasted_groups(text: &str) -> Vec<GroupName> {
    let named = group_names(text).into_iter().filter(|line| line.repeats.is_none());
    named
        .map(|line| GroupName {
            name: line.name,
            head_count: line.head_count,
            capacity: line.capacity,
            account: line.account,
        })
        .collect()
}
