//! The `qun` program.

fn main() {}
