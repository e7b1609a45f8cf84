//! The program from the command line, in an environment of its own.

mod backup;
mod desk;
mod import;
mod objects;
mod rules;
mod usage;
mod walk;
