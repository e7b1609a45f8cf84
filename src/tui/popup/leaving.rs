//! Leaving what was written: who does so is asked first, and the foot of a form says by which key it goes.

use std::fmt::Display;

use crate::text::lang::Message;
use crate::tui::keymap::Context;
use crate::tui::registry::Action;
use crate::tui::state::State;

/// Whether who leaves was asked about what they wrote.
///
/// Another key gives it up than the one that asks: Esc is held down, and pressed once more to leave an input method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Leaving {
    asked: bool,
}

impl Leaving {
    pub(super) const ASKED: Self = Self { asked: true };

    /// What is said where it stays, which is nothing where it is given up before anybody was asked; none where it goes.
    pub(super) fn by(&mut self, action: Action, lost: Option<String>) -> Option<String> {
        match action {
            Action::GiveUp if self.asked => None,
            Action::GiveUp => lost.map(|_| String::new()),
            _ => {
                self.asked = lost.is_some();
                lost
            }
        }
    }
}

crate::words! {
    enum LeavingWords {
        GiveUp { give_up } => ["{give_up}", "{give_up}", "{give_up}"],
    }
}

/// What stands at the foot of a form: while there is nothing to lose in it, and once there is.
#[derive(Clone, Debug, Default)]
pub struct Foot {
    bare: String,
    written: String,
}

impl Foot {
    pub fn of(&self, is_written: bool) -> &str {
        if is_written { &self.written } else { &self.bare }
    }
}

impl State {
    /// What stands at the foot of a form, with the key that leaves it as it is.
    pub(in crate::tui) fn foot(
        &self,
        context: Context,
        words: impl Message,
        values: &[(&str, &dyn Display)],
    ) -> Foot {
        let give_up = self.fill_in(context, LeavingWords::GiveUp, &[]);
        let mut with_key = values.to_vec();
        with_key.push(("leave", &give_up));
        let written = self.fill_in(context, words, &with_key);
        Foot { bare: self.fill_in(context, words, values), written }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::LeavingWords>(), Vec::<String>::new());
    }
}
