//! The program from outside: a module per entrance.

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
