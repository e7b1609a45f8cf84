//! What travels to the desk.

use serde::{Deserialize, Serialize};

use super::choices::Question;
use super::command::{Command, ObjectRef};
use super::form::Kind;
use super::line::LineId;
use super::rows::MemberRow;
use super::saw::Saw;
use crate::book::{
    AccountId, ActId, Campaign, CommandId, GroupId, ObjectId, PlaybookId, Target, TaskId, Timestamp,
};
use crate::text::lang::Lang;

pub use crate::book::view::Sort;

/// Version of the wire; both ends must be equal.
pub const WIRE: u32 = 2;

/// A list as somebody looks at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSpec {
    pub kind: Kind,
    /// A filter as typed; empty shows all that is not archived.
    pub filter: String,
    pub sort: Sort,
    /// The most rows of it that are shown, from the top.
    pub limit: Option<u32>,
}

impl ListSpec {
    /// All that a filter finds, in the kind's own order.
    pub fn of(kind: Kind, filter: &str) -> Self {
        Self { kind, filter: filter.to_owned(), sort: Sort::Natural, limit: None }
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// First on every connection; sentences come back in `lang`.
    Hello {
        wire: u32,
        program: String,
        operator: String,
        lang: Lang,
    },
    /// Watches a list: answers a window, then patches follow. The same number again changes the watch.
    Watch {
        watch: u32,
        list: ListSpec,
        /// First row and how many.
        first: u32,
        rows: u32,
        /// Keep this line inside the window where it still matches.
        around: Option<LineId>,
    },
    Unwatch {
        watch: u32,
    },
    /// A list once, for scripts. Its texts have no warnings: whoever copies one asks for it.
    List {
        list: ListSpec,
        first: u32,
        rows: u32,
        texts: bool,
    },
    /// How many match each filter, whatever the limits of the lists.
    Count {
        lists: Vec<ListSpec>,
    },
    Task(TaskId),
    /// The texts of several tasks, in the order asked.
    Texts(Vec<TaskId>),
    Object(ObjectId),
    Playbook(PlaybookId),
    /// All products that are not archived, by name.
    Products,
    /// Snippets that a text finds, filled for what the cursor stands on.
    Snippets {
        text: String,
        on: Option<ObjectId>,
        limit: u16,
    },
    /// Present values of an object's form.
    Form(ObjectRef),
    Do {
        command_id: CommandId,
        command: Command,
        /// What it stands on; none where nobody has looked.
        #[serde(default)]
        saw: Option<Saw>,
    },
    /// Names that begin or sound like this, best first.
    Suggest {
        kinds: Vec<Kind>,
        text: String,
        limit: u16,
    },
    /// Whom a name means, typed or pasted: exactly called so, else alike, else with a slip; best near a place.
    Who {
        text: String,
        group: Option<GroupId>,
        account: Option<AccountId>,
        limit: u16,
    },
    /// Which names of a list are no one member's, of that group where one is given: a sentence for each.
    Unknown {
        group: Option<GroupId>,
        text: String,
    },
    /// Finds one object by name or by the tail of its id.
    Find {
        kind: Kind,
        text: String,
    },
    /// Rows of an import, at most 1 MiB a request.
    Rows {
        import: u32,
        rows: Vec<MemberRow>,
    },
    /// Acts, newest first; before an act for the next page.
    Log {
        before: Option<ActId>,
        limit: u16,
        mine: bool,
    },
    /// Open questions of today's runs.
    Asks,
    /// Why: next instants, waiting, stopped by what.
    Why(Target),
    /// Dates of an applied playbook for a target or an anchor, with the store's rules or bare.
    Plan(Box<PlanAsk>),
    /// A playbook opened: its steps with how far they got, and a window of who is in it.
    Board {
        playbook: PlaybookId,
        first: u32,
        rows: u32,
    },
    /// What applying a text would do to those in the playbook; changes nothing.
    SopDiff {
        toml: String,
        file: String,
    },
    /// What a playbook may refer to: other playbooks, accounts.
    References,
    /// Every campaign with how far it has got; one of them where an id is given.
    Campaigns(Option<String>),
    /// What setting a campaign up would do, or changing one that has this id.
    CampaignTrial(Campaign),
    /// What comes in so many days from today on.
    Forecast {
        days: u32,
    },
    /// How long a message of each kind takes who asks, by what they marked.
    Paces,
    /// What is planned for the coming 24 hours and has not come due.
    Agenda,
    /// What each reason for skipping these tasks would bring about beside them.
    Consequences(Vec<TaskId>),
    /// What can be chosen about something, each counted.
    Choices(Question),
    /// How far the text of a task has got.
    Spread(TaskId),
    Status,
    /// Where an import stands.
    Import(u32),
    /// Where an undo in slices stands, by the act that undoes.
    Reversal(ActId),
    /// The store's rules as TOML.
    Rules,
    /// The years of working days that the store was given, as TOML; empty for none.
    Calendar,
    /// The store's saved views.
    Views,
    /// Ends the desk after answering, if this was its last screen or `force`.
    Leave {
        force: bool,
    },
}

/// What dates are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAsk {
    pub playbook: PlaybookId,
    /// The text of a file that nobody has applied, to be planned in its stead.
    pub file: Option<String>,
    pub target: Option<Target>,
    pub anchor: Option<Timestamp>,
    /// None: from now on, or from the anchor where that lies before.
    pub from: Option<Timestamp>,
    pub until: Timestamp,
    /// The most rows.
    pub rows: u32,
    pub bare: bool,
}
