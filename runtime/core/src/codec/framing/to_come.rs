//! Frames as protocols read them.

use super::{FRAMED, Frame};

impl Frame {
    /// The element around the items; `None` if the items are directly in the list.
    pub(crate) fn wrapper(self) -> Option<&'static str> {
        Some(self.wrapper).filter(|wrapper| !wrapper.is_empty())
    }

    pub(crate) fn key(self) -> &'static str {
        self.key
    }

    pub(crate) fn value(self) -> &'static str {
        self.value
    }
}

/// The frame of the next list or map, received name by name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum FrameToCome {
    /// The protocol's own frame.
    #[default]
    Usual,
    Begun,
    Wrapper(&'static str),
    Key(&'static str, &'static str),
    Whole(Frame),
}

impl FrameToCome {
    /// Adds the name of one more newtype.
    pub(crate) fn named(self, name: &'static str) -> Self {
        match self {
            _ if name == FRAMED => Self::Begun,
            Self::Begun => Self::Wrapper(name),
            Self::Wrapper(wrapper) => Self::Key(wrapper, name),
            Self::Key(wrapper, key) => Self::Whole(Frame::within(wrapper).with_entries(key, name)),
            Self::Usual | Self::Whole(_) => Self::Usual,
        }
    }

    pub(crate) fn or(self, usual: Frame) -> Frame {
        if let Self::Whole(frame) = self { frame } else { usual }
    }
}
