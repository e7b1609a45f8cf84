//! What keys that arrived together are: a key held down, a line, several lines, characters of an input method.

use crossterm::event::KeyCode;

use crate::tui::key::Key;

/// A line end, and what a terminal without ICRNL makes of a bare line feed.
pub(super) const ENTER: Key = Key::plain(KeyCode::Enter);
pub(super) const LINE_FEED: Key = Key { ctrl: true, ..Key::char('j') };

/// What a paste is made of.
pub(super) fn is_text(key: &Key) -> bool {
    key.typed().is_some() || matches!(key.code, KeyCode::Enter | KeyCode::Tab)
}

/// Where the first line ends that another follows.
pub(super) fn has_lines(keys: &[Key]) -> bool {
    let from = keys.iter().position(|key| key.typed().is_some()).unwrap_or(keys.len());
    let mut rest = keys.iter().skip(from).skip_while(|key| key.code != KeyCode::Enter);
    rest.any(|key| key.typed().is_some())
}

/// A slash and what is looked for, in one piece: it opens the filter and can do no harm there.
pub(super) fn is_search(keys: &[Key]) -> bool {
    let line = keys.strip_suffix(&[ENTER]).unwrap_or(keys);
    let opens = line.first().and_then(|key| key.typed()).and_then(plain) == Some('/');
    opens && line.len() > 1 && line.iter().all(|key| key.typed().is_some())
}

/// A key held down on a slow line arrives in bursts as well; all of them are one key, and it moves.
pub(super) fn is_held_down(keys: &[Key]) -> bool {
    let moves = |key: &Key| {
        !matches!(key.code, KeyCode::Char(c) if !key.ctrl && !matches!(c, 'j' | 'k' | '[' | ']'))
            && !matches!(key.code, KeyCode::Enter | KeyCode::F(_) | KeyCode::Esc)
    };
    keys.iter().all(moves)
}

/// Chinese characters and something behind them in one piece: nobody types so, it is a short paste without brackets,
/// and its line ends and letters are no commands.
pub(super) fn is_committed(keys: &[Key]) -> bool {
    let chinese = |key: &&Key| key.typed().is_some_and(|c| plain(c).is_none());
    let acts = |key: &&Key| key.code == KeyCode::Enter || key.typed().is_some_and(|c| plain(c).is_some());
    keys.iter().any(|key| chinese(&key)) && keys.iter().any(|key| acts(&key))
}

/// The command a character means: ASCII as it is, fullwidth and Chinese punctuation as their twins; none for others.
pub fn plain(c: char) -> Option<char> {
    Some(match c {
        ' '..='~' => c,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0)?,
        '\u{3000}' => ' ',
        '、' => '/',
        '。' => '.',
        '【' | '「' => '[',
        '】' | '」' => ']',
        '《' => '<',
        '》' => '>',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '¥' | '￥' => '$',
        '—' => '_',
        '…' => '^',
        '·' => '`',
        _ => return None,
    })
}
