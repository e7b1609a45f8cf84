//! Money in fen: integers, so that totals are exact.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An amount in fen (hundredths of a yuan).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

impl FromStr for Money {
    type Err = ();

    /// Reads `39.9`, `¥39.90`, `39.9元`, `-5`; at most two decimals.
    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim().trim_start_matches(['¥', '￥']).trim_end_matches(['元', '块']);
        let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (yuan, fen) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if yuan.is_empty() || fen.len() > 2 || yuan.len() > 12 || !digits(yuan) || !digits(fen) {
            return Err(());
        }
        let yuan: i64 = yuan.parse().map_err(|_| ())?;
        let fen: i64 = format!("{fen:0<2}").parse().map_err(|_| ())?;
        Ok(Self(sign * (yuan * 100 + fen)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write_and_nothing_else() {
        for (text, fen) in [("39.9", 3990), ("¥39.90", 3990), ("5元", 500), ("-0.05", -5), ("0", 0)] {
            assert_eq!(text.parse(), Ok(Money(fen)), "{text}");
        }
        for text in ["", "1.234", "1e3", "abc", ".5", "9999999999999"] {
            assert_eq!(text.parse::<Money>(), Err(()), "{text}");
        }
        assert_eq!(Money(-5).to_string(), "-0.05");
    }
}
