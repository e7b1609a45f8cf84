//! Sentences of the desk.

use crate::words;

words! {
    /// What the desk says about what was done or refused.
    pub enum Words {
        /// A tick fired something.
        Fired => ["到点 {n} 条", "到點 {n} 條", "{n} due"],
    }
}
