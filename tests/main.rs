//! The program from outside: a module per entrance.

#[cfg(test)]
mod socket;
