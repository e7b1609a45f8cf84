//! The program from the command line, in an environment of its own.

mod desk;
mod usage;
mod walk;
