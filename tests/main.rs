//! The program from outside: a module per entrance.

#![allow(clippy::disallowed_methods, reason = "a test waits for a real program by a real clock")]

#[cfg(test)]
mod cli;
#[cfg(test)]
mod common;
#[cfg(test)]
mod screen;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod store;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod tidy;
