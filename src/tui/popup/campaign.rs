//! The form of a campaign: everything the command line asks for, then what it would do, and only then set up.
//!
//! Saving once tries it: whom each wave would take, what it would run into stands below the fields. Saving again, with
//! nothing changed, sets it up or changes it. What has begun of a campaign is told and not asked for.
//!
//! One file because a row's words, its reading and the place of its mistakes go together.

use super::campaign_texts::{self as texts, Of};
use super::field::Field;
use super::{Leaving, Popup, Standing};
use crate::book::{Campaign, PlaybookId, Timestamp, Wave};
use crate::door::campaign::{CampaignTrial, days_lines, trial_line};
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::reply::Suggestion;
use crate::door::request::Request;
use crate::door::{Command, Refusal, Reply, Saw};
use crate::text::lang::Lang;
use crate::tui::key::Key;
use crate::tui::keymap::Context;
use crate::tui::registry::Action;
use crate::tui::state::{Pending, State, Tone};
use crate::tui::words::Words;

crate::words! {
    pub(in crate::tui) enum CampaignWords {
        New => ["新的大促", "新的大促", "a new campaign"],
        Change { title } => ["改大促 {title}", "改大促 {title}", "change {title}"],
        Id => ["编号", "編號", "id"],
        Title => ["名称", "名稱", "title"],
        Playbooks => ["SOP", "SOP", "playbooks"],
        WaveFilter { n } => ["第 {n} 波 谁", "第 {n} 波 誰", "wave {n}: who"],
        WaveAt { n } => ["第 {n} 波 开始", "第 {n} 波 開始", "wave {n}: from"],
        From => ["开始", "開始", "from"],
        Until => ["结束", "結束", "until"],
        Answers => ["统一填表", "統一填表", "answers"],
        IdHint => ["小写字母、数字、连字符, 如 618-2026", "小寫字母、數字、連字號, 如 618-2026", "lower-case letters, digits, hyphens"],
        PlaybooksHint => ["几份用逗号隔开", "幾份用逗號隔開", "several with commas"],
        FilterHint => ["筛选; 空着是所有人", "篩選; 空著是所有人", "a filter; empty is everybody"],
        WaveAtHint => ["到时才选人; 空着没有这一波", "到時才選人; 空著沒有這一波", "people are chosen then; empty: no such wave"],
        FromHint => ["空着是现在", "空著是現在", "empty is now"],
        UntilHint => ["到点全部停下", "到點全部停下", "everything ends then"],
        AnswersHint => ["商品=牛奶 9.9; 截单=21:00", "商品=牛奶 9.9; 截單=21:00", "key=value; key=value"],
        Missing => ["要填", "要填", "is needed"],
        NotKeyValue => ["写成 项目=内容, 几项用分号隔开", "寫成 項目=內容, 幾項用分號隔開", "key=value, several with semicolons"],
        Begun { n, at, people } => ["第 {n} 波 {at} 已开始, 进了 {people} 个, 不再改", "第 {n} 波 {at} 已開始, 進了 {people} 個, 不再改", "wave {n} of {at} has begun with {people} and stays"],
        Hint { complete, save, leave } => ["{complete} 下一项  {save} 先试算  {leave} 取消", "{complete} 下一項  {save} 先試算  {leave} 取消", "{complete} next  {save} try it  {leave} cancel"],
        HintGo { save, leave } => ["再按 {save} 设好  改了要重新试算  {leave} 取消", "再按 {save} 設好  改了要重新試算  {leave} 取消", "{save} again sets it up  a change is tried anew  {leave} cancel"],
        Messages { n } => ["试算, 没有写入: 到结束约 {n} 条", "試算, 沒有寫入: 到結束約 {n} 條", "a trial: about {n} messages until its end"],
        Wave { n, at, people, each } => ["第 {n} 波 {at}: 现在选是 {people} 个 ({each})", "第 {n} 波 {at}: 現在選是 {people} 個 ({each})", "wave {n}, {at}: {people} if chosen now ({each})"],
        Overlap { n } => ["{n} 个已在前面的波", "{n} 個已在前面的波", "{n} are in an earlier wave"],
        Stays { n, why } => ["{n} 次不进: {why}", "{n} 次不進: {why}", "{n} not: {why}"],
        Caps { n, day, name } => ["撞上限 {n} 处, 最早 {day} {name}", "撞上限 {n} 處, 最早 {day} {name}", "{n} caps are hit, first on {day} {name}"],
        NewOne => ["新的大促: 填表, 先试算再设好", "新的大促: 填表, 先試算再設好", "a new campaign: fill it in, try it, set it up"],
        ChangeOne => ["改: 名称, SOP, 还没开始的波, 起止, 统一填表", "改: 名稱, SOP, 還沒開始的波, 起止, 統一填表", "change it: title, playbooks, waves to come, span, answers"],
        Ahead => ["未开始", "未開始", "to come"],
        WaveHead { n, at, filter, state } => ["第 {n} 波 {at}  {filter}  {state}", "第 {n} 波 {at}  {filter}  {state}", "wave {n}, {at}  {filter}  {state}"],
        Everybody => ["所有人", "所有人", "everybody"],
        Chosen { at } => ["{at} 选人", "{at} 選人", "chosen at {at}"],
        Came { n } => ["进了 {n} 个", "進了 {n} 個", "{n} came"],
        TextSays { n } => ["文字 {n}", "文字 {n}", "text {n}"],
        TextTo { n } => ["文字 {n} 给谁", "文字 {n} 給誰", "text {n}: to whom"],
        TextWhere { n } => ["文字 {n} 发到", "文字 {n} 發到", "text {n}: where"],
        TextAt { n } => ["文字 {n} 时间", "文字 {n} 時間", "text {n}: at"],
        TextUntil { n } => ["文字 {n} 过期", "文字 {n} 過期", "text {n}: until"],
        TextFrom { n } => ["文字 {n} 账号", "文字 {n} 帳號", "text {n}: from"],
        TextTitle { n } => ["文字 {n} 名称", "文字 {n} 名稱", "text {n}: title"],
        TextSaysHint => ["另发一条, 写了再填给谁和时间; 换行写 /", "另發一條, 寫了再填給誰和時間; 換行寫 /", "a one-off: write it, then to whom and when; / is a new line"],
        TextToHint => ["筛选", "篩選", "a filter"],
        TextWhereHint => ["成员 (空着也是) 或 群", "成員 (空著也是) 或 群", "members (also if empty) or groups"],
        TextUntilHint => ["空着到大促结束", "空著到大促結束", "empty: with the campaign"],
        TextFromHint => ["空着是认识的那个", "空著是認識的那個", "empty: whichever knows them"],
        TextTitleHint => ["空着用文字开头", "空著用文字開頭", "empty: the beginning of the text"],
        TextBegun { at, text } => ["文字 {at} 已开始, 不再改: {text}", "文字 {at} 已開始, 不再改: {text}", "the text of {at} has begun and stays: {text}"],
        InGroups => ["群", "群", "groups"],
        ToMembers => ["成员", "成員", "members"],
        CameNobody => ["一个也没有进", "一個也沒有進", "nobody came"],
        Windows => [
            "回复算 48 小时内; 成交算 7 天内且在下一条之前, 一单只算一条",
            "回覆算 48 小時內; 成交算 7 天內且在下一條之前, 一單只算一條",
            "replied within 48 h; bought within 7 days and before the next message, a purchase counts once"],
        Clashes { n, day, name } => ["{n} 人次同一天收到几份, 最早 {day} {name}", "{n} 人次同一天收到幾份, 最早 {day} {name}", "{n} times somebody hears from several, first on {day} {name}"],
    }
}

/// Waves of a form that has none yet.
const WAVES: usize = 2;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum What {
    Id,
    Title,
    Playbooks,
    WaveFilter(usize),
    WaveAt(usize),
    From,
    Until,
    Answers,
    Text(usize, Of),
}

/// One row.
#[derive(Clone, Debug)]
pub(in crate::tui) struct Row {
    pub what: What,
    pub typed: Field,
    pub begun: String,
    pub error: Option<String>,
}

/// A campaign being written.
#[derive(Clone, Debug)]
pub struct CampaignForm {
    /// The one that is changed.
    pub(super) known: Option<Campaign>,
    pub(in crate::tui) rows: Vec<Row>,
    pub(in crate::tui) cursor: usize,
    pub(in crate::tui) offers: Vec<Suggestion>,
    pub(in crate::tui) chosen: usize,
    /// Above the fields: what has begun. Below: what it would do.
    pub(in crate::tui) begun: Vec<String>,
    pub(in crate::tui) notes: Vec<String>,
    /// What was tried, while nothing has changed since.
    pub(in crate::tui) tried: Option<Campaign>,
    /// Names as they were chosen.
    pub(super) names: Vec<(String, PlaybookId)>,
    offers_for: Option<u64>,
    trying: Option<(u64, Campaign)>,
    saving: Option<u64>,
    leaving: Leaving,
    /// What the form stands on.
    pub(super) standing: Standing,
}

impl CampaignForm {
    /// An empty form, or one with a campaign to change: its titles, and how many came with each wave.
    pub(in crate::tui) fn new(
        known: Option<(&Campaign, &[(String, PlaybookId)], &[u32])>,
        state: &State,
    ) -> Self {
        let say = |at: Timestamp| at.local(state.zone).format("%Y-%m-%d %H:%M").to_string();
        let names: Vec<(String, PlaybookId)> = known.map(|(_, names, _)| names.to_vec()).unwrap_or_default();
        let mut rows = Vec::new();
        let mut row = |what, text: &str| {
            let (typed, begun) = (Field::new(text), text.to_owned());
            rows.push(Row { what, typed, begun, error: None });
        };
        let campaign = known.map(|(campaign, ..)| campaign);
        if campaign.is_none() {
            row(What::Id, "");
        }
        row(What::Title, campaign.map_or("", |of| &of.title));
        let titles: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        row(What::Playbooks, &titles.join(", "));
        let mut begun = Vec::new();
        let waves: &[Wave] = campaign.map_or(&[], |of| &of.waves);
        let empty = Wave::new(Timestamp(0), String::new());
        let slots = if campaign.is_some() { waves.len() + 1 } else { WAVES };
        for at in 0..slots {
            let wave = waves.get(at);
            if let Some((wave, of)) = wave.zip(campaign).filter(|(wave, of)| !of.waits(wave)) {
                let people = known.and_then(|(.., people)| people.get(at)).copied().unwrap_or(0);
                let values: [(&str, &dyn std::fmt::Display); 3] =
                    [("n", &(at + 1)), ("at", &state.say_past(wave.at)), ("people", &people)];
                let _ = of;
                begun.push(CampaignWords::Begun.fill(state.lang, &values));
                continue;
            }
            row(What::WaveFilter(at), &wave.unwrap_or(&empty).filter);
            row(What::WaveAt(at), &wave.map(|wave| say(wave.at)).unwrap_or_default());
        }
        row(What::From, &campaign.map(|of| say(of.from)).unwrap_or_default());
        row(What::Until, &campaign.map(|of| say(of.until)).unwrap_or_default());
        let answers: Vec<String> = campaign
            .iter()
            .flat_map(|of| &of.answers)
            .map(|(key, value)| format!("{key}={}", value.replace('\n', " / ")))
            .collect();
        row(What::Answers, &answers.join("; "));
        for (what, text) in texts::rows(campaign, state) {
            row(what, &text);
        }
        begun.extend(campaign.map(|of| texts::begun(of, state)).unwrap_or_default());
        Self {
            known: campaign.cloned(),
            rows,
            cursor: 0,
            offers: Vec::new(),
            chosen: 0,
            begun,
            notes: Vec::new(),
            tried: None,
            names,
            offers_for: None,
            trying: None,
            saving: None,
            leaving: Leaving::default(),
            standing: Standing::seen(campaign.map(|of| Saw::Campaign(Box::new(of.clone())))),
        }
    }

    /// Its title.
    pub(in crate::tui) fn heading(&self, lang: Lang) -> String {
        match &self.known {
            Some(known) => CampaignWords::Change.fill(lang, &[("title", &known.title)]),
            None => CampaignWords::New.text(lang).to_owned(),
        }
    }

    /// What stands before a row, and beside it while it is empty.
    pub(in crate::tui) fn label(what: What, lang: Lang) -> (String, &'static str) {
        use CampaignWords as W;
        let n = |words: W, at: usize| words.fill(lang, &[("n", &(at + 1))]);
        let (label, hint) = match what {
            What::Id => (W::Id.text(lang).to_owned(), W::IdHint),
            What::Title => (W::Title.text(lang).to_owned(), W::Title),
            What::Playbooks => (W::Playbooks.text(lang).to_owned(), W::PlaybooksHint),
            What::WaveFilter(at) => (n(W::WaveFilter, at), W::FilterHint),
            What::WaveAt(at) => (n(W::WaveAt, at), W::WaveAtHint),
            What::From => (W::From.text(lang).to_owned(), W::FromHint),
            What::Until => (W::Until.text(lang).to_owned(), W::UntilHint),
            What::Answers => (W::Answers.text(lang).to_owned(), W::AnswersHint),
            What::Text(at, of) => {
                let (words, hint) = of.words();
                return (n(words, at), hint.map_or("", |hint| hint.text(lang)));
            }
        };
        (label, if what == What::Title { "" } else { hint.text(lang) })
    }

    pub(in crate::tui) fn hint(&self, state: &State) -> String {
        let words = if self.tried.is_some() { CampaignWords::HintGo } else { CampaignWords::Hint };
        state.foot(Context::Form, words, &[]).of(self.is_changed()).to_owned()
    }

    fn is_changed(&self) -> bool {
        self.rows.iter().any(|row| row.typed.text() != row.begun)
    }

    pub(super) fn text(&self, what: What) -> &str {
        self.rows.iter().find(|row| row.what == what).map_or("", |row| row.typed.text().trim())
    }

    /// True for what a row began with.
    pub(super) fn is_as_begun(&self, what: What) -> bool {
        self.rows.iter().any(|row| row.what == what && row.typed.text() == row.begun)
    }

    pub(super) fn key(mut self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        let last = self.rows.len().saturating_sub(1);
        let action = state.action_in(Context::Form, key);
        match action {
            Some(Action::Save) => self.save(state),
            Some(action @ (Action::Leave | Action::GiveUp)) => {
                let lost = self.is_changed().then(|| state.fill_in(Context::Form, Words::UnsavedEdit, &[]));
                let words = self.leaving.by(action, lost)?;
                state.say(Tone::Warning, words);
            }
            Some(Action::FieldBack | Action::LineUp) => self.go(self.cursor.saturating_sub(1)),
            Some(Action::Complete | Action::Take) => {
                self.accept_offer();
                if action == Some(Action::Take) && self.cursor == last {
                    self.save(state);
                } else {
                    self.go((self.cursor + 1).min(last));
                }
            }
            Some(Action::LineDown) => self.go((self.cursor + 1).min(last)),
            Some(Action::OfferNext) => {
                self.chosen = (self.chosen + 1).min(self.offers.len().saturating_sub(1));
            }
            Some(Action::OfferPrevious) => self.chosen = self.chosen.saturating_sub(1),
            _ => {
                if self.rows.get_mut(self.cursor).is_some_and(|row| row.typed.key(key)) {
                    self.changed(state);
                }
            }
        }
        Some(Popup::Campaign(self))
    }

    pub(super) fn paste(mut self: Box<Self>, state: &mut State, text: &str) -> Option<Popup> {
        if let Some(row) = self.rows.get_mut(self.cursor) {
            row.typed.paste(text);
        }
        self.changed(state);
        Some(Popup::Campaign(self))
    }

    fn go(&mut self, row: usize) {
        self.cursor = row;
        self.offers.clear();
        self.offers_for = None;
        self.chosen = 0;
    }

    fn changed(&mut self, state: &mut State) {
        self.leaving = Leaving::default();
        self.tried = None;
        self.notes.clear();
        self.offers.clear();
        self.chosen = 0;
        self.open_text(self.cursor);
        let Some(row) = self.rows.get_mut(self.cursor) else { return };
        row.error = None;
        let text = last_name(row.typed.before_cursor()).trim().to_owned();
        if row.what == What::Playbooks && !text.is_empty() {
            let request = Request::Suggest { kinds: vec![Kind::Playbook], text, limit: 5 };
            self.offers_for = Some(state.ask(request, Pending::Popup));
        }
    }

    /// Puts the offered name in place of what was typed of it.
    fn accept_offer(&mut self) {
        let Some(offer) = self.offers.get(self.chosen).cloned() else { return };
        let LineId::Playbook(id) = offer.id else { return };
        if let Some(row) = self.rows.get_mut(self.cursor) {
            let text = row.typed.text().to_owned();
            let kept = text.len() - last_name(&text).len();
            let gap = if kept > 0 { " " } else { "" };
            row.typed.set(&format!("{}{gap}{}", text.get(..kept).unwrap_or_default().trim_end(), offer.name));
        }
        self.names.push((offer.name, id));
        self.offers.clear();
    }

    /// Tries what is written; sets up what was tried.
    fn save(&mut self, state: &mut State) {
        if self.standing.is_unread(state) {
            return;
        }
        for row in &mut self.rows {
            row.error = None;
        }
        if let Some(campaign) = self.tried.clone() {
            let command = match &self.known {
                Some(_) => Command::CampaignEdit { campaign },
                None => Command::CampaignAdd { campaign },
            };
            self.saving = state.command_on(command, self.standing.saw(), Pending::Popup);
            return;
        }
        match self.read(state) {
            Ok(campaign) => {
                let tag = state.ask(Request::CampaignTrial(campaign.clone()), Pending::Popup);
                self.trying = Some((tag, campaign));
                self.notes = vec![state.text(Words::Waiting).to_owned()];
            }
            Err((what, words)) => self.fault(what, words),
        }
    }

    fn fault(&mut self, what: What, words: String) {
        if let Some(at) = self.rows.iter().position(|row| row.what == what) {
            self.go(at);
            if let Some(row) = self.rows.get_mut(at) {
                row.error = Some(words);
            }
        }
    }

    /// The campaign as it is written; else the row that is wrong and why.
    fn read(&self, state: &State) -> Result<Campaign, (What, String)> {
        let needed = |what| (what, CampaignWords::Missing.text(state.lang).to_owned());
        let known = self.known.as_ref();
        let instant = |what, was: Option<Timestamp>| match was.filter(|_| self.is_as_begun(what)) {
            Some(was) => Ok(was),
            None if what == What::Until => state.read_end(self.text(what)).map_err(|words| (what, words)),
            None => state.read_instant(self.text(what)).map_err(|words| (what, words)),
        };
        let id = known.map_or_else(|| self.text(What::Id).to_owned(), |known| known.id.clone());
        if id.is_empty() {
            return Err(needed(What::Id));
        }
        let playbooks: Vec<PlaybookId> = self
            .text(What::Playbooks)
            .split([',', '，', '、', ';', '；'])
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(|name| {
                let chosen = self.names.iter().rev().find(|(known, _)| known == name);
                chosen.map_or_else(|| PlaybookId(name.to_owned()), |(_, id)| id.clone())
            })
            .collect();
        let texts = self.read_texts(state)?;
        if playbooks.is_empty() && texts.is_empty() {
            return Err(needed(What::Playbooks));
        }
        let from = match self.text(What::From) {
            "" => known.map_or(state.now(), |known| known.from),
            _ => instant(What::From, known.map(|known| known.from))?,
        };
        if self.text(What::Until).is_empty() {
            return Err(needed(What::Until));
        }
        let until = instant(What::Until, known.map(|known| known.until))?;
        let waves_of = |known: &Campaign| {
            let begun = known.waves.iter().filter(|wave| !known.waits(wave));
            begun.map(|wave| Wave::new(wave.at, wave.filter.clone())).collect()
        };
        let mut waves: Vec<Wave> = known.map(waves_of).unwrap_or_default();
        let slots = self.rows.iter().filter_map(|row| match row.what {
            What::WaveAt(at) => Some(at),
            _ => None,
        });
        for at in slots {
            let was = known.and_then(|known| known.waves.get(at)).map(|wave| wave.at);
            let filter = state.tabs.sent(self.text(What::WaveFilter(at)), Kind::Member);
            let is_first = waves.is_empty() && at == 0;
            match self.text(What::WaveAt(at)) {
                // the first is as the whole begins
                // texts alone have people of their own
                "" if playbooks.is_empty() && filter.trim().is_empty() => {}
                "" if is_first => waves.push(Wave::new(from, filter)),
                "" if filter.trim().is_empty() => {}
                "" => return Err(needed(What::WaveAt(at))),
                _ => waves.push(Wave::new(instant(What::WaveAt(at), was)?, filter)),
            }
        }
        let mut answers = Vec::new();
        for item in self.text(What::Answers).split([';', '；']).map(str::trim).filter(|item| !item.is_empty())
        {
            let Some((key, value)) = item.split_once(['=', '＝']) else {
                return Err((What::Answers, CampaignWords::NotKeyValue.text(state.lang).to_owned()));
            };
            answers.push((key.trim().to_owned(), value.trim().replace(" / ", "\n")));
        }
        let title = self.text(What::Title);
        let title = if title.is_empty() { id.clone() } else { title.to_owned() };
        Ok(Campaign {
            id,
            title,
            playbooks,
            waves,
            from,
            until,
            answers,
            texts,
            stopped_at: None,
            ended_at: None,
            act: None,
        })
    }

    /// A refusal at the row that it is about.
    fn refused(&mut self, state: &mut State, refusal: &Refusal) {
        let about = refusal.object.as_str();
        let wave = self.rows.iter().map(|row| row.what).find(|what| matches!(what, What::WaveAt(_)));
        let what = match about {
            "until" => Some(What::Until),
            "playbook" => Some(What::Playbooks),
            "wave" => wave,
            text if text.starts_with("text.") => self.row_of_text(text),
            id if self.text(What::Id) == id => Some(What::Id),
            id if self.text(What::Playbooks).contains(id) && !id.is_empty() => Some(What::Playbooks),
            _ => None,
        };
        if let Some(what) = what {
            self.fault(what, refusal.words.clone());
        }
        self.notes = vec![refusal.words.clone()];
        self.notes.extend((!refusal.candidates.is_empty()).then(|| refusal.candidates.join(" ")));
        state.say_refusal(refusal);
    }

    pub(super) fn waits_for(&self, tag: u64) -> bool {
        [self.offers_for, self.saving, self.trying.as_ref().map(|(tag, _)| *tag)].contains(&Some(tag))
    }

    pub(super) fn reply(mut self: Box<Self>, state: &mut State, tag: u64, reply: &Reply) -> Option<Popup> {
        if self.saving == Some(tag) {
            self.saving = None;
            match reply {
                Reply::Refused(refusal) => {
                    self.tried = None;
                    if !self.written_over(state, refusal) {
                        self.refused(state, refusal);
                    }
                    return Some(Popup::Campaign(self));
                }
                done => state.say_outcome(done),
            }
            return None;
        }
        match reply {
            Reply::Suggestions(found) if self.offers_for == Some(tag) => {
                self.offers.clone_from(found);
                self.offers_for = None;
            }
            Reply::CampaignTrial(trial) => {
                if let Some((_, campaign)) = self.trying.take() {
                    self.notes = trial_notes(state, trial);
                    self.tried = Some(campaign);
                }
            }
            Reply::Refused(refusal) => {
                self.trying = None;
                self.refused(state, refusal);
            }
            other => state.say_outcome(other),
        }
        Some(Popup::Campaign(self))
    }
}

/// What a trial found, as sentences.
fn trial_notes(state: &State, trial: &CampaignTrial) -> Vec<String> {
    let lang = state.lang;
    let mut notes = vec![CampaignWords::Messages.fill(lang, &[("n", &trial.messages)])];
    notes.extend(days_lines(trial, lang));
    for (at, wave) in trial.waves.iter().enumerate() {
        let each: Vec<String> = wave.playbooks.iter().map(|(of, n)| format!("{} {n}", of.name)).collect();
        let values: [(&str, &dyn std::fmt::Display); 4] = [
            ("n", &(at + 1)),
            ("at", &state.say_instant(wave.at)),
            ("people", &wave.people),
            ("each", &each.join(", ")),
        ];
        let mut words = vec![CampaignWords::Wave.fill(lang, &values)];
        if wave.overlap > 0 {
            words.push(CampaignWords::Overlap.fill(lang, &[("n", &wave.overlap)]));
        }
        let stays = |(why, n): &(String, u32)| CampaignWords::Stays.fill(lang, &[("n", n), ("why", why)]);
        words.extend(wave.stays.iter().map(stays));
        notes.push(words.join("; "));
    }
    notes.extend(trial.texts.iter().map(|text| trial_line(text, &state.say_instant(text.at), lang)));
    if let Some(cap) = trial.caps.first() {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("n", &trial.caps.len()), ("day", &cap.day), ("name", &cap.name)];
        notes.push(CampaignWords::Caps.fill(lang, &values));
    }
    if let Some((day, name, _)) = trial.clashes.first() {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("n", &trial.clash_count), ("day", day), ("name", name)];
        notes.push(CampaignWords::Clashes.fill(lang, &values));
    }
    notes.extend(trial.warnings.iter().cloned());
    notes
}

/// What stands behind the last comma of a list of names.
fn last_name(text: &str) -> &str {
    text.rsplit([',', '，', '、', ';', '；']).next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::CampaignWords>(), Vec::<String>::new());
    }
}
