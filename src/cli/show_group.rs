//! `qun show` of a group.

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::list::short_time;
use super::show::{coming_lines, comings, extend, facts, past_lines, pasts, tags};
use super::words::Words;
use super::{json, table};
use crate::book::Timestamp;
use crate::door::detail::{CardWords, GroupDetail, OrderView, People};
use crate::door::form::Field;
use crate::door::line::Ref;
use crate::text::lang::Lang;

pub(super) fn group_json(detail: &GroupDetail, zone: Tz) -> Value {
    let mut row = json::group(&detail.line, zone);
    extend(
        &mut row,
        [
            ("note", json!(detail.note)),
            ("orders_today", detail.orders.iter().map(|order| order_json(order, zone)).collect()),
            ("search_term", json!(detail.search_term)),
            ("zone", json!(detail.zone)),
            ("quiet", json!(detail.quiet)),
            ("qr", json!(detail.qr.map(|day| day.to_string()))),
            ("speakers", refs(&detail.speakers)),
            ("new", people(&detail.new)),
            ("left", people(&detail.left)),
            ("silent", people(&detail.silent)),
            ("past", pasts(&detail.past, zone)),
            ("coming", comings(&detail.coming, zone)),
            ("tasks", detail.due.iter().map(|line| json::task(line, None, zone)).collect()),
        ],
    );
    row
}

pub(super) fn group_lines(detail: &GroupDetail, now: Timestamp, zone: Tz, lang: Lang) -> Vec<String> {
    let line = &detail.line;
    let head = format!("{}  {}  {}", line.name, line.state, tags(&line.tags));
    let mut lines = vec![line.id.to_string(), head.trim_end().to_owned()];
    let heads = match (line.head_count, line.capacity) {
        (None, 0) => String::new(),
        (None, capacity) => format!("?/{capacity}"),
        (Some(heads), 0) => heads.to_string(),
        (Some(heads), capacity) => format!("{heads}/{capacity}"),
    };
    let term = Some(&detail.search_term).filter(|term| **term != line.name).cloned();
    lines.extend(facts(
        &[
            (Field::Account, line.account.as_ref().map(|account| account.name.clone()).unwrap_or_default()),
            (Field::HeadCount, heads),
            (Field::Member, line.members.to_string()),
            (Field::SearchTerm, term.unwrap_or_default()),
            (Field::Speakers, names(&detail.speakers)),
            (Field::Zone, detail.zone.clone()),
            (Field::Quiet, detail.quiet.clone()),
            (Field::Qr, detail.qr.map_or_else(String::new, |day| day.to_string())),
        ],
        lang,
    ));
    let of =
        [(CardWords::New, &detail.new), (CardWords::Left, &detail.left), (CardWords::Silent, &detail.silent)];
    lines.extend(of.into_iter().filter_map(|(words, people)| people.said(words, lang)));
    lines.extend(Some(detail.note.clone()).filter(|note| !note.is_empty()));
    if !detail.orders.is_empty() {
        lines.push(Words::OrdersToday.fill(lang, &[("n", &detail.orders.len())]));
        lines.extend(order_lines(&detail.orders, now, zone));
    }
    lines.extend(past_lines(&detail.past, now, zone));
    lines.extend(coming_lines(&detail.coming, now, zone, lang));
    lines
}

fn names<I>(of: &[Ref<I>]) -> String {
    of.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn refs<I: std::fmt::Display>(of: &[Ref<I>]) -> Value {
    Value::Array(of.iter().map(|one| json!({"id": one.id.to_string(), "name": one.name})).collect())
}

/// How many, and the first of them.
fn people(of: &People) -> Value {
    json!({"count": of.count, "first": refs(&of.first)})
}

fn order_json(order: &OrderView, zone: Tz) -> Value {
    json!({
        "at": json::time(order.at, zone), "member": json::refer(&order.member), "text": order.text,
        "amount": order.amount.map(|amount| amount.to_string()),
    })
}

fn order_lines(orders: &[OrderView], now: Timestamp, zone: Tz) -> Vec<String> {
    let row = |order: &OrderView| {
        let amount = order.amount.map_or_else(String::new, |amount| amount.to_string());
        vec![short_time(order.at, now, zone), order.member.name.clone(), order.text.clone(), amount]
    };
    table::aligned(&orders.iter().map(row).collect::<Vec<_>>())
}
