//! Fields as canonical text: what records keep as before and after, what forms show and read.
//!
//! Lists are joined with `,` (their items hold none), references are ids, unset is empty. The words of fields
//! are those of the forms. [`set`](Fields::set_field) reads exactly what [`field`](Fields::field) writes; what
//! people type is turned into that by whoever asks them.

use super::account::{Account, Health, Platform};
use super::days::{BY_CALENDAR, days_text, parse_days};
use super::group::{Group, GroupState};
use super::member::{Birthday, Handle, Member, Product, Stage};
use super::money::Money;
use super::rules::QuietHours;
use super::{AccountId, MemberId};

/// Why a text is no value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// The object has no such field.
    #[error("there is no such field")]
    Unknown,
    /// Not a number in the field's range.
    #[error("a whole number is expected")]
    Number,
    /// Not a word of the closed set.
    #[error("not one of the words of this field")]
    Word,
    /// Not an id.
    #[error("not an id")]
    Id,
    /// Not `1990-05-06`, `05-06` or the same after 农历.
    #[error("a birthday is written 1990-05-06, 05-06 or lunar 08-03")]
    Birthday,
    /// Not `22:00-08:00`, with weekdays behind it where wanted.
    #[error("quiet hours are written 22:00-08:00 or 12:00-13:30 一二三四五, several with a comma between")]
    Quiet,
    /// Not a zone of the IANA list.
    #[error("not an IANA zone such as Asia/Shanghai")]
    Zone,
    /// Not an amount of money.
    #[error("an amount is written 39.9")]
    Money,
    /// Not `platform:id`.
    #[error("a handle is written platform:id, for example wechat:wxid_abc")]
    Handle,
}

/// An object whose fields can be read and set by their words.
pub trait Fields {
    /// The canonical text; none where there is no such field.
    fn field(&self, word: &str) -> Option<String>;

    /// Sets a field from its canonical text; on error nothing has changed.
    ///
    /// # Errors
    /// [`FieldError`] when the text is no value of the field.
    fn set_field(&mut self, word: &str, text: &str) -> Result<(), FieldError>;
}

fn join(items: &[String]) -> String {
    items.join(",")
}

fn split(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

fn ids<I: std::str::FromStr>(text: &str) -> Result<Vec<I>, FieldError> {
    split(text).iter().map(|item| item.parse().map_err(|_| FieldError::Id)).collect()
}

fn optional<T>(
    text: &str,
    read: impl Fn(&str) -> Option<T>,
    error: FieldError,
) -> Result<Option<T>, FieldError> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some).ok_or(error) }
}

fn zone(text: &str) -> Result<String, FieldError> {
    if text.is_empty() || text.parse::<chrono_tz::Tz>().is_ok() {
        Ok(text.to_owned())
    } else {
        Err(FieldError::Zone)
    }
}

fn flag(text: &str) -> bool {
    text == "yes"
}

fn flag_text(flag: bool) -> String {
    if flag { "yes".to_owned() } else { String::new() }
}

impl Fields for Account {
    fn field(&self, word: &str) -> Option<String> {
        Some(match word {
            "name" => self.name.clone(),
            "platform" => self.platform.word().to_owned(),
            "persona" => self.persona.clone(),
            "device" => self.device.clone(),
            "holder" => self.holder.clone(),
            "health" => self.health.to_string(),
            "zone" => self.zone.clone(),
            "quiet" => quiet_text(&self.quiet),
            "note" => self.note.clone(),
            "archived" => flag_text(self.archived),
            _ => return None,
        })
    }

    fn set_field(&mut self, word: &str, text: &str) -> Result<(), FieldError> {
        let text = text.trim();
        match word {
            "name" => text.clone_into(&mut self.name),
            "platform" => self.platform = Platform::parse(text).ok_or(FieldError::Word)?,
            "persona" => text.clone_into(&mut self.persona),
            "device" => text.clone_into(&mut self.device),
            "holder" => text.clone_into(&mut self.holder),
            "health" => {
                self.health = Health::parse(text).ok_or(FieldError::Word)?;
            }
            "zone" => self.zone = zone(text)?,
            "quiet" => self.quiet = parse_quiet(text).ok_or(FieldError::Quiet)?,
            "note" => text.clone_into(&mut self.note),
            "archived" => self.archived = flag(text),
            _ => return Err(FieldError::Unknown),
        }
        Ok(())
    }
}

impl Fields for Group {
    fn field(&self, word: &str) -> Option<String> {
        Some(match word {
            "name" => self.name.clone(),
            "account" => self.account.map(|id| id.to_string()).unwrap_or_default(),
            "speakers" => join(&self.speakers.iter().map(ToString::to_string).collect::<Vec<_>>()),
            "capacity" if self.capacity == 0 => String::new(),
            "capacity" => self.capacity.to_string(),
            "count" => self.head_count.map(|n| n.to_string()).unwrap_or_default(),
            "tags" => join(&self.tags),
            "aliases" => join(&self.aliases),
            "zone" => self.zone.clone(),
            "quiet" => quiet_text(&self.quiet),
            "state" => match self.state {
                GroupState::Live => "live".to_owned(),
                GroupState::Frozen => "frozen".to_owned(),
                GroupState::Full => "full".to_owned(),
                GroupState::Dissolved => "dissolved".to_owned(),
                GroupState::MergedInto(id) => format!("merged:{id}"),
            },
            "search-term" => self.search_term.clone(),
            "chat-id" => self.chat_id.clone(),
            "qr" => self.qr.map(|day| day.to_string()).unwrap_or_default(),
            "note" => self.note.clone(),
            "archived" => flag_text(self.archived),
            _ => return None,
        })
    }

    fn set_field(&mut self, word: &str, text: &str) -> Result<(), FieldError> {
        let text = text.trim();
        let number = |text: &str| optional(text, |t| t.parse::<u32>().ok(), FieldError::Number);
        match word {
            "name" => text.clone_into(&mut self.name),
            "account" => self.account = optional(text, |t| t.parse::<AccountId>().ok(), FieldError::Id)?,
            "speakers" => self.speakers = ids(text)?,
            "capacity" => self.capacity = number(text)?.unwrap_or(0),
            "count" => self.head_count = number(text)?,
            "tags" => self.tags = split(text),
            "aliases" => self.aliases = split(text),
            "zone" => self.zone = zone(text)?,
            "quiet" => self.quiet = parse_quiet(text).ok_or(FieldError::Quiet)?,
            "state" => {
                self.state = match text {
                    "" | "live" => GroupState::Live,
                    "frozen" => GroupState::Frozen,
                    "full" => GroupState::Full,
                    "dissolved" => GroupState::Dissolved,
                    _ => {
                        let into = text.strip_prefix("merged:").ok_or(FieldError::Word)?;
                        GroupState::MergedInto(into.parse().map_err(|_| FieldError::Id)?)
                    }
                }
            }
            "search-term" => text.clone_into(&mut self.search_term),
            "chat-id" => text.clone_into(&mut self.chat_id),
            "qr" => self.qr = optional(text, |t| t.parse().ok(), FieldError::Number)?,
            "note" => text.clone_into(&mut self.note),
            "archived" => self.archived = flag(text),
            _ => return Err(FieldError::Unknown),
        }
        Ok(())
    }
}

impl Fields for Product {
    fn field(&self, word: &str) -> Option<String> {
        Some(match word {
            "name" => self.name.clone(),
            "aliases" => join(&self.aliases),
            "unit" => self.unit.clone(),
            "price" => self.price.map(|price| price.to_string()).unwrap_or_default(),
            "days" => self.days_of_use.map(|days| days.to_string()).unwrap_or_default(),
            "archived" => flag_text(self.archived),
            _ => return None,
        })
    }

    fn set_field(&mut self, word: &str, text: &str) -> Result<(), FieldError> {
        let text = text.trim();
        match word {
            "name" => text.clone_into(&mut self.name),
            "aliases" => self.aliases = split(text),
            "unit" => text.clone_into(&mut self.unit),
            "price" => self.price = optional(text, |t| t.parse::<Money>().ok(), FieldError::Money)?,
            "days" => self.days_of_use = optional(text, |t| t.parse().ok(), FieldError::Number)?,
            "archived" => self.archived = flag(text),
            _ => return Err(FieldError::Unknown),
        }
        Ok(())
    }
}

impl Fields for Member {
    fn field(&self, word: &str) -> Option<String> {
        Some(match word {
            "name" => self.name.clone(),
            "remark" => self.remark.clone(),
            "aliases" => join(&self.aliases),
            "handles" => {
                join(&self.handles.iter().map(|h| format!("{}:{}", h.platform, h.id)).collect::<Vec<_>>())
            }
            "phone" => self.phone.clone(),
            "tags" => join(&self.tags),
            "stage" => self.stage.map(|s| s.word().to_owned()).unwrap_or_default(),
            "birthday" => self.birthday.map(|b| b.to_string()).unwrap_or_default(),
            "gender" => self.gender.clone(),
            "needs" => self.needs.clone(),
            "note" => self.note.clone(),
            "referrer" => self.referrer.map(|id| id.to_string()).unwrap_or_default(),
            "source" => self.source.clone(),
            "zone" => self.zone.clone(),
            "quiet" => quiet_text(&self.quiet),
            "merged" => self.merged_into.map(|id| id.to_string()).unwrap_or_default(),
            "archived" => flag_text(self.archived),
            _ => return None,
        })
    }

    fn set_field(&mut self, word: &str, text: &str) -> Result<(), FieldError> {
        let text = text.trim();
        let member = |text: &str| optional(text, |t| t.parse::<MemberId>().ok(), FieldError::Id);
        match word {
            "name" => text.clone_into(&mut self.name),
            "remark" => text.clone_into(&mut self.remark),
            "aliases" => self.aliases = split(text),
            "handles" => {
                self.handles = split(text)
                    .iter()
                    .map(|item| {
                        let (platform, id) = item.split_once(':')?;
                        Some(Handle { platform: Platform::parse(platform)?, id: id.trim().to_owned() })
                    })
                    .collect::<Option<Vec<_>>>()
                    .ok_or(FieldError::Handle)?;
            }
            "phone" => text.clone_into(&mut self.phone),
            "tags" => self.tags = split(text),
            "stage" => self.stage = optional(text, Stage::parse, FieldError::Word)?,
            "birthday" => self.birthday = optional(text, Birthday::parse, FieldError::Birthday)?,
            "gender" => text.clone_into(&mut self.gender),
            "needs" => text.clone_into(&mut self.needs),
            "note" => text.clone_into(&mut self.note),
            "referrer" => self.referrer = member(text)?,
            "source" => text.clone_into(&mut self.source),
            "zone" => self.zone = zone(text)?,
            "quiet" => self.quiet = parse_quiet(text).ok_or(FieldError::Quiet)?,
            "merged" => self.merged_into = member(text)?,
            "archived" => self.archived = flag(text),
            _ => return Err(FieldError::Unknown),
        }
        Ok(())
    }
}

/// Quiet hours as text: `22:00-08:00,12:00-13:30 一二三四五,20:00-23:00 工作日`.
pub fn quiet_text(quiet: &[QuietHours]) -> String {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let one = |q: &QuietHours| {
        let days: String = if q.days & BY_CALENDAR == 0 {
            WEEKDAYS.chars().enumerate().filter(|(d, _)| q.days & (1 << d) != 0).map(|(_, c)| c).collect()
        } else {
            days_text(q.days)
        };
        let space = if days.is_empty() { "" } else { " " };
        format!("{}-{}{space}{days}", clock(q.from), clock(q.to))
    };
    quiet.iter().map(one).collect::<Vec<_>>().join(",")
}

/// Monday first, as `days` counts them.
const WEEKDAYS: &str = "一二三四五六日";

/// Reads what [`quiet_text`] writes; none for anything else.
pub fn parse_quiet(text: &str) -> Option<Vec<QuietHours>> {
    let clock = |text: &str| {
        let (hours, minutes) = text.trim().split_once([':', '：'])?;
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours <= 24 && minutes < 60 && hours * 60 + minutes <= 1440).then_some(hours * 60 + minutes)
    };
    split(text)
        .iter()
        .map(|item| {
            let (span, days) = item.split_once(' ').unwrap_or((item, ""));
            let (from, to) = span.split_once('-')?;
            let kind = parse_days(days).filter(|days| days & BY_CALENDAR != 0);
            let mut mask = kind.unwrap_or(0);
            for day in days.chars().filter(|c| kind.is_none() && !c.is_whitespace()) {
                mask |= 1u8 << WEEKDAYS.chars().position(|w| w == day)?;
            }
            let (from, to) = (clock(from)?, clock(to)?);
            (from < 1440 && to > 0).then_some(QuietHours { from, to, days: mask })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{IdGenerator, Timestamp};

    fn check<T: Fields + Clone + PartialEq + std::fmt::Debug>(object: &T, word: &str, text: &str) {
        let mut set = object.clone();
        set.set_field(word, text).unwrap();
        assert_eq!(set.field(word).unwrap(), text, "{word}");
        set.set_field(word, &object.field(word).unwrap()).unwrap();
        assert_eq!(&set, object, "{word} is not given back");
    }

    #[test]
    fn every_field_reads_what_it_writes() {
        let mut ids = IdGenerator::new(1);
        let account = Account::new(ids.next(Timestamp(1)), "手机1", Platform::Wechat, Timestamp(1));
        for (word, text) in [
            ("platform", "wecom"),
            ("health", "limited:私聊"),
            ("health", "limited@1790000000000:private"),
            ("health", "recovering@1790000000000"),
            ("zone", "Asia/Tokyo"),
            ("quiet", "12:00-13:30"),
            ("archived", "yes"),
        ] {
            check(&account, word, text);
        }
        let mut member = crate::book::Member::new(ids.next(Timestamp(1)), "张三", Timestamp(1));
        for (word, text) in [
            ("handles", "wechat:wxid_1,qq:10001"),
            ("stage", "repeat"),
            ("birthday", "农历闰06-01"),
            ("birthday", "1990-05-06"),
            ("quiet", "22:00-08:00,12:00-13:30 一三五"),
            ("quiet", "20:00-23:00 工作日,00:00-10:00 休息日"),
            ("tags", "宝妈,VIP"),
        ] {
            check(&member, word, text);
        }
        let product = crate::book::Product::new(ids.next(Timestamp(1)), "鸡蛋");
        for (word, text) in [
            ("aliases", "土鸡蛋,蛋"),
            ("unit", "盒"),
            ("price", "39.90"),
            ("days", "15"),
            ("archived", "yes"),
        ] {
            check(&product, word, text);
        }
        assert_eq!(member.set_field("stage", "没有"), Err(FieldError::Word));
        assert_eq!(member.set_field("zone", "Mars/Base"), Err(FieldError::Zone));
        assert_eq!(member.set_field("nothing", ""), Err(FieldError::Unknown));
    }
}
