//! Calls into sled that may panic, without a word on the terminal.
//!
//! A damaged index panics inside sled. The panic is caught, but the hook that prints it runs first and would
//! draw over the screen; so a hook in front of the others leaves out panics of guarded calls and of sled's own
//! threads.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use super::error::IndexError;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

fn install_hook() {
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let thread = std::thread::current();
            let of_sled =
                thread.name().is_some_and(|name| name.starts_with("sled-") || name == "log flusher");
            if !of_sled && !GUARDED.try_with(Cell::get).unwrap_or(false) {
                others(info);
            }
        }));
    });
}

/// Runs `call`; a panic becomes its text.
pub(super) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    install_hook();
    let before = GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(call));
    GUARDED.set(before);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("sled panicked").to_owned()
    })
}

/// One guarded call of sled.
pub(super) fn call<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, IndexError> {
    match guarded(call) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(IndexError::from_sled(&error)),
        Err(what) => Err(IndexError::Damaged { what }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_text() {
        assert_eq!(guarded(|| 3), Ok(3));
        assert_eq!(
            guarded(|| -> u8 { panic!("tried to serialize {}", "Uninitialized") }),
            Err("tried to serialize Uninitialized".to_owned())
        );
        assert!(!GUARDED.get());
    }
}
