//! Bytes to text, without a second copy of the file.
//!
//! Spreadsheets on Chinese machines save UTF-8 with or without a byte order mark, UTF-16 ("Unicode text") or GB18030.
//! Valid UTF-8 is read in place; everything else is decoded in pieces of 64 KiB. What a file without a mark is written
//! in cannot be known, only weighed: [`candidates`] names what is possible, the header row decides between them.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// How much of a file is looked at to guess its encoding, bytes.
const SAMPLE: usize = 256 * 1024;
/// How much is decoded at a time, bytes.
const PIECE: usize = 64 * 1024;

/// One way to read the bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub encoding: &'static Encoding,
    /// Length of the byte order mark.
    pub skip: usize,
}

/// The encodings worth trying, the likeliest first; never empty.
pub(super) fn candidates(bytes: &[u8]) -> Vec<Candidate> {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return vec![Candidate { encoding, skip }];
    }
    let plain = |encoding| Candidate { encoding, skip: 0 };
    if nearly_utf8(bytes) {
        return vec![plain(UTF_8)];
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..SAMPLE).unwrap_or(bytes), true);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    let mut found = vec![plain(GB18030), plain(BIG5)];
    if guess == BIG5 {
        found.reverse();
    } else if guess != encoding_rs::GBK && guess != GB18030 {
        found.push(plain(guess));
    }
    found
}

/// Valid UTF-8, or UTF-8 with a few damaged characters, as left by programs that cut a name after so many bytes.
fn nearly_utf8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut wide, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().bytes().filter(|byte| *byte >= 0xE0).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    wide > 20 * broken
}

/// The file as a sequence of pieces of text.
#[derive(Debug)]
pub(super) struct Source<'a> {
    kind: Kind<'a>,
}

enum Kind<'a> {
    /// The file itself, what is left of it.
    Borrowed(&'a str),
    Decoded {
        decoder: Box<Decoder>,
        rest: &'a [u8],
        text: String,
        at: usize,
        done: bool,
    },
}

impl std::fmt::Debug for Kind<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Borrowed(text) => write!(f, "Borrowed({} bytes left)", text.len()),
            Self::Decoded { rest, .. } => write!(f, "Decoded({} bytes left)", rest.len()),
        }
    }
}

impl<'a> Source<'a> {
    pub(super) fn new(bytes: &'a [u8], candidate: Candidate) -> Self {
        let body = bytes.get(candidate.skip..).unwrap_or_default();
        if candidate.encoding == UTF_8
            && let Ok(text) = std::str::from_utf8(body)
        {
            return Self { kind: Kind::Borrowed(text) };
        }
        Self {
            kind: Kind::Decoded {
                decoder: Box::new(candidate.encoding.new_decoder_without_bom_handling()),
                rest: body,
                text: String::with_capacity(PIECE),
                at: 0,
                done: false,
            },
        }
    }

    /// Whether U+FFFD in the text may stand for bytes that could not be read.
    pub(super) fn is_decoded(&self) -> bool {
        matches!(self.kind, Kind::Decoded { .. })
    }

    /// What is at hand and not consumed yet.
    pub(super) fn chunk(&self) -> &str {
        match &self.kind {
            Kind::Borrowed(text) => text,
            Kind::Decoded { text, at, .. } => text.get(*at..).unwrap_or_default(),
        }
    }

    pub(super) fn consume(&mut self, count: usize) {
        match &mut self.kind {
            Kind::Borrowed(text) => *text = text.get(count..).unwrap_or_default(),
            Kind::Decoded { at, .. } => *at += count,
        }
    }

    /// Brings the next piece once the last is consumed; `false` at the end of the file.
    pub(super) fn refill(&mut self) -> bool {
        let Kind::Decoded { decoder, rest, text, at, done } = &mut self.kind else {
            return false;
        };
        text.clear();
        *at = 0;
        while text.is_empty() && !*done {
            // A malformed sequence ends a call; the mark for it always fits: capacity is kept ahead of the text.
            let (result, read) = decoder.decode_to_string_without_replacement(rest, text, true);
            *rest = rest.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => *done = true,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => text.push('\u{FFFD}'),
            }
        }
        !text.is_empty()
    }
}

/// What the file is when it is no text at all: the word for the message.
pub(super) fn not_text(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Some("xlsx");
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Some("xls");
    }
    if bytes.starts_with(b"%PDF") {
        return Some("pdf");
    }
    let marked = Encoding::for_bom(bytes).is_some_and(|(found, _)| found == UTF_16LE || found == UTF_16BE);
    let head = bytes.get(..4096).unwrap_or(bytes);
    let zeros = head.split(|byte| *byte == 0).count() - 1;
    (!marked && zeros * 8 > head.len()).then_some("binary")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (&'static str, String) {
        let Some(candidate) = candidates(bytes).first().copied() else { return ("", String::new()) };
        let mut source = Source::new(bytes, candidate);
        let mut all = String::new();
        loop {
            let piece = source.chunk().to_owned();
            all.push_str(&piece);
            source.consume(piece.len());
            if !source.refill() {
                return (candidate.encoding.name(), all);
            }
        }
    }

    #[test]
    fn the_usual_encodings_come_out_the_same() {
        let text = "昵称,手机\n小雨妈👩‍👧,13800138000\n𠮷田,€\n".repeat(4000);
        assert_eq!(read(text.as_bytes()), ("UTF-8", text.clone()));
        assert_eq!(read(format!("\u{FEFF}{text}").as_bytes()), ("UTF-8", text.clone()));
        let (gb, _, lost) = GB18030.encode(&text);
        assert!(!lost);
        assert_eq!(read(&gb), ("gb18030", text.clone()));
        let mut wide = vec![0xFF, 0xFE];
        wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(read(&wide), ("UTF-16LE", text.clone()));
        let mut wide = vec![0xFE, 0xFF];
        wide.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        assert_eq!(read(&wide), ("UTF-16BE", text));
    }

    #[test]
    fn one_damaged_character_does_not_turn_utf8_into_gibberish() {
        let mut bytes = "昵称,手机\n小雨妈,13800138000\n".repeat(20).into_bytes();
        bytes.extend(&"群"[..].as_bytes()[..2]);
        bytes.extend(b",1\n");
        let (name, text) = read(&bytes);
        assert_eq!(name, "UTF-8");
        assert!(text.ends_with("\u{FFFD},1\n"), "{text:?}");
    }

    #[test]
    fn what_is_no_text_is_named() {
        assert_eq!(not_text(b"PK\x03\x04rest"), Some("xlsx"));
        assert_eq!(not_text(&[0xD0, 0xCF, 0x11, 0xE0, 0]), Some("xls"));
        assert_eq!(not_text(&[b'a', 0, b'b', 0]), Some("binary"));
        assert_eq!(not_text(&[0xFF, 0xFE, b'a', 0]), None);
        assert_eq!(not_text("昵称".as_bytes()), None);
    }
}
