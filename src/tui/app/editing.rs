//! A playbook's text to the user's editor and back: what it would do, and for whom to apply it.

use super::super::drafts::Draft;
use super::super::event::{Effect, FromEditor};
use super::super::popup::{Choice, Item, Menu, Popup};
use super::super::state::{Detail, Pending, State, Tone};
use super::super::words::Words;
use super::playbook::OfPlaybook;
use crate::book::PlaybookId;
use crate::door::detail::{NextChange, NextStep, SopDiff, Standing};
use crate::door::request::Request;
use crate::door::{Refusal, Reply};

/// Lines of each kind that stand above the choices after an edit: in a small window more would hide them.
const TOLD: usize = 4;

crate::words! {
    pub(in crate::tui) enum EditingWords {
        Outside { n } => [
            "其中 {n} 个不再符合人群: 还在里面, 轮到的跳过不发", "其中 {n} 個不再符合人群: 還在裡面, 輪到的跳過不發",
            "{n} of them leave the audience: they stay in it, what falls due is skipped"],
        Stopped { n, names } => [
            "其中 {n} 个马上按停止规则停: {names}", "其中 {n} 個馬上按停止規則停: {names}", "{n} of them are stopped at once: {names}"],
        Skipped { n, names } => [
            "其中 {n} 个的下一步不会发: {names}", "其中 {n} 個的下一步不會發: {names}", "the next step of {n} of them is not said: {names}"],
        OpenStopped { n } => [
            "所属的人停了: 取消 {n} 条待发", "所屬的人停了: 取消 {n} 條待發", "{n} open tasks are cancelled: who they are for is stopped"],
        Until { next, until } => ["{next} (到 {until})", "{next} (到 {until})", "{next} (until {until})"],
        NoEnd { next } => ["{next} (不限到期)", "{next} (不限到期)", "{next} (no end)"],
        Unsaid { next, why } => ["{next} (不发: {why})", "{next} (不發: {why})", "{next} (not said: {why})"],
        Kept { edit } => [
            "还没生效, 改动先留着: {edit} 接着改", "還沒生效, 改動先留著: {edit} 接著改",
            "nothing was applied, your changes are kept: {edit} edits on"],
        Dropped => ["改动已放弃", "改動已放棄", "your changes are dropped"],
        HalfDone => ["上次改了一半", "上次改了一半", "an edit was begun and not applied"],
        BeganOn { version } => ["从第 {version} 版改起的", "從第 {version} 版改起的", "it began on version {version}"],
        MovedOn { version, now } => [
            "从第 {version} 版改起, 之后有人改到了第 {now} 版: 生效会盖掉那些改动, 先看和第 {now} 版的差别",
            "從第 {version} 版改起, 之後有人改到了第 {now} 版: 生效會蓋掉那些改動, 先看和第 {now} 版的差別",
            "it began on version {version}, and version {now} runs by now: applying it takes those changes back, look at the difference first"],
        GoOn => ["接着改", "接著改", "edit on"],
        Look => ["看和正在用的差别", "看和正在用的差別", "show how it differs from what runs"],
        Anew => ["放弃, 从正在用的改起", "放棄, 從正在用的改起", "drop it, begin with what runs"],
        NotKept { why } => [
            "改动没能存下来, 退出就没有了: {why}", "改動沒能存下來, 退出就沒有了: {why}", "the edit could not be kept, it is lost with the screen: {why}"],
        AllChanges { n } => ["全部改动 ({n} 处)", "全部改動 ({n} 處)", "all changes ({n})"],
    }
}

/// A playbook's text as it came back from an editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub playbook: PlaybookId,
    pub toml: String,
    /// The version that it was laid beside.
    pub against: u32,
}

impl Edited {
    pub(super) fn file(&self) -> String {
        format!("{}.toml", self.playbook)
    }
}

impl State {
    /// Opens the text of the playbook in the user's editor.
    pub(super) fn edit_playbook(&mut self) {
        let Some((playbook, _)) = self.playbook_here() else { return };
        let opened = self.board().and_then(|board| board.shown.as_ref());
        let opened = opened.map(|shown| (shown.toml.clone(), shown.line.version));
        let text = opened.or_else(|| match self.shown_detail() {
            Some(Detail::Sop(sop)) if sop.line.id == playbook => Some((sop.toml.clone(), sop.line.version)),
            _ => None,
        });
        let Some((text, version)) = text else { return self.tell(Tone::Info, Words::Waiting) };
        match self.unapplied.get(&playbook).cloned() {
            Some((toml, began_on)) => {
                let edited = Edited { playbook, toml, against: version };
                self.offer_draft(edited, began_on, text);
            }
            None => self.begin_edit(playbook, text, version),
        }
    }

    /// Opens a version of a playbook in the user's editor.
    pub(super) fn begin_edit(&mut self, playbook: PlaybookId, text: String, version: u32) {
        self.begun_on = version;
        self.effect(Effect::Edit { playbook, text });
    }

    /// An edit was begun before and not applied: whether to go on with it, or to begin with what runs.
    fn offer_draft(&mut self, edited: Edited, began_on: u32, runs: String) {
        let of = |what| Choice::OfPlaybook(Box::new(what));
        let (playbook, version) = (edited.playbook.clone(), edited.against);
        let say = |words: EditingWords| words.text(self.lang).to_owned();
        let moved = began_on > 0 && began_on != version;
        let notes = if moved { self.moved_on(began_on, version) } else { self.began_on(began_on) };
        let items = vec![
            Item::new(say(EditingWords::GoOn), "", of(OfPlaybook::EditAgain(Box::new(edited.clone())))),
            Item::new(say(EditingWords::Look), "", of(OfPlaybook::EditLook(Box::new(edited)))),
            Item::new(say(EditingWords::Anew), "", of(OfPlaybook::EditAnew(playbook, runs, version))),
        ];
        let mut menu = Menu::new(say(EditingWords::HalfDone), items);
        menu.notes = vec![notes];
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    fn moved_on(&self, version: u32, now: u32) -> String {
        EditingWords::MovedOn.fill(self.lang, &[("version", &version), ("now", &now)])
    }

    fn began_on(&self, version: u32) -> String {
        EditingWords::BeganOn.fill(self.lang, &[("version", &version)])
    }

    /// What was kept of edits, from before this screen.
    pub(in crate::tui) fn drafts_read(&mut self, drafts: Vec<Draft>) {
        for Draft { store: _, playbook, began_on, toml } in drafts {
            self.unapplied.entry(playbook).or_insert((toml, began_on));
        }
    }

    pub(in crate::tui) fn draft_lost(&mut self, why: &str) {
        let words = EditingWords::NotKept.fill(self.lang, &[("why", &why)]);
        self.say(Tone::Error, words);
    }

    /// An edit is applied, or nobody wants it: it is kept nowhere.
    fn forget_edit(&mut self, playbook: &PlaybookId) {
        if self.unapplied.remove(playbook).is_some() {
            self.effect(Effect::DropDraft(playbook.clone()));
        }
    }

    /// Asks what a text would do to the version that runs.
    pub(super) fn ask_diff(&mut self, edited: Edited) {
        let request = Request::SopDiff { toml: edited.toml.clone(), file: edited.file() };
        self.ask(request, Pending::Edited(Box::new(edited)));
    }

    /// The editor was closed: what would the text do?
    pub(in crate::tui) fn edited(&mut self, told: FromEditor) {
        self.effect(Effect::Repaint);
        match told {
            // what was opened may have been edited before and not applied yet
            FromEditor::Closed { playbook, text, changed: false }
                if self.unapplied.get(&playbook).is_none_or(|(kept, _)| *kept != text) =>
            {
                self.tell(Tone::Info, Words::EditedSame);
            }
            FromEditor::Closed { playbook, text, .. } => {
                // whatever it was edited again from, it began where it began
                let began_on = self.unapplied.get(&playbook).map_or(self.begun_on, |(_, began_on)| *began_on);
                self.unapplied.insert(playbook.clone(), (text.clone(), began_on));
                let (store, of, toml) = (self.store_id.clone(), playbook.clone(), text.clone());
                let draft = Draft { store, playbook: of, began_on, toml };
                self.effect(Effect::KeepDraft(Box::new(draft)));
                self.ask_diff(Edited { playbook, toml: text, against: 0 });
            }
            FromEditor::Failed { words } => {
                let words = self.fill(Words::EditorFailed, &[("why", &words)]);
                self.say(Tone::Error, words);
            }
        }
    }

    /// What the edited text would do, and for whom to apply it.
    pub(super) fn diff_told(&mut self, edited: &Edited, reply: &Reply) {
        let of = |what| Choice::OfPlaybook(Box::new(what));
        let again = || of(OfPlaybook::EditAgain(Box::new(edited.clone())));
        let began_on = self.unapplied.get(&edited.playbook).map_or(0, |(_, began_on)| *began_on);
        let mut items = Vec::new();
        let (title, notes) = match reply {
            Reply::SopDiff(diff) if diff.is_same() => {
                self.forget_edit(&edited.playbook);
                self.tell(Tone::Info, Words::EditedSame);
                return;
            }
            Reply::SopDiff(diff) => {
                let edited = Edited { against: diff.before, ..edited.clone() };
                let apply = |new_only| of(OfPlaybook::Apply(Box::new(edited.clone()), new_only));
                items.push(Item::new(
                    self.text(Words::ApplyAll),
                    self.fill(Words::SkipUndo, &[]),
                    apply(false),
                ));
                if diff.running > 0 {
                    let note = self.text(Words::ApplyNewNote);
                    items.push(Item::new(self.text(Words::ApplyNew), note, apply(true)));
                }
                let values: [(&str, &dyn std::fmt::Display); 2] =
                    [("title", &diff.title), ("version", &diff.before)];
                let mut notes = self.diff_notes(diff);
                if began_on > 0 && began_on != diff.before {
                    notes.insert(0, self.moved_on(began_on, diff.before));
                }
                if diff.changes.len() > TOLD {
                    let n = diff.changes.len();
                    let label = EditingWords::AllChanges.fill(self.lang, &[("n", &n)]);
                    let all = OfPlaybook::AllChanges(Box::new(edited.clone()), diff.changes.clone());
                    items.push(Item::new(label, "", of(all)));
                }
                (self.fill(Words::DiffTitle, &values), notes)
            }
            Reply::Refused(refusal) => (self.text(Words::EditedWrong).to_owned(), mistakes(refusal)),
            _ => return,
        };
        items.push(Item::new(self.text(Words::EditAgain), "", again()));
        let drop = of(OfPlaybook::EditDrop(edited.playbook.clone()));
        items.push(Item::new(self.text(Words::EditDrop), "", drop));
        let mut menu = Menu::new(title, items);
        // nothing is applied by a key that was meant for the editor
        menu.cursor = menu.items.len().saturating_sub(2);
        menu.notes = notes;
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// A menu was left: an edit that it asks about is not lost by that.
    pub(in crate::tui) fn left_edit(&mut self, menu: &Menu) {
        let edits = |item: &Item| match &item.choice {
            Choice::OfPlaybook(of) => matches!(**of, OfPlaybook::EditAgain(_)),
            _ => false,
        };
        if menu.items.iter().any(edits) {
            let words = self.fill(EditingWords::Kept, &[]);
            self.say(Tone::Info, words);
        }
    }

    /// Throws away an edit that was not applied.
    pub(super) fn drop_edit(&mut self, playbook: &PlaybookId) {
        self.forget_edit(playbook);
        self.say(Tone::Info, EditingWords::Dropped.text(self.lang));
    }

    /// An edit was to be applied: it is kept where it was not.
    pub(super) fn edit_applied(&mut self, playbook: &PlaybookId, reply: &Reply) {
        if matches!(reply, Reply::Done(_)) {
            self.forget_edit(playbook);
        }
        self.say_outcome(reply);
    }

    /// Every change of an edit, a line each; whoever leaves them is asked for whom to apply it again.
    pub(super) fn all_changes(&mut self, edited: &Edited, changes: &[String]) {
        let back = || Choice::OfPlaybook(Box::new(OfPlaybook::EditLook(Box::new(edited.clone()))));
        let items = changes.iter().map(|change| Item::new(change.clone(), "", back())).collect();
        let n = changes.len();
        let mut menu = Menu::new(EditingWords::AllChanges.fill(self.lang, &[("n", &n)]), items);
        menu.digits = false;
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    fn diff_notes(&self, diff: &SopDiff) -> Vec<String> {
        let mut notes: Vec<String> = diff.changes.iter().take(TOLD).cloned().collect();
        if let Some(more) = diff.changes.len().checked_sub(TOLD).filter(|more| *more > 0) {
            notes.push(self.fill(Words::DiffMore, &[("n", &more)]));
        }
        for (stays, words) in [(true, Words::DiffOpenStay), (false, Words::DiffOpenGone)] {
            let these = diff.open.iter().filter(|of| of.stays == stays && !of.stopped);
            let n: u32 = these.map(|of| of.n).sum();
            if n > 0 {
                notes.push(self.fill(words, &[("n", &n)]));
            }
        }
        let stopped: u32 = diff.open.iter().filter(|of| of.stopped).map(|of| of.n).sum();
        if stopped > 0 {
            notes.push(EditingWords::OpenStopped.fill(self.lang, &[("n", &stopped)]));
        }
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("n", &diff.running), ("unchanged", &diff.unchanged), ("changed", &diff.changed)];
        notes.push(self.fill(Words::DiffRunning, &values));
        if diff.outside > 0 {
            notes.push(EditingWords::Outside.fill(self.lang, &[("n", &diff.outside)]));
        }
        for (n, names, words) in [
            (diff.stopped, &diff.stopped_names, EditingWords::Stopped),
            (diff.skipped, &diff.skipped_names, EditingWords::Skipped),
        ] {
            if n > 0 {
                let more = if n as usize > names.len() { " .." } else { "" };
                let names = format!("{}{more}", names.join(", "));
                notes.push(words.fill(self.lang, &[("n", &n), ("names", &names)]));
            }
        }
        notes.extend(diff.next.iter().take(TOLD).map(|change| self.next_change(change)));
        notes.extend(diff.warnings.iter().take(TOLD).cloned());
        notes
    }

    fn next_change(&self, change: &NextChange) -> String {
        let side = |next: &NextStep, reads: &str| {
            let Some(at) = next.at else {
                let finished = || Standing::Finished.label(self.lang).to_owned();
                return if next.why.is_empty() { finished() } else { next.why.clone() };
            };
            let mut said = format!("{reads} {}", self.say_instant(at)).trim_start().to_owned();
            if change.tells_until() {
                said = match next.until {
                    Some(until) => {
                        let until = self.say_instant(until);
                        EditingWords::Until.fill(self.lang, &[("next", &said), ("until", &until)])
                    }
                    None => EditingWords::NoEnd.fill(self.lang, &[("next", &said)]),
                };
            }
            match next.why.as_str() {
                "" => said,
                why if next.unsaid => EditingWords::Unsaid.fill(self.lang, &[("next", &said), ("why", &why)]),
                why => format!("{said} ({why})"),
            }
        };
        let before = side(&change.before, &change.before.reads);
        let after = side(&change.after, change.reads_next());
        format!("  {}: {before} -> {after}", change.name)
    }
}

/// Every mistake of a text, else the one sentence of the refusal.
fn mistakes(refusal: &Refusal) -> Vec<String> {
    if refusal.candidates.is_empty() { vec![refusal.words.clone()] } else { refusal.candidates.clone() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::EditingWords>(), Vec::<String>::new());
    }
}
