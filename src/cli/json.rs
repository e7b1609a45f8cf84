//! What scripts read: a shape of its own, so that the door may change without breaking them.
//!
//! Times are RFC 3339 with the store's offset, ids are whole, things referred to are `{id, name}`.

use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::book::{Product, Timestamp};
use crate::door::compose::is_one_off;
use crate::door::detail::TaskText;
use crate::door::line::{AccountLine, Fact, GroupLine, MemberLine, Ref, SopLine, TaskLine};

pub(super) fn rows(rows: &[Value]) -> Value {
    json!({"schema": 1, "rows": rows})
}

pub(super) fn row(row: &Value) -> Value {
    json!({"schema": 1, "row": row})
}

pub(super) fn time(at: Timestamp, zone: Tz) -> Value {
    Value::String(at.rfc3339(zone))
}

pub(super) fn maybe_time(at: Option<Timestamp>, zone: Tz) -> Value {
    at.map_or(Value::Null, |at| time(at, zone))
}

pub(super) fn refer<I: std::fmt::Display>(thing: &Ref<I>) -> Value {
    json!({"id": thing.id.to_string(), "name": thing.name})
}

pub(super) fn maybe_refer<I: std::fmt::Display>(thing: Option<&Ref<I>>) -> Value {
    thing.map_or(Value::Null, refer)
}

/// The text to send: the first part that is copied; null when there is none or it is blocked.
pub(super) fn text(text: Option<&TaskText>) -> Value {
    let text = text.filter(|text| text.blocked.is_none());
    let parts =
        text.map(|text| text.parts.iter().filter_map(|part| part.copy.as_deref()).collect::<Vec<_>>());
    parts.filter(|parts| !parts.is_empty()).map_or(Value::Null, |parts| Value::String(parts.join("\n")))
}

pub(super) fn product(product: &Product) -> Value {
    json!({
        "id": product.id.to_string(), "name": product.name, "aliases": product.aliases, "unit": product.unit,
        "price": product.price.map(|price| price.to_string()), "days": product.days_of_use,
    })
}

pub(super) fn task(line: &TaskLine, full: Option<&TaskText>, zone: Tz) -> Value {
    json!({
        "id": line.id.to_string(),
        "state": line.state.word(),
        "due_at": time(line.due_at, zone),
        "until": maybe_time(line.until, zone),
        "snoozed_until": maybe_time(line.snoozed_until, zone),
        "group": maybe_refer(line.group.as_ref()),
        "member": maybe_refer(line.member.as_ref()),
        "account": maybe_refer(line.account.as_ref()),
        "playbook": maybe_refer(line.playbook.as_ref()),
        "step": line.step,
        "occurrence": line.occurrence.map(|day| day.to_string()),
        "via": line.via.word(),
        "class": line.class.word(),
        "text": text(full),
        "facts": line.facts.iter().map(|found| fact(found, zone)).collect::<Vec<_>>(),
        "reason": line.reason,
        "assignee": line.assignee,
        "rev": line.rev,
    })
}

/// A fact is an object with its word under `fact`.
fn fact(fact: &Fact, zone: Tz) -> Value {
    match fact {
        Fact::Overdue => json!({"fact": "overdue"}),
        Fact::LateDays(days) => json!({"fact": "late-days", "days": days}),
        Fact::Copied { at, by, parts } => {
            let parts: Vec<u16> = parts.iter().map(|part| part + 1).collect();
            json!({"fact": "copied", "at": time(*at, zone), "by": by, "parts": parts})
        }
        Fact::ChangedSinceCopy => json!({"fact": "changed-since-copy"}),
        Fact::Blocked { variable, words, .. } => {
            json!({"fact": "blocked", "variable": variable, "words": words})
        }
        Fact::NotFriend => json!({"fact": "not-friend"}),
        Fact::NoAccount => json!({"fact": "no-account"}),
        Fact::Held(words) => json!({"fact": "held", "words": words}),
        Fact::Lookalike => json!({"fact": "lookalike"}),
        Fact::Moved { from, why } => json!({"fact": "moved", "from": time(*from, zone), "words": why}),
        Fact::Claimed { by } => json!({"fact": "claimed", "by": by}),
        Fact::Edited => json!({"fact": "edited"}),
        Fact::Unseen => json!({"fact": "unseen"}),
        Fact::Replied(at) => json!({"fact": "replied", "at": time(*at, zone)}),
        Fact::Parts(done, of) => json!({"fact": "parts", "done": done, "of": of}),
        Fact::FollowUp => json!({"fact": "follow-up"}),
        Fact::Correction => json!({"fact": "correction"}),
        Fact::Touched { today, month, of, last_at } => json!({
            "fact": "touched", "today": today, "month": month, "of": of, "last_at": maybe_time(*last_at, zone),
        }),
        Fact::Pace(n) => json!({"fact": "pace", "hour": n}),
        Fact::Upkeep => json!({"fact": "upkeep"}),
        Fact::AddFriend => json!({"fact": "add-friend"}),
        Fact::Ask => json!({"fact": "ask"}),
    }
}

pub(super) fn group(line: &GroupLine, zone: Tz) -> Value {
    json!({
        "id": line.id.to_string(),
        "name": line.name,
        "account": maybe_refer(line.account.as_ref()),
        "platform": line.platform.map(crate::book::Platform::word),
        "state": line.state_word,
        "head_count": line.head_count,
        "capacity": line.capacity,
        "members": line.members,
        "tags": line.tags,
        "due": line.due,
        "overdue": line.overdue,
        "next_at": maybe_time(line.next_at, zone),
    })
}

pub(super) fn member(line: &MemberLine, zone: Tz) -> Value {
    json!({
        "id": line.id.to_string(),
        "name": line.name,
        "remark": line.remark,
        "stage": line.stage.map(crate::book::Stage::word),
        "tags": line.tags,
        "groups": line.groups.iter().map(refer).collect::<Vec<_>>(),
        "group_count": line.group_count,
        "friend_of": line.friend_of.iter().map(refer).collect::<Vec<_>>(),
        "orders": line.orders,
        "spent": line.spent.to_string(),
        "last_reply_at": maybe_time(line.last_reply_at, zone),
        "last_touch_at": maybe_time(line.last_touch_at, zone),
        "due": line.due,
        "paused": line.pause.is_some(),
        "paused_until": maybe_time(line.pause.and_then(|pause| pause.until), zone),
    })
}

pub(super) fn account(line: &AccountLine) -> Value {
    json!({
        "id": line.id.to_string(),
        "name": line.name,
        "platform": line.platform.word(),
        "persona": line.persona,
        "device": line.device,
        "holder": line.holder,
        "health": line.health_word,
        "health_words": line.health,
        "groups": line.groups,
        "friends": line.friends,
        "friends_max": line.friends_max,
        "due": line.due,
        "sent_today": line.sent_today,
        "quiet": line.quiet,
        "note": line.note,
    })
}

pub(super) fn sop(line: &SopLine, zone: Tz) -> Value {
    json!({
        "id": line.id.to_string(),
        "title": line.title,
        "one_off": is_one_off(&line.id),
        "version": line.version,
        "paused": line.paused,
        "for": line.target,
        "steps": line.steps,
        "active": line.active,
        "in_line": line.in_line,
        "due": line.due,
        "next_at": maybe_time(line.next_at, zone),
    })
}
