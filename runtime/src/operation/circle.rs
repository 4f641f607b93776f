//! Detection of page tokens that repeat in a cycle.

/// Detects cycles of any length with two stored tokens, by Brent's algorithm.
///
/// A token that equals the previous one is found immediately; a longer cycle after at most about three times the tokens
/// up to its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Circle {
    latest: Option<u64>,
    /// A token that the cycle returns to, if the cycle began before this token.
    anchor: Option<u64>,
    /// Tokens since the anchor.
    steps: u64,
    /// The number of tokens after which the anchor moves.
    most: u64,
}

impl Circle {
    /// Adds the hash of the token of the next page; returns whether the token is known to repeat.
    pub(super) fn closes(&mut self, token: u64) -> bool {
        let closes = [self.latest, self.anchor].contains(&Some(token));
        self.latest = Some(token);
        self.steps += 1;
        if self.steps > self.most {
            self.anchor = self.latest;
            (self.steps, self.most) = (0, self.most.saturating_mul(2).max(1));
        }
        closes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of tokens read until a cycle of `length` after `before` other tokens is found.
    fn found(before: usize, length: usize) -> usize {
        let mut circle = Circle::default();
        let token = |at: usize| if at < before { at } else { before + (at - before) % length };
        (0..1000).find(|at| circle.closes(token(*at) as u64)).unwrap() + 1
    }

    #[test]
    fn circles_of_every_length_are_found() {
        for before in 0..50 {
            assert_eq!(found(before, 1), before + 2);
            for length in 2..50 {
                let read = found(before, length);
                assert!(
                    read > before + length && read <= 3 * (before + length) + 3,
                    "{before} {length}: {read}"
                );
            }
        }
        assert_eq!(found(0, 2), 3);
    }

    #[test]
    fn tokens_that_differ_are_no_circle() {
        let mut circle = Circle::default();
        assert!((0..10_000).all(|token| !circle.closes(token)));
    }
}
