//! Festivals, solar terms and lunar dates as people of each language say them.
//!
//! The name in simplified characters is the one that playbooks, rules and scripts have, whatever the language.

use super::lunar::LunarDate;
use crate::text::lang::Lang;

/// What is called how: the name, then traditional, then English.
const NAMES: [(&str, &str, &str); 47] = [
    ("春节", "春節", "Spring Festival"),
    ("元宵", "元宵", "Lantern Festival"),
    ("龙抬头", "龍抬頭", "Dragon Head"),
    ("端午", "端午", "Dragon Boat Festival"),
    ("七夕", "七夕", "Qixi"),
    ("中元", "中元", "Ghost Festival"),
    ("中秋", "中秋", "Mid-Autumn"),
    ("重阳", "重陽", "Double Ninth"),
    ("腊八", "臘八", "Laba"),
    ("小年", "小年", "Little New Year"),
    ("除夕", "除夕", "Lunar New Year's Eve"),
    ("元旦", "元旦", "New Year's Day"),
    ("情人节", "情人節", "Valentine's Day"),
    ("妇女节", "婦女節", "Women's Day"),
    ("劳动节", "勞動節", "Labour Day"),
    ("母亲节", "母親節", "Mother's Day"),
    ("儿童节", "兒童節", "Children's Day"),
    ("父亲节", "父親節", "Father's Day"),
    ("教师节", "教師節", "Teachers' Day"),
    ("国庆", "國慶", "National Day"),
    ("双十一", "雙十一", "Double 11"),
    ("双十二", "雙十二", "Double 12"),
    ("圣诞", "聖誕", "Christmas"),
    ("小寒", "小寒", "Minor Cold"),
    ("大寒", "大寒", "Major Cold"),
    ("立春", "立春", "Start of Spring"),
    ("雨水", "雨水", "Rain Water"),
    ("惊蛰", "驚蟄", "Waking of Insects"),
    ("春分", "春分", "Spring Equinox"),
    ("清明", "清明", "Qingming"),
    ("谷雨", "穀雨", "Grain Rain"),
    ("立夏", "立夏", "Start of Summer"),
    ("小满", "小滿", "Grain Fills"),
    ("芒种", "芒種", "Grain in Ear"),
    ("夏至", "夏至", "Summer Solstice"),
    ("小暑", "小暑", "Minor Heat"),
    ("大暑", "大暑", "Major Heat"),
    ("立秋", "立秋", "Start of Autumn"),
    ("处暑", "處暑", "End of Heat"),
    ("白露", "白露", "White Dew"),
    ("秋分", "秋分", "Autumn Equinox"),
    ("寒露", "寒露", "Cold Dew"),
    ("霜降", "霜降", "Frost Descends"),
    ("立冬", "立冬", "Start of Winter"),
    ("小雪", "小雪", "Minor Snow"),
    ("大雪", "大雪", "Major Snow"),
    ("冬至", "冬至", "Winter Solstice"),
];

/// A festival, a solar term or a statutory holiday in a language; a name that is none of ours stays.
pub fn said(name: &str, lang: Lang) -> String {
    let known = |wanted: &str| NAMES.iter().find(|(known, ..)| *known == wanted);
    // statutory holidays are named with 节 where festivals are not, and two may fall together
    let one = |name: &str| match known(name).or_else(|| known(name.strip_suffix('节')?)) {
        Some((_, traditional, english)) => match lang {
            Lang::ZhCn => name.to_owned(),
            Lang::ZhTw if name.ends_with('节') && !traditional.ends_with('節') => {
                format!("{traditional}節")
            }
            Lang::ZhTw => (*traditional).to_owned(),
            Lang::En => (*english).to_owned(),
        },
        None => name.to_owned(),
    };
    if lang == Lang::ZhCn {
        return name.to_owned();
    }
    let joiner = if lang == Lang::En { ", " } else { "、" };
    name.split('、').map(one).collect::<Vec<_>>().join(joiner)
}

impl LunarDate {
    /// `闰六月初一`, `閏六月初一`, `lunar 06-01 (leap)`.
    pub fn said(self, lang: Lang) -> String {
        match lang {
            Lang::ZhCn => self.words(),
            Lang::ZhTw => self.words().replace('闰', "閏").replace('腊', "臘"),
            Lang::En => {
                let leap = if self.leap { " (leap)" } else { "" };
                format!("lunar {:02}-{:02}{leap}", self.month, self.day)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sop::calendar::{festivals, terms};

    #[test]
    fn every_name_is_said_in_every_language() {
        for name in festivals::names().chain(terms::NAMES) {
            assert!(NAMES.iter().any(|(known, ..)| *known == name), "{name}");
            assert_eq!(said(name, Lang::ZhCn), name);
            assert!(said(name, Lang::En).is_ascii(), "{name}");
        }
        assert_eq!(NAMES.len(), festivals::names().count() + terms::NAMES.len());
        assert_eq!(said("国庆", Lang::ZhTw), "國慶");
        assert_eq!(said("国庆节、中秋节", Lang::ZhTw), "國慶節、中秋節");
        assert_eq!(said("国庆节、中秋节", Lang::En), "National Day, Mid-Autumn");
        assert_eq!(said("店庆", Lang::En), "店庆");
    }

    #[test]
    fn lunar_dates_are_said_in_every_language() {
        let check = |date: &str, tw: &str, en: &str| {
            let lunar = LunarDate::of(date.parse().unwrap()).unwrap();
            assert_eq!((lunar.said(Lang::ZhTw).as_str(), lunar.said(Lang::En).as_str()), (tw, en));
        };
        check("2025-07-25", "閏六月初一", "lunar 06-01 (leap)");
        check("2026-02-16", "臘月廿九", "lunar 12-29");
        check("2026-03-11", "正月廿三", "lunar 01-23");
    }
}
