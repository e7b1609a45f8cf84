//! Products: what is sold, how it is also called, and how long one lasts.

use super::super::super::Desk;
use super::super::super::act::{Act, DeskError};
use super::super::draft::{Draft, set_all};
use super::place::taken;
use super::{Typed, archived, unknown};
use crate::book::{ObjectId, Product, ProductId};
use crate::door::form::Kind;
use crate::store::Body;
use crate::store::record::Edited;

impl Desk {
    pub(super) fn make_product(
        &self,
        act: &Act,
        typed: &Typed<'_>,
    ) -> Result<(Draft, Vec<ObjectId>), DeskError> {
        let fields = typed.canonical(self, &[])?;
        let mut draft = self.draft(act);
        let mut product = Product::new(draft.id(), "");
        set_all(&mut product, &fields);
        if self.product_called(&product.name, None).is_some() {
            return Err(taken(Kind::Product, &product.name, act.lang).into());
        }
        let id = product.id;
        draft.bodies.push(Body::ProductMade(product));
        Ok((draft, vec![ObjectId::Product(id)]))
    }

    pub(super) fn edit_product(
        &self,
        act: &Act,
        id: ProductId,
        typed: &Typed<'_>,
    ) -> Result<Draft, DeskError> {
        let Some(product) = self.store.columns.products.get(&id) else {
            return Err(unknown(Kind::Product, &id.to_string(), act.lang));
        };
        if product.archived {
            return Err(archived(&product.name, act.lang));
        }
        let mut product = product.clone();
        let changes = set_all(&mut product, &typed.canonical(self, &[])?);
        if self.product_called(&product.name, Some(id)).is_some() {
            return Err(taken(Kind::Product, &product.name, act.lang).into());
        }
        let mut draft = self.draft(act);
        if !changes.is_empty() {
            draft.bodies.push(Body::Edited { object: Edited::Product(id), changes });
        }
        Ok(draft)
    }
}
