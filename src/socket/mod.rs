//! The `socket` room: how screens and commands reach a desk that runs in another process.
//!
//! One process owns a store; everybody else speaks to it through a unix socket beside the store. The desk's end is
//! [`server`], which never lets a client make the desk wait; the other end is [`client`], which survives the desk.
//! The room knows the door and nothing of what stands behind it: a desk is any function from inputs to a turn.
//!
//! ```text
//! wire     frames, their contents, the greeting that tells the version
//! place    where the socket is, who may reach it, removal of a stale one
//! server   accepts, bounds and ends connections; drops who does not keep up
//! writer   the one thread that owns the desk, and its sleep
//! hooks    tells the user's own program what the desk wants told
//! peer     who is at the other end: a uid and its login name
//! client   a blocking door for commands, a connection that finds the desk again for screens
//! ```

pub mod client;
pub mod hooks;
pub mod peer;
pub mod place;
pub mod server;
pub mod wire;
pub mod writer;
