//! Everything that is done with a filter, done with any text at all: what must hold of whatever somebody types.
//!
//! For the fuzzer in `fuzz/` and for a property test here, so that both ask the same.

use chrono_tz::Tz;

use super::{MatchContext, parse, parse_end, parse_moment, parse_past, parse_rest};
use crate::book::{Customs, Timestamp};
use crate::text::lang::Lang;

/// Moments at the ends of time, and one of ours.
const MOMENTS: [i64; 4] = [i64::MIN, 0, 1_795_327_380_000, i64::MAX];

/// Reads a text as a filter and as a moment, and does with it what screens and desks do.
///
/// # Errors
/// A sentence that says which promise was broken. A panic is one as well.
pub fn withstand(text: &str) -> Result<(), String> {
    let zone = Tz::Asia__Shanghai;
    match parse(text) {
        Ok(query) => {
            let canonical = query.to_text();
            match parse(&canonical) {
                Ok(read) if read == query => {}
                Ok(_) => return Err(format!("{canonical:?} says something else")),
                Err(error) => return Err(format!("{canonical:?}: {error}")),
            }
            if parse(&super::both(text, "state:due")).is_err() && text.chars().count() < super::MAX_CHARS / 2
            {
                return Err("it cannot be narrowed".to_owned());
            }
            for ms in MOMENTS {
                for lang in Lang::ALL {
                    let _ = query.explain(lang, Timestamp(ms), zone);
                }
                let context = MatchContext {
                    now: Timestamp(ms),
                    zone,
                    me: "小李",
                    customs: Customs::default(),
                    playbooks: None,
                };
                let _ = query.next_change(context.now, zone);
                let _ = query.resolve(&context);
            }
        }
        Err(error) => {
            let characters = text.chars().count();
            if error.column < 1 || error.length < 1 || error.column > characters + 1 {
                return Err(format!("it points at {}, {} wide, of {characters}", error.column, error.length));
            }
            if Lang::ALL.iter().any(|lang| error.message(*lang).trim().is_empty()) {
                return Err("its mistake has no words".to_owned());
            }
        }
    }
    for ms in MOMENTS {
        let _ = parse_moment(text, Timestamp(ms), zone);
        let _ = parse_past(text, Timestamp(ms), zone);
        let _ = parse_end(text, Timestamp(ms), zone);
        let _ = parse_rest(text, Timestamp(ms), zone);
    }
    Ok(())
}
