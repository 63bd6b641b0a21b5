//! A bounded pipeline: one thread gives items, some work on them, the caller's takes the results in the items' order.
//!
//! In: a source, a piece of work, a taker. Out: nothing, or the first error in the items' order. Never: holds more items
//! than its window, results that wait for an earlier one included; waits for a whole batch before it goes on.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Stack of a worker.
const STACK: usize = 8 << 20;

/// How much may be in hand at once.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Workers.
    pub jobs: usize,
    /// Items, from when they are given until their result is taken.
    pub items: u64,
    /// Bytes that these items hold, but for the last one.
    pub bytes: usize,
}

/// What the threads share.
struct Belt<I, O> {
    waiting: VecDeque<(u64, usize, I)>,
    done: BTreeMap<u64, (usize, O)>,
    given: u64,
    taken: u64,
    held: usize,
    ended: bool,
    broken: bool,
}

struct Shared<I, O> {
    belt: Mutex<Belt<I, O>>,
    changed: Condvar,
}

impl<I, O> Shared<I, O> {
    fn lock(&self) -> MutexGuard<'_, Belt<I, O>> {
        self.belt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `ready` gives something; nothing where the belt is broken.
    fn until<T>(&self, mut ready: impl FnMut(&mut Belt<I, O>) -> Option<T>) -> Option<T> {
        let mut belt = self.lock();
        loop {
            if belt.broken {
                return None;
            }
            if let Some(found) = ready(&mut belt) {
                drop(belt);
                self.changed.notify_all();
                return Some(found);
            }
            belt = self.changed.wait(belt).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn break_off(&self) {
        self.lock().broken = true;
        self.changed.notify_all();
    }
}

/// Ends everything when a thread ends in a way that nobody foresaw.
struct Guard<'a, I, O>(&'a Shared<I, O>);

impl<I, O> Drop for Guard<'_, I, O> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.break_off();
        }
    }
}

/// Runs `work` on everything that `source` gives; `take` gets the results in order, in the calling thread. `weight` tells
/// the bytes that an item holds; `worker` makes what each working thread has for its own.
pub fn ordered<I: Send, O: Send, W, E: Send>(
    window: Window,
    mut source: impl FnMut() -> Option<Result<I, E>> + Send,
    weight: impl Fn(&I) -> usize + Sync + Send,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, I) -> O + Sync,
    mut take: impl FnMut(O) -> Result<(), E>,
    no_thread: impl Fn(io::Error) -> E,
) -> Result<(), E> {
    let belt = Belt {
        waiting: VecDeque::new(),
        done: BTreeMap::new(),
        given: 0,
        taken: 0,
        held: 0,
        ended: false,
        broken: false,
    };
    let shared: Shared<I, Result<O, E>> = Shared { belt: Mutex::new(belt), changed: Condvar::new() };
    let (shared, worker, work, weight) = (&shared, &worker, &work, &weight);
    thread::scope(|scope| {
        let _guard = Guard(shared);
        let giving = move || {
            let _guard = Guard(shared);
            give(shared, window, &mut source, weight);
        };
        thread::Builder::new().spawn_scoped(scope, giving).map_err(&no_thread)?;
        for n in 0..window.jobs.max(1) {
            let run = move || {
                let _guard = Guard(shared);
                let mut own = worker();
                while let Some((n, held, item)) = next(shared) {
                    let result = work(&mut own, item);
                    shared.lock().done.insert(n, (held, Ok(result)));
                    shared.changed.notify_all();
                }
            };
            // Where the system gives no more threads, those that it gave do the work.
            match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run) {
                Err(error) if n == 0 => {
                    shared.break_off();
                    return Err(no_thread(error));
                }
                Err(_) => break,
                Ok(_) => {}
            }
        }
        while let Some(Some(result)) = shared.until(taken) {
            if let Err(error) = result.and_then(&mut take) {
                shared.break_off();
                return Err(error);
            }
        }
        Ok(())
    })
}

/// Puts what the source gives on the belt, as far as there is room.
fn give<I, O, E>(
    shared: &Shared<I, Result<O, E>>,
    window: Window,
    source: &mut impl FnMut() -> Option<Result<I, E>>,
    weight: &impl Fn(&I) -> usize,
) {
    let room = |belt: &mut Belt<I, Result<O, E>>| {
        (belt.given - belt.taken < window.items.max(1) && (belt.held < window.bytes || belt.given == belt.taken))
            .then_some(())
    };
    while shared.until(room).is_some() {
        let next = source();
        let mut belt = shared.lock();
        let n = belt.given;
        match next {
            Some(Ok(item)) => {
                let held = weight(&item);
                belt.held += held;
                belt.given += 1;
                belt.waiting.push_back((n, held, item));
            }
            Some(Err(error)) => {
                belt.given += 1;
                belt.done.insert(n, (0, Err(error)));
                belt.ended = true;
            }
            None => belt.ended = true,
        }
        let ended = belt.ended;
        drop(belt);
        shared.changed.notify_all();
        if ended {
            return;
        }
    }
}

/// The next item for a worker.
fn next<I, O>(shared: &Shared<I, O>) -> Option<(u64, usize, I)> {
    shared
        .until(|belt| match belt.waiting.pop_front() {
            Some(item) => Some(Some(item)),
            None if belt.ended => Some(None),
            None => None,
        })
        .flatten()
}

/// The next result, in order; `Some(None)` at the end.
fn taken<I, O>(belt: &mut Belt<I, O>) -> Option<Option<O>> {
    if let Some((held, result)) = belt.done.remove(&belt.taken) {
        belt.taken += 1;
        belt.held -= held;
        return Some(Some(result));
    }
    (belt.ended && belt.taken == belt.given).then_some(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { jobs: 4, items: 8, bytes: 100 };

    #[test]
    fn results_come_in_order_and_few_are_in_hand() {
        let (given, mut took) = (std::sync::atomic::AtomicU64::new(0), Vec::new());
        let mut numbers = 0..500u64;
        let source = || {
            given.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            numbers.next().map(Ok)
        };
        let work = |_: &mut (), n: u64| {
            thread::sleep(std::time::Duration::from_micros(n * 7919 % 300));
            n * 2
        };
        let take = |n| {
            assert!(given.load(std::sync::atomic::Ordering::SeqCst) <= took.len() as u64 + 10);
            took.push(n);
            Ok(())
        };
        let done: Result<(), ()> = ordered(WINDOW, source, |_| 1, || (), work, take, drop);
        assert_eq!(done, Ok(()));
        assert!(took.iter().copied().eq((0..500).map(|n| n * 2)));
    }

    #[test]
    fn what_is_too_heavy_goes_alone() {
        let mut numbers = 0..20u64;
        let most = std::sync::atomic::AtomicU64::new(0);
        let now = std::sync::atomic::AtomicU64::new(0);
        let work = |_: &mut (), n: u64| {
            let here = now.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
            most.fetch_max(here, std::sync::atomic::Ordering::SeqCst);
            thread::sleep(std::time::Duration::from_millis(2));
            now.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
            n
        };
        let done: Result<(), ()> = ordered(WINDOW, || numbers.next().map(Ok), |_| 1000, || (), work, |_| Ok(()), drop);
        assert_eq!((done, most.into_inner()), (Ok(()), 1));
    }

    #[test]
    fn an_error_of_the_source_or_the_taker_ends_it() {
        let mut numbers = 0..50u64;
        let mut took = 0;
        let source = || numbers.next().map(|n| if n == 30 { Err(n) } else { Ok(n) });
        let take = |_| {
            took += 1;
            Ok(())
        };
        let done = ordered(WINDOW, source, |_| 1, || (), |_: &mut (), n| n, take, |_| 99);
        assert_eq!((done, took), (Err(30), 30));
        let mut numbers = 0..50u64;
        let stop = |n| if n == 7 { Err(n) } else { Ok(()) };
        assert_eq!(ordered(WINDOW, || numbers.next().map(Ok), |_| 1, || (), |_: &mut (), n| n, stop, |_| 99), Err(7));
    }
}
