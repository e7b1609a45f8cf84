//! The playbooks of the simulation: the three worked examples, and small ones with one oddity each.
//!
//! One file because histories draw from them as one list.

/// One text of a playbook; several with one id are versions of it.
pub(super) const PLAYBOOKS: &[(&str, &str)] = &[
    ("groupbuy-day", GROUPBUY),
    ("groupbuy-day", GROUPBUY_LATER),
    ("checkin-21d", CHECKIN),
    ("wake-silent", SILENT),
    ("every-day", EVERY_DAY),
    ("every-day", EVERY_DAY_MORE),
    ("welcome", WELCOME),
    ("welcome", WELCOME_MORE),
    ("strict", STRICT),
    ("shifting", SHIFTING),
    ("keeping", KEEPING),
    ("fresh", FRESH),
    ("runs-out", RUNS_OUT),
    ("rota", ROTA),
    ("rota", ROTA_MORE),
    ("likes", LIKES),
    ("broken", "id = \"broken\"\ntitle = \"写坏了\"\nfor = \"nobody\"\n"),
];

/// Eggs, by the pace of whoever buys them.
const RUNS_OUT: &str = r#"
id = "runs-out"
title = "鸡蛋快吃完"
for = "member"
class = "marketing"
start = { on = "runout", product = "鸡蛋", offset = "-1d" }
[[step]]
id = "ask"
at = "D0 10:00"
until = "D1 21:00"
late = "drop"
via = "private"
text = ["{{ name }}，鸡蛋还有吗"]
"#;

const GROUPBUY: &str = r#"
id = "groupbuy-day"
title = "社区团购一天"
for = "group"
class = "marketing"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "lines"
by = "D0 09:00"
[[ask]]
key = "未提货"
type = "list"
per = "group"
by = "D0 18:15"
[[step]]
id = "open"
at = "D0 09:30"
until = "D0 11:00"
via = "group"
parts = [{ text = ["今日开团，21:00 截单\n{{ 商品 }}"] }, { jielong = "{{ 商品 }}" }]
[[step]]
id = "count"
at = "D0 14:00"
via = "internal"
per = "run"
note = "到货盘点：缺货、破损"
[[step]]
id = "unpicked"
at = "D0 18:30"
until = "D0 19:30"
late = "drop"
via = "group"
class = "service"
if = "ask:未提货"
parts = [{ text = ["还有这几位没提货，19:30 收摊"] }, { mention = "{{ 未提货 }}" }]
[[step]]
id = "remind"
at = "D0 21:20"
until = "D0 22:00"
late = "drop"
via = "private"
who = "has:unpicked"
class = "service"
text = ["{{ name }}，您的菜给您放冰箱了，明早来取就行"]
"#;

const GROUPBUY_LATER: &str = r#"
id = "groupbuy-day"
title = "社区团购一天"
for = "group"
class = "marketing"
start = { on = "recurrence", every = "daily" }
[[ask]]
key = "商品"
type = "lines"
by = "D0 09:00"
[[step]]
id = "count"
at = "D0 15:00"
via = "internal"
per = "run"
note = "到货盘点"
[[step]]
id = "open"
at = "D0 10:30"
until = "D0 12:00"
via = "group"
parts = [{ text = ["今日开团\n{{ 商品 }}"] }]
"#;

const CHECKIN: &str = r#"
id = "checkin-21d"
title = "课程打卡 21 天"
for = "member"
class = "service"
day_ends = "02:00"
start = { on = "by-hand" }
stop = ["left"]
[[step]]
id = "task"
at = "D1..D21 07:00"
until = "D0 09:00"
late = "drop"
via = "group"
text = ["第 {{ day }} 天：……"]
[[step]]
id = "nudge"
at = "D1..D21 20:00"
until = "D0 22:00"
late = "drop"
via = "group"
if = "-checkin:today"
text = ["{{ members }} 今天还差一步"]
[[step]]
id = "broken"
at = "D10 10:00"
via = "private"
if = "missed>=2"
text = ["{{ name }}，给你补一张卡"]
"#;

const SILENT: &str = r#"
id = "wake-silent"
title = "沉默唤醒 3 轮"
for = "member"
audience = "-tag:勿扰"
class = "marketing"
start = { on = "silence", days = 2, since = "both" }
intake = { max = 2, per = "day", sort = "-spent" }
stop = ["replied", "bought", "tag:勿扰"]
rest = "5d"
[[step]]
id = "r1"
at = "D0 10:00"
until = "D2 21:00"
via = "private"
check = "replied"
text = ["{{ name }}，上次的{{ last_product }}用完了吗？"]
[[step]]
id = "r3"
at = "D3 10:00"
until = "D5 21:00"
via = "private"
text = ["……不想收到就回“少发”"]
answers = [{ say = "少发", then = ["tag:勿扰", "stop"] }, { say = "大人", then = ["tag:大人", "followup:1d"] }]
[[end]]
when = "finished"
then = ["stage:silent"]
"#;

/// Marketing that collides with every cap.
const EVERY_DAY: &str = r#"
id = "every-day"
title = "天天见"
for = "member"
class = "marketing"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "a"
at = "D0 08:30"
until = "D0 23:30"
via = "private"
text = ["早", "早上好"]
[[step]]
id = "b"
at = "D0 12:00"
until = "D0 23:00"
late = "drop"
via = "private"
text = ["中午好"]
"#;

const EVERY_DAY_MORE: &str = r#"
id = "every-day"
title = "天天见"
for = "member"
class = "marketing"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "b"
at = "D0 11:00"
until = "D0 23:00"
via = "private"
text = ["中午好"]
[[step]]
id = "a"
at = "D0 09:30"
until = "D0 20:00"
via = "private"
text = ["早", "早上好"]
[[step]]
id = "c"
at = "D0 21:30"
until = "D0 23:00"
via = "private"
class = "care"
text = ["晚安"]
"#;

/// Collected welcomes, then elapsed time in short steps.
const WELCOME: &str = r#"
id = "welcome"
title = "进群欢迎"
for = "member"
class = "care"
start = { on = "joined" }
stop = ["left"]
[[step]]
id = "hello"
at = "D0 +5m"
via = "group"
collect = "30m"
text = ["欢迎 {{ members }}"]
[[step]]
id = "minute"
at = "D0 +6m"
via = "internal"
note = "看资料"
[[step]]
id = "minutes"
at = "D0 +7m"
via = "internal"
note = "再看一次"
[[step]]
id = "private"
at = "D1 10:00"
until = "D1 12:00"
via = "private"
text = ["{{ name }}，还习惯吗"]
"#;

const WELCOME_MORE: &str = r#"
id = "welcome"
title = "进群欢迎"
for = "member"
class = "care"
start = { on = "joined" }
[[step]]
id = "hello"
at = "D0 +1m"
via = "group"
collect = "10m"
text = ["欢迎 {{ members }} 进群"]
[[step]]
id = "private"
at = "D1,D2 09:00"
until = "+2h"
via = "private"
text = ["{{ name }}，还习惯吗"]
"#;

/// What is late is dropped.
const STRICT: &str = r#"
id = "strict"
title = "过时不候"
for = "group"
class = "care"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "noon"
at = "D0 12:00"
until = "D0 12:30"
late = "drop"
via = "group"
text = ["午安"]
[[step]]
id = "night"
at = "D0 21:50"
until = "D0 23:50"
late = "drop"
via = "group"
text = ["晚安"]
"#;

/// What is late moves the rest.
const SHIFTING: &str = r#"
id = "shifting"
title = "依次顺延"
for = "member"
class = "service"
start = { on = "by-hand" }
[[step]]
id = "one"
at = "D0 09:00"
until = "D0 21:00"
late = "shift"
via = "private"
text = ["第一课"]
[[step]]
id = "two"
at = "D1 09:00"
late = "shift"
via = "private"
text = ["第二课"]
[[step]]
id = "three"
at = "D2 09:00"
late = "shift"
via = "private"
text = ["第三课"]
"#;

/// What is late is kept, also for an account of ours.
const KEEPING: &str = r#"
id = "keeping"
title = "号主日课"
for = "account"
class = "marketing"
start = { on = "recurrence", every = "weekdays" }
[[step]]
id = "moment"
at = "D0 10:00"
late = "keep"
via = "moments"
text = ["朋友圈一条"]
"#;

/// Two of those who go through it have their turn each day.
const ROTA: &str = r#"
id = "rota"
title = "轮流问候"
for = "member"
class = "service"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "greet"
at = "D0 09:00"
until = "D0 20:00"
late = "drop"
via = "private"
pick = { n = 2, sort = "last-touch" }
text = ["{{ name }}，最近好吗"]
"#;

const ROTA_MORE: &str = r#"
id = "rota"
title = "轮流问候"
for = "member"
class = "service"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "greet"
at = "D0 09:30"
via = "private"
pick = { n = 1, sort = "last-touch" }
text = ["{{ name }}，最近好吗"]
[[step]]
id = "look"
at = "D0 15:00"
until = "D0 21:00"
via = "internal"
pick = { n = 2 }
note = "看看朋友圈"
"#;

/// Of the friends of an account three are liked a day.
const LIKES: &str = r#"
id = "likes"
title = "每日点赞"
for = "account"
class = "care"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "like"
at = "D0 12:00"
until = "D0 22:00"
late = "drop"
via = "internal"
who = "-tag:勿扰"
pick = { n = 3, sort = "last-liked" }
note = "点赞"
"#;

/// The same words are not offered again within their span.
const FRESH: &str = r#"
id = "fresh"
title = "不重样"
for = "member"
class = "service"
fresh = "3d"
start = { on = "recurrence", every = "daily" }
[[step]]
id = "only"
at = "D0 16:00"
until = "D0 20:00"
via = "private"
text = ["记得喝水"]
"#;

#[test]
fn all_but_the_broken_one_can_be_applied() {
    for (name, text) in PLAYBOOKS.iter().filter(|(name, _)| *name != "broken") {
        let checked = crate::sop::parse(text, name, &crate::sop::filters::check_filter);
        assert!(checked.playbook.is_some(), "{:?}", checked.problems);
    }
}
