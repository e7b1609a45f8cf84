//! `qun account|group|member add|set|rm|show`: the options are the fields of the form, declared once at the door.

use std::marker::PhantomData;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Args, FromArgMatches, Subcommand};
use serde_json::json;

use super::context::Context;
use super::error::{CliError, Kind as ErrorKind};
use super::session::{Session, unexpected};
use super::words::Words;
use super::{args, show};
use crate::book::ObjectId;
use crate::door::Command;
use crate::door::command::ObjectRef;
use crate::door::form::{self, Field, FieldSpec, Input, Kind};
use crate::door::line::LineId;
use crate::text::lang::Lang;

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
}

/// The given options of a form; an empty value clears a field.
#[derive(Debug)]
pub(super) struct Fields<F> {
    given: Vec<(Field, String)>,
    form: PhantomData<F>,
}

fn argument(spec: &FieldSpec) -> Arg {
    let mut help = spec.field.label(Lang::ZhCn).to_owned();
    if let Input::Choice(words) = spec.input {
        let words: Vec<_> =
            words(Lang::ZhCn).into_iter().map(|(word, label)| format!("{word} {label}")).collect();
        help = format!("{help}: {}", words.join(", "));
    }
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
    /// Show it whole
    Show {
        id: String,
        #[arg(long)]
        json: bool,
    },
}

/// A verb, whichever form it is about.
pub(super) enum Verb {
    Add { kind: Kind, fields: Vec<(Field, String)>, json: bool },
    Set { kind: Kind, id: String, fields: Vec<(Field, String)>, json: bool },
    Rm { kind: Kind, id: String, json: bool },
    Show { id: String, json: bool },
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
            Self::Show { id, json } => Verb::Show { id, json },
        }
    }
}

pub(super) fn run(context: &mut Context, verb: Verb) -> Result<ExitCode, CliError> {
    let (command, as_json, mut session) = match verb {
        Verb::Show { id, json } => return show::run(context, &args::ShowArgs { id, json, text: false }),
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
            (Command::Edit { object, fields }, json, session)
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

/// Says what a command did: its sentence, or ids as JSON.
pub(super) fn say(context: &mut Context, as_json: bool, outcome: &crate::door::reply::Outcome) {
    if as_json {
        let made: Vec<String> = outcome.made.iter().map(ToString::to_string).collect();
        context.out.json(json!({"schema": 1, "row": {
            "act_id": outcome.act.map(|act| act.to_string()), "made": made, "words": outcome.words,
            "warnings": outcome.warnings,
        }}));
        return;
    }
    if !outcome.words.is_empty() {
        context.out.line(&outcome.words);
    }
    for warning in &outcome.warnings {
        super::out::complain(warning);
    }
}

fn object_ref(session: &mut Session, kind: Kind, text: &str) -> Result<ObjectRef, CliError> {
    match session.find(kind, text)? {
        LineId::Object(ObjectId::Account(id)) => Ok(ObjectRef::Account(id)),
        LineId::Object(ObjectId::Group(id)) => Ok(ObjectRef::Group(id)),
        LineId::Object(ObjectId::Member(id)) => Ok(ObjectRef::Member(id)),
        _ => Err(unexpected(&crate::door::Reply::Fine)),
    }
}
