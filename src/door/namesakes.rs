//! What tells people of one name apart where they stand in one list.

use std::collections::{HashMap, HashSet};

use super::line::{LineId, MemberLine};
use super::reply::Suggestion;
use crate::book::{MemberId, ObjectId};

/// What a member is called in a list: the remark, else the name.
fn called(member: &MemberLine) -> (&str, &str) {
    let remark = if member.remark.is_empty() { &member.name } else { &member.remark };
    (remark, &member.name)
}

/// Of those who are called alike what each has alone: the group, else the friend among our accounts, else the end of the id.
pub fn marks<'m>(members: impl Iterator<Item = &'m MemberLine>) -> HashMap<MemberId, String> {
    let mut alike: HashMap<(&str, &str), Vec<&MemberLine>> = HashMap::new();
    for member in members {
        alike.entry(called(member)).or_default().push(member);
    }
    let mut marks = HashMap::new();
    for same in alike.into_values().filter(|same| same.len() > 1) {
        let first_group = |m: &MemberLine| m.groups.first().map(|group| group.name.clone());
        let first_friend = |m: &MemberLine| m.friend_of.first().map(|account| account.name.clone());
        let own = of_each(&same, first_group).or_else(|| of_each(&same, first_friend));
        let own = own.unwrap_or_else(|| same.iter().map(|member| member.id.short()).collect());
        marks.extend(same.iter().map(|member| member.id).zip(own));
    }
    marks
}

/// Something of each, where all have it and no two the same.
fn of_each(same: &[&MemberLine], what: impl Fn(&MemberLine) -> Option<String>) -> Option<Vec<String>> {
    let each: Vec<String> = same.iter().map(|member| what(member)).collect::<Option<_>>()?;
    let differ: HashSet<&String> = each.iter().collect();
    (differ.len() == each.len()).then_some(each)
}

/// Puts the end of the id behind what is offered under one name with one hint.
pub fn tell_apart(found: &mut [Suggestion]) {
    let mut alike: HashMap<(String, String), u32> = HashMap::new();
    for one in &*found {
        *alike.entry((one.name.clone(), one.hint.clone())).or_default() += 1;
    }
    for one in found {
        let n = alike.get(&(one.name.clone(), one.hint.clone())).copied().unwrap_or(0);
        if let (2.., LineId::Object(ObjectId::Member(id))) = (n, &one.id) {
            let gap = if one.hint.is_empty() { "" } else { "  " };
            one.hint.push_str(gap);
            one.hint.push_str(&id.short());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::id::Id;
    use crate::book::{GroupId, Money};
    use crate::door::form::Kind;
    use crate::door::line::Ref;

    fn member(n: u128, name: &str, group: Option<&str>) -> MemberLine {
        let group = group.map(|name| Ref { id: GroupId::from_bits(n), name: name.to_owned() });
        MemberLine {
            id: MemberId::from_bits(n),
            name: name.to_owned(),
            remark: String::new(),
            stage: None,
            tags: Vec::new(),
            groups: group.into_iter().collect(),
            group_count: 1,
            friend_of: Vec::new(),
            orders: 0,
            spent: Money(0),
            last_reply_at: None,
            last_touch_at: None,
            due: 0,
            pause: None,
        }
    }

    #[test]
    fn namesakes_are_marked_by_what_each_has_alone() {
        let check = |groups: [Option<&str>; 3], expected: [&str; 3]| {
            let members: Vec<MemberLine> = (0..3).map(|n| member(n as u128 + 1, "王芳", groups[n])).collect();
            let other = member(9, "李静", Some("一群"));
            let marks = marks(members.iter().chain([&other]));
            let told: Vec<&str> = members.iter().map(|member| marks[&member.id].as_str()).collect();
            assert_eq!((told, marks.len()), (expected.to_vec(), 3));
        };
        check([Some("一群"), Some("二群"), Some("三群")], ["一群", "二群", "三群"]);
        check([Some("一群"), Some("一群"), Some("三群")], ["00001", "00002", "00003"]);
        check([Some("一群"), None, Some("三群")], ["00001", "00002", "00003"]);
    }

    #[test]
    fn what_is_offered_twice_alike_has_its_id_beside_it() {
        let offer = |n: u128, hint: &str| Suggestion {
            id: LineId::Object(ObjectId::Member(MemberId::from_bits(n))),
            kind: Kind::Member,
            name: "王芳".to_owned(),
            hint: hint.to_owned(),
        };
        let mut found = [offer(1, "一群"), offer(2, "一群"), offer(3, "二群"), offer(4, "")];
        tell_apart(&mut found);
        assert_eq!(found.map(|one| one.hint), ["一群  00001", "一群  00002", "二群", ""]);
    }
}
