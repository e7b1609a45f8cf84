//! What may be written on the command line.
//!
//! One file because the list of commands is one.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::backup::{BackupArgs, RestoreArgs};
use super::calendar::CalendarArgs;
use super::campaign::CampaignVerb;
use super::compose::ComposeArgs;
use super::config::ConfigVerb;
use super::copy::CopyArgs;
use super::generated::{CompletionsArgs, ManArgs};
use super::object::{
    AccountFields, ContactFields, GroupFields, LinkVerb, MemberFields, MembershipFields, ObjectVerb,
    ProductVerb,
};
use super::query::{CountArgs, QueryVerb};
use super::rules::RulesVerb;
use super::sheet::SheetArgs;
use super::snippet::SnippetVerb;
use super::sop::SopVerb;
use super::view::ViewVerb;
use super::watch::WatchArgs;
use crate::book::view::Column;
use crate::door::form::Kind;
use crate::door::request::Sort;
use crate::text::lang::Lang;

/// 群: the terminal inbox for people who run chat groups. Playbooks in, one queue out, a human sends.
#[derive(Debug, Parser)]
#[command(name = "qun", version, about, disable_help_subcommand = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(flatten)]
    pub look: Look,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// How the screen begins.
#[derive(Debug, Args)]
pub(super) struct Look {
    /// A view of the screen: 1-9 or its name
    pub view: Option<String>,
    /// Begin with this filter: beside a view's name it narrows that view
    #[arg(short, long, value_name = "QUERY", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Begin with this filter instead of the view's
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true, conflicts_with = "filter")]
    pub only_filter: Option<String>,
    /// Begin with the cursor there: an id, its last characters, or a name
    #[arg(long, value_name = "ID")]
    pub select: Option<String>,
    /// What is typed after ':' first of all; may be given several times
    #[arg(short = 'c', long = "command", value_name = "VERB")]
    pub run: Vec<String>,
    /// The screen's colours
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// Keys that write say why they do not
    #[arg(long)]
    pub readonly: bool,
}

/// Whether the screen has colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Colours {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Args)]
pub(super) struct Global {
    /// The store: a name below the data directory, or a path
    #[arg(long, global = true, value_name = "NAME|PATH", env = "QUN_STORE")]
    pub store: Option<String>,
    /// The language: zh-CN, zh-TW or en
    #[arg(long, global = true)]
    pub lang: Option<Lang>,
    /// Who acts; the login name by default
    #[arg(long = "as", global = true, value_name = "NAME", env = "QUN_AS")]
    pub operator: Option<String>,
    /// Reach the desk by this socket only
    #[arg(long, global = true, value_name = "PATH", env = "QUN_SOCKET")]
    pub socket: Option<PathBuf>,
    /// Your own settings from this file instead of config.toml
    #[arg(long = "config", global = true, value_name = "FILE")]
    pub own_file: Option<PathBuf>,
    /// Colours on the screen: auto asks the terminal
    #[arg(long, global = true, value_enum, default_value_t = Colours::Auto)]
    pub color: Colours,
    /// Plain lines only: no screen, nothing that is written over; for screen readers and dumb terminals
    #[arg(long, global = true)]
    pub plain: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List tasks, members, groups, accounts or playbooks
    List(ListArgs),
    /// How many match a filter; the exit code says whether any does
    Count(CountArgs),
    /// What filters mean
    #[command(subcommand)]
    Query(QueryVerb),
    /// Show one object whole
    Show(ShowArgs),
    /// Do something with tasks: sent, skip, snooze, wake, rewrite, check
    Do(DoArgs),
    /// Add or change accounts; limit one
    #[command(subcommand)]
    Account(AccountVerb),
    /// Add or change groups; take the playbooks of one to another
    #[command(subcommand)]
    Group(GroupVerb),
    /// Add or change members
    #[command(subcommand)]
    Member(MemberVerb),
    /// Add, change or list products: how long one lasts decides when it runs out
    #[command(subcommand)]
    Product(ProductVerb),
    /// Say whose friend a member is
    #[command(subcommand)]
    Contact(LinkVerb<ContactFields>),
    /// Say which group a member is in
    #[command(subcommand)]
    Membership(LinkVerb<MembershipFields>),
    /// Tell what happened: who, where, what
    Tell(TellArgs),
    /// Import members from a CSV file
    Import(ImportArgs),
    /// Check, apply and run playbooks
    #[command(subcommand)]
    Sop(SopVerb),
    /// Campaigns: several playbooks with one audience, one beginning, one end
    #[command(subcommand)]
    Campaign(CampaignVerb),
    /// What an account owes as one numbered text for a phone, and afterwards what was sent
    Sheet(SheetArgs),
    /// Texts to answer with: keep, find, fill, carry from file to file
    #[command(subcommand)]
    Snippet(SnippetVerb),
    /// One text to whatever a filter matches, at one time; looked at first, withdrawn whole
    Compose(Box<ComposeArgs>),
    /// Views: filters with a name, an order, columns and a digit
    #[command(subcommand)]
    View(ViewVerb),
    /// Caps, quiet hours and zone of the store
    #[command(subcommand)]
    Rules(RulesVerb),
    /// Your own settings: theme, language, layout, keys
    #[command(subcommand)]
    Config(ConfigVerb),
    /// Every action of the screen with the keys it has
    Keys(JsonFlag),
    /// Festivals, solar terms, lunar dates and working days
    Calendar(CalendarArgs),
    /// Answer a playbook's questions ("" for none); without a value, list them and what to type
    Fill(FillArgs),
    /// One turn of the tick
    Tick(TickArgs),
    /// Undo my last act, or a named one
    Undo(UndoArgs),
    /// Do again what my last undo took back
    Redo(JsonFlag),
    /// Acts, newest first
    Log(LogArgs),
    /// What changes in a filter, a JSON line each, until stopped
    Watch(WatchArgs),
    /// Print the text of a task, ready to be sent, and note that it was copied
    Copy(CopyArgs),
    /// Print what a shell completes by
    Completions(CompletionsArgs),
    /// Print a manual page, or write them all
    Man(ManArgs),
    /// How the desk is
    Status(JsonFlag),
    /// Be the desk of this store
    Serve(ServeArgs),
    /// Make a store of believable data, to look around in
    Demo(DemoArgs),
    /// Save the journal as it is now; a desk may run
    Backup(BackupArgs),
    /// Bring a backup back; no desk may run
    Restore(RestoreArgs),
    /// Look for what is wrong, without changing anything
    Doctor(JsonFlag),
    /// This help, that of a command, or one about a topic: filters
    Help {
        #[arg(value_name = "TOPIC")]
        topic: Vec<String>,
    },
}

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum AccountVerb {
    #[command(flatten)]
    Object(ObjectVerb<AccountFields>),
    /// List accounts; the same as 'qun list accounts'
    List(ListOf),
    /// Its platform refuses it something: what waits for it waits, moves, is put off or cancelled
    Limit(LimitArgs),
    /// The limit is over: what waits is let go, and it begins with a share of its cap
    Lift {
        /// Its id, the last characters of it, or its name
        id: String,
        #[command(flatten)]
        choose: Choose,
    },
}

/// A list of one kind.
#[derive(Debug, Args)]
pub(super) struct ListOf {
    /// A filter, such as 'tag:会员'
    #[arg(short, long, default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    pub filter: String,
    #[arg(long)]
    pub json: bool,
}

impl ListOf {
    /// As `qun list` is asked for it.
    pub(super) fn of(self, what: &str) -> ListArgs {
        ListArgs { what: what.to_owned(), filter: self.filter, json: self.json, ..ListArgs::default() }
    }
}

/// What can be done with members.
#[derive(Debug, Subcommand)]
pub(super) enum MemberVerb {
    #[command(flatten)]
    Object(ObjectVerb<MemberFields>),
    /// List members; the same as 'qun list members'
    List(ListOf),
    /// Its playbooks wait; what is due already stays in the queue
    Pause(PauseArgs),
    /// Its playbooks go on
    Resume(ResumeArgs),
}

#[derive(Debug, Args)]
pub(super) struct PauseArgs {
    /// Its id, the last characters of it, or its name
    #[arg(required = true, value_name = "NAME")]
    pub ids: Vec<String>,
    /// Until when: 周五 9点, 3d; until told otherwise if left out
    #[arg(long, visible_alias = "for", value_name = "TIME")]
    pub until: Option<String>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ResumeArgs {
    /// Its id, the last characters of it, or its name
    #[arg(required = true, value_name = "NAME")]
    pub ids: Vec<String>,
    #[arg(long)]
    pub json: bool,
}

/// What can be done with groups.
#[derive(Debug, Subcommand)]
pub(super) enum GroupVerb {
    #[command(flatten)]
    Object(ObjectVerb<GroupFields>),
    /// List groups; the same as 'qun list groups'
    List(ListOf),
    /// Its playbooks wait; what is due already stays in the queue
    Pause(PauseArgs),
    /// Its playbooks go on
    Resume(ResumeArgs),
    /// Its playbooks go on in another group, where they stand
    Move {
        /// Its id, the last characters of it, or its name
        id: String,
        /// To which group
        #[arg(long, value_name = "GROUP")]
        to: String,
        /// They also go on here
        #[arg(long, conflicts_with = "merge")]
        copy: bool,
        /// This group is merged into that one
        #[arg(long)]
        merge: bool,
        #[command(flatten)]
        choose: Choose,
    },
}

#[derive(Debug, Args)]
pub(super) struct LimitArgs {
    /// Its id, the last characters of it, or its name
    pub id: String,
    /// all, private, group, moments, post, call, add-friend, or banned
    #[arg(long, default_value = "all")]
    pub what: String,
    /// How long, or until when: 3d, 周五 9点; until told otherwise if left out
    #[arg(long = "for", visible_alias = "until", value_name = "TIME")]
    pub until: Option<String>,
    /// Move to an account that knows them too: this one, or whichever does
    #[arg(long = "move", value_name = "ACCOUNT", num_args = 0..=1, default_missing_value = "",
          conflicts_with_all = ["shift", "cancel"])]
    pub to: Option<String>,
    /// Put off until the limit ends
    #[arg(long, conflicts_with = "cancel")]
    pub shift: bool,
    /// Cancel what waits for it
    #[arg(long)]
    pub cancel: bool,
    /// In place of the limit that runs
    #[arg(long)]
    pub replace: bool,
    #[command(flatten)]
    pub choose: Choose,
}

/// Whether what was chosen is done, or only counted.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Choose {
    /// Only say what could be chosen, each counted
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long)]
    pub json: bool,
}

pub(super) fn list_kind(text: &str) -> Result<Kind, String> {
    const KINDS: [Kind; 5] = [Kind::Task, Kind::Member, Kind::Group, Kind::Account, Kind::Playbook];
    let found = Kind::parse(text).filter(|kind| KINDS.contains(kind));
    found.ok_or_else(|| "tasks, members, groups, accounts, sops".to_owned())
}

pub(super) fn sort(text: &str) -> Result<Sort, String> {
    Sort::parse(text).ok_or_else(|| Sort::ALL.iter().map(|sort| sort.word()).collect::<Vec<_>>().join(", "))
}

fn column(text: &str) -> Result<Column, String> {
    let words = || Column::ALL.iter().map(|column| column.word()).collect::<Vec<_>>().join(", ");
    Column::parse(text).ok_or_else(words)
}

#[derive(Debug, Args)]
pub(super) struct TickArgs {
    /// The clock is right although it jumped or the last record is far away: go on
    #[arg(long)]
    pub clock_ok: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct JsonFlag {
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Default, Args)]
pub(super) struct ListArgs {
    /// tasks, members, groups, accounts or sops; or the name of a view
    #[arg(default_value = "tasks")]
    pub what: String,
    /// A filter, such as 'state:due group:宠友'; of a view, what is left of it. Without one only open tasks are listed; a
    /// filter finds those that ended as well
    #[arg(short, long, default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    pub filter: String,
    #[arg(long)]
    pub json: bool,
    #[arg(long, conflicts_with = "json")]
    pub tsv: bool,
    /// Members as a file for a spreadsheet, which qun import reads back: a row for each of their groups and accounts
    #[arg(long, conflicts_with_all = ["json", "tsv", "columns"])]
    pub csv: bool,
    /// natural, due, name, account, recent or spent; the view's own if left out
    #[arg(long, value_parser = sort)]
    pub sort: Option<Sort>,
    /// Columns from left to right, separated by commas
    #[arg(long, value_delimiter = ',', value_parser = column, conflicts_with = "json")]
    pub columns: Vec<Column>,
    /// At most so many rows; 0 for all
    #[arg(long)]
    pub limit: Option<u32>,
    /// No row of headings; only a terminal gets one
    #[arg(long)]
    pub no_headings: bool,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// An id, its last characters, or a name
    pub id: String,
    #[arg(long)]
    pub json: bool,
    /// Only the text of a task, ready to be sent
    #[arg(long, conflicts_with = "json")]
    pub text: bool,
}

#[derive(Debug, Args)]
pub(super) struct DoArgs {
    /// sent, also, reply, skip, snooze, wake, copied, rewrite, check-yes, check-no, merge, correct, acknowledge
    pub verb: String,
    /// Ids of tasks, or their last characters
    #[arg(required = true)]
    pub ids: Vec<String>,
    /// When: for sent the time it was sent, for snooze until when
    #[arg(long, visible_alias = "until", value_name = "TIME")]
    pub at: Option<String>,
    /// Why it is skipped: 1-8 or a word
    #[arg(long)]
    pub reason: Option<String>,
    /// For rewrite and correct the text; for skip what there is to say; for reply which answer it was
    #[arg(long)]
    pub text: Option<String>,
    /// For correct: what those who had it are told; without it nothing is
    #[arg(long, value_name = "TEXT")]
    pub notice: Option<String>,
    /// For correct: the part that was wrong
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub part: Option<u16>,
    /// For sent: also what is held, and where the target is no friend of the account
    #[arg(long)]
    pub anyway: bool,
    /// Only if the task still has this revision
    #[arg(long, value_name = "REV")]
    pub if_match: Option<u32>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct TellArgs {
    /// Names, separated by commas; left out with --group alone
    #[arg(required = true, allow_negative_numbers = true)]
    pub words: Vec<String>,
    /// Whoever is not in the book yet is made
    #[arg(long)]
    pub new: bool,
    #[arg(long)]
    pub group: Option<String>,
    #[arg(long)]
    pub account: Option<String>,
    /// When it happened
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    pub file: PathBuf,
    /// Only say what would happen
    #[arg(long)]
    pub dry_run: bool,
    /// Write the refused rows with their reasons here
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// The account that knows members whose row names none; in a list of a group it only says who listed them
    #[arg(long)]
    pub account: Option<String>,
    /// The group of members whose row names none
    #[arg(long)]
    pub group: Option<String>,
    /// The zone of the times in the file; the store's by default
    #[arg(long)]
    pub zone: Option<chrono_tz::Tz>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct FillArgs {
    /// Only its questions, by id or title
    pub playbook: Option<String>,
    pub key: Option<String>,
    /// The answer; empty takes one back
    pub value: Option<String>,
    /// For this group only
    #[arg(long)]
    pub group: Option<String>,
    /// Of the round of that day
    #[arg(long, value_name = "DAY")]
    pub day: Option<String>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct UndoArgs {
    /// An act's id or its end; my last one if left out
    pub act: Option<String>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct LogArgs {
    #[arg(long, default_value_t = 50)]
    pub limit: u16,
    /// Only mine
    #[arg(long)]
    pub mine: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// End with the last screen (how a screen starts its desk)
    #[arg(long)]
    pub attached: bool,
    /// Let the socket's group in too: for a team, with --socket in a directory of its own
    #[arg(long)]
    pub team: bool,
    /// End the desk that runs
    #[arg(long, conflicts_with_all = ["attached", "team"])]
    pub stop: bool,
}

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// 180 by default
    #[arg(long)]
    pub members: Option<u32>,
    /// 12 by default
    #[arg(long)]
    pub groups: Option<u32>,
    /// Open tasks; 60 by default
    #[arg(long)]
    pub tasks: Option<u32>,
    /// The same seed gives the same book
    #[arg(long)]
    pub seed: Option<u64>,
}
