//! The screen: one queue, worked off by a person with as few keys and switches of window as possible.
//!
//! [`app`] is a pure function: [`app::update`] takes the [`state::State`], an [`event::Event`] and the time, and says
//! which [`event::Effect`]s it wants. [`view`] draws a state and decides nothing. [`run`] is the only part that knows
//! a terminal, timers and signals. Everything a key can do stands once in the [`registry`], from which keymap, hints,
//! help, menus and verbs derive.
//!
//! ```text
//! event     what comes in and what goes out         registry  actions, keys, verbs
//! state     everything remembered                   list      a window of a list: cursor, marks, patches
//! app       update: keys, replies, verbs            popup     menus, prompts, forms, quick entry, the tour
//! view      drawing, a file a pane                  theme     roles to colours
//! details   of the lines near the cursor            words     sentences in three languages
//! input     terminal events -> events               terminal  entering and leaving it; clipboard
//! keymap    which key does what by now             config    the user's own file: keys, looks
//! palette   colours by role, a user's over ours     veil      names hidden from who looks on
//! pending   what answers are for
//! probe     how wide the terminal draws some          stalled   the end where nobody reads the terminal
//! shown     what the terminal shows, and the bytes    files     a user's file, read for the screen
//!           that make it show something else          run       the loop
//! ```

pub mod app;
pub mod clipboard;
pub mod config;
pub mod details;
pub mod drafts;
pub mod event;
pub mod files;
pub mod input;
pub mod key;
pub mod keymap;
pub mod line;
pub mod list;
pub mod palette;
pub mod pending;
pub mod popup;
pub mod probe;
pub mod registry;
pub mod run;
pub mod sheets;
pub mod shown;
pub mod stalled;
pub mod state;
pub mod terminal;
pub mod theme;
pub mod veil;
pub mod view;
pub mod views;
pub mod words;

pub use run::{CODE_OF_SIGNAL, Ended, Options, ScreenError, run};
pub use state::{Builtin, Start};
