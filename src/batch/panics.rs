//! Keeps an internal error in one document from ending a run.
//!
//! In: a piece of work. Out: what it gave, or the message of its panic. Never: prints the panic of guarded work.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on, panics of guarded work are kept for their document and not printed. For programs: it changes the
/// process's panic hook, once.
pub fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            if GUARDED.get() {
                let place = info.location().map(|l| format!(" ({}:{})", l.file(), l.line())).unwrap_or_default();
                MESSAGE.set(Some(format!("{}{place}", words(info.payload()))));
            } else {
                before(info);
            }
        }));
    });
}

/// Does the work; an error holds the message of its panic.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    let message = MESSAGE.take();
    done.map_err(|payload| message.unwrap_or_else(|| words(&*payload).to_owned()))
}

fn words(payload: &(dyn std::any::Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message")
}
