//! The program from the command line, in an environment of its own.

mod backup;
mod calendar;
mod campaign;
mod config;
mod desk;
mod hints;
mod import;
mod launch;
mod objects;
mod one_offs;
mod plans;
mod rules;
mod sop;
mod usage;
mod views;
mod walk;
