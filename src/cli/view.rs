//! `qun view`: filters with a name, of the store or of one's own.
//!
//! One file because every verb finds and shows a view in the same way.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::args::{list_kind, sort};
use super::context::Context;
use super::error::{CliError, Kind};
use super::session::{Session, unexpected};
use super::view_own::{OwnWords, made_by, say_own};
use super::words::Words;
use super::{json, object, out, reach, table, views_file};
use crate::book::View;
use crate::book::view::{Column, put};
use crate::door::form::Kind as Form;
use crate::door::request::{ListSpec, Sort};
use crate::door::views::{BuiltinView, Page, used_in};
use crate::door::{Command, Reply, Request};
use crate::query;
use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::text::near;

crate::words! {
    enum ViewWords {
        Unknown { name } => ["没有叫“{name}”的视图", "沒有叫「{name}」的視圖", "there is no view \"{name}\""],
        Nearest { near } => ["最接近: {near}", "最接近: {near}", "nearest: {near}"],
        Shared => ["共用", "共用", "shared"],
        Private => ["只有我", "只有我", "mine"],
        Builtin => ["自带", "自帶", "built in"],
        /// A view for everybody under the name of one of one's own.
        IsOwn { name } => [
            "“{name}”已是你自己的视图，两个同名会分不清", "「{name}」已是你自己的視圖，兩個同名會分不清",
            "\"{name}\" is a view of your own already: two of one name cannot be told apart",
        ],
        IsShared { name } => [
            "“{name}”已是共用的视图，两个同名会分不清", "「{name}」已是共用的視圖，兩個同名會分不清",
            "\"{name}\" is a view for everybody already: two of one name cannot be told apart",
        ],
        OwnFirst { name } => [
            "改自己的加 --private; 要共用的换个名字，或先 qun view save {name} --private --rename 新名字",
            "改自己的加 --private; 要共用的換個名字，或先 qun view save {name} --private --rename 新名字",
            "--private changes your own; for everybody take another name, or first: qun view save {name} --private --rename NEW",
        ],
        AnotherName => [
            "换个名字; 改共用的不写 --private", "換個名字; 改共用的不寫 --private",
            "take another name; without --private the one for everybody is changed",
        ],
        Twofold { name } => [
            "“{name}”有两个: 这里是你自己的，共用的被它挡住; 改名: qun view save {name} --private --rename 新名字",
            "「{name}」有兩個: 這裡是你自己的，共用的被它擋住; 改名: qun view save {name} --private --rename 新名字",
            "there are two views \"{name}\": this is your own and hides the one for everybody; rename it: qun view save {name} --private --rename NEW",
        ],
        NotYours { name } => [
            "“{name}”是自带的视图，不能删也不能改", "「{name}」是自帶的視圖，不能刪也不能改",
            "\"{name}\" comes with the program and stays as it is",
        ],
        IsPage { name, command } => [
            "“{name}”是界面上的一页，不列条目: qun {name} 打开它，命令行用 {command}",
            "「{name}」是介面上的一頁，不列條目: qun {name} 打開它，命令列用 {command}",
            "\"{name}\" is a page of the screen and lists no rows: qun {name} opens it, on the command line it is {command}",
        ],
        PageOf => ["页", "頁", "page"],
        Name => ["名称", "名稱", "name"],
        Origin => ["来历", "來歷", "origin"],
        Kind => ["列什么", "列什麼", "kind"],
        Filter => ["筛选", "篩選", "filter"],
        Sort => ["排序", "排序", "sort"],
        Columns => ["列", "欄", "columns"],
        Limit => ["最多几行", "最多幾列", "limit"],
        Key => ["数字键", "數字鍵", "key"],
        BeginsWith { name } => [
            "新视图要写筛选: qun view save {name} -f 'state:due …'; 全部就写 -f ''",
            "新視圖要寫篩選: qun view save {name} -f 'state:due …'; 全部就寫 -f ''",
            "a new view begins with its filter: qun view save {name} -f 'state:due …'; -f '' is everything",
        ],
        TookKey { key, name } => [
            "按键 {key} 原来是“{name}”的", "按鍵 {key} 原來是「{name}」的", "the key {key} was \"{name}\"'s",
        ],
        KeyIsOwn { key, name } => [
            "你自己的“{name}”也用按键 {key}，在你这里它优先",
            "你自己的「{name}」也用按鍵 {key}，在你這裡它優先",
            "your own \"{name}\" has the key {key} too and comes first for you",
        ],
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum ViewVerb {
    /// All views: the store's, one's own, those of the program; how many rows each has
    List {
        #[arg(long)]
        json: bool,
    },
    /// What a view lists, by which filter, in which order
    Show {
        /// The view's name
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Save a view, or change what is given of one
    Save(Box<SaveArgs>),
    /// Remove a view; one of the store comes back by `qun undo`, of one's own the command that brings it back is printed
    Rm {
        /// The view's name
        name: String,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct SaveArgs {
    /// The view's name
    name: String,
    /// tasks, members, groups, accounts or sops
    #[arg(long, value_parser = list_kind)]
    kind: Option<Form>,
    /// A filter, such as 'state:due group:宠友'
    #[arg(short, long, allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// natural, due, name, account, recent or spent
    #[arg(long, value_parser = sort)]
    sort: Option<Sort>,
    /// Columns from left to right, separated by commas; "" for the list's own
    #[arg(long, value_delimiter = ',', value_parser = column)]
    columns: Option<Vec<OneColumn>>,
    /// At most so many rows; 0 for all
    #[arg(long)]
    limit: Option<u32>,
    /// The digit 1-9 that shows it; 0 for none
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=9))]
    key: Option<u8>,
    /// What it shall be called
    #[arg(long, value_name = "NAME")]
    rename: Option<String>,
    /// Only for oneself: kept in the configuration directory
    #[arg(long)]
    private: bool,
    #[arg(long)]
    json: bool,
}

/// A column, or none: an empty word takes all columns away.
type OneColumn = Option<Column>;

fn column(text: &str) -> Result<OneColumn, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let words = || Column::ALL.iter().map(|column| column.word()).collect::<Vec<_>>().join(", ");
    Column::parse(text).map(Some).ok_or_else(words)
}

/// Where a view comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Private,
    Shared,
    Builtin,
}

impl Origin {
    const fn word(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Shared => "shared",
            Self::Builtin => "builtin",
        }
    }

    fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Private => ViewWords::Private,
            Self::Shared => ViewWords::Shared,
            Self::Builtin => ViewWords::Builtin,
        }
        .text(lang)
    }
}

/// Every view: the user's own, the store's, the program's.
pub(super) fn all(session: &mut Session) -> Result<Vec<(Origin, View)>, CliError> {
    let lang = session.lang;
    let own = views_file::load(lang)?.views.into_iter().map(|view| (Origin::Private, view));
    let shared = match session.ask(Request::Views)? {
        Reply::Views(views) => views.into_iter().map(|view| (Origin::Shared, view)),
        other => return Err(unexpected(&other)),
    };
    let saved: Vec<(Origin, View)> = own.chain(shared).collect();
    let taken: Vec<u8> = saved.iter().filter_map(|(_, view)| view.key).collect();
    let builtin = BuiltinView::ALL.iter().enumerate().filter_map(|(at, own)| {
        let listed = own.kind().listed()?;
        let key = u8::try_from(at + 1).ok().filter(|key| *key <= 9);
        let view = View {
            filter: own.filter().to_owned(),
            sort: own.sort(),
            columns: own.columns().to_vec(),
            // A digit that a saved view has is no longer its.
            key: key.filter(|key| !taken.contains(key)),
            ..View::new(own.label(lang), listed)
        };
        Some((Origin::Builtin, view))
    });
    let builtin: Vec<(Origin, View)> = builtin.collect();
    Ok(saved.into_iter().chain(builtin).collect())
}

/// A view of the program by its name in any language.
pub(super) fn builtin(name: &str) -> Option<BuiltinView> {
    BuiltinView::ALL.iter().copied().find(|own| own.spellings().iter().any(|word| fold(word) == fold(name)))
}

/// The store's desk; none where no store has been made yet.
pub(super) fn opened(context: &Context) -> Result<Option<Session>, CliError> {
    let is_there = context.store.path().exists() || context.socket.is_some();
    if is_there { Session::open(context).map(Some) } else { Ok(None) }
}

/// All views there are, also where no store has made any yet: then those of the program and one's own.
pub(super) fn all_known(context: &Context) -> Result<Vec<(Origin, View)>, CliError> {
    if let Some(mut session) = opened(context)? {
        let all = all(&mut session)?;
        session.finish()?;
        return Ok(all);
    }
    let lang = context.lang;
    let own = views_file::load(lang)?.views.into_iter().map(|view| (Origin::Private, view));
    let builtin = BuiltinView::ALL
        .iter()
        .filter_map(|own| Some((Origin::Builtin, View::new(own.label(lang), own.kind().listed()?))));
    Ok(own.chain(builtin).collect())
}

/// The view of a name or on a digit, or what comes near it.
pub(super) fn named(session: &mut Session, name: &str) -> Result<(Origin, View), CliError> {
    // as filters write it
    let name = name.strip_prefix(['@', '＠']).unwrap_or(name);
    let all = all(session)?;
    let lang = session.lang;
    let wanted = builtin(name).map_or(name, |own| own.label(lang));
    // no name is a digit: those are the keys of the header
    let digit = name.parse::<u8>().ok();
    let is_meant = |view: &View| view.is_called(wanted) || (digit.is_some() && view.key == digit);
    if let Some(found) = all.iter().find(|(_, view)| is_meant(view)) {
        if found.0 == Origin::Private && in_place(&all, Origin::Shared, &found.1.name).is_some() {
            out::complain(&ViewWords::Twofold.fill(lang, &[("name", &found.1.name)]));
        }
        return Ok(found.clone());
    }
    if let Some(page) = Page::named(name) {
        let words = ViewWords::IsPage.fill(lang, &[("name", &name), ("command", &page.command())]);
        return Err(CliError::new(Kind::Usage, words).hint(page.command()));
    }
    views_file::load(lang)?.check_unknown(std::iter::once(name))?;
    let near = near::nearest(name, all.iter().map(|(_, view)| view.name.as_str()), 3).join(" ");
    let error = CliError::new(Kind::Nothing, ViewWords::Unknown.fill(lang, &[("name", &name)]));
    Err(if near.is_empty() { error } else { error.hint(ViewWords::Nearest.fill(lang, &[("near", &near)])) })
}

/// The view of a name among those of an origin.
fn in_place<'v>(all: &'v [(Origin, View)], wanted: Origin, name: &str) -> Option<&'v View> {
    let is_meant = |(origin, view): &&(Origin, View)| *origin == wanted && view.is_called(name);
    all.iter().find(is_meant).map(|(_, view)| view)
}

/// What is wrong with a name that a view is to have in one place and another has in the other.
fn twofold(all: &[(Origin, View)], wanted: Origin, name: &str, lang: Lang) -> Option<CliError> {
    let (other, words) = match wanted {
        Origin::Private => (Origin::Shared, ViewWords::IsShared),
        _ => (Origin::Private, ViewWords::IsOwn),
    };
    let taken = &in_place(all, other, name)?.name;
    let fix = match wanted {
        Origin::Private => ViewWords::AnotherName.text(lang).to_owned(),
        _ => ViewWords::OwnFirst.fill(lang, &[("name", taken)]),
    };
    Some(CliError::new(Kind::Usage, words.fill(lang, &[("name", taken)])).hint(fix))
}

/// A filter as it is sent. Where it speaks of a view of one's own that hides one for everybody, that is said.
///
/// # Errors
/// As [`views_file::sent`].
pub(super) fn sent(session: &mut Session, filter: &str, kind: Form) -> Result<String, CliError> {
    let sent = views_file::sent(filter, kind, session.lang)?;
    if let Ok(query) = query::parse(&sent) {
        views_file::load(session.lang)?.check_unknown(query.views())?;
    }
    // what speaks of none of one's own is sent as it was written
    if sent == filter {
        return Ok(sent);
    }
    let all = all(session)?;
    for name in query::parse(filter).iter().flat_map(query::Query::views) {
        if in_place(&all, Origin::Private, name).is_some() && in_place(&all, Origin::Shared, name).is_some() {
            out::complain(&ViewWords::Twofold.fill(session.lang, &[("name", &name)]));
        }
    }
    Ok(sent)
}

/// What a view lists.
pub(super) fn list_of(view: &View, lang: Lang) -> Result<ListSpec, CliError> {
    Ok(ListSpec {
        kind: view.kind.into(),
        filter: views_file::sent(&view.filter, view.kind.into(), lang)?,
        sort: view.sort,
        limit: view.limit,
    })
}

pub(super) fn run(context: &mut Context, verb: ViewVerb) -> Result<ExitCode, CliError> {
    match verb {
        ViewVerb::List { json } => list(context, json),
        ViewVerb::Show { name, json } => show(context, &name, json),
        ViewVerb::Save(args) => save(context, *args),
        ViewVerb::Rm { name, json } => remove(context, &name, json),
    }
}

fn row(origin: Origin, view: &View, count: Option<u32>) -> serde_json::Value {
    let columns: Vec<_> = view.columns.iter().map(|column| column.word()).collect();
    json!({
        "name": view.name, "origin": origin.word(), "kind": view.kind.word(), "filter": view.filter,
        "sort": view.sort.word(), "columns": columns, "limit": view.limit, "key": view.key, "count": count,
    })
}

fn list(context: &mut Context, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let lang = context.lang;
    let all = all(&mut session)?;
    let mut counts: Vec<Option<u32>> = Vec::new();
    for (_, view) in &all {
        // One whose filter cannot be used any more has no number; the others have.
        let asked = list_of(view, lang).and_then(|list| session.ask(Request::Count { lists: vec![list] }));
        counts.push(match asked {
            Ok(Reply::Counted(counted)) => counted.first().copied(),
            _ => None,
        });
    }
    session.finish()?;
    views_file::load(lang)?.complain()?;
    if as_json {
        let mut rows: Vec<_> =
            all.iter().zip(&counts).map(|((origin, view), count)| row(*origin, view, *count)).collect();
        rows.extend(Page::ALL.iter().map(|page| {
            json!({"name": page.label(lang), "origin": "builtin", "kind": "page", "command": page.command()})
        }));
        context.out.json(json::rows(&rows));
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows: Vec<_> = all
        .iter()
        .zip(&counts)
        .map(|((origin, view), count)| {
            vec![
                view.key.map_or_else(String::new, |key| key.to_string()),
                view.name.clone(),
                count.map_or_else(|| "?".to_owned(), |count| count.to_string()),
                view.kind.label(lang).to_owned(),
                origin.label(lang).to_owned(),
                view.filter.clone(),
            ]
        })
        .collect();
    rows.extend(Page::ALL.iter().map(|page| {
        let (kind, origin) = (ViewWords::PageOf.text(lang), ViewWords::Builtin.text(lang));
        let command = page.command().to_owned();
        vec![
            String::new(),
            page.label(lang).to_owned(),
            String::new(),
            kind.to_owned(),
            origin.to_owned(),
            command,
        ]
    }));
    for line in table::aligned(&rows) {
        context.out.line(&line);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(context: &mut Context, name: &str, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let (origin, view) = named(&mut session, name)?;
    session.finish()?;
    if as_json {
        context.out.json(json::row(&row(origin, &view, None)));
        return Ok(ExitCode::SUCCESS);
    }
    let columns: Vec<_> = view.columns.iter().map(|column| column.label(context.lang)).collect();
    for (key, value) in [
        (ViewWords::Name, view.name.clone()),
        (ViewWords::Origin, origin.label(context.lang).to_owned()),
        (ViewWords::Kind, view.kind.label(context.lang).to_owned()),
        (ViewWords::Filter, view.filter.clone()),
        (ViewWords::Sort, view.sort.label(context.lang).to_owned()),
        (ViewWords::Columns, columns.join(",")),
        (ViewWords::Limit, view.limit.map(|limit| limit.to_string()).unwrap_or_default()),
        (ViewWords::Key, view.key.map(|key| key.to_string()).unwrap_or_default()),
    ] {
        if !value.is_empty() {
            context.out.line(&format!("{}: {value}", key.text(context.lang)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn save(context: &mut Context, args: SaveArgs) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let mut session = Session::open(context)?;
    if builtin(&args.name).is_some() {
        return Err(CliError::new(Kind::Usage, ViewWords::NotYours.fill(lang, &[("name", &args.name)])));
    }
    let known = all(&mut session)?;
    let of = |wanted: Origin| in_place(&known, wanted, &args.name).cloned();
    let (wanted, before) = match (of(Origin::Shared), of(Origin::Private)) {
        (_, own) if args.private => (Origin::Private, own),
        // a change is to what there is; with its filter a view is whole, and everybody gets it
        (None, Some(own)) if args.filter.is_none() || args.rename.is_some() => (Origin::Private, Some(own)),
        (shared, _) => (Origin::Shared, shared),
    };
    // without a filter it would list everything, and nobody said so
    if before.is_none() && (args.rename.is_some() || (args.filter.is_none() && args.kind.is_none())) {
        let unknown = ViewWords::Unknown.fill(lang, &[("name", &args.name)]);
        let own = known.iter().filter(|(origin, _)| *origin != Origin::Builtin);
        let near = near::nearest(&args.name, own.map(|(_, view)| view.name.as_str()), 3).join(" ");
        let near = Some(ViewWords::Nearest.fill(lang, &[("near", &near)])).filter(|_| !near.is_empty());
        let begin = ViewWords::BeginsWith.fill(lang, &[("name", &args.name)]);
        let hints = near.into_iter().chain(args.rename.is_none().then_some(begin));
        return Err(CliError::new(Kind::Usage, unknown).hint(hints.collect::<Vec<_>>().join("\n  ")));
    }
    let is_new = before.is_none() || args.rename.is_some();
    let called = args.rename.as_ref().unwrap_or(&args.name);
    if is_new && Page::named(called).is_some() {
        return Err(CliError::new(Kind::Usage, ViewWords::NotYours.fill(lang, &[("name", called)])));
    }
    if let Some(error) = twofold(&known, wanted, called, lang).filter(|_| is_new) {
        return Err(error);
    }
    let kind = args.kind.and_then(Form::listed);
    let mut view = before
        .clone()
        .unwrap_or_else(|| View::new(args.name.clone(), kind.unwrap_or(crate::book::view::Listed::Tasks)));
    view.kind = kind.unwrap_or(view.kind);
    view.filter = args.filter.unwrap_or(view.filter);
    view.sort = args.sort.unwrap_or(view.sort);
    view.columns = args.columns.map_or(view.columns, |columns| columns.into_iter().flatten().collect());
    view.limit = args.limit.map_or(view.limit, |limit| (limit > 0).then_some(limit));
    view.key = args.key.map_or(view.key, |key| (key > 0).then_some(key));
    view.name = args.rename.unwrap_or(view.name);
    let before_key = before.as_ref().and_then(|before| before.key);
    if let Some(before) = before.as_ref().filter(|before| !before.is_called(&view.name)) {
        let own = known.iter().filter(|(origin, _)| *origin == Origin::Private);
        refuse_in_use(own.map(|(_, view)| view), &before.name, lang)?;
    }
    let takes = view.key.filter(|key| before_key != Some(*key));
    let told = takes.and_then(|key| key_was(&known, key, wanted, lang));
    if wanted == Origin::Shared {
        let before = before.map(|before| before.name);
        let mut outcome = session.act(Command::ViewSet { before, view }, None)?;
        outcome.warnings.extend(told);
        session.finish()?;
        object::say(context, args.json, &outcome);
        return Ok(ExitCode::SUCCESS);
    }
    session.finish()?;
    if let Some(fault) = views_file::fault(&view, lang) {
        return Err(CliError::new(Kind::Usage, fault.words));
    }
    let mut own = views_file::whole(lang)?;
    let name = view.name.clone();
    put(&mut own, before.as_ref().map(|before| before.name.as_str()), view);
    views_file::keep(&own, lang).map_err(|words| CliError::new(Kind::File, words))?;
    if let Some(words) = told {
        out::complain(&words);
    }
    say_own(context, OwnWords::Kept, &name, before.map(|before| made_by(&before, &name)), args.json);
    Ok(ExitCode::SUCCESS)
}

/// Whose digit it was that a view is to have; that of another view for everybody the desk tells, where it is one's own that
/// gets it the other keeps it for the others.
fn key_was(all: &[(Origin, View)], key: u8, wanted: Origin, lang: Lang) -> Option<String> {
    // of several the first has it: one's own, those for everybody, those of the program
    let (origin, view) = all.iter().find(|(_, view)| view.key == Some(key))?;
    let words = match (wanted, origin) {
        (Origin::Shared, Origin::Shared) => return None,
        (Origin::Shared, Origin::Private) => ViewWords::KeyIsOwn,
        _ => ViewWords::TookKey,
    };
    Some(words.fill(lang, &[("key", &key), ("name", &view.name)]))
}

fn remove(context: &mut Context, name: &str, as_json: bool) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let mut session = Session::open(context)?;
    let (origin, view) = named(&mut session, name)?;
    match origin {
        Origin::Builtin => {
            return Err(CliError::new(Kind::Usage, ViewWords::NotYours.fill(lang, &[("name", &name)])));
        }
        Origin::Shared => {
            // what is in the user's own file no desk knows
            refuse_in_use(&views_file::load(lang)?.views, &view.name, lang)?;
            let outcome = session.act(Command::ViewRemove { name: view.name.clone() }, None)?;
            session.finish()?;
            object::say(context, as_json, &outcome);
        }
        Origin::Private => {
            session.finish()?;
            let mut own = views_file::whole(lang)?;
            refuse_in_use(&own, &view.name, lang)?;
            own.retain(|other| other.name != view.name);
            views_file::keep(&own, lang).map_err(|words| CliError::new(Kind::File, words))?;
            say_own(context, OwnWords::Removed, &view.name, Some(made_by(&view, &view.name)), as_json);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses to take a view away, or its name, that views of the user's own speak of.
fn refuse_in_use<'v>(
    own: impl IntoIterator<Item = &'v View>,
    name: &str,
    lang: Lang,
) -> Result<(), CliError> {
    used_in(own, name, lang).map_or(Ok(()), |words| Err(CliError::new(Kind::Usage, words)))
}

/// The view a screen is started with: its place among those of the program and the user, or a name that the desk must
/// know.
pub(super) fn for_screen(
    context: &Context,
    text: &str,
    own: &[View],
    near: Option<&str>,
) -> Result<(usize, Option<String>), CliError> {
    let lang = context.lang;
    let digit = text.parse::<u8>().ok().filter(|digit| (1..=9).contains(digit));
    let tabs = crate::tui::views::Tabs::new(own.to_vec());
    let local = digit.map_or_else(|| tabs.by_name(text), |digit| tabs.by_digit(digit));
    if digit.is_none() && local.is_some() {
        return Ok((local.unwrap_or(0), None));
    }
    let own_digit = local.filter(|at| digit.is_some() && *at >= BuiltinView::ALL.len());
    if let Some(at) = own_digit {
        return Ok((at, None));
    }
    let there = context.store.path().exists();
    let all = if reach::running(context)?.is_some() {
        let mut session = Session::open(context)?;
        let all = all(&mut session)?;
        session.finish()?;
        all
    } else if there && (digit.is_some() || near.is_none()) {
        // The screen starts the desk that knows. A desk in this process would keep the store from it.
        return Ok((local.unwrap_or(0), Some(text.to_owned())));
    } else {
        // A store that is not there has no views, and a slip makes none.
        let builtin = BuiltinView::ALL.iter().filter_map(|own| Some((own.label(lang), own.kind().listed()?)));
        builtin.map(|(name, listed)| (Origin::Builtin, View::new(name, listed))).collect()
    };
    let shared = all.iter().find(|(origin, view)| {
        *origin == Origin::Shared
            && digit.map_or_else(|| view.is_called(text), |digit| view.key == Some(digit))
    });
    match (shared, local) {
        (Some((_, view)), _) => Ok((0, Some(view.name.clone()))),
        (None, Some(at)) => Ok((at, None)),
        (None, None) => {
            let pages = Page::ALL.iter().map(|page| page.label(lang));
            let names: Vec<_> = all.iter().map(|(_, view)| view.name.as_str()).chain(pages).collect();
            let words = Words::UnknownView.fill(lang, &[("text", &text)]);
            Err(CliError::new(Kind::Usage, words).hint(names.join(", ")))
        }
    }
}
