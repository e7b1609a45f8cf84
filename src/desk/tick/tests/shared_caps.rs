//! Caps that several people share: of what one person or group is to be told, the more important goes first.

use super::rules::enrol;
use super::*;
use crate::book::CapScope;

const NAMES: [&str; 4] = ["张三", "李四", "王五", "赵六"];

/// A playbook of one message a day, put in by hand.
fn says(id: &str, (who, via): (&str, &str), class: &str, at: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"{id}\"\nfor = \"{who}\"\nclass = \"{class}\"\nstart = {{ on = \"by-hand\" }}\n\
         [[step]]\nid = \"say\"\nat = \"D0 {at}\"\nvia = \"{via}\"\ntext = [\"{id}\"]\n"
    )
}

/// Four that promotion is enrolled for before care, both at their times of 22 November, under a cap.
fn book(cap: &str, in_groups: bool, care_at: &str) -> Book {
    let mut book = Book::new();
    let toml = format!("zone = \"Asia/Shanghai\"\n[[cap]]\n{cap}\n");
    book.desk.run(Command::SetRules { toml }).unwrap();
    for name in NAMES {
        let member = book.member(name);
        book.befriend(member);
        if in_groups {
            let group = book.group(&format!("{name}群"));
            book.join(member, group);
        }
    }
    let says_in = if in_groups { ("group", "group") } else { ("member", "private") };
    book.sop(&says("promo", says_in, "marketing", "10:00"));
    book.sop(&says("care", says_in, "care", care_at));
    for playbook in ["promo", "care"] {
        if in_groups {
            let groups = NAMES.iter().map(|name| {
                let lang = crate::text::lang::Lang::ZhCn;
                Target::Group(book.desk.desk.find_group(&format!("{name}群"), lang).unwrap())
            });
            let (targets, playbook) = (groups.collect(), PlaybookId(playbook.to_owned()));
            let enrol =
                Command::Enrol { playbook, targets, filter: String::new(), anchor: None, dry_run: false };
            book.desk.run(enrol).unwrap();
        } else {
            enrol(&mut book, playbook, &NAMES);
        }
    }
    book
}

impl Book {
    /// How many messages of care and of promotion are open.
    fn said(&self) -> (usize, usize) {
        let of = |id: &str| {
            let is = |task: &&Task| matches!(&task.kind, crate::book::TaskKind::Step { key, .. } if key.playbook.0 == id);
            self.open().iter().filter(is).count()
        };
        (of("care"), of("promo"))
    }
}

#[test]
fn promotion_does_not_take_the_room_of_care_to_the_same_people() {
    for scope in [CapScope::Account, CapScope::Store] {
        for in_groups in [false, true] {
            let case = format!("{scope} {in_groups}");
            let cap = |n: u32, per: &str| format!("scope = \"{}\"\nn = {n}\nper = \"{per}\"", scope.word());
            // both at one instant
            let mut tight = book(&cap(5, "hour"), in_groups, "10:00");
            tight.tick_at("2026-11-22 10:00");
            tight.tick_at("2026-11-22 10:03");
            assert_eq!(tight.said(), (4, 1), "{case}");
            // care comes later on the day
            let mut later = book(&cap(5, "day"), in_groups, "15:00");
            later.tick_at("2026-11-22 10:00");
            assert_eq!(later.said(), (0, 0), "{case}");
            later.tick_at("2026-11-22 15:00");
            later.tick_at("2026-11-22 15:03");
            assert_eq!(later.said(), (4, 1), "{case}");
            // with room for all nobody waits
            let mut roomy = book(&cap(8, "day"), in_groups, "15:00");
            roomy.tick_at("2026-11-22 10:00");
            assert_eq!(roomy.said(), (0, 4), "{case}");
        }
    }
}
