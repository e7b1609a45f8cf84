//! Languages of the UI.

/// A language the screen speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Lang {
    #[default]
    ZhCn,
    ZhTw,
    En,
}
