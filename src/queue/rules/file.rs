//! The shape of the file, and the one that a new store gets.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use toml::{Spanned, Value};

use crate::book::{Cap, CapScope, Customs, Limits, Pace, Platform, QuietRule, Rules, WordList};
use crate::text::lang::Lang;

/// The file as it must be; every other key is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesFile {
    pub zone: Spanned<String>,
    #[serde(default)]
    pub shop: String,
    #[serde(default)]
    pub quiet: Vec<Spanned<QuietFile>>,
    #[serde(default)]
    pub cap: Vec<Spanned<CapFile>>,
    pub add_friend_per_day: Option<u32>,
    pub pace: Option<PaceFile>,
    /// Left out, the lists that came with the program hold; `check = []` switches them off.
    pub check: Option<Vec<WordList>>,
    #[serde(default)]
    pub text: TextFile,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub lunar: LunarFile,
    /// Read by the process that serves, which runs the program; here only its shape is looked at.
    #[serde(default, rename = "hook")]
    pub _hook: Vec<String>,
    #[serde(default, rename = "hooks")]
    pub _hooks: HooksFile,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextFile {
    pub max: Option<u32>,
    pub max_moments: Option<u32>,
    pub on: Option<BTreeMap<Platform, u32>>,
    pub source: Option<String>,
    pub date: Option<String>,
}

/// Left out, a lunar date that a year does not have falls as [`Customs`] say by default.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LunarFile {
    leap_falls_in_plain: Option<bool>,
    thirtieth_falls_on_last: Option<bool>,
}

impl From<LunarFile> for Customs {
    fn from(file: LunarFile) -> Self {
        let default = Self::default();
        Self {
            leap_falls_in_plain: file.leap_falls_in_plain.unwrap_or(default.leap_falls_in_plain),
            thirtieth_falls_on_last: file.thirtieth_falls_on_last.unwrap_or(default.thirtieth_falls_on_last),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaceFile {
    per_hour: Option<u32>,
    alike_groups: Option<u32>,
    per_day: Option<u32>,
    ramp: Option<Vec<u32>>,
    source: Option<String>,
    date: Option<String>,
}

impl From<PaceFile> for Pace {
    /// What is left out is as it is by default.
    fn from(file: PaceFile) -> Self {
        let default = Self::default();
        Self {
            per_hour: file.per_hour.unwrap_or(default.per_hour),
            alike_groups: file.alike_groups.unwrap_or(default.alike_groups),
            per_day: file.per_day.unwrap_or(default.per_day),
            ramp: file.ramp.unwrap_or(default.ramp),
            source: file.source.unwrap_or(default.source),
            date: file.date.unwrap_or(default.date),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HooksFile {
    #[serde(default, rename = "on_due")]
    pub _on_due: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuietFile {
    pub from: Spanned<Value>,
    pub to: Spanned<Value>,
    pub days: Option<Spanned<Value>>,
    pub scope: Option<Spanned<String>>,
    pub except: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CapFile {
    pub scope: Spanned<String>,
    pub class: Option<Spanned<Vec<String>>>,
    pub n: Spanned<Value>,
    pub per: Spanned<String>,
    pub gap: Option<Spanned<Value>>,
    pub except: Option<Spanned<String>>,
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub date: String,
}

crate::words! {
    /// Comments of the file that a new store gets.
    pub enum Comments {
        Head => [
            "门店的规则。改好保存就行：值守进程会自己读，写错会说出行列，原来的规则继续有效。\n检查 qun rules check · 马上应用 qun rules apply · 看生效的 qun rules show",
            "門店的規則。改好存檔就行：值守程序會自己讀，寫錯會說出行列，原來的規則繼續有效。\n檢查 qun rules check · 馬上套用 qun rules apply · 看生效的 qun rules show",
            "The rules of this store. Save the file: the desk reads it by itself; a mistake is told with line and column,\nand the rules that held go on. qun rules check | apply | show"
        ],
        Zone => ["门店时区", "門店時區", "the store's zone"],
        Shop => ["店名，话术里的变量 shop", "店名，話術裡的變數 shop", "the shop's name, the variable shop in texts"],
        AddFriend => [
            "每个账号每天最多几条加好友待办", "每個帳號每天最多幾條加好友待辦", "how many to-dos to add a friend an account gets a day"
        ],
        Quiet => [
            "免打扰：这段时间里，营销和关怀不进待发，服务挪到之后 (时段不允许就照发)，事故照发。可写多段，跨零点也行。\n  days = \"周一至周五\"        # 也可 周末、一三五、工作日、休息日；不写就是每天\n  scope = \"group:宠友1群\"   # store 全店（不写就是它）、group、account、member、playbook，可加名字\n  except = \"tag:夜猫子\"      # 这些人不算",
            "免打擾：這段時間裡，行銷和關懷不進待發，服務挪到之後 (時段不允許就照發)，事故照發。可寫多段，跨零點也行。\n  days = \"週一至週五\"        # 也可 週末、一三五、工作日、休息日；不寫就是每天\n  scope = \"group:寵友1群\"   # store 全店（不寫就是它）、group、account、member、playbook，可加名字\n  except = \"tag:夜貓子\"      # 這些人不算",
            "Quiet hours: marketing and care wait, service too where its span allows. Several may reach over midnight.\n  days = \"mon-fri\"           # or weekend, mon,wed,fri, workdays, days off; every day if left out\n  scope = \"group:NAME\"       # store (if left out), group, account, member, playbook, each or one by name\n  except = \"tag:night-owl\"   # not for these"
        ],
        Cap => [
            "上限：每个成员、群、账号、SOP 或全店，每 hour、day、week、month 最多几条，再多就等。\n  scope = \"group:宠友1群\"   # 只管这一个；不写名字就是每一个\n  class = [\"marketing\"]      # 不写就是营销和关怀\n  n = \"days\"                 # 这个月（周）有几天就几条\n  gap = \"30m\"                # 两条之间至少隔多久\n  except = \"tag:老客\"        # 这些人不算",
            "上限：每個成員、群、帳號、SOP 或全店，每 hour、day、week、month 最多幾條，再多就等。\n  scope = \"group:寵友1群\"   # 只管這一個；不寫名字就是每一個\n  class = [\"marketing\"]      # 不寫就是行銷和關懷\n  n = \"days\"                 # 這個月（週）有幾天就幾條\n  gap = \"30m\"                # 兩條之間至少隔多久\n  except = \"tag:老客\"        # 這些人不算",
            "Caps: how many a member, group, account, playbook or the store gets per hour, day, week or month; more wait.\n  scope = \"group:NAME\"       # this one only; each of them without a name\n  class = [\"marketing\"]      # marketing and care if left out\n  n = \"days\"                 # as many as the month (week) has days\n  gap = \"30m\"                # the least time between two\n  except = \"tag:VIP\"         # not for these"
        ],
        Pace => [
            "每个账号的节奏：\n- per_hour: 一小时手发多少条就提醒歇一歇；0 不提醒\n- alike_groups: 一小时内几乎一样的话发到超过几个群就提醒；0 不提醒\n- per_day ramp: 解限后头几天只给每天 per_day 条（和账号上限）的百分之几",
            "每個帳號的節奏：\n- per_hour: 一小時手發多少條就提醒歇一歇；0 不提醒\n- alike_groups: 一小時內幾乎一樣的話發到超過幾個群就提醒；0 不提醒\n- per_day ramp: 解限後頭幾天只給每天 per_day 條（和帳號上限）的百分之幾",
            "The pace of each account:\n- per_hour: so many an hour by hand advise a rest; 0 never\n- alike_groups: nearly one text to more groups within an hour warns; 0 never\n- per_day ramp: after a limit only these percents of per_day (and of its caps) a day",
        ],
        Check => [
            "复制前和加 SOP 时看的词：只提醒，不拦。why 是原因，words 是词，except 里的不算（如 words 最 except 最近）。\n没有 [[check]] 就用自带的词；check = [] 全关。[text] max 一条最多几个字，max_moments 朋友圈，on 各平台自己的；0 不管",
            "複製前和加 SOP 時看的詞：只提醒，不攔。why 是原因，words 是詞，except 裡的不算（如 words 最 except 最近）。\n沒有 [[check]] 就用自帶的詞；check = [] 全關。[text] max 一則最多幾個字，max_moments 朋友圈，on 各平台自己的；0 不管",
            "Words looked at before a copy and when a playbook is added: a warning, never a block. except: words that are fine.\nWithout [[check]] the built-in lists hold; check = [] for none.\n[text] max, max_moments, on: longest message, post, either by platform; 0 for any",
        ],
        Limits => [
            "平台的限制，会变，按自己查到的改；超了只提醒：\n- forward: 一次转发几个聊天，同文就按这个分批\n- attachments: 一条最多带几个图片和文件；0 不管\n- friends: 一个账号最多几个好友\n- capacity: 没填容量的群按多少人算快满",
            "平台的限制，會變，按自己查到的改；超了只提醒：\n- forward: 一次轉發幾個聊天，同文就按這個分批\n- attachments: 一則最多帶幾個圖片和檔案；0 不管\n- friends: 一個帳號最多幾個好友\n- capacity: 沒填容量的群按多少人算快滿",
            "What platforms take; it changes, write what you found. Going over only warns:\n- forward: how many chats one forward reaches; equal texts come in so many\n- attachments: images and files of one message; 0 for any\n- friends: how many friends an account has at most\n- capacity: heads of a group without a capacity of its own, for nearly full",
        ],
        Lunar => [
            "农历生日遇到没有那天的年份：\n- leap_falls_in_plain: 闰月生日在没有闰月的年份过平月的；false 那年不过\n- thirtieth_falls_on_last: 三十生日在只有廿九的年份过廿九；false 那年不过",
            "農曆生日遇到沒有那天的年份：\n- leap_falls_in_plain: 閏月生日在沒有閏月的年份過平月的；false 那年不過\n- thirtieth_falls_on_last: 三十生日在只有廿九的年份過廿九；false 那年不過",
            "Lunar birthdays in years without that day:\n- leap_falls_in_plain: of a leap month, in the plain month of that number; false: not that year\n- thirtieth_falls_on_last: of the thirtieth, on the 29th of a short month; false: not that year",
        ],
        Hooks => [
            "到点时告诉自己的程序（JSON 走标准输入，不经过 shell）：\n[hooks]\non_due = [\"notify-send\", \"qun\"]",
            "到點時告訴自己的程式（JSON 走標準輸入，不經過 shell）：\n[hooks]\non_due = [\"notify-send\", \"qun\"]",
            "A program of yours that is told of what falls due (JSON on its standard input, no shell):\n[hooks]\non_due = [\"notify-send\", \"qun\"]"
        ],
    }
}

/// The rules that hold where nobody wrote any, as a file with a comment beside each key.
pub fn default_file(zone: &str, lang: Lang) -> String {
    let rules = Rules { zone: zone.to_owned(), ..Rules::default() };
    let mut text = String::new();
    comment(&mut text, Comments::Head.text(lang));
    text.push('\n');
    let mut key = |key: &str, value: String, words: Comments| {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{:<32}# {}", format!("{key} = {value}"), words.text(lang));
    };
    key("zone", quoted(&rules.zone), Comments::Zone);
    key("shop", quoted(&rules.shop), Comments::Shop);
    key("add_friend_per_day", rules.add_friend_per_day.to_string(), Comments::AddFriend);
    text.push('\n');
    comment(&mut text, Comments::Quiet.text(lang));
    rules.quiet.iter().for_each(|rule| quiet(&mut text, rule));
    comment(&mut text, Comments::Cap.text(lang));
    rules.caps.iter().for_each(|rule| cap(&mut text, rule));
    comment(&mut text, Comments::Pace.text(lang));
    let pace = &rules.pace;
    // Writing into a String cannot fail.
    let _ = writeln!(
        text,
        "[pace]\nper_hour = {}\nalike_groups = {}\nper_day = {}\nramp = {:?}\nsource = {}\ndate = {}\n",
        pace.per_hour,
        pace.alike_groups,
        pace.per_day,
        pace.ramp,
        quoted(&pace.source),
        quoted(&pace.date),
    );
    comment(&mut text, Comments::Check.text(lang));
    let _ = writeln!(text, "[text]\nmax = {}\nmax_moments = {}", rules.text.max, rules.text.max_moments);
    let on = rules.text.max_on.iter().map(|(platform, n)| format!("{} = {n}", platform.word()));
    let _ = writeln!(text, "on = {{ {} }}", on.collect::<Vec<_>>().join(", "));
    let _ = writeln!(text, "source = {}\ndate = {}\n", quoted(&rules.text.source), quoted(&rules.text.date));
    for list in &rules.text.lists {
        let row = |words: &[String]| {
            let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            words.join(", ")
        };
        let rows: Vec<String> = list.words.chunks(8).map(row).collect();
        let fine = if list.except.is_empty() {
            String::new()
        } else {
            format!("except = [{}]\n", row(&list.except))
        };
        let _ = writeln!(
            text,
            "[[check]]\nwhy = {}\nwords = [{}]\n{fine}source = {}\ndate = {}\n",
            quoted(&list.why),
            if rows.is_empty() { String::new() } else { format!("\n  {},\n", rows.join(",\n  ")) },
            quoted(&list.source),
            quoted(&list.date),
        );
    }
    comment(&mut text, Comments::Limits.text(lang));
    let Limits { forward, attachments, friends, capacity, source, date } = &rules.limits;
    let by_platform = |of: &BTreeMap<Platform, u32>| {
        let each: Vec<String> = of.iter().map(|(platform, n)| format!("{} = {n}", platform.word())).collect();
        format!("{{ {} }}", each.join(", "))
    };
    let _ = writeln!(
        text,
        "[limits]\nforward = {}\nattachments = {attachments}\nfriends = {}\ncapacity = {}\nsource = {}\ndate = {}\n",
        by_platform(forward),
        by_platform(friends),
        by_platform(capacity),
        quoted(source),
        quoted(date),
    );
    comment(&mut text, Comments::Lunar.text(lang));
    let Customs { leap_falls_in_plain, thirtieth_falls_on_last } = rules.lunar;
    let _ = writeln!(
        text,
        "[lunar]\nleap_falls_in_plain = {leap_falls_in_plain}\nthirtieth_falls_on_last = {thirtieth_falls_on_last}\n"
    );
    comment(&mut text, Comments::Hooks.text(lang));
    text
}

fn comment(text: &mut String, words: &str) {
    for line in words.lines() {
        let _ = writeln!(text, "# {line}");
    }
}

/// A TOML string; what rules hold by default needs no more than this.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn quiet(text: &mut String, rule: &QuietRule) {
    let clock = |minutes: u16| format!("\"{:02}:{:02}\"", minutes / 60, minutes % 60);
    let _ = writeln!(text, "[[quiet]]\nfrom = {}\nto = {}", clock(rule.from), clock(rule.to));
    if rule.days != 0 {
        let _ = writeln!(text, "days = {}", quoted(&crate::book::days::days_text(rule.days)));
    }
    if rule.scope.of != CapScope::Store {
        let _ = writeln!(text, "scope = {}", quoted(&rule.scope.to_string()));
    }
    text.push('\n');
}

fn cap(text: &mut String, rule: &Cap) {
    let _ = writeln!(
        text,
        "[[cap]]\nscope = {}\nn = {}\nper = {}",
        quoted(&rule.scope.to_string()),
        if rule.n == 0 { quoted("days") } else { rule.n.to_string() },
        quoted(rule.per.word()),
    );
    if rule.gap > 0 {
        let _ = writeln!(text, "gap = {}", rule.gap);
    }
    if !rule.except.is_empty() {
        let _ = writeln!(text, "except = {}", quoted(&rule.except));
    }
    let _ = writeln!(text, "source = {}\ndate = {}\n", quoted(&rule.source), quoted(&rule.date));
}
