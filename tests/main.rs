//! The program from outside: a module per entrance.

mod socket;
