//! Waiters: methods of the client that call an operation until a state.

use gatewright_model::{Operation, Service, Waiter};

use super::{Diff, Fact, Place, Spot, code, matched, rules};
use crate::{naming, waiters};

impl<'a> Diff<'a> {
    pub(super) fn waiters(&mut self) {
        let by_name = |service: &'a Service| {
            waiters::all(service).map(|(operation, waiter)| (waiter.name.as_str(), (operation, waiter)))
        };
        for (_, found) in matched(by_name(self.old.service), by_name(self.new.service)) {
            let Some((operation, waiter)) = found.1.or(found.0) else { continue };
            let place = Place::Method(naming::wait_method(&waiter.rust_name).to_string());
            let at = Spot { place, operations: vec![operation.name.clone()] };
            match found {
                (Some(old), Some(new)) => self.waiter(&at, old, new),
                (None, _) => self.add(&at, &rules::WAITER_ADDED, None, None),
                (_, None) => self.add(&at, &rules::WAITER_REMOVED, None, None),
            }
        }
    }

    fn waiter(&mut self, at: &Spot, old: (&'a Operation, &'a Waiter), new: (&'a Operation, &'a Waiter)) {
        let ((calls, before), (calls_now, after)) = (old, new);
        let Waiter { name: _, rust_name, doc, min_delay, max_delay, max_wait, deprecated, acceptors } =
            before;
        if naming::wait_method(rust_name) != naming::wait_method(&after.rust_name) {
            let [old, new] = [rust_name, &after.rust_name].map(|name| code(&naming::wait_method(name)));
            self.add(at, &rules::RENAMED, old, new);
        }
        self.texts(at, doc, &after.doc);
        self.deprecations(at, deprecated.as_ref(), after.deprecated.as_ref());
        if calls.name != calls_now.name {
            self.add(at, &rules::WAITER_OPERATION, code(&calls.name), code(&calls_now.name));
        }
        if *acceptors != after.acceptors {
            self.add(at, &rules::WAITER_CONDITIONS, conditions(before), conditions(after));
        }
        if (min_delay, max_delay, max_wait) != (&after.min_delay, &after.max_delay, &after.max_wait) {
            self.add(at, &rules::WAITER_TIMES, times(before), times(after));
        }
    }
}

fn conditions(waiter: &Waiter) -> Fact {
    let condition = |acceptor| {
        let (state, condition) = waiters::condition(acceptor);
        format!("{state}: {condition}")
    };
    Fact::Names(waiter.acceptors.iter().map(condition).collect())
}

fn times(Waiter { min_delay, max_delay, max_wait, .. }: &Waiter) -> Fact {
    let limit = max_wait.map_or_else(String::new, |limit| format!(", for {limit} s"));
    code(&format!("every {min_delay} to {max_delay} s{limit}"))
}
