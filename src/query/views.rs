//! `@name`: the filter of a saved view within another filter.
//!
//! A parsed filter keeps the name; whoever knows the views puts their filters in its place before it is resolved. So
//! a saved filter follows the views it speaks of, and a mistake in one of them is shown where it was asked for.
//! Names are compared folded, as tags are. A view may speak of other views; none may come back to itself.

use std::collections::BTreeMap;

use crate::book::view::Listed;
use crate::text::fold::fold;

use super::expr::{Expr, Leaf};
use super::key::SubjectKind;
use super::value::nearest;
use super::{MAX_CHARS, Query, QueryError, QueryErrorKind, Use, ViewUse, parse};

/// The filters of views by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedFilters {
    /// The views by their folded names.
    by_name: BTreeMap<String, Named>,
    /// The command that has what a page has, by the folded name of the page.
    pages: BTreeMap<String, &'static str>,
}

/// A view as filters speak of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    /// As shown.
    name: String,
    lists: Listed,
    filter: String,
}

/// A view that was put in, with its place.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    used: ViewUse,
    lists: Listed,
    /// True for a view of everything.
    is_everything: bool,
}

impl NamedFilters {
    /// Adds a view, or puts another filter under its name.
    pub fn put(&mut self, name: &str, lists: Listed, filter: &str) {
        let named = Named { name: name.to_owned(), lists, filter: filter.to_owned() };
        self.by_name.insert(fold(name), named);
    }

    /// Adds a page that stands among the views and filters nothing, with the command that has the same.
    pub fn put_page(&mut self, name: &str, command: &'static str) {
        self.pages.insert(fold(name), command);
    }

    /// The filter under a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.by_name.get(&fold(name)).map(|named| named.filter.as_str())
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.values().map(|named| named.name.as_str())
    }
}

/// What an expansion has put in so far.
struct Expansion<'a> {
    known: &'a NamedFilters,
    /// Views that are being put in, outermost first.
    within: Vec<String>,
    /// Conditions that came of it; views may name each other so that they double with each step.
    leaves: usize,
    /// True where a name that is not known stays as it is.
    lenient: bool,
    uses: Vec<Use>,
    views: Vec<ViewUse>,
    listings: Vec<Listing>,
}

impl Query {
    /// The names of views it speaks of, in order; one that is named twice comes twice.
    pub fn views(&self) -> impl Iterator<Item = &str> {
        self.views.iter().map(|used| used.name.as_str())
    }

    /// The same filter with the filters of all views in their place.
    ///
    /// # Errors
    /// A name that no view has, a view that leads back to itself, one whose own filter has a mistake, and views that
    /// come to more than a filter may be long; at the place of the outermost `@name`.
    pub fn with_views(&self, known: &NamedFilters) -> Result<Self, QueryError> {
        self.expanded(known, false)
    }

    /// As [`Query::with_views`], where views that are not of the store mean nothing.
    ///
    /// # Errors
    /// As [`Query::with_views`]; a name that no shared view has says so.
    pub fn with_shared_views(&self, known: &NamedFilters) -> Result<Self, QueryError> {
        self.with_views(known).map_err(|error| match error.kind {
            QueryErrorKind::UnknownView(word) => {
                QueryError { kind: QueryErrorKind::ViewNotShared(word), ..error }
            }
            _ => error,
        })
    }

    /// The same filter with the filters of those views in their place that are known; other names stay.
    ///
    /// # Errors
    /// As [`Query::with_views`], but for a name that is not known.
    pub fn with_known_views(&self, known: &NamedFilters) -> Result<Self, QueryError> {
        self.expanded(known, true)
    }

    fn expanded(&self, known: &NamedFilters, lenient: bool) -> Result<Self, QueryError> {
        if self.views.is_empty() {
            return Ok(self.clone());
        }
        let mut expansion = Expansion {
            known,
            within: Vec::new(),
            leaves: 0,
            lenient,
            uses: self.uses.clone(),
            views: Vec::new(),
            listings: Vec::new(),
        };
        // Every name stands once in the tree for each of its places, from left to right.
        let mut places = self.views.iter();
        let expr = expansion.expr(&self.expr, &mut |_| places.next().cloned())?;
        let Expansion { uses, views, listings, .. } = expansion;
        Ok(Self { expr, uses, views, listings, hints: self.hints.clone() })
    }

    /// Checks that the views put in list rows of that kind.
    ///
    /// What a view of members says of everybody with much spent it says of tasks as well, by whom they are for; a view
    /// of everything would say nothing there, and let every row through.
    ///
    /// # Errors
    /// The place of a view that lists something else, and says nothing of these rows.
    pub fn check_views_for(&self, kind: SubjectKind) -> Result<(), QueryError> {
        let lists = |listed: Listed| match listed {
            Listed::Tasks => Some(SubjectKind::Task),
            Listed::Members => Some(SubjectKind::Member),
            Listed::Groups => Some(SubjectKind::Group),
            Listed::Accounts => Some(SubjectKind::Account),
            Listed::Playbooks => None,
        };
        let strange = |listing: &&Listing| match lists(listing.lists) {
            Some(of) if of == kind => false,
            // a task answers with what its target says
            Some(of) if of == SubjectKind::Task || kind == SubjectKind::Task => listing.is_everything,
            _ => true,
        };
        self.listings.iter().find(strange).map_or(Ok(()), |Listing { used, lists, .. }| {
            Err(used.error(QueryErrorKind::ViewOfOthers { word: used.name.clone(), lists: *lists, kind }))
        })
    }

    /// Where a filter may not speak of views: they can change at any time.
    ///
    /// # Errors
    /// The place of the first name.
    pub fn without_views(&self) -> Result<(), QueryError> {
        match self.views.first() {
            Some(used) => Err(used.error(QueryErrorKind::ViewHere(used.name.clone()))),
            None => Ok(()),
        }
    }
}

impl ViewUse {
    fn error(&self, kind: QueryErrorKind) -> QueryError {
        super::parse::error_at(self.at, self.length, kind)
    }
}

impl Expansion<'_> {
    fn expr(
        &mut self,
        expr: &Expr,
        place: &mut dyn FnMut(&str) -> Option<ViewUse>,
    ) -> Result<Expr, QueryError> {
        Ok(match expr {
            Expr::All => Expr::All,
            Expr::And(parts) => Expr::and(self.each(parts, place)?),
            Expr::Or(parts) => {
                let parts = self.each(parts, place)?;
                // A view of everything lets everything through.
                if parts.contains(&Expr::All) { Expr::All } else { Expr::or(parts) }
            }
            Expr::Not(inner) => self.expr(inner, place)?.negated(),
            Expr::Leaf(Leaf::View(name)) => {
                let Some(used) = place(name) else { return Ok(expr.clone()) };
                self.view(name, &used)?
            }
            Expr::Leaf(_) => {
                self.leaves += 1;
                expr.clone()
            }
        })
    }

    fn each(
        &mut self,
        parts: &[Expr],
        place: &mut dyn FnMut(&str) -> Option<ViewUse>,
    ) -> Result<Vec<Expr>, QueryError> {
        parts.iter().map(|part| self.expr(part, place)).collect()
    }

    /// What stands under a name; `used` is the outermost place that leads to it.
    fn view(&mut self, name: &str, used: &ViewUse) -> Result<Expr, QueryError> {
        let Some(Named { lists, filter, .. }) = self.known.by_name.get(&fold(name)) else {
            if self.lenient {
                self.views.push(ViewUse { name: name.to_owned(), ..used.clone() });
                return Ok(Expr::Leaf(Leaf::View(name.to_owned())));
            }
            if let (Some(command), None) = (self.known.pages.get(&fold(name)), self.within.last()) {
                let kind = QueryErrorKind::ViewIsPage { word: name.to_owned(), command };
                return Err(used.error(kind));
            }
            let near = nearest(name, self.known.names());
            let kind = match self.within.last() {
                Some(view) => QueryErrorKind::ViewNamesUnknown { view: view.clone(), word: name.to_owned() },
                None => QueryErrorKind::UnknownView(name.to_owned()),
            };
            return Err(QueryError { nearest: near.map(|name| format!("@{name}")), ..used.error(kind) });
        };
        if self.within.iter().any(|outer| fold(outer) == fold(name)) {
            let path: Vec<String> = self.within.iter().cloned().chain([name.to_owned()]).collect();
            return Err(used.error(QueryErrorKind::ViewCycle(path)));
        }
        let query = parse(filter).map_err(|error| {
            let mistake = Box::new(error);
            used.error(QueryErrorKind::ViewBroken { view: name.to_owned(), mistake })
        })?;
        // What is wrong with its keys in a list of another kind is shown at the name.
        let moved = query.uses.iter().map(|of| Use { at: used.at, length: used.length, ..*of });
        self.uses.extend(moved);
        self.within.push(name.to_owned());
        let expr = self.expr(&query.expr, &mut |_| Some(used.clone()))?;
        self.within.pop();
        self.listings.push(Listing {
            used: ViewUse { name: name.to_owned(), ..used.clone() },
            lists: *lists,
            is_everything: expr == Expr::All,
        });
        if self.leaves > MAX_CHARS {
            return Err(used.error(QueryErrorKind::TooLong));
        }
        Ok(expr)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Scope, SubjectKind};
    use super::*;

    fn known(views: &[(&str, &str)]) -> NamedFilters {
        let mut known = NamedFilters::default();
        for (name, filter) in views {
            known.put(name, Listed::Tasks, filter);
        }
        known
    }

    #[test]
    fn views_stand_for_their_filters() {
        let known = known(&[
            ("大客户", "spent>=500 OR tag:VIP"),
            ("要 做", "state:due"),
            ("今天的", "@大客户 due:today"),
            ("全部", ""),
        ]);
        let check = |text: &str, canonical: &str, meaning: &str| {
            let query = parse(text).unwrap();
            assert_eq!(query.to_text(), canonical, "{text}");
            assert_eq!(parse(canonical).unwrap(), query);
            assert_eq!(query.with_views(&known).unwrap().to_text(), meaning, "{text}");
        };
        check("@大客户", "@大客户", "spent>=500 OR tag:VIP");
        check(
            "＠大客户 -@今天的",
            "@大客户 -@今天的",
            "(spent>=500 OR tag:VIP) -((spent>=500 OR tag:VIP) due:today)",
        );
        check("@“要 做” 张三", "@\"要 做\" 张三", "state:due 张三");
        check("@大客戶 或 zs", "@大客戶 OR zs", "spent>=500 OR tag:VIP OR zs");
        check("张三 OR @全部", "张三 OR @全部", "");
        check("\"@大客户\"", "\"@大客户\"", "\"@大客户\"");
        assert_eq!(parse("@大客户 @今天的").unwrap().views().collect::<Vec<_>>(), ["大客户", "今天的"]);
        let some = super::tests::known(&[("大客户", "spent>=500")]);
        let query = parse("@大客户 -@别人的").unwrap().with_known_views(&some).unwrap();
        assert_eq!(query.to_text(), "spent>=500 -@别人的");
        assert_eq!(query.views().collect::<Vec<_>>(), ["别人的"]);
    }

    #[test]
    fn mistakes_are_told_at_the_name() {
        let known = known(&[
            ("a", "@b tag:x"),
            ("b", "张三 OR @c"),
            ("c", "-@a"),
            ("坏的", "stauts:due"),
            ("远", "@没有的"),
            ("待办的", "state:due due:today"),
        ]);
        let check = |text: &str, column: usize, length: usize, kind: QueryErrorKind, near: Option<&str>| {
            let error = parse(text).unwrap().with_views(&known).unwrap_err();
            assert_eq!((error.column, error.length, &error.kind), (column, length, &kind), "{text}");
            assert_eq!(error.nearest.as_deref(), near, "{text}");
            for lang in crate::text::lang::Lang::ALL {
                assert!(!error.message(lang).is_empty());
            }
        };
        let path = ["a", "b", "c", "a"].map(str::to_owned).to_vec();
        check("tag:y @a", 7, 2, QueryErrorKind::ViewCycle(path), None);
        check("@待辦的 @待办", 6, 3, QueryErrorKind::UnknownView("待办".to_owned()), Some("@待办的"));
        let unknown =
            QueryErrorKind::ViewNamesUnknown { view: "远".to_owned(), word: "没有的".to_owned() };
        check("@远", 1, 2, unknown, None);
        let mistake = Box::new(parse("stauts:due").unwrap_err());
        check("@坏的", 1, 3, QueryErrorKind::ViewBroken { view: "坏的".to_owned(), mistake }, None);
        let error = parse("张三 @").unwrap_err();
        assert_eq!((error.column, error.kind), (4, QueryErrorKind::NeedsView));
        // Keys of another kind of list.
        let query = parse("张三 @待办的").unwrap().with_views(&known).unwrap();
        let error = query.check_for(Scope::Rows(SubjectKind::Member)).unwrap_err();
        assert_eq!((error.column, error.length), (4, 4));
    }

    #[test]
    fn a_view_of_other_rows_lets_nobody_through_unseen() {
        use SubjectKind::{Account, Group, Member, Task};
        let mut known = known(&[("欠着的", ""), ("老客的", "tag:VIP"), ("绕到群", "@群组 tag:VIP")]);
        known.put("群组", Listed::Groups, "");
        known.put("宠友", Listed::Groups, "tag:宠友");
        known.put("大客户", Listed::Members, "spent>=500");
        known.put("全体", Listed::Members, "");
        known.put("SOP", Listed::Playbooks, "");
        let check = |text: &str, kind: SubjectKind, wrong: Option<(usize, &str)>| {
            let query = parse(text).unwrap().with_views(&known).unwrap();
            let error = query.check_for(Scope::Rows(kind)).err();
            let found = error.as_ref().map(|error| match &error.kind {
                QueryErrorKind::ViewOfOthers { word, .. } => (error.column, word.as_str()),
                other => panic!("{text}: {other:?}"),
            });
            assert_eq!(found, wrong, "{text}");
        };
        check("@群组", Group, None);
        check("@群组", Member, Some((1, "群组")));
        check("@群组", Task, Some((1, "群组")));
        check("tag:a @全体", Task, Some((7, "全体")));
        check("tag:a -@全体", Account, Some((8, "全体")));
        check("@全体", Member, None);
        check("@欠着的", Member, Some((1, "欠着的")));
        check("@欠着的", Task, None);
        check("@SOP", Task, Some((1, "SOP")));
        check("@绕到群", Member, Some((1, "群组")));
        // what says something of a target says it of the tasks for it, and the other way round
        check("@大客户", Task, None);
        check("@宠友", Task, None);
        check("@老客的", Member, None);
        check("@宠友", Member, Some((1, "宠友")));
        // put in place by somebody else already
        let own = parse("@群组 tag:b").unwrap().with_known_views(&known).unwrap();
        assert!(own.check_views_for(Member).is_err());
        assert!(own.check_views_for(Group).is_ok());
    }

    #[test]
    fn views_that_double_are_stopped() {
        let mut known = NamedFilters::default();
        known.put("0", Listed::Tasks, "tag:x");
        for n in 1..30 {
            known.put(&n.to_string(), Listed::Tasks, &format!("@{} OR -@{}", n - 1, n - 1));
        }
        assert!(parse("@5").unwrap().with_views(&known).is_ok());
        assert_eq!(parse("@29").unwrap().with_views(&known).unwrap_err().kind, QueryErrorKind::TooLong);
    }
}
