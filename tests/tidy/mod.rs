//! Reads the repository and keeps what it says of itself true: the map and its arrows, sizes, themes, the promises and
//! the tests behind them, the README's tables. Each checker is a function over text with a test on bad text beside it,
//! so that a checker which sees nothing fails too.

mod arrows;
mod habits;
mod map;
mod outward;
mod readme;
mod source;
mod themes;
