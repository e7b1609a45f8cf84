//! Products: found by the names people give them, and when what somebody bought runs out.
//!
//! A playbook that waits for a product to run out is entered as soon as the day is expected: its enrolment stands
//! and waits. The anchor's key is the last purchase, so a new one ends the round and begins another; while the
//! purchase is the same and nothing was said yet, a better guess moves the round.

#![allow(clippy::result_large_err, reason = "a refusal is made once a command and answered at once")]

use super::Desk;
use super::act::{Act, DeskError};
use super::anchors::AGAIN;
use super::enrolling::Entry;
use super::resolve::{Named, one, resolve};
use super::tick::READ_A_PLACE;
use super::tick::daily::ROWS_A_PLACE;
use super::tick::silence::Quiet;
use super::words::book::BookWords;
use crate::book::{
    Activity, ActivityKind, Anchor, EnrolmentStatus, MemberId, PlaybookId, Product, ProductId, Target,
    Timestamp,
};
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::reply::Suggestion;
use crate::door::{Refusal, RefusalKind};
use crate::sop::calendar::{day_start, local_day, plus_days};
use crate::sop::format::{Playbook, Start};
use crate::sop::runout::{Goods, RunOut, run_out};
use crate::store::keys;
use crate::text::clean::for_display;
use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::text::pinyin::{search_key, sort_key};
use crate::text::shell::quoted;

impl Desk {
    /// Another product of that name that is not archived.
    pub(in crate::desk) fn product_called(&self, name: &str, but: Option<ProductId>) -> Option<ProductId> {
        let folded = fold(name);
        let mut products = self.store.columns.products.values();
        products
            .find(|product| Some(product.id) != but && !product.archived && fold(&product.name) == folded)
            .map(|product| product.id)
    }

    /// A product's name, cleaned for display.
    pub(in crate::desk) fn product_name(&self, id: ProductId) -> String {
        let product = self.store.columns.products.get(&id);
        product.map(|product| for_display(&product.name).into_owned()).unwrap_or_default()
    }

    /// All that are not archived, by name.
    pub(in crate::desk) fn products(&self) -> Vec<Product> {
        let products = self.store.columns.products.values();
        let mut present: Vec<Product> = products.filter(|product| !product.archived).cloned().collect();
        present.sort_by_cached_key(|product| (sort_key(&product.name), product.id));
        present
    }

    /// The product that a text names, by name, alias or id.
    pub(in crate::desk) fn find_product(
        &self,
        text: &str,
        archived: bool,
        lang: Lang,
    ) -> Result<ProductId, Refusal> {
        let text = text.trim();
        let products = self.store.columns.products.values().filter(|p| p.archived == archived);
        let keyed: Vec<(&Product, String)> = products
            .map(|product| {
                let names = std::iter::once(&product.name).chain(&product.aliases);
                (product, names.map(|name| search_key(name)).collect::<Vec<_>>().join("\n"))
            })
            .collect();
        let all: Vec<Named<'_, ProductId>> =
            keyed.iter().map(|(p, key)| Named { id: p.id, name: &p.name, key }).collect();
        let label = |id: ProductId| format!("{} ({})", self.product_name(id), id.short());
        let found = one(text, Kind::Product, resolve(text, || all.iter().copied()), lang, label);
        found.map_err(|refusal| self.or_the_other(text, archived, refusal, lang))
    }

    /// Says so where what was not found is archived, or is not.
    fn or_the_other(&self, text: &str, archived: bool, refusal: Refusal, lang: Lang) -> Refusal {
        let folded = fold(text);
        let mut products = self.store.columns.products.values();
        let other = products.find(|product| product.archived != archived && fold(&product.name) == folded);
        let Some(other) = other.filter(|_| refusal.kind == RefusalKind::NotFound) else { return refusal };
        let name = for_display(&other.name).into_owned();
        if archived {
            let words = BookWords::NotArchived.fill(lang, &[("name", &name)]);
            return Refusal::new(RefusalKind::State, words).about(name);
        }
        let command = format!("qun {} restore {}", Kind::Product.word(), quoted(&name));
        let values: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("command", &command)];
        refusal.hint(BookWords::IsArchived.fill(lang, &values))
    }

    /// The one product that is meant, as an answer to whoever looks for one.
    pub(in crate::desk) fn found_product(&self, text: &str, lang: Lang) -> Result<Suggestion, Refusal> {
        let id = self.find_product(text, false, lang)?;
        Ok(Suggestion {
            id: LineId::Object(crate::book::ObjectId::Product(id)),
            kind: Kind::Product,
            name: self.product_name(id),
            hint: String::new(),
        })
    }

    /// When a member is expected to run out of what a playbook names; none for other playbooks, or where nothing says
    /// when.
    pub(in crate::desk) fn expected_run_out(
        &self,
        playbook: &Playbook,
        member: MemberId,
    ) -> Result<Option<RunOut>, DeskError> {
        let Start::Runout { product, .. } = &playbook.start else { return Ok(None) };
        let columns = &self.store.columns;
        let goods = Goods::named(product, columns.products.values());
        let zone = playbook.tz.unwrap_or(columns.store.zone);
        let told: Vec<Activity> =
            self.store.bodies.list(&keys::activities(Target::Member(member)), usize::MAX)?;
        Ok(run_out(told.iter(), &goods, zone))
    }

    /// Whether a member has bought what is called so.
    pub(in crate::desk) fn has_bought(&self, product: &str, member: MemberId) -> Result<bool, DeskError> {
        let goods = Goods::named(product, self.store.columns.products.values());
        let told: Vec<Activity> =
            self.store.bodies.list(&keys::activities(Target::Member(member)), usize::MAX)?;
        Ok(told.iter().any(|one| one.kind == ActivityKind::Bought && goods.is_in(&one.text)))
    }

    /// Enrols a member in a playbook that waits for a product to run out, ends the round that another purchase began,
    /// or moves the one that waits. True where they entered.
    pub(in crate::desk) fn runs_out(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Playbook,
        member: MemberId,
    ) -> Result<bool, DeskError> {
        let Start::Runout { offset, .. } = &playbook.start else { return Ok(false) };
        let target = Target::Member(member);
        let expected = self.expected_run_out(playbook, member)?;
        let key = expected.map(|expected| format!("runout:{}", expected.of));
        let day = expected.map(|expected| plus_days(expected.day, *offset));
        let mut stands = false;
        for enrolment in self.running(target)?.into_iter().filter(|e| e.playbook == *id) {
            let status = &enrolment.status;
            if !status.anchor.key.starts_with("runout:") {
                continue;
            }
            if Some(&status.anchor.key) != key.as_ref() {
                self.cut_short(act, &enrolment, AGAIN)?;
                continue;
            }
            stands = true;
            let Some(d0) = day.filter(|d0| *d0 != status.anchor.d0 && status.progress.passed.is_none())
            else {
                continue;
            };
            let zone = self.store.columns.zone_of(&enrolment);
            let at = day_start(d0, zone, playbook.day_ends);
            let anchor = Anchor { at, d0, ..status.anchor.clone() };
            self.set_status(act, &enrolment, EnrolmentStatus { anchor, ..status.clone() })?;
            self.plan_next(act, enrolment.id)?;
        }
        let (Some(key), Some(d0), false) = (key, day, stands) else { return Ok(false) };
        let activated_at = self.store.columns.playbooks.get(id).map(|column| column.activated_at);
        let group = self.only_group(member);
        let zone = self.zone_for(playbook, target, group, None);
        let begins = day_start(d0, zone, playbook.day_ends);
        // what runs out on the day of activation counts from the activation on
        let at = activated_at.filter(|at| local_day(*at, zone, playbook.day_ends) == d0);
        let at = at.map_or(begins, |at| at.max(begins));
        let playbook = id.clone();
        let entry = Entry { playbook, target, group, account: None, key, at, by_hand: false, again: false };
        Ok(self.enter(act, &entry)?.is_ok())
    }

    /// Enrols those for whom a product runs out, from a row on; the next row where some are left.
    pub(in crate::desk) fn running_out(
        &mut self,
        act: &Act,
        id: &PlaybookId,
        playbook: &Playbook,
        mut next: u32,
        room: &mut usize,
    ) -> Result<Option<u32>, DeskError> {
        let mut looked = 0;
        while *room > 0 {
            let columns = &self.store.columns;
            let Some(column) = columns.members.get(next) else { return Ok(None) };
            let buys = !column.archived && column.last_order_at.is_some();
            let member = columns.members.id(next).filter(|_| buys);
            next += 1;
            // reading what somebody bought costs more than a look at their column
            looked += if buys { ROWS_A_PLACE / READ_A_PLACE } else { 1 };
            if looked >= ROWS_A_PLACE {
                (looked, *room) = (0, room.saturating_sub(1));
            }
            let Some(member) = member else { continue };
            if self.runs_out(act, id, playbook, member)? {
                *room = room.saturating_sub(1);
            }
        }
        Ok(Some(next))
    }

    /// Whether a member would enter a playbook that waits for a silence or for something to run out, as it is applied.
    pub(in crate::desk) fn would_be_expected(
        &self,
        playbook: &Playbook,
        member: MemberId,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let columns = &self.store.columns;
        let Some(column) = columns.members.by_id(member).filter(|member| !member.archived) else {
            return Ok(false);
        };
        let day_ends = playbook.day_ends;
        let (key, at, group) = match (&playbook.start, Quiet::of(&playbook.start)) {
            (_, Some((quiet, days))) => {
                let zone = playbook.tz.unwrap_or(columns.store.zone);
                let Some(last) = quiet.last(&column) else { return Ok(false) };
                let days = i32::try_from(days).unwrap_or(i32::MAX);
                let day = plus_days(quiet.day(last, zone, day_ends), days);
                // what was reached before is history, what is reached later comes later
                if !(now.day(zone)..=now.day(columns.store.zone)).contains(&day) {
                    return Ok(false);
                }
                (self.silence_key(member, quiet)?, day_start(day, zone, day_ends).max(now), None)
            }
            (Start::Runout { offset, .. }, None) => {
                let Some(expected) = self.expected_run_out(playbook, member)? else { return Ok(false) };
                let (d0, group) = (plus_days(expected.day, *offset), self.only_group(member));
                let zone = self.zone_for(playbook, Target::Member(member), group, None);
                let begins = day_start(d0, zone, day_ends);
                let at = if local_day(now, zone, day_ends) == d0 { begins.max(now) } else { begins };
                (format!("runout:{}", expected.of), at, group)
            }
            _ => return Ok(false),
        };
        let (playbook_id, target) = (playbook.id.clone(), Target::Member(member));
        let entry = Entry {
            playbook: playbook_id,
            target,
            group,
            account: None,
            key,
            at,
            by_hand: false,
            again: false,
        };
        Ok(self.judged_by(playbook, 1, now, &entry, now)?.is_ok())
    }
}
