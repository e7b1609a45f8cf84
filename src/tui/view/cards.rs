//! Cards: everything about a group, a member, an account or a playbook, section by section.

use super::super::line::Line;
use super::super::state::{Detail, State};
use super::super::theme::Role;
use super::super::words::Words;
use super::preview::{Lines, coming_lines, past_lines, wrapped};
use crate::book::fields::quiet_text;
use crate::book::{TaskState, Timestamp};
use crate::door::detail::{CardWords, ContactView, GroupDetail, MemberDetail, PauseView};
use crate::door::form::Field;
use crate::door::line::{AccountLine, SopLine, TaskLine};
use crate::text::{clean, width};
use crate::tui::app::ahead::AheadWords;
use crate::tui::app::when;

/// The card of a group, member, account or playbook.
pub(super) fn lines(state: &State, line: &Line, columns: usize) -> Lines {
    let mut lines = Lines::new();
    match (line, state.shown_detail()) {
        (_, Some(Detail::Group(group))) => group_lines(state, group, columns, &mut lines),
        (_, Some(Detail::Member(card))) => member_lines(state, card, columns, &mut lines),
        (_, Some(Detail::Sop(sop))) => {
            sop_lines(state, &sop.line, &mut lines);
            if !sop.coming.is_empty() {
                lines.push((Role::Title, state.text(Words::ComingHead).to_owned()));
                for line in state.sop_coming_lines(&sop.coming) {
                    wrapped(state, &line, columns, Role::Text, &mut lines);
                }
            }
            for line in clean::for_display_lines(&sop.toml).lines().take(300) {
                lines.push((Role::Dim, width::truncate(line, columns).into_owned()));
            }
        }
        (_, Some(Detail::Account(account))) => {
            lines.push((
                Role::Text,
                format!("{} {} {}", account.platform.label(state.lang), account.holder, account.health),
            ));
            friends_line(state, account, &mut lines);
            let own = [(Field::Device, &account.device), (Field::Note, &account.note)];
            for (field, said) in own.into_iter().filter(|(_, said)| !said.is_empty()) {
                let words = format!("{}: {said}", field.label(state.lang));
                wrapped(state, &words, columns, Role::Text, &mut lines);
            }
            lines.extend(quiet_words(state, &account.quiet).map(|words| (Role::Dim, words)));
            past_lines(state, &account.past, columns, &mut lines);
        }
        (Line::Playbook(sop), _) => sop_lines(state, sop, &mut lines),
        _ => lines.push((Role::Dim, state.text(Words::Waiting).to_owned())),
    }
    lines
}

/// A group: how full, who speaks in it, its day, who came, who went, who is silent, what was said and comes.
fn group_lines(state: &State, group: &GroupDetail, columns: usize, lines: &mut Lines) {
    let mut heads = Vec::new();
    if let Some(n) = group.line.head_count {
        let capacity =
            if group.line.capacity == 0 { String::new() } else { format!("/{}", group.line.capacity) };
        heads.push(state.fill(Words::Heads, &[("n", &format!("{n}{capacity}"))]));
    }
    heads.push(state.fill(Words::MembersKnown, &[("n", &group.line.members)]));
    wrapped(state, &heads.join("  "), columns, Role::Text, lines);
    let mut voices = Vec::new();
    if let Some(account) = &group.line.account {
        voices.push(state.fill(Words::FromAccount, &[("name", &account.name)]));
    }
    if !group.speakers.is_empty() {
        let names: Vec<&str> = group.speakers.iter().map(|account| account.name.as_str()).collect();
        voices.push(state.fill(Words::CardSpeakers, &[("names", &names.join(", "))]));
    }
    voices.push(state.fill(Words::SearchFor, &[("term", &group.search_term)]));
    wrapped(state, &voices.join("  "), columns, Role::Dim, lines);
    let zone = Some(&group.zone).filter(|zone| !zone.is_empty() && *zone != state.zone.name());
    let qr = group.qr.map(|day| format!("{}: {day}", Field::Qr.label(state.lang)));
    let zone = zone.map(|zone| format!("{}: {zone}", Field::Zone.label(state.lang)));
    let facts: Vec<String> = zone.into_iter().chain(quiet_words(state, &group.quiet)).chain(qr).collect();
    wrapped(state, &facts.join("  "), columns, Role::Dim, lines);
    pause_line(state, group.pause, columns, lines);
    tag_line(state, &group.line.tags, columns, lines);
    wrapped(state, &group.note, columns, Role::Text, lines);
    wrapped(state, &rhythm(state, group), columns, Role::State, lines);
    for (words, people) in
        [(CardWords::New, &group.new), (CardWords::Left, &group.left), (CardWords::Silent, &group.silent)]
    {
        let said = people.said(words, state.lang).unwrap_or_default();
        wrapped(state, &said, columns, Role::Text, lines);
    }
    due_lines(state, &group.due, columns, lines);
    coming_lines(state, &group.coming, columns, lines);
    if !group.orders.is_empty() {
        lines.push((Role::Title, state.fill(Words::OrdersToday, &[("n", &group.orders.len())])));
    }
    for order in &group.orders {
        let amount = order.amount.map(|amount| format!("¥{amount}")).unwrap_or_default();
        let line = format!("{} {} {amount}", order.member.name, order.text);
        lines.push((
            Role::Text,
            width::truncate(state.veiled(&clean::for_display(&line)).trim_end(), columns).into_owned(),
        ));
    }
    if !group.recent.is_empty() {
        lines.push((Role::Title, state.text(Words::CardRecent).to_owned()));
    }
    for (member, kind, at) in group.recent.iter().take(8) {
        lines.push((
            Role::Text,
            format!("{} {} {}", state.say_past(*at), member.name, kind.label(state.lang)),
        ));
    }
    past_lines(state, &group.past, columns, lines);
}

/// How many friends an account has, a warning from nine tenths of what its platform takes.
fn friends_line(state: &State, account: &AccountLine, lines: &mut Lines) {
    let most = account.friends_max.filter(|most| *most > 0);
    let n = most.map_or_else(|| account.friends.to_string(), |most| format!("{}/{most}", account.friends));
    let nearly = most.is_some_and(|most| u64::from(account.friends) * 10 >= u64::from(most) * 9);
    let role = if nearly { Role::Warning } else { Role::Text };
    lines.push((role, state.fill(Words::CardFriendCount, &[("n", &n)])));
}

/// When somebody is not to be disturbed, where they have hours of their own.
fn quiet_words(state: &State, quiet: &str) -> Option<String> {
    (!quiet.is_empty()).then(|| format!("{}: {quiet}", Field::Quiet.label(state.lang)))
}

/// That its playbooks wait, and until when.
fn pause_line(state: &State, pause: Option<PauseView>, columns: usize, lines: &mut Lines) {
    let Some(pause) = pause else { return };
    let words = pause.until.map_or_else(
        || state.fill(Words::CardPaused, &[]),
        |until| state.fill(Words::CardPausedUntil, &[("at", &state.say_instant(until))]),
    );
    wrapped(state, &words, columns, Role::Warning, lines);
}

/// What is said in a group today: when it was, and when it will be.
fn rhythm(state: &State, group: &GroupDetail) -> String {
    let today = state.now().day(state.zone);
    let of_today = |at: &Timestamp| at.day(state.zone) == today;
    let mut beats: Vec<(Timestamp, String)> = Vec::new();
    for past in group.past.iter().filter(|past| of_today(&past.at)) {
        beats.push((past.at, past.what.clone()));
    }
    for task in group.due.iter().filter(|task| of_today(&task.due_at) && task.state.is_open()) {
        beats.push((task.due_at, task.state.label(state.lang).to_owned()));
    }
    for coming in &group.coming {
        for (at, key) in coming.asks.iter().filter(|(at, _)| of_today(at)) {
            beats.push((*at, AheadWords::FillIn.fill(state.lang, &[("key", key)])));
        }
        if let Some(at) = coming.at.filter(of_today) {
            beats.push((at, coming.what(state.lang)));
        }
    }
    if beats.is_empty() {
        return String::new();
    }
    beats.sort();
    let beats: Vec<String> =
        beats.iter().map(|(at, what)| format!("{} {what}", when::clock(*at, state.zone))).collect();
    state.fill(Words::CardToday, &[("beats", &beats.join("  "))])
}

/// A member: who, what they want, what they bought and answered, where we know them, what was said and comes.
fn member_lines(state: &State, card: &MemberDetail, columns: usize, lines: &mut Lines) {
    let member = &card.member;
    let stage = member.stage.map(|stage| stage.label(state.lang)).unwrap_or_default();
    let facts = [member.name.as_str(), stage, member.phone.as_str(), member.needs.as_str()];
    let facts: Vec<&str> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    wrapped(state, &facts.join("  "), columns, Role::Text, lines);
    wrapped(state, &member.aliases.join(" "), columns, Role::Dim, lines);
    pause_line(state, card.pause, columns, lines);
    tag_line(state, &member.tags, columns, lines);
    wrapped(state, &member.note, columns, Role::Text, lines);
    let mut more = Vec::new();
    if let Some(birthday) = &member.birthday {
        more.push(state.fill(Words::CardBirthday, &[("day", &birthday.said(state.lang))]));
    }
    if let Some(referrer) = &card.referrer {
        more.push(state.fill(Words::CardReferrer, &[("name", &referrer.name)]));
    }
    if !member.source.is_empty() {
        more.push(state.fill(Words::CardSource, &[("source", &member.source)]));
    }
    more.extend(quiet_words(state, &quiet_text(&member.quiet)));
    wrapped(state, &more.join("  "), columns, Role::Dim, lines);
    wrapped(state, &sums(state, card), columns, Role::Text, lines);
    // what comes next before where they are: it is what one looks for
    due_lines(state, &card.due, columns, lines);
    coming_lines(state, &card.coming, columns, lines);
    if !card.contacts.is_empty() {
        lines.push((Role::Title, state.text(Words::CardFriends).to_owned()));
    }
    for contact in &card.contacts {
        lines.push((Role::Text, contact_line(state, contact)));
    }
    if !card.groups.is_empty() {
        lines.push((Role::Title, state.text(Words::CardGroups).to_owned()));
    }
    for (group, joined, left) in &card.groups {
        let joined = joined.map(|at| state.say_past(at)).unwrap_or_default();
        let left = left.map(|at| format!(" - {}", state.say_past(at))).unwrap_or_default();
        let role = if left.is_empty() { Role::Text } else { Role::Dim };
        lines.push((role, format!("{} {joined}{left}", group.name)));
    }
    if !card.bought.is_empty() {
        lines.push((Role::Title, state.text(Words::CardBought).to_owned()));
    }
    for (at, text, amount) in &card.bought {
        let amount = amount.map(|amount| format!(" ¥{amount}")).unwrap_or_default();
        let line = format!("{} {text}{amount}", state.say_past(*at));
        lines.push((
            Role::Text,
            width::truncate(&state.veiled(&clean::for_display(&line)), columns).into_owned(),
        ));
    }
    past_lines(state, &card.past, columns, lines);
}

/// Purchases in numbers, when they last answered, and when they last heard of us.
fn sums(state: &State, card: &MemberDetail) -> String {
    let sums = &card.sums;
    let mut said = Vec::new();
    if sums.orders > 0 {
        said.push(state.fill(Words::CardOrders, &[("n", &sums.orders), ("spent", &sums.spent)]));
    }
    if sums.unpicked > 0 {
        said.push(state.fill(Words::CardUnpicked, &[("n", &sums.unpicked)]));
    }
    for (words, at) in [
        (Words::CardLastOrder, sums.last_order_at),
        (Words::CardLastReply, sums.last_reply_at),
        (Words::CardLastTouch, sums.last_touch_at),
    ] {
        if let Some(at) = at {
            said.push(state.fill(words, &[("at", &state.say_past(at))]));
        }
    }
    said.join("  ")
}

fn tag_line(state: &State, tags: &[String], columns: usize, lines: &mut Lines) {
    let tags = tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ");
    wrapped(state, &tags, columns, Role::State, lines);
}

fn sop_lines(state: &State, sop: &SopLine, lines: &mut Lines) {
    lines.push((
        Role::Text,
        format!("{} v{}  {} {}", sop.id, sop.version, sop.steps, state.text(Words::ColumnSteps)),
    ));
}

fn contact_line(state: &State, contact: &ContactView) -> String {
    let since = contact.since.map(|at| state.say_past(at)).unwrap_or_default();
    format!("{}: {} {since} {}", contact.account.name, contact.state.label(state.lang), contact.remark)
}

fn due_lines(state: &State, due: &[TaskLine], columns: usize, lines: &mut Lines) {
    for task in due.iter().take(6) {
        let at = when::due(task.due_at, state.now(), state.zone, state.lang);
        let role = if task.state == TaskState::Due { Role::State } else { Role::Dim };
        let line = format!("{at} {}", clean::for_display(&task.summary));
        lines.push((role, width::truncate(&state.veiled(&line), columns).into_owned()));
    }
}
