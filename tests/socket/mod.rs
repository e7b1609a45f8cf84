//! A real server on a real socket, with a small desk behind it.

mod desk;
mod lifecycle;
mod limits;
mod link;
