//! What a screen holds of its desk: a channel to ask by and a channel that everything comes back on.
//!
//! Behind it stands a task that knows the socket and finds the desk again when it is lost. A screen therefore sees
//! four things only, and never an error of the wire. The one dependency here is tokio's channel type.

use tokio::sync::mpsc::{Receiver, Sender};

use super::reply::{Envelope, Push};
use super::request::Request;

/// A connection that outlives its desk.
#[derive(Debug)]
pub struct Connection {
    /// Requests with a tag of the screen's choice, from 1; [`Incoming::Reply`] carries it back.
    ///
    /// While the desk is lost they wait here. A request that was under way when the desk was lost is asked again
    /// after [`Incoming::Back`], except watches, which the screen asks for anew.
    pub requests: Sender<(u64, Request)>,
    /// What comes, in order; closed when the desk cannot be had any more.
    pub incoming: Receiver<Incoming>,
}

/// What comes from the desk's side.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// The answer to the request with this tag. Tag 0 is the [`super::Reply::Welcome`] that begins every
    /// connection; the connection says hello by itself.
    Reply(u64, Envelope),
    /// Something that was not asked for.
    Push(Push),
    /// The desk is gone; another is being looked for or started.
    Lost,
    /// There is a desk again: watch anew, its welcome follows as tag 0.
    Back,
}
