//! What lies ahead: the calendar, and what stands behind one of its days.

use super::super::popup::CampaignForm;
use super::super::popup::calendar::{Calendar, DAYS};
use super::super::popup::campaign::CampaignWords;
use super::super::popup::menu::Filling;
use super::super::popup::{Choice, Item, Menu, Popup};
use super::super::state::{Pending, State};
use super::super::words::Words;
use super::playbook::OfPlaybook;
use crate::book::Timestamp;
use crate::door::campaign::{CampaignView, never_began, playbook_line, texts_lines, waits_lines};
use crate::door::forecast::{DayItem, Range, unlisted_words, unsent_lines};
use crate::door::request::Request;

crate::words! {
    pub(in crate::tui) enum AheadWords {
        Newcomers { n } => ["新来 +{n}", "新來 +{n}", "+{n} new"],
        Expected { n } => ["(估 {n})", "(估 {n})", "({n} expected)"],
        Expectations => [
            "估: 沉默满天数和快用完的, 有人回复或下单就会变", "估: 沉默滿天數和快用完的, 有人回覆或下單就會變",
            "expected: silences and what runs out; whoever replies or orders changes it"],
        Person { name, n, minutes } => ["{name}: {n} 条 约 {minutes} 分钟", "{name}: {n} 條 約 {minutes} 分鐘", "{name}: {n} tasks, about {minutes} min"],
        There { time, zone } => ["(当地 {time} {zone})", "(當地 {time} {zone})", "({time} in {zone})"],
        FillIn { key } => ["填 {key}", "填 {key}", "fill in {key}"],
        NobodyYet => ["未分人", "未分人", "nobody yet"],
        Arrivals { each } => [
            "新来的人按最近 28 天每周最少到最多估: {each}", "新來的人按最近 28 天每週最少到最多估: {each}",
            "newcomers a week, the fewest and the most of the last 28 days: {each}"],
    }
}

impl State {
    /// Opens the calendar on today.
    pub(super) fn calendar(&mut self) {
        let tag = self.ask(Request::Forecast { days: DAYS }, Pending::Popup);
        let today = self.now().day(self.zone);
        self.popups.push(Popup::Calendar(Box::new(Calendar::new(today, tag))));
    }

    /// The campaigns, each with how far it has got.
    pub(super) fn campaigns(&mut self) {
        let tag = self.ask(Request::Campaigns(None), Pending::Popup);
        let mut menu = Menu::new(self.text(Words::CampaignsTitle), Vec::new());
        self.text(Words::CampaignsEmpty).clone_into(&mut menu.empty);
        menu.waiting = Some((tag, Filling::Campaigns));
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// A line for each campaign: its name, from when to when, how much was sent.
    pub(in crate::tui) fn campaign_items(&self, views: &[CampaignView]) -> Vec<Item> {
        let item = |view: &CampaignView| {
            let texts = view.texts.iter().map(|text| &text.funnel);
            let funnels = || view.playbooks.iter().map(|(_, _, funnel)| funnel).chain(texts.clone());
            let sent: u32 = funnels().map(|funnel| funnel.sent).sum();
            let due: u32 = funnels().map(|funnel| funnel.due).sum();
            let state = match view.over {
                true => self.text(Words::CampaignOver),
                false if view.campaign.from > self.now() => CampaignWords::Ahead.text(self.lang),
                false => self.text(Words::CampaignRuns),
            };
            let until = self.say_past(view.campaign.until);
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("state", &state), ("until", &until), ("sent", &sent), ("due", &due)];
            let note = self.fill(Words::CampaignLine, &values);
            let choice = Choice::OfPlaybook(Box::new(OfPlaybook::Campaign(Box::new(view.clone()))));
            Item::new(view.campaign.title.clone(), note, choice)
        };
        let new = Choice::OfPlaybook(Box::new(OfPlaybook::NewCampaign));
        let new = Item::new(CampaignWords::NewOne.text(self.lang), "", new);
        views.iter().map(item).chain([new]).collect()
    }

    /// The forms before a step, and when it is said: 07:00 填 商品 -> 09:30.
    pub(in crate::tui) fn with_asks(&self, asks: &[(Timestamp, String)], at: String) -> String {
        let fill = |(at, key): &(Timestamp, String)| {
            format!("{} {}", self.say_instant(*at), AheadWords::FillIn.fill(self.lang, &[("key", key)]))
        };
        let words: Vec<String> = asks.iter().map(fill).chain([at]).collect();
        words.join(" -> ")
    }

    /// The form of a new campaign, or of one that is changed.
    pub(super) fn campaign_form(&mut self, view: Option<&CampaignView>) {
        if !self.may_write() {
            return;
        }
        let form = match view {
            None => CampaignForm::new(None, self),
            Some(view) => {
                let names: Vec<_> =
                    view.playbooks.iter().map(|(of, ..)| (of.name.clone(), of.id.clone())).collect();
                let people: Vec<u32> = view.waves.iter().map(|wave| wave.people).collect();
                CampaignForm::new(Some((&view.campaign, &names, &people)), self)
            }
        };
        self.popups.push(Popup::Campaign(Box::new(form)));
    }

    /// Which waves a campaign has, how many came, and in a review how far each got.
    fn wave_notes(&self, view: &CampaignView) -> Vec<String> {
        let lang = self.lang;
        let mut notes = Vec::new();
        for (at, (wave, told)) in view.campaign.waves.iter().zip(&view.waves).enumerate() {
            let waits = told.chosen_at.filter(|_| view.campaign.waits(wave) && !view.over);
            let never = never_began(&view.campaign, told, lang);
            let state = match waits {
                Some(at) => CampaignWords::Chosen.fill(lang, &[("at", &self.say_instant(at))]),
                None if never.is_some() => never.unwrap_or_default(),
                None if told.people == 0 => CampaignWords::CameNobody.text(lang).to_owned(),
                None => CampaignWords::Came.fill(lang, &[("n", &told.people)]),
            };
            let filter = match wave.filter.trim() {
                "" => CampaignWords::Everybody.text(lang),
                filter => filter,
            };
            let values: [(&str, &dyn std::fmt::Display); 4] = [
                ("n", &(at + 1)),
                ("at", &self.say_instant(wave.at)),
                ("filter", &filter),
                ("state", &state),
            ];
            notes.push(CampaignWords::WaveHead.fill(lang, &values));
            if waits.is_some() || view.waves.len() == 1 {
                continue;
            }
            for ((playbook, ..), (counts, funnel)) in view.playbooks.iter().zip(&told.playbooks) {
                notes.push(format!("  {}", playbook_line(&playbook.name, *counts, funnel, self.lang)));
            }
        }
        notes
    }

    /// One campaign: the review, and the way to stop it for everybody.
    pub(super) fn campaign_menu(&mut self, view: &CampaignView) {
        let mut notes = self.wave_notes(view);
        for (playbook, counts, funnel) in &view.playbooks {
            notes.push(playbook_line(&playbook.name, *counts, funnel, self.lang));
        }
        notes.extend(texts_lines(view, &|at| self.say_instant(at), self.lang));
        notes.extend(waits_lines(view, self.lang));
        notes.push(CampaignWords::Windows.text(self.lang).to_owned());
        let mut items = vec![Item::new(self.text(Words::Cancel), "", Choice::Close)];
        if !view.over {
            let change = Choice::OfPlaybook(Box::new(OfPlaybook::ChangeCampaign(Box::new(view.clone()))));
            items.push(Item::new(CampaignWords::ChangeOne.text(self.lang), "", change));
            let stop = OfPlaybook::StopCampaign(view.campaign.id.clone());
            let note = self.fill(Words::SkipUndo, &[]);
            items.push(Item::new(self.text(Words::CampaignStop), note, Choice::OfPlaybook(Box::new(stop))));
        }
        let mut menu = Menu::new(view.campaign.title.clone(), items);
        menu.notes = notes;
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    /// Everything about the day under the cursor: what comes, whose accounts, and what will be in the way.
    pub(in crate::tui) fn day_lines(&self, calendar: &Calendar) -> Vec<String> {
        let Some((day, forecast)) = calendar.known(calendar.day).zip(calendar.shown.as_ref()) else {
            return vec![self.text(Words::Waiting).to_owned()];
        };
        let mut lines = vec![self.day_head(calendar)];
        lines.extend(day.items.iter().map(|item| self.item_line(item)));
        if day.items.is_empty() {
            lines.push(self.text(Words::CalendarNothing).to_owned());
        }
        for one in &day.accounts {
            let name = one.account.as_ref().map(|account| account.name.clone());
            let name = name.unwrap_or_else(|| self.text(Words::CalendarNoAccount).to_owned());
            let minutes = one.seconds.div_ceil(60);
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("name", &name), ("holder", &one.holder), ("n", &one.tasks), ("minutes", &minutes)];
            let told = self.fill(Words::CalendarAccount, &values);
            lines.push([told, one.held_words(self.lang)].join("  ").trim_end().to_owned());
        }
        for one in &day.people {
            let name = if one.name.is_empty() { AheadWords::NobodyYet.text(self.lang) } else { &one.name };
            let minutes = one.seconds.div_ceil(60);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("name", &name), ("n", &one.tasks), ("minutes", &minutes)];
            lines.push(AheadWords::Person.fill(self.lang, &values));
        }
        if day.newcomers.high > 0 {
            let each: Vec<String> = forecast
                .arrivals
                .iter()
                .map(|of| format!("{} {}", of.playbook.name, of.weekly.said()))
                .collect();
            lines.push(AheadWords::Arrivals.fill(self.lang, &[("each", &each.join(", "))]));
        }
        lines.extend(unsent_lines(&forecast.unsent, self.lang));
        for cap in forecast.caps.iter().filter(|cap| cap.day == calendar.day) {
            lines.push(cap.fill(Words::CalendarCap, self.lang));
        }
        for (_, name, titles) in forecast.clashes.iter().filter(|(date, ..)| *date == calendar.day) {
            let titles = titles.join(" + ");
            lines.push(self.fill(Words::CalendarClash, &[("name", name), ("titles", &titles)]));
        }
        for missing in &forecast.missing {
            let values: [(&str, &dyn std::fmt::Display); 5] = [
                ("title", &missing.playbook.name),
                ("step", &missing.step),
                ("n", &missing.n),
                ("day", &missing.first.day(self.zone)),
                ("more", &missing.more),
            ];
            lines.push(self.fill(Words::CalendarMissing, &values));
        }
        if day.estimated > 0 {
            lines.push(AheadWords::Expectations.text(self.lang).to_owned());
        }
        lines.push(self.text(Words::CalendarAtMost).to_owned());
        lines.extend(unlisted_words(forecast.unlisted, self.lang));
        lines
    }

    /// The day in one line: date, lunar date, festivals, how much.
    pub(in crate::tui) fn day_head(&self, calendar: &Calendar) -> String {
        let Some(day) = calendar.known(calendar.day) else { return calendar.day.to_string() };
        let off = match day.off {
            Some(true) => self.text(Words::CalendarOff),
            _ => "",
        };
        let minutes = day.seconds.div_ceil(60);
        let much = self.fill(Words::CalendarMuch, &[("n", &day.tasks), ("minutes", &minutes)]);
        let new = match day.newcomers {
            Range { high: 0, .. } => String::new(),
            range => AheadWords::Newcomers.fill(self.lang, &[("n", &range.said())]),
        };
        let much = self.with_expected(much, day.estimated);
        let words = [day.date.to_string(), day.lunar.clone(), day.marks.join(" "), off.to_owned(), much, new];
        let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        words.join("  ")
    }

    /// How many, and of them how many are only expected for that day.
    fn with_expected(&self, n: String, expected: u32) -> String {
        if expected == 0 {
            return n;
        }
        format!("{n} {}", AheadWords::Expected.fill(self.lang, &[("n", &expected)]))
    }

    /// A line of a day's list.
    pub(in crate::tui) fn item_line(&self, item: &DayItem) -> String {
        use chrono::Timelike as _;
        let local = item.at.local(self.zone);
        let what = match &item.playbook {
            Some(playbook) => format!("{} / {}", playbook.name, item.step),
            None => self.text(Words::CalendarOpen).to_owned(),
        };
        let n = self.with_expected(self.fill(Words::Rows, &[("n", &item.n)]), item.estimated);
        let clock = |hour: u32, minute: u32| format!("{hour:02}:{minute:02}");
        let line = format!("{}  {what}  {n}", clock(local.hour(), local.minute()));
        let Ok(zone) = item.zone.parse::<chrono_tz::Tz>() else { return line };
        let there = item.at.local(zone);
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("time", &clock(there.hour(), there.minute())), ("zone", &item.zone)];
        format!("{line}  {}", AheadWords::There.fill(self.lang, &values))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::AheadWords>(), Vec::<String>::new());
    }
}
