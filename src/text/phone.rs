//! Phone numbers as they are kept: digits alone, with `+` in front of a country code other than 86.

/// The digits of a number and whether a country code is in front of them, given the digits as written and whether a `+`
/// was. `00` in front is a `+`, and 86 before eleven digits that begin with 1 goes, whether or not a `+` came with it.
pub fn country(digits: &str, foreign: bool) -> (&str, bool) {
    let abroad = digits.strip_prefix("00").filter(|rest| rest.len() >= 9);
    let (digits, foreign) = abroad.map_or((digits, foreign), |rest| (rest, true));
    let home = digits.strip_prefix("86").filter(|rest| rest.len() == 11 && rest.starts_with('1'));
    home.map_or((digits, foreign), |rest| (rest, false))
}

/// The number as it is kept.
pub fn kept(digits: &str, foreign: bool) -> String {
    if foreign { format!("+{digits}") } else { digits.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_kept_in_one_way() {
        for (digits, foreign, expected) in [
            ("13800138000", false, "13800138000"),
            ("8613800138000", true, "13800138000"),
            ("008613800138000", false, "13800138000"),
            ("0085223456789", false, "+85223456789"),
            ("85223456789", true, "+85223456789"),
            ("057188888888", false, "057188888888"),
            ("8612345", false, "8612345"),
        ] {
            let (found, abroad) = country(digits, foreign);
            assert_eq!(kept(found, abroad), expected, "{digits}");
        }
    }
}
