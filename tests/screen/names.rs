//! Whom names mean to the small desk.

use super::desk::Desk;
use qun::book::ObjectId;
use qun::door::form::Kind;
use qun::door::line::LineId;
use qun::door::reply::{Fit, NameMatch, Suggestion};

impl Desk {
    /// As the real desk: exactly so, else alike, else the one name that is a slip of 李四.
    pub(super) fn who(&self, text: &str) -> NameMatch {
        let alike = self.suggest(&[Kind::Member], text);
        let exact: Vec<Suggestion> = alike.iter().filter(|s| s.name == text).cloned().collect();
        let (fit, found) = match (exact.as_slice(), alike.as_slice()) {
            ([_], _) => (Fit::One, exact),
            ([], [_]) if text.is_ascii() => (Fit::One, alike),
            ([], []) if self.groups.iter().any(|group| group.name == text) => {
                (Fit::Near, self.suggest(&[Kind::Group], text))
            }
            ([], []) if text == "李思" => (Fit::Near, self.suggest(&[Kind::Member], "李四")),
            ([], []) => (Fit::Nobody, Vec::new()),
            ([], _) => (Fit::Alike, alike),
            _ => (Fit::Several, exact),
        };
        NameMatch { fit, found }
    }

    pub(super) fn suggest(&self, kinds: &[Kind], text: &str) -> Vec<Suggestion> {
        let initials = |name: &str| match name {
            "小雨妈" => "xym",
            "阿珍" => "az",
            "张三" => "zs",
            "李四" => "ls",
            _ => "-",
        };
        let fits = |name: &str| name.starts_with(text) || initials(name).starts_with(text);
        let suggest = |id, kind, name: &str, hint: String| Suggestion {
            id: LineId::Object(id),
            kind,
            name: name.to_owned(),
            hint,
        };
        let groups = self.groups.iter().filter(|g| kinds.contains(&Kind::Group) && fits(&g.name));
        let groups = groups.map(|g| suggest(ObjectId::Group(g.id), Kind::Group, &g.name, "手机1".into()));
        let members = self.members.iter().filter(|m| kinds.contains(&Kind::Member) && fits(&m.name));
        let members = members.enumerate().map(|(at, m)| {
            suggest(
                ObjectId::Member(m.id),
                Kind::Member,
                &m.name,
                format!("宠友交流{}群  {}", at + 1, self.phone_tail).trim().to_owned(),
            )
        });
        groups.chain(members).collect()
    }
}
