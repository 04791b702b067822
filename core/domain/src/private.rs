//! Text about a person, which must never reach a log, an error or a panic.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// Text about a member: a name, a note, a size. Serialises as plain text (records are sealed by the store);
/// `Debug` shows only that something is there, and there is no `Display`.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private(String);

impl Private {
    /// Wraps `text` as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Private(text.into())
    }

    /// The text, for a screen or a sealed record.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text itself, so that its owner can wipe it.
    pub fn into_inner(self) -> String {
        self.0
    }
}

impl Deref for Private {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Private(text.to_owned())
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "Private()" } else { "Private(…)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_text() {
        assert_eq!(format!("{:?}", Private::from("张三丰")), "Private(…)");
    }
}
