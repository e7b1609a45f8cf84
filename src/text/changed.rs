//! Two texts that differ, cut to where they do.

use std::ops::Range;

use super::width::{graphemes, truncate, width};

/// Columns of what both have that are left before and behind what differs.
const AROUND: usize = 8;

/// What stands for what is left out.
const LEFT_OUT: &str = "..";

/// Both texts by the part in which they differ, with a little of what is the same around it, each in so many columns: what
/// differs comes first, so that it is seen.
pub fn changed(before: &str, after: &str, columns: usize) -> [String; 2] {
    let (was, is): (Vec<&str>, Vec<&str>) =
        (graphemes(before).map(|(of, _)| of).collect(), graphemes(after).map(|(of, _)| of).collect());
    let same = was.iter().zip(&is).take_while(|(a, b)| a == b).count();
    let rest = was.len().min(is.len()) - same;
    let behind = was.iter().rev().zip(is.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    [was, is].map(|text| cut(&text, same..text.len() - behind, columns))
}

fn cut(text: &[&str], differs: Range<usize>, columns: usize) -> String {
    let (before, behind) =
        (text.get(..differs.start).unwrap_or_default(), text.get(differs.end..).unwrap_or_default());
    let within = |mut room: usize, all: &mut dyn Iterator<Item = &&str>| {
        all.take_while(|of| {
            let fits = width(of) <= room;
            room = room.saturating_sub(width(of));
            fits
        })
        .count()
    };
    let whole = |of: &[&str]| of.iter().map(|of| width(of)).sum::<usize>();
    let fits = whole(text) <= columns;
    let kept = if fits { before.len() } else { within(AROUND, &mut before.iter().rev()) };
    let follow = if fits { behind.len() } else { within(AROUND, &mut behind.iter()) };
    let from = before.len() - kept;
    let to = differs.end + follow;
    let middle = text.get(from..to).unwrap_or_default().concat();
    let (begins, ends) = (if from > 0 { LEFT_OUT } else { "" }, if to < text.len() { LEFT_OUT } else { "" });
    let room = columns.saturating_sub(width(begins) + width(ends));
    format!("{begins}{}{ends}", truncate(&middle, room))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: [&str; 2]) {
        assert_eq!(changed(before, after, 24), expected, "{before} -> {after}");
    }

    #[test]
    fn what_differs_is_seen_with_a_little_around_it() {
        check("还好吗", "用着还好吗", ["还好吗", "用着还好吗"]);
        let long = "亲爱的会员您好，本店今天会员日全场八八折，满三百再送一份小礼物，欢迎到店";
        check(
            long,
            &long.replace("八八折", "七五折"),
            ["..员日全场八八折，满三..", "..员日全场七五折，满三.."],
        );
        check(long, &format!("{long}哦"), ["..欢迎到店", "..欢迎到店哦"]);
        check(&format!("哦{long}"), long, ["哦亲爱的会..", "亲爱的会.."]);
        // what is all new is cut at its end
        check("短", long, ["短", "亲爱的会员您好，本店今.."]);
        check("同", "同", ["同", "同"]);
        check("", "有", ["", "有"]);
        check("aa", "aaa", ["aa", "aaa"]);
    }
}
