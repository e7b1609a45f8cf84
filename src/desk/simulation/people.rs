//! Accounts, groups and members that every history begins with.

use super::Violation;
use super::book::{Book, Fact};
use super::reading;
use super::world::World;
use crate::book::{
    Account, AccountId, Contact, ContactState, Group, GroupId, Member, MemberId, Membership, MembershipRole,
    Platform, Target,
};
use crate::store::Body;

/// Ids of those who are there.
#[derive(Debug, Default)]
pub(super) struct People {
    pub accounts: Vec<AccountId>,
    pub groups: Vec<GroupId>,
    pub members: Vec<MemberId>,
}

const NAMES: [&str; 10] =
    ["小雨妈", "阿珍", "张伟", "王芳", "李娜", "老周", "团团", "陈姐", "小雨妈", "Ada 王"];

impl People {
    /// Puts them into the store in one commit, and into the book.
    pub(super) fn settle(world: &mut World, book: &mut Book) -> Result<Self, Violation> {
        let now = world.now.wall;
        let mut people = Self::default();
        let mut bodies = Vec::new();
        let act = world.desk.tick_act(now);
        for name in ["手机1", "小完子"] {
            let id = world.desk.ids.next(now);
            people.accounts.push(id);
            bodies.push(Body::AccountMade(Account::new(id, name, Platform::Wechat, now)));
        }
        for (at, name) in ["宠友一群", "宠友二群", "团购群"].into_iter().enumerate() {
            let id = world.desk.ids.next(now);
            people.groups.push(id);
            let account = Some(people.accounts[at % 2]);
            bodies.push(Body::GroupMade(Group { account, ..Group::new(id, name, now) }));
        }
        for (at, name) in NAMES.into_iter().enumerate() {
            let member = world.desk.ids.next(now);
            people.members.push(member);
            bodies.push(Body::MemberMade(Member::new(member, name, now)));
            let group = people.groups[at % 3];
            bodies.push(Body::MembershipSet {
                before: None,
                after: Some(Membership {
                    member,
                    group,
                    spell: 1,
                    joined_at: Some(now),
                    left_at: None,
                    role: MembershipRole::Plain,
                    nickname: String::new(),
                    inviter: None,
                }),
            });
            if at % 4 != 3 {
                let contact = Contact {
                    member,
                    account: people.accounts[at % 2],
                    since: Some(now),
                    state: ContactState::Friend,
                    remark: String::new(),
                    search_term: String::new(),
                };
                bodies.push(Body::ContactSet { before: None, after: Some(contact) });
            }
        }
        world.desk.perform(&act, bodies).map_err(|e| Violation::new(e.to_string()))?;
        world.desk.store.commit().map_err(|e| Violation::new(e.to_string()))?;
        world.keep();
        people.note(world, book);
        Ok(people)
    }

    /// Takes what the desk shows of them as told.
    fn note(&self, world: &World, book: &mut Book) {
        let mut facts = Vec::new();
        for id in &self.accounts {
            facts.extend(["name", "health", "holder"].map(|word| Fact::Field(Target::Account(*id), word)));
        }
        for id in &self.groups {
            let words = ["name", "state", "count", "tags"];
            facts.extend(words.map(|word| Fact::Field(Target::Group(*id), word)));
        }
        for id in &self.members {
            let words = ["name", "remark", "tags", "stage", "phone"];
            facts.extend(words.map(|word| Fact::Field(Target::Member(*id), word)));
            facts.extend(self.groups.iter().map(|group| Fact::Stay(*id, *group)));
            facts.extend(self.accounts.iter().map(|account| Fact::Contact(*id, *account)));
        }
        for fact in facts {
            let value = reading::read(&world.desk, &fact);
            book.facts.insert(fact, value);
        }
    }
}
