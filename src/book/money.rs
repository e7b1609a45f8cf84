//! Money in fen: integers, so that totals are exact.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

use crate::text::fold::normalise_input;

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

/// What an amount is written with beside its digits.
const CURRENCY: &[&str] =
    &["人民币", "人民幣", "rmb", "cny", "元整", "元", "圆", "圓", "块钱", "塊錢", "块", "塊"];

impl Money {
    /// An amount as people write it, in plain digits: `39.9` of `￥39.9`, `39.9元`, `RMB ３９．９` and `39块9`, `1299` of
    /// `1,299`; none where it is no amount.
    pub fn plain(text: &str) -> Option<String> {
        let text = normalise_input(&text.replace(['￥', '¥'], "rmb")).to_lowercase();
        let mut rest = text.trim();
        while let Some(less) = CURRENCY
            .iter()
            .find_map(|sign| rest.strip_prefix(sign).or_else(|| rest.strip_suffix(sign)))
            .map(str::trim)
        {
            rest = less;
        }
        let spoken = rest.split_once(['块', '塊', '元']).map(|(yuan, jiao)| {
            let jiao = jiao.trim_end_matches(['毛', '角']);
            (jiao.len() == 1).then(|| format!("{yuan}.{jiao}"))
        });
        let digits = match spoken {
            Some(spoken) => spoken?,
            None => rest.to_owned(),
        };
        let digits = if digits.contains(',') { without_commas(&digits)? } else { digits };
        let signed = digits.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        digits.parse::<Self>().ok().filter(|_| signed).map(|_| digits)
    }
}

/// `1299.5` of `1,299.5`; none where a comma does not stand between thousands.
fn without_commas(digits: &str) -> Option<String> {
    let (whole, fen) = digits.split_once('.').map_or((digits, None), |(whole, fen)| (whole, Some(fen)));
    let mut groups = whole.split(',');
    let first = groups.next().map(|first| first.trim_start_matches('-').len())?;
    let is_whole = (1..=3).contains(&first) && groups.all(|group| group.len() == 3);
    let fen = fen.map(|fen| format!(".{fen}")).unwrap_or_default();
    is_whole.then(|| format!("{}{fen}", whole.replace(',', "")))
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

    #[test]
    fn an_amount_is_taken_without_its_currency_however_it_is_written() {
        let written = [
            ("39.9", "39.9"),
            ("39.90", "39.90"),
            (" 39.9元 ", "39.9"),
            ("￥39.90", "39.90"),
            ("¥ 39", "39"),
            ("39.9￥", "39.9"),
            ("RMB 39.9", "39.9"),
            ("39.9 rmb", "39.9"),
            ("人民币39元整", "39"),
            ("３９．９元", "39.9"),
            ("39块钱", "39"),
            ("39块9", "39.9"),
            ("39块9毛", "39.9"),
            ("1,299", "1299"),
            ("￥12，299.00", "12299.00"),
            ("-5元", "-5"),
        ];
        for (text, plain) in written {
            assert_eq!(Money::plain(text).as_deref(), Some(plain), "{text}");
        }
        for text in
            ["", "元", "39.9元/箱", "39-49", "1,2", "12,34,567", "0,5", "39块95", "$39", "三十九", "1.234"]
        {
            assert_eq!(Money::plain(text), None, "{text}");
        }
    }
}
