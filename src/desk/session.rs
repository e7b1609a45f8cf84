//! Sessions: one for each connection.

use crate::text::lang::Lang;

/// What the desk knows about a connection.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who acts; replaced by the name said in `Hello` where the connection allows it.
    pub operator: String,
    /// `screen` or `command`: what stands in records.
    pub via: String,
    /// The program that said hello.
    pub program: String,
    pub lang: Lang,
    /// True once `Hello` was answered.
    pub greeted: bool,
    /// True for screens: they get pushes and keep an attached desk alive.
    pub screen: bool,
}
