//! How model files lay out JSON.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Json, Object};

impl Json {
    fn is_empty(&self) -> bool {
        match self {
            Self::List(items) => items.is_empty(),
            Self::Object(object) => object.0.is_empty(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => true,
        }
    }

    /// The value on one line.
    pub(crate) fn line(&self) -> String {
        let mut text = String::new();
        self.write_line(&mut text);
        text
    }

    fn write_line(&self, to: &mut String) {
        match self {
            Self::Null => to.push_str("null"),
            Self::Bool(flag) => to.push_str(if *flag { "true" } else { "false" }),
            Self::Number(number) => write!(to, "{number}").unwrap_or_default(),
            Self::Text(text) => to.push_str(&quoted(text)),
            Self::List(items) => {
                to.push('[');
                for (index, item) in items.iter().enumerate() {
                    to.push_str(if index == 0 { "" } else { ", " });
                    item.write_line(to);
                }
                to.push(']');
            }
            Self::Object(Object(pairs)) => {
                to.push('{');
                for (index, (key, value)) in pairs.iter().enumerate() {
                    to.push_str(if index == 0 { "" } else { ", " });
                    to.push_str(&quoted(key));
                    to.push_str(": ");
                    value.write_line(to);
                }
                to.push('}');
            }
        }
    }

    /// The value as an entry of a model file, its first line not indented.
    pub(crate) fn entry(&self, indent: usize) -> String {
        let mut text = String::new();
        self.write(&mut text, indent, Layout::Open);
        text
    }

    fn write(&self, to: &mut String, indent: usize, layout: Layout) {
        let used = to.len() - to.rfind('\n').map_or(0, |end| end + 1);
        let line = self.line();
        let fits = used + line.len() < WIDTH;
        if self.is_empty() || matches!(layout, Layout::Line) || fits && matches!(layout, Layout::Fit) {
            return to.push_str(&line);
        }
        let inner = " ".repeat(indent + 2);
        let outer = " ".repeat(indent);
        match self {
            Self::List(items) => {
                to.push('[');
                for (index, item) in items.iter().enumerate() {
                    let _ = write!(to, "{}\n{inner}", if index == 0 { "" } else { "," });
                    item.write(
                        to,
                        indent + 2,
                        if layout == Layout::Lines { Layout::Line } else { Layout::Fit },
                    );
                }
                let _ = write!(to, "\n{outer}]");
            }
            Self::Object(Object(pairs)) => {
                to.push('{');
                for (index, (key, value)) in pairs.iter().enumerate() {
                    let _ = write!(to, "{}\n{inner}{}: ", if index == 0 { "" } else { "," }, quoted(key));
                    value.write(to, indent + 2, Layout::of(key));
                }
                let _ = write!(to, "\n{outer}}}");
            }
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => {}
        }
    }
}

/// Columns of a line.
const WIDTH: usize = 120;

/// How a value is laid out.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    /// On one line if it fits.
    Fit,
    /// On one line.
    Line,
    /// On several lines.
    Open,
    /// On several lines, each item on one.
    Lines,
}

impl Layout {
    fn of(key: &str) -> Self {
        match key {
            "members" | "values" | "rules" => Self::Lines,
            "causes" | "remedies" | "endpoints" => Self::Open,
            _ => Self::Fit,
        }
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
