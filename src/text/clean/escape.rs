//! Finding the end of a terminal escape sequence.
//!
//! A sequence must go as a whole: without its introducer the rest of it would be shown as letters. A string sequence
//! (OSC, DCS, APC, PM, SOS) that never ends loses only its introducer, because swallowing the rest of a name would
//! hide what a stranger wrote. Strings end at the next control character whatever it is, which keeps this linear.

/// The length in bytes of the escape sequence at the start of the text, or `None` when there is none.
///
/// An ESC or a C1 introducer that begins nothing is a sequence of its own.
pub(super) fn sequence_len(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let body = chars.as_str();
    let begun = first.len_utf8();
    let length = match first {
        '\u{1b}' => match chars.next() {
            Some('[') => begun + 1 + control_len(chars.as_str()),
            Some(c @ (']' | 'P' | '_' | '^' | 'X')) => begun + 1 + string_len(chars.as_str(), c == ']'),
            Some(' '..='/') => begun + escape_len(body),
            Some('0'..='~') => begun + 1,
            _ => begun,
        },
        '\u{9b}' => begun + control_len(body),
        '\u{9d}' => begun + string_len(body, true),
        '\u{90}' | '\u{98}' | '\u{9e}' | '\u{9f}' => begun + string_len(body, false),
        _ => return None,
    };
    Some(length)
}

/// Parameters, intermediates and the final byte of a control sequence; what does not fit is not part of it.
fn control_len(body: &str) -> usize {
    let mut at = count(body.as_bytes(), |byte| (0x30..=0x3f).contains(&byte));
    at += count(body.as_bytes().get(at..).unwrap_or_default(), |byte| (0x20..=0x2f).contains(&byte));
    at + usize::from(body.as_bytes().get(at).is_some_and(|byte| (0x40..=0x7e).contains(byte)))
}

/// Intermediates and the final byte of an escape such as a charset switch.
fn escape_len(body: &str) -> usize {
    let at = count(body.as_bytes(), |byte| (0x20..=0x2f).contains(&byte));
    at + usize::from(body.as_bytes().get(at).is_some_and(|byte| (0x30..=0x7e).contains(byte)))
}

/// The payload of a string sequence with its terminator; 0 when it is not terminated.
fn string_len(body: &str, bell_ends: bool) -> usize {
    let Some((at, stop)) = body.char_indices().find(|(_, c)| c.is_control()) else { return 0 };
    match stop {
        '\u{7}' if bell_ends => at + 1,
        '\u{9c}' => at + stop.len_utf8(),
        '\u{1b}' if body.get(at + 1..).is_some_and(|after| after.starts_with('\\')) => at + 2,
        _ => 0,
    }
}

fn count(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|&&byte| belongs(byte)).count()
}
