//! Sets of short runs of bytes.

use zeroize::Zeroize as _;

/// This many consecutive bytes of a secret are not shown.
pub(super) const WINDOW: usize = 8;

/// Bits of the hash in the filter.
const FILTER_BITS: u32 = 16;

/// Number of collected windows after which duplicates are removed.
const FEW: usize = 4 << 10;

/// A set of runs of [`WINDOW`] or fewer bytes, each as a number. Lookups need sorting first.
#[derive(Default)]
pub(super) struct Windows {
    all: Vec<u64>,
    /// The number of windows after the last sort.
    sorted: usize,
    /// A filter: one bit per hash of a window.
    filter: Vec<u64>,
}

impl Windows {
    /// Adds all windows of a text, including the shorter ones at its end.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut windows = Self::default();
        windows.extend(windows_of(&[bytes, &[0; WINDOW - 1]].concat()));
        windows.sort();
        windows
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Adds windows; memory depends on the number of different windows.
    pub(super) fn extend(&mut self, windows: impl Iterator<Item = u64>) {
        for window in windows {
            if self.all.len() >= FEW.max(2 * self.sorted) {
                self.dedup();
            }
            self.all.push(window);
        }
    }

    pub(super) fn sort(&mut self) {
        self.dedup();
        if self.all.is_empty() {
            return;
        }
        self.filter.resize(1 << (FILTER_BITS - 6), 0);
        for window in &self.all {
            let (word, bit) = place(*window);
            if let Some(word) = self.filter.get_mut(word) {
                *word |= bit;
            }
        }
    }

    fn dedup(&mut self) {
        self.all.sort_unstable();
        self.all.dedup();
        self.sorted = self.all.len();
    }

    pub(super) fn contains(&self, window: u64) -> bool {
        let (word, bit) = place(window);
        self.filter.get(word).is_some_and(|word| word & bit != 0) && self.all.binary_search(&window).is_ok()
    }

    /// Whether a window begins with the `length` bytes of a number.
    pub(super) fn contains_start(&self, length: usize, start: u64) -> bool {
        let rest = 8 * (WINDOW - length);
        let at = self.all.partition_point(|window| window >> rest < start);
        self.all.get(at).is_some_and(|window| window >> rest == start)
    }
}

/// Omits the windows, which are parts of secrets.
impl Drop for Windows {
    fn drop(&mut self) {
        self.all.zeroize();
    }
}

pub(super) fn shifted(window: u64, byte: u8) -> u64 {
    window << 8 | u64::from(byte)
}

pub(super) fn windows_of(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    bytes.windows(WINDOW).map(|window| window.iter().fold(0, |value, byte| shifted(value, *byte)))
}

/// The index of a window's bit in the filter.
fn place(window: u64) -> (usize, u64) {
    let hash = window.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - FILTER_BITS);
    (usize::try_from(hash >> 6).unwrap_or_default(), 1 << (hash & 63))
}
