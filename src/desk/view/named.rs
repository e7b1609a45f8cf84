//! What planned messages, and what is in their way, are called.

use super::task_line::clean;
use super::walk::{STAND_IN, Walk};
use crate::book::{CapScope, PlaybookId};
use crate::desk::Desk;
use crate::door::forecast::{CapAhead, ClashAhead};
use crate::door::line::Ref;
use crate::report::forecast::{Clash, Hit, clashes, hits};
use crate::sop::format::Playbook;

/// Caps that are told one by one.
const TOLD: usize = 50;

impl Walk {
    /// What a playbook is called, or a text that is to be one.
    pub(super) fn title(&self, desk: &Desk, position: u16) -> Option<String> {
        let stands = self.stand_ins.get(usize::from(STAND_IN - position));
        stands.cloned().or_else(|| desk.playbook_ref(position).map(|of| of.name))
    }

    /// The playbook and the step of a message; of a text that is to be one, what it is called.
    pub(super) fn step_told(
        &self,
        desk: &Desk,
        (position, step): (u16, u16),
    ) -> (Option<Ref<PlaybookId>>, String) {
        let playbook = desk.playbook_here(position);
        let step =
            playbook.and_then(|(_, playbook)| Some(clean(&playbook.step(step)?.id))).unwrap_or_default();
        let stands = || Some(Ref { id: PlaybookId(String::new()), name: self.title(desk, position)? });
        (desk.playbook_ref(position).or_else(stands), step)
    }

    /// Caps that more is planned for than they let through, in the order of days.
    pub(super) fn hits(&self, desk: &Desk) -> Vec<Hit> {
        hits(&self.ahead, &desk.store.columns.rules.caps, desk.store.columns.store.zone)
    }

    /// Who hears from several playbooks on one day.
    pub(super) fn clashes(&self, desk: &Desk) -> Vec<Clash> {
        clashes(&self.ahead, desk.store.columns.store.zone)
    }

    /// Caps as they are told, the first of them.
    pub(super) fn caps_told(&self, desk: &Desk, hits: Vec<Hit>) -> Vec<CapAhead> {
        let columns = &desk.store.columns;
        let told = |hit: Hit| {
            let cap = columns.rules.caps.get(hit.cap)?;
            let name = hit.of.and_then(|row| match cap.scope.of {
                CapScope::Member => columns.members.get(row).map(|member| clean(member.name())),
                CapScope::Group => columns.groups.get(row).map(|group| clean(&group.body.name)),
                CapScope::Account => columns.accounts.get(row).map(|account| clean(&account.body.name)),
                CapScope::Playbook => self.title(desk, u16::try_from(row).ok()?),
                CapScope::Store => None,
            });
            Some(CapAhead {
                day: hit.day,
                scope: cap.scope.of.word().to_owned(),
                per: cap.per.word().to_owned(),
                name: name.unwrap_or_default(),
                planned: hit.planned,
                n: hit.n,
            })
        };
        hits.into_iter().take(TOLD).filter_map(told).collect()
    }

    /// A clash as it is told.
    pub(super) fn clash_told(&self, desk: &Desk, clash: &Clash) -> ClashAhead {
        let titles = clash.playbooks.iter().filter_map(|at| self.title(desk, *at));
        let name = desk.store.columns.members.get(clash.member).map(|member| clean(member.name()));
        (clash.day, name.unwrap_or_default(), titles.collect())
    }
}

impl Desk {
    pub(in crate::desk) fn playbook_here(
        &self,
        position: u16,
    ) -> Option<(PlaybookId, std::sync::Arc<Playbook>)> {
        let (id, column) = self.store.columns.playbook_at(position)?;
        Some((id.clone(), self.playbooks.get(id, column.current)?))
    }

    pub(super) fn playbook_ref(&self, position: u16) -> Option<Ref<PlaybookId>> {
        let id = self.store.columns.playbook_at(position)?.0.clone();
        Some(Ref { name: self.title(&id), id })
    }
}
