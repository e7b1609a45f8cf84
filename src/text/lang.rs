//! The languages of the UI, and the tables of messages that every room declares in its own file.
//!
//! A message nobody translated must not compile, and a room must be able to read its own words without opening a
//! central catalogue. So `words!` makes an enum of messages out of a table in which every row has exactly three
//! texts; placeholders are written `{name}` and filled by name. What cannot be seen by the compiler (a placeholder
//! missing in one language) is seen by [`faults`], which each room calls in one test.
//!
//! English texts are written in the plural; behind a 1 the words that [`super::plural`] knows stand in the singular.

use std::fmt::{self, Debug, Display, Write as _};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language of the UI.
///
/// Written `zh-CN`, `zh-TW`, `en` in files and on the command line. Simplified Chinese is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Lang {
    /// Simplified Chinese, the language of most users.
    #[default]
    #[serde(rename = "zh-CN", alias = "zh")]
    ZhCn,
    /// Traditional Chinese as written in Taiwan and Hong Kong.
    #[serde(rename = "zh-TW")]
    ZhTw,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// A language tag that is none of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown language \"{0}\"; use zh-CN, zh-TW or en")]
pub struct UnknownLang(pub String);

impl UnknownLang {
    /// The sentence, in a language there is.
    pub fn sentence(&self, lang: Lang) -> String {
        match lang {
            Lang::ZhCn => format!("没有“{}”这种语言; 可用 zh-CN, zh-TW, en", self.0),
            Lang::ZhTw => format!("沒有「{}」這種語言; 可用 zh-CN, zh-TW, en", self.0),
            Lang::En => self.to_string(),
        }
    }
}

impl Lang {
    /// Every language, in the order of the columns of `words!`.
    pub const ALL: [Self; 3] = [Self::ZhCn, Self::ZhTw, Self::En];

    /// The tag as written in files: `zh-CN`, `zh-TW` or `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::ZhTw => "zh-TW",
            Self::En => "en",
        }
    }

    /// Chooses the language from the values of `LC_ALL`, `LC_MESSAGES` and `LANG`.
    ///
    /// The first that is set and not empty decides, as POSIX says. `C`, `POSIX` and languages that we do not speak
    /// mean simplified Chinese: servers run with `LANG=C`, and their users are Chinese all the same.
    pub fn from_locale(lc_all: Option<&str>, lc_messages: Option<&str>, lang: Option<&str>) -> Self {
        [lc_all, lc_messages, lang]
            .into_iter()
            .flatten()
            .map(str::trim)
            .find(|value| !value.is_empty())
            .and_then(read_tag)
            .unwrap_or_default()
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read_tag(text.trim()).ok_or_else(|| UnknownLang(text.to_owned()))
    }
}

impl Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// Reads `zh_TW.UTF-8`, `zh-Hant-HK`, `en`; `None` for a language that is none of ours.
fn read_tag(tag: &str) -> Option<Lang> {
    let name = tag.split(['.', '@']).next().unwrap_or_default().to_ascii_lowercase();
    let mut parts = name.split(['-', '_']);
    match parts.next()? {
        "zh" => {
            let parts: Vec<&str> = parts.collect();
            // The script says more than the region: zh-Hans-HK is simplified.
            let simplified = parts.contains(&"hans");
            let traditional = parts.iter().any(|part| matches!(*part, "hant" | "tw" | "hk" | "mo"));
            Some(if traditional && !simplified { Lang::ZhTw } else { Lang::ZhCn })
        }
        "en" | "english" => Some(Lang::En),
        _ => None,
    }
}

/// What every table made by `words!` can do; implemented by the macro only.
pub trait Message: Copy + Debug + 'static {
    /// Every message of the table, in the order written.
    fn all() -> &'static [Self];
    /// The placeholders that the message declares, without braces.
    fn names(self) -> &'static [&'static str];
    /// The text with its placeholders still in it.
    fn template(self, lang: Lang) -> &'static str;
}

/// Puts values into `{name}` placeholders, in one pass: braces inside a value are not looked at again.
///
/// A placeholder without a value stays as it is written, so that a mistake can be seen and harms nothing.
pub fn fill(template: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        let found = tail.find('}').and_then(|close| {
            let (name, after) = (tail.get(1..close)?, tail.get(close + 1..)?);
            let (_, value) = values.iter().find(|(key, _)| *key == name)?;
            Some((value, after))
        });
        if let Some((value, after)) = found {
            let from = out.len();
            // Writing into a String cannot fail; a failing Display of the caller leaves its place empty.
            let _ = write!(out, "{value}");
            rest = after;
            if out.get(from..) == Some("1")
                && let Some((one, after)) = super::plural::singular(rest)
            {
                out.push_str(one);
                rest = after;
            }
        } else {
            out.push('{');
            rest = tail.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// The mistakes of a table that the compiler cannot see, one line each; empty when all is well.
///
/// Checks that every text is there and that its placeholders are exactly the declared ones, in each language.
pub fn faults<M: Message>() -> Vec<String> {
    let mut faults = Vec::new();
    for &message in M::all() {
        let mut declared: Vec<&str> = message.names().to_vec();
        declared.sort_unstable();
        for lang in Lang::ALL {
            let template = message.template(lang);
            let mut used = placeholders(template);
            used.sort_unstable();
            used.dedup();
            if used != declared {
                faults.push(format!("{message:?} {lang}: declares {declared:?}, uses {used:?}"));
            }
            if template.trim().is_empty() {
                faults.push(format!("{message:?} {lang}: empty"));
            }
        }
    }
    faults
}

/// The messages that hold a character which some terminals draw two columns wide and others one, one line each.
///
/// For texts of the chrome (headers, footers, columns), where one such character would shift a whole row. The dash
/// and curly quotes of running Chinese text are among them, so tables of prose do not ask.
pub fn ambiguous<M: Message>() -> Vec<String> {
    let mut found = Vec::new();
    for &message in M::all() {
        for lang in Lang::ALL {
            let hits: String =
                message.template(lang).chars().filter(|&c| super::width::is_ambiguous(c)).collect();
            if !hits.is_empty() {
                found.push(format!("{message:?} {lang}: {hits}"));
            }
        }
    }
    found
}

fn placeholders(template: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some((_, tail)) = rest.split_once('{') {
        let Some((name, after)) = tail.split_once('}') else { break };
        names.push(name);
        rest = after;
    }
    names
}

/// Declares a table of messages: an enum with one variant a message and its text in simplified Chinese, traditional
/// Chinese and English.
///
/// ```
/// use qun::text::lang::Lang;
///
/// qun::words! {
///     /// What the queue says.
///     pub enum Words {
///         /// After marking tasks as sent.
///         Sent { n } => ["已发 {n} 条", "已發 {n} 條", "{n} sent"],
///         Empty => ["没有", "沒有", "nothing"],
///     }
/// }
///
/// assert_eq!(Words::Empty.text(Lang::ZhTw), "沒有");
/// assert_eq!(Words::Sent.fill(Lang::ZhCn, &[("n", &3)]), "已发 3 条");
/// assert_eq!(qun::text::lang::faults::<Words>(), Vec::<String>::new());
/// ```
#[macro_export]
macro_rules! words {
    (
        $(#[$meta:meta])*
        $vis:vis enum $table:ident {
            $(
                $(#[$variant_meta:meta])*
                $variant:ident $({ $($name:ident),+ $(,)? })? => [$cn:expr, $tw:expr, $en:expr $(,)?]
            ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $vis enum $table {
            $( $(#[$variant_meta])* $variant ),+
        }

        #[allow(dead_code, reason = "every table can do the same, used or not")]
        impl $table {
            /// Every message, in the order written.
            $vis const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The text with its placeholders still in it.
            $vis fn template(self, lang: $crate::text::lang::Lang) -> &'static str {
                use $crate::text::lang::Lang;
                match (self, lang) {
                    $(
                        (Self::$variant, Lang::ZhCn) => $cn,
                        (Self::$variant, Lang::ZhTw) => $tw,
                        (Self::$variant, Lang::En) => $en,
                    )+
                }
            }

            /// The text of a message without placeholders.
            $vis fn text(self, lang: $crate::text::lang::Lang) -> &'static str {
                self.template(lang)
            }

            /// The text with values in place of its placeholders.
            $vis fn fill(
                self,
                lang: $crate::text::lang::Lang,
                values: &[(&str, &dyn ::std::fmt::Display)],
            ) -> String {
                $crate::text::lang::fill(self.template(lang), values)
            }
        }

        impl $crate::text::lang::Message for $table {
            fn all() -> &'static [Self] {
                Self::ALL
            }

            fn names(self) -> &'static [&'static str] {
                match self {
                    $( Self::$variant => &[$($(stringify!($name)),+)?], )+
                }
            }

            fn template(self, lang: $crate::text::lang::Lang) -> &'static str {
                $table::template(self, lang)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::words! {
        enum Words {
            Sent { n, who } => ["{who} 已发 {n} 条", "{who} 已發 {n} 條", "{who} sent {n}"],
            Empty => ["没有", "沒有", "nothing"],
        }
    }

    crate::words! {
        enum Wrong {
            Late { n } => ["逾期 {n}", "逾期 {m}", "late"],
            Arrow => ["发 → 收", "", "from - to"],
        }
    }

    #[test]
    fn reads_tags() {
        let check =
            |tag: &str, expected: Option<Lang>| assert_eq!(tag.parse::<Lang>().ok(), expected, "{tag}");
        check("zh-CN", Some(Lang::ZhCn));
        check("zh", Some(Lang::ZhCn));
        check("zh-TW", Some(Lang::ZhTw));
        check("zh_HK.UTF-8", Some(Lang::ZhTw));
        check("zh-Hant", Some(Lang::ZhTw));
        check("zh-Hans-HK", Some(Lang::ZhCn));
        check("EN", Some(Lang::En));
        check("en_US.UTF-8", Some(Lang::En));
        check("fr", None);
        check("", None);
        assert_eq!(
            "fr".parse::<Lang>().unwrap_err().to_string(),
            "unknown language \"fr\"; use zh-CN, zh-TW or en"
        );
        for lang in Lang::ALL {
            check(lang.tag(), Some(lang));
            assert_eq!(serde_json::to_string(&lang).unwrap(), format!("\"{lang}\""));
            assert_eq!(serde_json::from_str::<Lang>(&format!("\"{lang}\"")).unwrap(), lang);
        }
    }

    #[test]
    fn chooses_from_the_locale() {
        let check = |values: [Option<&str>; 3], expected| {
            assert_eq!(Lang::from_locale(values[0], values[1], values[2]), expected, "{values:?}");
        };
        check([None, None, None], Lang::ZhCn);
        check([None, None, Some("")], Lang::ZhCn);
        check([None, None, Some("C")], Lang::ZhCn);
        check([None, None, Some("C.UTF-8")], Lang::ZhCn);
        check([None, None, Some("POSIX")], Lang::ZhCn);
        check([None, None, Some("de_DE.UTF-8")], Lang::ZhCn);
        check([None, None, Some("en_GB.UTF-8")], Lang::En);
        check([None, None, Some("zh_TW.Big5")], Lang::ZhTw);
        check([None, Some("zh_HK"), Some("en_US")], Lang::ZhTw);
        check([Some(""), Some("en_US"), Some("zh_CN")], Lang::En);
        check([Some("C"), Some("en_US"), Some("en_US")], Lang::ZhCn);
    }

    #[test]
    fn fills_by_name_once() {
        let check = |template: &str, expected: &str| {
            assert_eq!(fill(template, &[("n", &3), ("who", &"{n}张三")]), expected, "{template}");
        };
        check("", "");
        check("没有", "没有");
        check("{who}: {n}/{n}", "{n}张三: 3/3");
        check("{unknown} {n", "{unknown} {n");
        check("{{n}}", "{3}");
        assert_eq!(Words::Sent.fill(Lang::En, &[("n", &12), ("who", &"李四")]), "李四 sent 12");
        assert_eq!(Words::Empty.text(Lang::ZhTw), "沒有");
        assert_eq!(Words::ALL.len(), 2);
    }

    #[test]
    fn finds_faults_of_a_table() {
        assert_eq!(faults::<Words>(), Vec::<String>::new());
        assert_eq!(ambiguous::<Words>(), Vec::<String>::new());
        assert_eq!(
            faults::<Wrong>(),
            [
                "Late zh-TW: declares [\"n\"], uses [\"m\"]",
                "Late en: declares [\"n\"], uses []",
                "Arrow zh-TW: empty"
            ]
        );
        assert_eq!(ambiguous::<Wrong>(), ["Arrow zh-CN: →"]);
    }
}
