//! When what somebody bought is used up, so that they can be asked before it is.
//!
//! Decided once: who bought a product on three days or more uses it as fast as the median of the whole days between
//! them (of two in the middle their mean, rounded down); of others the product's own days of use are taken, counted
//! from the last purchase; where nobody gave these, nothing is expected. Several purchases of one day are one. How
//! much was bought does not count. A refund takes back the last purchase of the product before it.
//!
//! An order is told in words: it is of a product where one of its items is called like the product or one of its
//! aliases, with nothing but a quantity around it.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::calendar::plus_days;
use crate::book::{Activity, ActivityId, ActivityKind, Product};
use crate::text::fold::fold;

/// From how many purchases on somebody's own pace is known.
const PACE: usize = 3;

/// What may stand around the name of what was bought: how much of it.
const MEASURES: &str = "个只枚支条盒箱罐瓶袋包桶提听板份件块片卷对双打斤两克千公升毫kgml一二三四五六七八九十半\
                        0123456789x×*.,+-()（）[]【】第次共买";

/// What is looked for in the words of orders: all names of a product, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    names: Vec<String>,
    unit: String,
    /// How many days one lasts; none where nobody said.
    pub days_of_use: Option<u32>,
}

impl Goods {
    /// Goods that a playbook names: the product that is called so, by name or alias, else the bare name.
    pub fn named<'a>(name: &str, products: impl Iterator<Item = &'a Product>) -> Self {
        let wanted = fold(name.trim());
        let called = |product: &&Product| {
            !product.archived
                && std::iter::once(&product.name).chain(&product.aliases).any(|n| fold(n) == wanted)
        };
        match products.filter(called).min_by_key(|product| product.id) {
            Some(product) => {
                let names = std::iter::once(&product.name).chain(&product.aliases);
                let mut names: Vec<String> = names.map(|name| fold(name.trim())).collect();
                names.retain(|name| !name.is_empty());
                Self { names, unit: fold(&product.unit), days_of_use: product.days_of_use }
            }
            None => Self { names: vec![wanted], unit: String::new(), days_of_use: None },
        }
    }

    /// True where the words of an order are about these goods.
    pub fn is_in(&self, order: &str) -> bool {
        let order = fold(order);
        let is_quantity = |text: &str| {
            text.chars().all(|c| c.is_whitespace() || MEASURES.contains(c) || self.unit.contains(c))
        };
        // the whole may be one name with a comma in it
        std::iter::once(order.as_str()).chain(order.split([',', '，', '、', ';', '；', '+', '/', '\n'])).any(
            |item| {
                self.names.iter().filter(|name| !name.is_empty()).any(|name| {
                    item.match_indices(name.as_str()).any(|(at, found)| {
                        let around = (item.get(..at), item.get(at + found.len()..));
                        matches!(around, (Some(before), Some(after)) if is_quantity(before) && is_quantity(after))
                    })
                })
            },
        )
    }
}

/// What an expected day follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The median of the days between so many purchases of their own.
    Pace { days: u32, purchases: u32 },
    /// The product's days of use.
    Use { days: u32 },
}

/// When somebody is expected to have used up what they bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOut {
    /// The last purchase.
    pub of: ActivityId,
    /// The local day.
    pub day: NaiveDate,
    pub basis: Basis,
}

/// What is expected after somebody's activities, first first; none where they have not bought these goods, or nothing
/// says how long they last.
pub fn run_out<'a>(
    activities: impl Iterator<Item = &'a Activity>,
    goods: &Goods,
    zone: Tz,
) -> Option<RunOut> {
    let mut bought: Vec<(NaiveDate, ActivityId)> = Vec::new();
    for activity in activities.filter(|activity| goods.is_in(&activity.text)) {
        match activity.kind {
            ActivityKind::Bought => bought.push((activity.at.ms.day(zone), activity.id)),
            ActivityKind::Refunded => {
                bought.pop();
            }
            _ => {}
        }
    }
    let (last, of) = *bought.last()?;
    bought.dedup_by_key(|(day, _)| *day);
    let days = |days: u32, basis| {
        let day = plus_days(last, i32::try_from(days).unwrap_or(i32::MAX));
        RunOut { of, day, basis }
    };
    if bought.len() >= PACE {
        let between: Vec<i64> = bought
            .iter()
            .zip(bought.iter().skip(1))
            .map(|((one, _), (other, _))| (*other - *one).num_days())
            .collect();
        let pace = u32::try_from(median(between)).unwrap_or(0);
        let purchases = u32::try_from(bought.len()).unwrap_or(u32::MAX);
        return Some(days(pace, Basis::Pace { days: pace, purchases }));
    }
    goods.days_of_use.map(|n| days(n, Basis::Use { days: n }))
}

/// The middle of some numbers; of two in the middle their mean, rounded down. 0 of none.
fn median(mut numbers: Vec<i64>) -> i64 {
    numbers.sort_unstable();
    let middle = |at: usize| numbers.get(at).copied().unwrap_or(0);
    let half = numbers.len() / 2;
    if numbers.len() % 2 == 1 {
        middle(half)
    } else {
        i64::midpoint(middle(half.saturating_sub(1)), middle(half))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{IdGenerator, Source, Stated, Timestamp};

    fn product(name: &str, aliases: &[&str], unit: &str, days: Option<u32>) -> Product {
        let mut product = Product::new(IdGenerator::new(1).next(Timestamp(1)), name);
        product.aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        unit.clone_into(&mut product.unit);
        product.days_of_use = days;
        product
    }

    #[test]
    fn an_order_is_of_what_it_names() {
        let milk = product("贝拉米3段", &["奶粉", "A2"], "罐", Some(24));
        let goods = Goods::named("奶粉", std::iter::once(&milk));
        let check = |order: &str, expected: bool| assert_eq!(goods.is_in(order), expected, "{order}");
        for order in [
            "奶粉",
            "奶粉x2",
            "2罐奶粉",
            "奶粉 ２ 罐",
            "鸡蛋、贝拉米3段",
            "a2",
            "尿裤/奶粉 800g",
            "貝拉米3段",
        ] {
            check(order, true);
        }
        for order in ["", "奶粉勺", "羊奶粉", "贝拉米2段", "鸡蛋"] {
            check(order, false);
        }
        let bare = Goods::named("猫砂", std::iter::once(&milk));
        assert_eq!((bare.is_in("猫砂2袋"), bare.days_of_use), (true, None));
        let gone = Product { archived: true, ..milk };
        assert_eq!(Goods::named("奶粉", std::iter::once(&gone)).days_of_use, None);
    }

    fn check(orders: &[(&str, ActivityKind)], days: Option<u32>, expected: Option<(&str, Basis)>) {
        let milk = product("奶粉", &[], "罐", days);
        let goods = Goods::named("奶粉", std::iter::once(&milk));
        let zone = chrono_tz::Asia::Shanghai;
        let mut ids = IdGenerator::new(2);
        let activities: Vec<Activity> = orders
            .iter()
            .map(|(day, kind)| Activity {
                id: ids.next(Timestamp(1)),
                kind: *kind,
                member: None,
                group: None,
                account: None,
                at: Stated::new(crate::sop::schedule::tests::at(&format!("{day}T10:00")), zone),
                source: Source::QuickEntry,
                reference: String::new(),
                amount: None,
                number: None,
                text: "奶粉".to_owned(),
            })
            .collect();
        let found = run_out(activities.iter(), &goods, zone);
        let expected = expected.map(|(day, basis)| (day.parse().unwrap(), basis));
        assert_eq!(found.map(|found| (found.day, found.basis)), expected, "{orders:?}");
    }

    #[test]
    fn three_days_of_buying_are_a_pace_fewer_go_by_the_product() {
        use ActivityKind::{Bought, Refunded, Replied};
        let day = |day| (day, Bought);
        let uses = |days| Basis::Use { days };
        let pace = |days, purchases| Basis::Pace { days, purchases };
        check(&[], Some(24), None);
        check(&[day("2026-02-01")], None, None);
        check(&[day("2026-02-01")], Some(24), Some(("2026-02-25", uses(24))));
        check(&[day("2026-02-01"), day("2026-02-11")], Some(24), Some(("2026-03-07", uses(24))));
        let three = [day("2026-01-01"), day("2026-01-31"), day("2026-02-10")];
        check(&three, Some(24), Some(("2026-03-02", pace(20, 3))));
        check(&three, None, Some(("2026-03-02", pace(20, 3))));
        let four = [day("2026-01-01"), day("2026-01-11"), day("2026-01-31"), day("2026-04-01")];
        check(&four, None, Some(("2026-04-21", pace(20, 4))));
        // two of one day are one purchase
        check(&[day("2026-01-01"), day("2026-01-01"), day("2026-01-11")], None, None);
        let refunded = [day("2026-01-01"), day("2026-01-11"), day("2026-01-21"), ("2026-01-22", Refunded)];
        check(&refunded, Some(5), Some(("2026-01-16", uses(5))));
        check(&[("2026-01-01", Replied)], Some(5), None);
    }
}
