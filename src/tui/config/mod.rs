//! The user's own file: language, palette, layout, keys. Everything in it may be left out.
//!
//! Looks belong to the user, rules to the store. A file that is wrong in places never keeps anybody from working: what
//! is wrong is left as the program has it and told with its line; `qun config check` tells all of it.
//!
//! One file because each key of the file is read, defaulted and told of in one place.

mod keys;
mod printed;
pub mod problem;
mod snooze;

use toml::de::{DeTable, DeValue};

pub use printed::default_file;
pub use problem::Problem;
pub use snooze::SNOOZES;

use super::keymap::Keymap;
use super::palette::{self, Look};
use super::theme::Role;
use crate::text::lang::Lang;
use problem::{Reader, Wrong};

/// Where the text of what is selected stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PreviewAt {
    /// Below in narrow windows, at the right in wide ones.
    #[default]
    Auto,
    Right,
    Below,
}

impl PreviewAt {
    /// Every place, in the order they take turns.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Right, Self::Below];

    /// As files write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Right => "right",
            Self::Below => "below",
        }
    }
}

/// How the screen is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looks {
    /// The text of what is selected is in sight.
    pub preview: bool,
    pub preview_at: PreviewAt,
    /// Names and phones are hidden.
    pub hide_names: bool,
    /// Emoji in lists as they are, instead of a word.
    pub emoji: bool,
    pub glyphs: Glyphs,
}

/// What is known of characters that some terminals draw one column wide and others two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// The terminal is asked.
    #[default]
    Auto,
    Narrow,
    /// Others stand in their place.
    Wide,
}

impl Glyphs {
    /// Every word, as files write them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Narrow, Self::Wide];

    /// As files write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Narrow => "narrow",
            Self::Wide => "wide",
        }
    }
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            preview: true,
            preview_at: PreviewAt::Auto,
            hide_names: false,
            emoji: true,
            glyphs: Glyphs::Auto,
        }
    }
}

/// What a user wants of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// None: what the locale says.
    pub lang: Option<Lang>,
    /// Empty: the first.
    pub theme: String,
    /// The view to begin with; empty for the first.
    pub view: String,
    /// Line and column where it is named.
    pub view_at: Option<(u32, u32)>,
    pub looks: Looks,
    pub keymap: Keymap,
    /// When what is put off may come back, as people write times; empty for [`SNOOZES`].
    pub snoozes: Vec<String>,
    /// What single roles look like in whichever palette is shown.
    pub roles: Vec<(Role, Look)>,
}

const KEYS: &[&str] = &["lang", "theme", "view", "screen", "snooze", "roles", "keys"];
const SNOOZE_KEYS: &[&str] = &["presets"];
const SCREEN_KEYS: &[&str] = &["preview", "preview-at", "hide-names", "emoji", "glyphs"];

/// Reads a file. `themes` are the names of the palettes there are.
pub fn read(toml: &str, themes: &[String]) -> (Config, Vec<Problem>) {
    let mut config = Config::default();
    let mut reader = Reader::new(toml);
    if let Some(table) = reader.parse() {
        reader.unknown_keys(&table, KEYS);
        read_top(&mut reader, &table, themes, &mut config);
        if let Some(screen) = table_of(&mut reader, &table, "screen") {
            reader.unknown_keys(screen, SCREEN_KEYS);
            read_screen(&mut reader, screen, &mut config.looks);
        }
        if let Some(snooze) = table_of(&mut reader, &table, "snooze") {
            reader.unknown_keys(snooze, SNOOZE_KEYS);
            snooze::read(&mut reader, snooze, &mut config.snoozes);
        }
        if let Some(roles) = table_of(&mut reader, &table, "roles") {
            config.roles = palette::read_roles(&mut reader, roles);
        }
        if let Some(keys) = table_of(&mut reader, &table, "keys") {
            config.keymap = keys::read(&mut reader, keys);
        }
    }
    reader.problems.sort_by_key(|problem| (problem.line, problem.column));
    (config, reader.problems)
}

fn read_top(reader: &mut Reader<'_>, table: &DeTable<'_>, themes: &[String], config: &mut Config) {
    if let Some(value) = table.get("lang") {
        match value.get_ref() {
            DeValue::String(text) if text == "auto" => {}
            DeValue::String(text) if text.parse::<Lang>().is_ok() => config.lang = text.parse().ok(),
            other => reader.not_a_word(value.span().start, "lang", other, "auto zh-CN zh-TW en"),
        }
    }
    if let Some(value) = table.get("theme") {
        match value.get_ref() {
            DeValue::String(text) if themes.iter().any(|name| name == text) => {
                config.theme = text.to_string();
            }
            other => {
                let values = vec![("value", problem::shown(other)), ("expected", themes.join(" "))];
                reader.error(value.span().start, Wrong::NoTheme, values);
            }
        }
    }
    if let Some(value) = table.get("view") {
        config.view_at = Some(reader.place(value.span().start));
        match value.get_ref() {
            DeValue::String(text) => config.view = text.to_string(),
            DeValue::Integer(number) => config.view = number.to_string(),
            other => reader.not_a_word(value.span().start, "view", other, "1-9"),
        }
    }
}

fn read_screen(reader: &mut Reader<'_>, table: &DeTable<'_>, looks: &mut Looks) {
    let switches =
        [("preview", &mut looks.preview), ("hide-names", &mut looks.hide_names), ("emoji", &mut looks.emoji)];
    for (key, slot) in switches {
        let Some(value) = table.get(key) else { continue };
        match value.get_ref() {
            DeValue::Boolean(is) => *slot = *is,
            other => reader.not_a_word(value.span().start, &format!("screen.{key}"), other, "true false"),
        }
    }
    looks.preview_at = read_word(reader, table, "preview-at", &PreviewAt::ALL, PreviewAt::word);
    looks.glyphs = read_word(reader, table, "glyphs", &Glyphs::ALL, Glyphs::word);
}

/// One of a few words.
fn read_word<T: Copy + Default>(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    key: &str,
    all: &[T],
    word_of: fn(T) -> &'static str,
) -> T {
    let Some(value) = table.get(key) else { return T::default() };
    let found = match value.get_ref() {
        DeValue::String(text) => all.iter().copied().find(|one| word_of(*one) == text),
        _ => None,
    };
    if found.is_none() {
        let expected = all.iter().map(|one| word_of(*one)).collect::<Vec<_>>().join(" ");
        reader.not_a_word(value.span().start, &format!("screen.{key}"), value.get_ref(), &expected);
    }
    found.unwrap_or_default()
}

fn table_of<'t>(reader: &mut Reader<'_>, table: &'t DeTable<'t>, key: &str) -> Option<&'t DeTable<'t>> {
    let value = table.get(key)?;
    if let DeValue::Table(table) = value.get_ref() {
        return Some(table);
    }
    reader.not_a_word(value.span().start, key, value.get_ref(), &format!("[{key}]"));
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::key::Key;
    use crate::tui::keymap::{Context, Meaning};
    use crate::tui::registry::Action;

    fn themes() -> Vec<String> {
        palette::Palettes::default().names()
    }

    /// What is said of a file, line by line: `12 error words`.
    fn said(toml: &str) -> Vec<String> {
        let line = |problem: &Problem| {
            let kind = if problem.is_warning { "warning" } else { "error" };
            format!("{}:{} {kind} {}", problem.line, problem.column, problem.sentence(Lang::En))
        };
        read(toml, &themes()).1.iter().map(line).collect()
    }

    #[test]
    fn all_of_it_is_read() {
        let (config, problems) = read(
            "lang = 'zh-TW'\ntheme = 'light'\nview = 2\n[screen]\npreview = false\npreview-at = 'below'\n\
             hide-names = true\nemoji = false\nglyphs = 'wide'\n[roles]\nhead = { fg = 'red' }\n[keys.list]\n'D' = 'page-down'\n",
            &themes(),
        );
        assert_eq!(problems, Vec::new());
        assert_eq!(
            (config.lang, config.theme.as_str(), config.view.as_str()),
            (Some(Lang::ZhTw), "light", "2")
        );
        let looks = Looks {
            preview: false,
            preview_at: PreviewAt::Below,
            hide_names: true,
            emoji: false,
            glyphs: Glyphs::Wide,
        };
        assert_eq!(config.looks, looks);
        assert_eq!(config.roles.len(), 1);
        let meaning = config.keymap.look_up(Context::List, None, Key::char('D'));
        assert_eq!(meaning, Meaning::Act(Action::PageDown));
    }

    #[test]
    fn times_to_put_off_to_are_read_and_tried() {
        let (config, problems) = read("[snooze]\npresets = ['30m', '明天 20:00']\n", &themes());
        assert_eq!((config.snoozes, problems), (vec!["30m".to_owned(), "明天 20:00".to_owned()], Vec::new()));
        insta::assert_snapshot!(
            said("[snooze]\npreset = ['1h']\npresets = ['1h', 'soonish', 7]\n").join("\n"),
            @r#"
            2:1 warning there is no key "preset"; did you mean presets?
            3:18 error "soonish" is no time; write 10m, 1h, 14:00, 明天 09:00
            3:29 error "7" is no time; write 10m, 1h, 14:00, 明天 09:00
            "#
        );
        assert!(said("snooze = 1").first().unwrap().contains("[snooze]"));
        let many = format!("[snooze]\npresets = [{}]\n", "'1h',".repeat(9));
        assert_eq!(said(&many), ["2:52 error at most 8 times: a digit each"]);
    }

    #[test]
    fn mistakes_are_told_with_their_line_and_change_nothing() {
        let (config, problems) = read("theme = 'drak'\nlang = 'fr'\n[screen]\npreview = 1\n", &themes());
        assert_eq!(config, Config::default());
        assert_eq!(problems.len(), 3);
        insta::assert_snapshot!(
            said(
                "theme = 'drak'\nlang = 'fr'\nveiw = 1\nnonsense = 2\n[screen]\npreview-at = 'left'\npreveiw = true\n"
            )
            .join("\n"),
            @r#"
            1:9 error there is no theme "drak"; there are dark light contrast sixteen
            2:8 error lang cannot be "fr"; it takes auto zh-CN zh-TW en
            3:1 warning there is no key "veiw"; did you mean view?
            4:1 warning there is no key "nonsense"; there are lang theme view screen snooze roles keys
            6:14 error screen.preview-at cannot be "left"; it takes auto right below
            7:1 warning there is no key "preveiw"; did you mean preview?
            "#
        );
    }

    #[test]
    fn mistakes_in_keys_are_told_with_their_line() {
        insta::assert_snapshot!(
            said(
                "[keys.global]\n\"ctrl-o\" = \"snet\"\n\"C-o\" = \"sent\"\n\"Ctrl-O\" = \"copy\"\n\"A\" = \"sent\"\n\
                 \"7\" = \":sent 14:00\"\n\"ctrl-m\" = \"copy\"\n\"d d\" = \"copy\"\n\"a b c\" = \"copy\"\n\
                 \"alt-x\" = \"skip\"\n\"f12\" = \":flter is:late\"\n\"f11\" = 3\n[keys.lsit]\n\"d\" = \"copy\"\n\
                 [keys.list]\n\"d\" = \"none\"\n\"d d\" = \"sent\"\n\
                 \"g\" = \"sent\"\n"
            )
            .join("\n"),
            @r#"
            2:12 error there is no action "snet"; did you mean sent? qun keys lists them
            4:1 error Ctrl-o clashes with line 3
            5:1 error A ends escape sequences and arrives alone when one is split; sent writes: use another key
            6:1 error 7 ends escape sequences and arrives alone when one is split; sent writes: use another key
            7:1 error Ctrl-m belongs to the terminal or the input method: use another key
            8:1 error dd is out of reach: d by itself is sent; write "d" = "none" first
            9:1 error "a b c" is no key; write j, ctrl-d, f2, space, "g g"
            10:1 error Alt-x looks like Esc and a letter; skip writes: use another key
            11:9 error there is no action ":flter is:late"; did you mean :filter? qun keys lists them
            12:9 error there is no action "3"; qun keys lists them
            13:7 warning there is no key "lsit"; did you mean list?
            18:1 error g begins gg, which is top; write "g g" = "none" first
            "#
        );
    }

    #[test]
    fn esc_ends_nothing_that_writes() {
        let bound = |table: &str, action: &str| said(&format!("[keys.{table}]\n\"esc\" = \"{action}\"\n"));
        for (table, action) in [
            ("global", "sent"),
            ("list", "skip"),
            ("list", ":sent 14:00"),
            ("menu", "open"),
            ("prompt", "take"),
            ("editor", "save"),
            ("form", "save"),
        ] {
            let said = bound(table, action);
            assert!(
                said.iter().any(|line| line.starts_with("2:1 error Esc begins escape")),
                "{table}: {said:?}"
            );
        }
        assert_eq!(bound("list", "none"), Vec::<String>::new());
        assert_eq!(bound("list", "zoom"), Vec::<String>::new());
    }

    #[test]
    fn a_way_out_is_left() {
        let toml = "[keys.global]\n\":\" = \"none\"\n\"ctrl-g\" = \"none\"\n\"ctrl-q\" = \"none\"\n";
        let (config, problems) = read(toml, &themes());
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(config.keymap, Keymap::default());
    }

    #[test]
    fn what_is_printed_reads_back_to_what_holds_anyhow() {
        for lang in Lang::ALL {
            let text = default_file(lang);
            let (config, problems) = read(&text, &themes());
            assert_eq!(problems, Vec::new(), "{text}");
            assert_eq!(config, Config::default());
            // every setting stands there: with the mark before it taken off, the file says the same in so many words
            let live: String = text
                .lines()
                .map(|line| match line.strip_prefix('#') {
                    Some(rest) if !rest.starts_with([' ', '#']) && !rest.is_empty() => format!("{rest}\n"),
                    _ => format!("{line}\n"),
                })
                .collect();
            let (config, problems) = read(&live, &themes());
            assert_eq!(problems, Vec::new(), "{live}");
            let same = Config { theme: "dark".into(), view: "1".into(), ..Config::default() };
            assert_eq!((&config.theme, &config.view), (&same.theme, &same.view));
            assert_eq!((config.lang, config.looks), (same.lang, same.looks));
            for entry in Action::all() {
                let keys = config.keymap.keys_of(entry.action);
                let mut mine: Vec<&String> = keys.iter().collect();
                let own = Keymap::default().keys_of(entry.action);
                let mut own: Vec<&String> = own.iter().collect();
                mine.sort();
                own.sort();
                assert_eq!(mine, own, "{}", entry.id);
            }
            let table: toml::Table = toml::from_str(&live).unwrap();
            assert_eq!(sorted(&table), sorted_words(KEYS));
            assert_eq!(sorted(table["screen"].as_table().unwrap()), sorted_words(SCREEN_KEYS));
        }
    }

    fn sorted(table: &toml::Table) -> Vec<String> {
        let mut keys: Vec<String> = table.keys().cloned().collect();
        keys.sort();
        keys
    }

    fn sorted_words(words: &[&str]) -> Vec<String> {
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        words.sort();
        words
    }
}
