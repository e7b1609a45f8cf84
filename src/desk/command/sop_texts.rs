//! What the texts of a playbook should be looked at for before it is applied: the same as before each copy, on the
//! platforms of those who will say them.

use super::super::Desk;
use super::super::act::DeskError;
use crate::book::{AccountId, Platform, Target, Timestamp};
use crate::queue::check::strictest;
use crate::sop::format::{Playbook, Problem, TargetKind, slips_in};

impl Desk {
    /// Slips in the texts of a playbook. Of one whose targets are on several platforms the shortest length counts; whom
    /// a playbook for members is said to, and by whom, nobody knows before.
    pub(super) fn slips_of(
        &self,
        playbook: &Playbook,
        toml: &str,
        file: &str,
        now: Timestamp,
    ) -> Result<Vec<Problem>, DeskError> {
        let columns = &self.store.columns;
        let rules = &columns.rules;
        let on = self.platforms_of(playbook, now)?;
        let platform = |id: &str| {
            let (_, step) = playbook.step_by_id(id)?;
            let named = step.speakers.iter().filter_map(|name| self.speaker(name, None));
            let named: Vec<Platform> = self.platforms(named).collect();
            strictest(if named.is_empty() { on.clone() } else { named }, &rules.text)
        };
        Ok(slips_in(toml, file, rules, &platform))
    }

    /// The platforms of the accounts that a playbook is for, or that are in the groups it is for.
    fn platforms_of(&self, playbook: &Playbook, now: Timestamp) -> Result<Vec<Platform>, DeskError> {
        let columns = &self.store.columns;
        let mut accounts = Vec::new();
        match playbook.target {
            TargetKind::Member => {}
            TargetKind::Account => {
                for (_, id, account) in columns.accounts.iter() {
                    let fits = !account.body.archived
                        && self.target_matches(&playbook.audience, Target::Account(id), now)?;
                    accounts.extend(fits.then_some(id));
                }
            }
            TargetKind::Group => {
                for (_, id, group) in columns.groups.iter() {
                    let account = group.body.account.filter(|_| self.is_open_target(Target::Group(id)));
                    let Some(account) = account.filter(|account| !accounts.contains(account)) else {
                        continue;
                    };
                    let fits = self.target_matches(&playbook.audience, Target::Group(id), now)?;
                    accounts.extend(fits.then_some(account));
                }
            }
        }
        Ok(self.platforms(accounts.into_iter()).collect())
    }

    fn platforms(&self, of: impl Iterator<Item = AccountId>) -> impl Iterator<Item = Platform> {
        of.filter_map(|id| self.store.columns.accounts.by_id(id)).map(|account| account.body.platform)
    }
}
