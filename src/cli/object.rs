//! `qun account|group|member|product add|set|rm|restore|show`, `qun product list`, `qun contact|membership set|rm|show`: the options are the fields of the form, declared once at the door.
//!
//! One file because options, verbs and what they ask of the desk are made from one list of fields.

use std::marker::PhantomData;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Args, FromArgMatches, Subcommand};
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind as ErrorKind};
use super::session::{Session, unexpected};
use super::words::Words;
use super::{args, manual, show, table};
use crate::book::ObjectId;
use crate::door::command::ObjectRef;
use crate::door::form::{self, Field, FieldSpec, Input, Kind};
use crate::door::line::LineId;
use crate::door::{Command, Reply, Request};

/// Which form a set of options belongs to.
pub(super) trait Form {
    const KIND: Kind;
}

macro_rules! forms {
    ($($name:ident = $kind:ident;)+) => {$(
        #[derive(Debug)]
        pub(super) enum $name {}
        impl Form for $name { const KIND: Kind = Kind::$kind; }
    )+};
}

forms! {
    AccountFields = Account;
    GroupFields = Group;
    MemberFields = Member;
    ContactFields = Contact;
    MembershipFields = Membership;
    ProductFields = Product;
}

/// The given options of a form; an empty value clears a field.
#[derive(Debug)]
pub(super) struct Fields<F> {
    given: Vec<(Field, String)>,
    form: PhantomData<F>,
}

fn argument(spec: &FieldSpec) -> Arg {
    let help = manual::in_every_language(|lang| {
        let label = spec.field.label(lang);
        let Input::Choice(words) = spec.input else { return label.to_owned() };
        let words: Vec<_> = words(lang).into_iter().map(|(word, label)| format!("{word} {label}")).collect();
        format!("{label}: {}", words.join(", "))
    });
    Arg::new(spec.field.word()).long(spec.field.word()).value_name("VALUE").help(help)
}

impl<F: Form> Args for Fields<F> {
    fn augment_args(command: clap::Command) -> clap::Command {
        // The name is an option like the others here: `add` takes it before them, `set` may change it.
        command.args(form::fields(F::KIND).iter().map(argument))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl<F: Form> FromArgMatches for Fields<F> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = form::fields(F::KIND).iter().filter_map(|spec| {
            let value = matches.get_one::<String>(spec.field.word())?;
            Some((spec.field, value.clone()))
        });
        Ok(Self { given: given.collect(), form: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum ObjectVerb<F: Form> {
    /// Add one
    Add {
        /// Its name
        #[arg(value_name = "NAME")]
        called: Option<String>,
        #[command(flatten)]
        fields: Fields<F>,
        #[arg(long)]
        json: bool,
    },
    /// Change the given fields; an empty value clears one
    Set {
        /// Its id, the last characters of it, or its name
        id: String,
        #[command(flatten)]
        fields: Fields<F>,
        #[arg(long)]
        json: bool,
    },
    /// Take it out of sight; `qun undo` brings it back
    Rm {
        id: String,
        #[arg(long)]
        json: bool,
    },
    /// Bring back what was taken out of sight
    Restore {
        id: String,
        #[arg(long)]
        json: bool,
    },
    /// Show it whole
    Show {
        id: String,
        #[arg(long)]
        json: bool,
    },
}

/// What can be said of two things that belong together; they are named by the form itself.
#[derive(Debug, Subcommand)]
pub(super) enum LinkVerb<F: Form> {
    /// Make it or change the given fields; an empty value clears one
    #[command(alias = "add")]
    Set {
        #[command(flatten)]
        fields: Fields<F>,
        #[arg(long)]
        json: bool,
    },
    /// End it; `qun undo` brings it back
    Rm {
        #[command(flatten)]
        fields: Fields<F>,
        #[arg(long)]
        json: bool,
    },
    /// Show its fields
    Show {
        #[command(flatten)]
        fields: Fields<F>,
        #[arg(long)]
        json: bool,
    },
}

impl<F: Form> LinkVerb<F> {
    pub(super) fn into_verb(self) -> Verb {
        let kind = F::KIND;
        match self {
            Self::Set { fields, json } => Verb::Link { kind, fields: fields.given, json },
            Self::Rm { fields, json } => Verb::Unlink { kind, fields: fields.given, json },
            Self::Show { fields, json } => Verb::ShowLink { kind, fields: fields.given, json },
        }
    }
}

/// What can be said of products, which no screen lists.
#[derive(Debug, Subcommand)]
pub(super) enum ProductVerb {
    #[command(flatten)]
    Object(ObjectVerb<ProductFields>),
    /// All products, by name
    List {
        #[arg(long)]
        json: bool,
    },
}

impl ProductVerb {
    pub(super) fn run(self, context: &mut Context) -> Result<ExitCode, CliError> {
        match self {
            Self::Object(verb) => run(context, verb.into_verb()),
            Self::List { json } => products(context, json),
        }
    }
}

fn products(context: &mut Context, as_json: bool) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let products = match session.ask(Request::Products)? {
        Reply::Products(products) => products,
        other => return Err(unexpected(&other)),
    };
    session.finish()?;
    if as_json {
        let rows: Vec<_> = products.iter().map(super::json::product).collect();
        context.out.json(super::json::rows(&rows));
    } else {
        let rows: Vec<_> =
            products.iter().map(|product| show::product_cells(product, context.lang)).collect();
        for line in table::aligned(&rows) {
            context.out.line(&line);
        }
    }
    match (products.is_empty(), as_json) {
        (false, _) => Ok(ExitCode::SUCCESS),
        (true, true) => Ok(ExitCode::from(ErrorKind::Nothing.code())),
        (true, false) => Err(CliError::new(ErrorKind::Nothing, Words::Nothing.text(context.lang))),
    }
}

/// A verb, whichever form it is about.
pub(super) enum Verb {
    Add { kind: Kind, fields: Vec<(Field, String)>, json: bool },
    Set { kind: Kind, id: String, fields: Vec<(Field, String)>, json: bool },
    Rm { kind: Kind, id: String, json: bool },
    Restore { kind: Kind, id: String, json: bool },
    Show { kind: Kind, id: String, json: bool },
    Unlink { kind: Kind, fields: Vec<(Field, String)>, json: bool },
    ShowLink { kind: Kind, fields: Vec<(Field, String)>, json: bool },
    Link { kind: Kind, fields: Vec<(Field, String)>, json: bool },
}

impl<F: Form> ObjectVerb<F> {
    pub(super) fn into_verb(self) -> Verb {
        let kind = F::KIND;
        match self {
            Self::Add { called, mut fields, json } => {
                if let Some(name) = called {
                    fields.given.insert(0, (Field::Name, name));
                }
                Verb::Add { kind, fields: fields.given, json }
            }
            Self::Set { id, fields, json } => Verb::Set { kind, id, fields: fields.given, json },
            Self::Rm { id, json } => Verb::Rm { kind, id, json },
            Self::Restore { id, json } => Verb::Restore { kind, id, json },
            Self::Show { id, json } => Verb::Show { kind, id, json },
        }
    }
}

pub(super) fn run(context: &mut Context, verb: Verb) -> Result<ExitCode, CliError> {
    let (command, as_json, mut session) = match verb {
        Verb::Show { kind, id, json } => {
            return show::one(context, &args::ShowArgs { id, json, text: false }, Some(kind));
        }
        Verb::Add { kind, fields, json } => (Command::Create { kind, fields }, json, Session::open(context)?),
        Verb::Set { kind, id, fields, json } => {
            if fields.is_empty() {
                let words: Vec<_> = form::fields(kind).iter().map(|spec| spec.field.word()).collect();
                let option = format!("--{}", words.join(", --"));
                return Err(CliError::new(
                    ErrorKind::Usage,
                    Words::NeedsOption.fill(context.lang, &[("option", &option)]),
                ));
            }
            let mut session = Session::open(context)?;
            let object = object_ref(&mut session, kind, &id)?;
            (Command::Edit { objects: vec![object], fields }, json, session)
        }
        Verb::Link { kind, fields, json } => {
            let mut session = Session::open(context)?;
            match linked(&mut session, kind, &fields)? {
                Some(object) => {
                    let rest = fields.into_iter().filter(|(field, _)| !names(kind, *field)).collect();
                    (Command::Edit { objects: vec![object], fields: rest }, json, session)
                }
                None => (Command::Create { kind, fields }, json, session),
            }
        }
        Verb::Unlink { kind, fields, json } => {
            let mut session = Session::open(context)?;
            let object = known_link(&mut session, kind, &fields)?;
            (Command::Archive { object }, json, session)
        }
        Verb::ShowLink { kind, fields, json } => return show_link(context, kind, &fields, json),
        Verb::Restore { kind, id, json } => {
            (Command::Restore { kind, text: id }, json, Session::open(context)?)
        }
        Verb::Rm { kind, id, json } => {
            let mut session = Session::open(context)?;
            let object = object_ref(&mut session, kind, &id)?;
            (Command::Archive { object }, json, session)
        }
    };
    let outcome = session.act(command, None)?;
    session.finish()?;
    say(context, as_json, &outcome);
    Ok(ExitCode::SUCCESS)
}

/// The link that the given fields name; it must be there.
fn known_link(session: &mut Session, kind: Kind, fields: &[(Field, String)]) -> Result<ObjectRef, CliError> {
    let missing = form::fields(kind)
        .iter()
        .find(|spec| spec.required && !fields.iter().any(|(field, _)| *field == spec.field));
    if let Some(spec) = missing {
        let option = format!("--{}", spec.field.word());
        let words = Words::NeedsOption.fill(session.lang, &[("option", &option)]);
        return Err(CliError::new(ErrorKind::Usage, words));
    }
    linked(session, kind, fields)?
        .ok_or_else(|| CliError::new(ErrorKind::Nothing, Words::Nothing.text(session.lang)))
}

fn show_link(
    context: &mut Context,
    kind: Kind,
    fields: &[(Field, String)],
    as_json: bool,
) -> Result<ExitCode, CliError> {
    let mut session = Session::open(context)?;
    let object = known_link(&mut session, kind, fields)?;
    let values = match session.ask(Request::Form(object))? {
        Reply::Form(values) => values,
        other => return Err(unexpected(&other)),
    };
    session.finish()?;
    if as_json {
        let row: serde_json::Map<String, serde_json::Value> =
            values.iter().map(|(field, value)| (field.word().to_owned(), json!(value))).collect();
        context.out.json(json!({"schema": 1, "row": row}));
        return Ok(ExitCode::SUCCESS);
    }
    let filled = values.iter().filter(|(_, value)| !value.is_empty());
    let rows: Vec<_> =
        filled.map(|(field, value)| vec![field.label(context.lang).to_owned(), value.clone()]).collect();
    for line in table::aligned(&rows) {
        context.out.line(&line);
    }
    Ok(ExitCode::SUCCESS)
}

/// Carries a command out in the session that looked before (without a desk the store is this process's until it ends) and
/// says what it did.
///
/// # Errors
/// What the desk refuses.
pub(super) fn act(
    context: &mut Context,
    mut session: Session,
    command: Command,
    as_json: bool,
) -> Result<ExitCode, CliError> {
    let outcome = session.act(command, None)?;
    session.finish()?;
    say(context, as_json, &outcome);
    Ok(ExitCode::SUCCESS)
}

/// Says what a command did: its sentence, or ids as JSON.
pub(super) fn say(context: &mut Context, as_json: bool, outcome: &crate::door::reply::Outcome) {
    if as_json {
        context.out.json(json!({"schema": 1, "row": row(outcome)}));
        return;
    }
    if !outcome.words.is_empty() {
        context.out.line(&outcome.words);
    }
    for warning in &outcome.warnings {
        super::out::complain(warning);
    }
}

/// What came of an act, as JSON.
pub(super) fn row(outcome: &crate::door::reply::Outcome) -> serde_json::Value {
    let made: Vec<String> = outcome.made.iter().map(ToString::to_string).collect();
    json!({
        "act_id": outcome.act.map(|act| act.to_string()), "made": made, "words": outcome.words,
        "warnings": outcome.warnings,
    })
}

/// True for the fields that say which two belong together.
fn names(kind: Kind, field: Field) -> bool {
    form::fields(kind).iter().any(|spec| spec.field == field && spec.required)
}

/// The link that is there already, else none.
fn linked(
    session: &mut Session,
    kind: Kind,
    fields: &[(Field, String)],
) -> Result<Option<ObjectRef>, CliError> {
    let given = |wanted| fields.iter().find(|(field, _)| *field == wanted).map(|(_, text)| text.as_str());
    let Some(member) = given(Field::Member) else { return Ok(None) };
    let member = session.member(member)?;
    let detail = match session.ask(Request::Object(ObjectId::Member(member)))? {
        Reply::Member(detail) => detail,
        other => return Err(unexpected(&other)),
    };
    match (kind, given(Field::Account), given(Field::Group)) {
        (Kind::Contact, Some(account), _) => {
            let account = session.account(account)?;
            let known = detail.contacts.iter().any(|contact| contact.account.id == account);
            Ok(known.then_some(ObjectRef::Contact(member, account)))
        }
        (Kind::Membership, _, Some(group)) => {
            let group = session.group(group)?;
            let known = detail.groups.iter().any(|(known, _, left)| known.id == group && left.is_none());
            Ok(known.then_some(ObjectRef::Membership(member, group)))
        }
        _ => Ok(None),
    }
}

fn object_ref(session: &mut Session, kind: Kind, text: &str) -> Result<ObjectRef, CliError> {
    match session.find(kind, text)? {
        LineId::Object(ObjectId::Account(id)) => Ok(ObjectRef::Account(id)),
        LineId::Object(ObjectId::Group(id)) => Ok(ObjectRef::Group(id)),
        LineId::Object(ObjectId::Member(id)) => Ok(ObjectRef::Member(id)),
        LineId::Object(ObjectId::Product(id)) => Ok(ObjectRef::Product(id)),
        _ => Err(unexpected(&Reply::Fine)),
    }
}
