//! The text of a task: its parts rendered, cleaned for the clipboard and for the screen.
//!
//! Rendering is strict: what a text needs and the book does not have blocks the task, names the variable and copies
//! nothing. Only text is copied; every other part says what to do by hand.
//!
//! What was sent is shown as it was said: its touch has the words, whatever the book and the forms say since.
//!
//! One file because every way in which a text comes to be passes the same rendering and the same cleaning.

use std::borrow::Cow;

use crate::book::{
    Contact, GroupId, PlaybookId, Target, Task, TaskId, TaskKind, TaskState, TaskStatus, Timestamp, Touch,
    Upkeep, Via,
};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::{PartView, TaskText};
use crate::sop::format::{Part, Playbook, Step};
use crate::sop::render::{Given, RenderBlock, Variables};
use crate::store::keys;
use crate::text::clean::{for_clipboard, for_display, for_display_lines};
use crate::text::lang::Lang;
use crate::text::names::{is_nothing, list_items};

use super::task_line::clean;
use super::words::ViewWords;

/// Touches of one task that are looked at for the one that sent it: others said 我也发了.
const TOUCHES_READ: usize = 8;

/// Variables that a note may lack and still be filled.
const LACKS_MAX: usize = 32;

/// Parts that can be ticked: one bit each.
const PARTS_MAX: usize = 64;

/// A part before it is ticked.
struct Made {
    kind: &'static str,
    copy: Option<String>,
    find: Option<String>,
    show: String,
}

impl Made {
    /// What is said in words.
    fn text(text: &str) -> Self {
        Self {
            kind: "text",
            copy: Some(for_clipboard(text).into_owned()),
            find: None,
            show: for_display_lines(text).into_owned(),
        }
    }

    /// What is done by hand; `find` is what `p` copies for it.
    fn by_hand(kind: &'static str, show: &str, find: Option<&str>) -> Self {
        Self {
            kind,
            copy: None,
            find: find.filter(|find| !find.trim().is_empty()).map(|find| for_clipboard(find).into_owned()),
            show: for_display_lines(show).into_owned(),
        }
    }
}

impl Desk {
    /// The text of a task, ready to be copied, in the language people are answered in by default.
    pub(crate) fn task_text(&self, task: &Task) -> Result<TaskText, DeskError> {
        self.task_text_in(task, None, Lang::default())
    }

    /// The text of a task with its sentences in a language; `now` is for what caps say to a copy.
    pub(super) fn task_text_in(
        &self,
        task: &Task,
        now: Option<Timestamp>,
        lang: Lang,
    ) -> Result<TaskText, DeskError> {
        let text = self.unwarned_text(task, lang)?;
        Ok(TaskText { warnings: self.text_warnings(task, &text.parts, now, lang)?, ..text })
    }

    /// The text without what is to be seen before it is copied.
    pub(in crate::desk) fn unwarned_text(&self, task: &Task, lang: Lang) -> Result<TaskText, DeskError> {
        let (made, blocked) = self.parts(task, lang)?;
        let parts: Vec<PartView> = made
            .into_iter()
            .take(PARTS_MAX)
            .enumerate()
            .map(|(place, mut part)| PartView {
                kind: part.kind.to_owned(),
                written: if blocked.is_some() { part.copy.take() } else { None },
                copy: part.copy,
                find: part.find,
                show: part.show,
                done: task.status.parts_done & (1 << place) != 0,
            })
            .collect();
        let applied = self.step_of(task);
        let step = applied.as_ref().and_then(|(playbook, position)| playbook.step(*position));
        let asked = blocked.as_ref().is_some_and(|(variable, _)| {
            let asks = applied.iter().flat_map(|(playbook, _)| &playbook.asks);
            asks.into_iter().any(|ask| for_display(&ask.key) == *variable)
        });
        // asked before the copy, until somebody has said
        let check = step.and_then(|step| step.check).filter(|_| task.status.checked.is_none());
        let answers = step.map(|step| step.answers.iter().map(|answer| clean(&answer.say)));
        Ok(TaskText {
            task: task.id,
            warnings: Vec::new(),
            parts,
            blocked,
            asked,
            check: check.map(|check| check.word().to_owned()),
            answers: answers.map(Iterator::collect).unwrap_or_default(),
            search_term: self.search_term(task)?,
        })
    }

    /// True for a task whose text cannot be filled: a variable is empty, unasked or unknown.
    pub(super) fn lacks_something(&self, task: TaskId) -> bool {
        // what cannot be read blocks nothing; whoever opens it is told that the index is broken
        let Ok(Some(task)) = self.store.task(task) else { return false };
        self.parts(&task, Lang::default()).is_ok_and(|(_, blocked)| blocked.is_some())
    }

    fn parts(&self, task: &Task, lang: Lang) -> Result<(Vec<Made>, Option<(String, String)>), DeskError> {
        let edited = task.status.edited.as_deref();
        let one = |made: Made| Ok((vec![made], None));
        let sent = self.touch_that_sent(task)?;
        match &task.kind {
            TaskKind::Step { .. } => self.step_parts(task, sent.as_ref(), lang),
            TaskKind::FollowUp { .. } | TaskKind::Correction { .. } if sent.is_some() => {
                one(Made::text(sent.as_ref().map_or("", |touch| &touch.text)))
            }
            TaskKind::FollowUp { words } => match edited {
                Some(text) => self.written(task, text, lang),
                // what a rule wants followed up has no words of a human
                None if words.is_empty() => {
                    let words = crate::desk::words::Words::FollowUp.text(lang);
                    one(Made::by_hand("text", words, None))
                }
                None => self.written(task, words, lang),
            },
            TaskKind::Correction { words, .. } => self.written(task, edited.unwrap_or(words), lang),
            TaskKind::Ask { playbook, key, .. } => {
                let what = format!("{} {key}", self.title(playbook));
                one(Made::by_hand("text", &ViewWords::Ask.fill(lang, &[("what", &what.trim())]), None))
            }
            TaskKind::Upkeep { group, what } => {
                one(Made::by_hand("text", &self.upkeep_words(*group, *what, lang), None))
            }
            TaskKind::AddFriend { member } => {
                let member = self.store.member(*member)?;
                let name = member.as_ref().map(|m| m.called().to_owned()).unwrap_or_default();
                let find = member.as_ref().and_then(|member| {
                    let handle = member.handles.first().map(|handle| handle.id.as_str());
                    Some(member.phone.as_str()).filter(|phone| !phone.is_empty()).or(handle)
                });
                let show = ViewWords::AddFriend.fill(lang, &[("who", &name)]);
                let mut made = Made::by_hand("text", &show, Some(find.unwrap_or(&name)));
                let Some(text) = edited else { return one(made) };
                let (mut typed, why) = self.written(task, text, lang)?;
                made.copy = typed.pop().and_then(|typed| typed.copy);
                Ok((vec![made], why))
            }
        }
    }

    /// What is to be done about a group, with how many are in it.
    pub(in crate::desk) fn upkeep_words(&self, group: GroupId, what: Upkeep, lang: Lang) -> String {
        let group = self.store.columns.groups.by_id(group).map(|group| &group.body);
        let heads =
            group.map_or_else(String::new, |group| match (group.head_count, self.capacity_of(group)) {
                (None, 0) => "?".to_owned(),
                (Some(heads), 0) => heads.to_string(),
                (None, most) => format!("?/{most}"),
                (Some(heads), most) => format!("{heads}/{most}"),
            });
        let words = match what {
            Upkeep::NearlyFull => ViewWords::NearlyFull,
            Upkeep::Full => ViewWords::GroupFull,
            Upkeep::Qr => ViewWords::RenewQr,
        };
        words.fill(lang, &[("heads", &heads)])
    }

    /// A text filled for what a task is about, or why it cannot be.
    pub(super) fn filled(
        &self,
        task: &Task,
        text: &str,
        lang: Lang,
    ) -> Result<Result<String, String>, DeskError> {
        self.filled_as(task, None, text, &[], lang)
    }

    /// A text of a playbook as it will read for a task of it that is not made yet, or why it cannot be filled; `given` is
    /// what is answered for it beside the playbook's forms.
    pub(in crate::desk) fn previewed(
        &self,
        task: &Task,
        playbook: &Playbook,
        text: &str,
        given: &[(String, String)],
        lang: Lang,
    ) -> Result<Result<String, String>, DeskError> {
        self.filled_as(task, Some(playbook), text, given, lang)
    }

    fn filled_as(
        &self,
        task: &Task,
        playbook: Option<&Playbook>,
        text: &str,
        given: &[(String, String)],
        lang: Lang,
    ) -> Result<Result<String, String>, DeskError> {
        let shown = |block: &RenderBlock| self.blocked(task, block, lang).1;
        let text = match self.whole(text, lang) {
            Ok(text) => text,
            Err(block) => return Ok(Err(shown(&block))),
        };
        if !has_variables(&text) {
            return Ok(Ok(text.into_owned()));
        }
        let mut variables = self.variables(task, playbook, &[&text])?;
        for (key, answer) in given {
            variables.set(key, answer);
        }
        Ok(self.render(&text, &variables).map_err(|block| shown(&block)))
    }

    /// The same where it is about nobody: what the store itself says can still be filled in.
    pub(super) fn filled_for_nobody(&self, text: &str, lang: Lang) -> Result<String, String> {
        let text = &*self.whole(text, lang).map_err(|block| for_display(&block.show(lang)).into_owned())?;
        if !has_variables(text) {
            return Ok(text.to_owned());
        }
        let mut variables = Variables::default();
        for name in ["name", "member", "group", "me", "account", "last_product", "last_order", "next_buy"] {
            variables.set(name, "");
        }
        variables.set("shop", &self.store.columns.rules.shop);
        self.render(text, &variables).map_err(|block| for_display(&block.show(lang)).into_owned())
    }

    /// What somebody has typed: a name in braces is filled in as in the texts of playbooks.
    fn written(
        &self,
        task: &Task,
        text: &str,
        lang: Lang,
    ) -> Result<(Vec<Made>, Option<(String, String)>), DeskError> {
        let whole = match self.whole(text, lang) {
            Ok(whole) => whole,
            Err(block) => return Ok((vec![Made::text(text)], Some(self.blocked(task, &block, lang)))),
        };
        let text = &*whole;
        if !has_variables(text) {
            return Ok((vec![Made::text(text)], None));
        }
        let variables = self.variables(task, None, &[text])?;
        Ok(match self.render(text, &variables) {
            Ok(filled) => (vec![Made::text(&filled)], None),
            Err(block) => (vec![Made::text(text)], Some(self.blocked(task, &block, lang))),
        })
    }

    /// The parts of a step: as they were said where it was sent, else filled.
    fn step_parts(
        &self,
        task: &Task,
        sent: Option<&Touch>,
        lang: Lang,
    ) -> Result<(Vec<Made>, Option<(String, String)>), DeskError> {
        let edited = task.status.edited.as_deref();
        let Some((playbook, position)) = self.step_of(task) else {
            return match (sent, edited) {
                (Some(touch), _) => Ok((vec![Made::text(&touch.text)], None)),
                (None, Some(edited)) => self.written(task, edited, lang),
                (None, None) => {
                    Ok((Vec::new(), Some((String::new(), ViewWords::NoStep.text(lang).to_owned()))))
                }
            };
        };
        let Some(step) = playbook.step(position) else { return Ok((Vec::new(), None)) };
        let variant = match &task.kind {
            TaskKind::Step { variant, .. } => usize::from(*variant),
            _ => 0,
        };
        let mut templates: Vec<&str> = step.parts.iter().filter_map(|part| template(part, variant)).collect();
        templates.extend(edited);
        templates.extend(task.status.edited_texts.iter().map(|(_, edited)| edited.as_str()));
        // What they ask for is looked up with what they include; one that cannot be put in blocks where it is rendered.
        let wholes: Vec<Cow<'_, str>> =
            templates.iter().map(|text| self.whole(text, lang).unwrap_or(Cow::Borrowed(text))).collect();
        let asked: Vec<&str> = wholes.iter().map(|text| &**text).collect();
        let variables = self.variables(task, Some(&playbook), &asked)?;
        let mut why = None;
        let mut rendered = |template: &str| match self
            .whole(template, lang)
            .and_then(|whole| self.render(&whole, &variables))
        {
            Ok(text) => text,
            Err(block) => {
                why.get_or_insert(self.blocked(task, &block, lang));
                template.to_owned()
            }
        };
        let mut made = Vec::with_capacity(step.parts.len());
        let mut edit = edited;
        let mut texts = 0_u16..;
        let mut whole = sent.filter(|touch| touch.said.is_empty()).map(|touch| touch.text.as_str());
        for (place, part) in step.parts.iter().enumerate() {
            let text = template(part, variant);
            let said = sent.and_then(|touch| touch.said.get(place)).map(String::as_str);
            // a part that was ticked by itself says what it said then
            let said = said.or_else(|| task.status.ticked(place).filter(|_| sent.is_none()));
            let nth = matches!(part, Part::Text(_)).then(|| texts.next()).flatten();
            let other = nth.filter(|nth| *nth > 0).and_then(|nth| task.status.edited_text(nth));
            let mut filled = || match said {
                Some(said) => said.to_owned(),
                None => rendered(text.unwrap_or_default()),
            };
            made.push(match part {
                Part::Text(_) if said.is_some() => {
                    // an edit is of the first text, whether it was said as edited or before
                    edit = None;
                    Made::text(&filled())
                }
                Part::Text(_) if sent.is_some() => match whole.take() {
                    // which of it was said by which part was not kept: all of it by the first
                    Some(text) => Made::text(text),
                    None => continue,
                },
                Part::Text(_) => match edit.take().or(other) {
                    Some(edited) if has_variables(edited) => Made::text(&rendered(edited)),
                    Some(edited) => Made::text(edited),
                    None => Made::text(&filled()),
                },
                Part::Notice(_) if task.via == Via::Internal => {
                    // work of our own is announced in no group
                    let text = filled();
                    Made::by_hand("text", &text, Some(&text))
                }
                Part::Notice(_) => {
                    let text = filled();
                    let show = ViewWords::Notice.fill(lang, &[("text", &text)]);
                    Made::by_hand("notice", &show, Some(&text))
                }
                Part::Jielong(_) => {
                    let text = filled();
                    let show = ViewWords::Jielong.fill(lang, &[("text", &text)]);
                    Made::by_hand("jielong", &show, Some(&text))
                }
                Part::Mention(_) => {
                    let all = filled();
                    // Every name is needed to mention them all, however many there are.
                    let template = text.unwrap_or_default();
                    let found = Some(self.found_names(&task.members))
                        .filter(|names| variable_of(template) == "members" && !names.is_empty());
                    let given = found.as_deref().or_else(|| given_names(template, &variables));
                    let given = given.filter(|_| said.is_none());
                    let names = given.map_or(all, |names| names.join("、"));
                    let somebody = Some(names.as_str()).filter(|names| !is_nothing(names));
                    // it was answered that there is nobody
                    let nobody = ViewWords::MentionNobody.text(lang).to_owned();
                    let show =
                        somebody.map_or(nobody, |names| ViewWords::Mention.fill(lang, &[("names", &names)]));
                    Made::by_hand("mention", &show, somebody)
                }
                Part::Image(path) => {
                    let show = ViewWords::Image.fill(lang, &[("path", path)]);
                    Made::by_hand("image", &show, Some(path))
                }
                Part::File(path) => {
                    let show = ViewWords::File.fill(lang, &[("path", path)]);
                    Made::by_hand("file", &show, Some(path))
                }
                Part::Forward { place, find, label } => {
                    let show = if place.is_empty() {
                        ViewWords::Forward.fill(lang, &[("label", label), ("find", find)])
                    } else {
                        let values: [(&str, &dyn std::fmt::Display); 3] =
                            [("label", label), ("find", find), ("place", place)];
                        ViewWords::ForwardFrom.fill(lang, &values)
                    };
                    Made::by_hand("forward", &show, Some(find))
                }
                Part::RedPacket { amount } => {
                    let show = ViewWords::RedPacket.fill(lang, &[("amount", amount)]);
                    Made::by_hand("redpacket", &show, None)
                }
            });
        }
        if made.is_empty() && !step.note.is_empty() {
            // internal work is said by its note alone
            made.push(Made::by_hand("text", &self.note_of(task, &playbook, step, lang)?, None));
        }
        // what was sent lacks nothing any more
        Ok((made, why.filter(|_| sent.is_none())))
    }

    /// A step's note to whoever does it, filled like a text. It holds nothing up: a variable that nothing fills is named in
    /// its place, and what is no template stands as it is written.
    pub(super) fn note_of(
        &self,
        task: &Task,
        playbook: &Playbook,
        step: &Step,
        lang: Lang,
    ) -> Result<String, DeskError> {
        let Ok(whole) = self.whole(&step.note, lang) else { return Ok(step.note.clone()) };
        if !has_variables(&whole) {
            return Ok(whole.into_owned());
        }
        Ok(self.filled_in(task, playbook, &whole, lang)?.unwrap_or_else(|| step.note.clone()))
    }

    /// A text with what is not known named in its place; none where it cannot be filled at all.
    pub(super) fn filled_in(
        &self,
        task: &Task,
        playbook: &Playbook,
        whole: &str,
        lang: Lang,
    ) -> Result<Option<String>, DeskError> {
        let mut variables = self.variables(task, Some(playbook), &[whole])?;
        for _ in 0..LACKS_MAX {
            match self.render(whole, &variables) {
                Ok(filled) => return Ok(Some(filled)),
                Err(RenderBlock { variable: Some(variable), .. }) => {
                    let lacks = ViewWords::Lacks.fill(lang, &[("variable", &variable)]);
                    // a list of one is printed as a text is, and can be gone through where a list is wanted
                    variables.set_names(&variable, vec![lacks]);
                }
                Err(_) => break,
            }
        }
        Ok(None)
    }

    /// Whether a task that was sent would say something else, were it said now.
    pub(in crate::desk) fn would_say_otherwise(&self, task: &Task) -> Result<bool, DeskError> {
        let Some(touch) = self.touch_that_sent(task)? else { return self.ticked_would(task) };
        let status = TaskStatus { state: TaskState::Due, ..task.status.clone() };
        let (made, blocked) = self.parts(&Task { status, ..task.clone() }, Lang::default())?;
        if blocked.is_some() {
            return Ok(true);
        }
        if touch.said.is_empty() {
            let copied: Vec<&str> = made.iter().filter_map(|part| part.copy.as_deref()).collect();
            return Ok(copied.join("\n") != touch.text);
        }
        let said = made.iter().map(|part| part.copy.as_deref().or(part.find.as_deref()).unwrap_or_default());
        Ok(!said.eq(touch.said.iter().map(String::as_str)))
    }

    /// Whether a part that was ticked by itself would say something else, were it said now.
    fn ticked_would(&self, task: &Task) -> Result<bool, DeskError> {
        if task.status.state == TaskState::Sent || task.status.copied.is_empty() {
            return Ok(false);
        }
        let status = TaskStatus { copied: Vec::new(), ..task.status.clone() };
        let (made, _) = self.parts(&Task { status, ..task.clone() }, Lang::default())?;
        let ticked = made.iter().enumerate().filter_map(|(at, part)| Some((part, task.status.ticked(at)?)));
        let mut now = ticked.map(|(part, said)| (part.copy.as_deref().or(part.find.as_deref()), said));
        Ok(now.any(|(now, said)| now != Some(said)))
    }

    /// The touch that a task was sent by, where it tells what was said.
    pub(in crate::desk) fn touch_that_sent(&self, task: &Task) -> Result<Option<Touch>, DeskError> {
        if task.status.state != TaskState::Sent {
            return Ok(None);
        }
        for (_, key) in self.store.bodies.range(&keys::touches_of(task.id), &[], TOUCHES_READ)? {
            let touch = self.store.bodies.read::<Touch>(&key)?;
            if let Some(touch) = touch.filter(|touch| !touch.duplicate) {
                return Ok(Some(touch).filter(|touch| !touch.text.is_empty() || !touch.said.is_empty()));
            }
        }
        Ok(None)
    }

    fn render(&self, template: &str, variables: &Variables) -> Result<String, RenderBlock> {
        self.views.renderer.borrow_mut().render(template, variables)
    }

    /// The names that a step mentions one by one.
    pub(super) fn mentions(&self, task: &Task) -> Result<Vec<String>, DeskError> {
        let Some((playbook, position)) = self.step_of(task) else { return Ok(Vec::new()) };
        let Some(step) = playbook.step(position) else { return Ok(Vec::new()) };
        let sent = self.touch_that_sent(task)?;
        let mut names: Vec<String> = Vec::new();
        for (place, part) in step.parts.iter().enumerate() {
            let Part::Mention(template) = part else { continue };
            let said = sent.as_ref().and_then(|touch| touch.said.get(place)).map(String::as_str);
            if let Some(said) = said.or_else(|| task.status.ticked(place)) {
                names.extend(list_items(said));
                continue;
            }
            if variable_of(template) == "members" {
                names.extend(self.found_names(&task.members));
                continue;
            }
            let variables = self.variables(task, Some(&playbook), &[template])?;
            match given_names(template, &variables) {
                Some(given) => names.extend(given.iter().cloned()),
                None => {
                    if let Ok(text) = self.render(template, &variables) {
                        names.extend(list_items(&text));
                    }
                }
            }
        }
        // an answer that says in words that there is nobody names nobody
        names.retain(|name| !is_nothing(name));
        if names.is_empty() {
            names = self.found_names(&task.members);
        }
        Ok(names.iter().map(|name| for_clipboard(name).replace('\n', " ")).collect())
    }

    /// 查找词: what finds the chat that a task is said in, and no other; cleaned for the clipboard, one line.
    pub(super) fn search_term(&self, task: &Task) -> Result<String, DeskError> {
        // a chore that is about somebody is done where they are found: their moments, their chat
        let about_nobody = !matches!(task.target, Target::Member(_));
        let own = matches!(task.kind, TaskKind::Step { .. }) && task.via == Via::Internal && about_nobody;
        if own || matches!(task.kind, TaskKind::Ask { .. }) {
            // a form is filled in here and a chore is done here: there is no chat to look for
            return Ok(String::new());
        }
        let columns = &self.store.columns;
        let of_group = |id| {
            columns.groups.by_id(id).map(|group| {
                let group = &group.body;
                if group.search_term.is_empty() { &group.name } else { &group.search_term }
            })
        };
        let term: Cow<'_, str> = match (task.target, task.group) {
            (Target::Member(id), group) => {
                if let (Some(group), true) = (group.and_then(of_group), task.via == Via::Group) {
                    Cow::Borrowed(group)
                } else {
                    let contact = match task.status.account {
                        Some(account) => self.store.bodies.read::<Contact>(&keys::contact(id, account))?,
                        None => None,
                    };
                    match contact.as_ref().and_then(Contact::own_term) {
                        Some(term) => Cow::Owned(term.to_owned()),
                        None => Cow::Borrowed(columns.members.by_id(id).map_or("", |member| member.name())),
                    }
                }
            }
            (Target::Group(id), _) | (Target::Account(_), Some(id)) => {
                Cow::Borrowed(of_group(id).map_or("", String::as_str))
            }
            (Target::Account(_), None) => Cow::Borrowed(""),
        };
        Ok(for_clipboard(&term).replace('\n', " "))
    }

    /// The title of a playbook's current version, cleaned; its id where it has none.
    pub(in crate::desk) fn title(&self, playbook: &PlaybookId) -> String {
        let column = self.store.columns.playbooks.get(playbook);
        let title = column.map_or(playbook.0.as_str(), |column| &column.title);
        clean(title)
    }
}

/// Whether a text that was typed speaks of something to be filled in.
pub(in crate::desk) fn has_variables(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// The variable that a template is about, where it is nothing else.
fn variable_of(template: &str) -> &str {
    template.trim().trim_start_matches("{{").trim_end_matches("}}").trim()
}

/// The names that a template of one variable stands for.
fn given_names<'a>(template: &str, variables: &'a Variables) -> Option<&'a [String]> {
    match variables.get(variable_of(template)) {
        Some(Given::Names(names)) => Some(names),
        _ => None,
    }
}

/// The template of a part that says something, in the wording the task has.
pub(in crate::desk) fn template(part: &Part, variant: usize) -> Option<&str> {
    match part {
        Part::Text(wordings) => wordings.get(variant).or_else(|| wordings.first()).map(String::as_str),
        Part::Notice(text) | Part::Jielong(text) | Part::Mention(text) => Some(text),
        _ => None,
    }
}
