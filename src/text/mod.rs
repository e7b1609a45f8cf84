//! The `text` room: everything about characters that is true whatever the rest of the program does.
//!
//! Names and messages come from strangers and go to terminals, clipboards and spreadsheets; they are written in
//! two scripts, typed by pinyin, through an IME, and shown in columns two cells wide per character. Each file here
//! answers one such question as a pure function of a string; nothing here knows the book, a file or a screen.
//!
//! ```text
//! fold    one form for texts that a reader takes for the same: script, case, width; keys typed through an IME
//! lang    languages of the UI and the table of messages that every room declares for itself
//! called  how a text addresses somebody
//! changed two texts that differ, cut to where they do
//! clean   what a stranger wrote, made harmless for the terminal, the clipboard, a spreadsheet, a title
//! names   names of people out of what was typed or pasted
//! near    the words nearest to one that is not known
//! plural  one of what English texts count
//! shell   words of a command line as a shell reads them back
//! phone   one form for the numbers of phones
//! place   line and column of a byte
//! pinyin  finding names by pinyin in every way it is typed; pinyin order
//! toml    what is wrong with a TOML file
//! width   how many terminal columns a text takes; cutting, padding, wrapping by columns
//! ```

pub mod called;
pub mod changed;
pub mod clean;
pub mod fold;
pub mod lang;
pub mod names;
pub mod near;
pub mod phone;
pub mod pinyin;
pub mod place;
mod plural;
pub mod shell;
pub mod toml;
pub mod width;
mod wrap;
