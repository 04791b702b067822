//! AND, OR and NOT over tags: how a list of members is narrowed.

use crate::TagId;

/// How deep an expression may nest; what a person builds is two or three deep.
pub const DEEPEST: usize = 16;

/// An expression over the tags that a member carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagExpression {
    /// Carries this tag.
    Has(TagId),
    /// All of these hold; an empty list holds.
    All(Vec<TagExpression>),
    /// At least one of these holds; an empty list does not.
    Any(Vec<TagExpression>),
    /// This does not hold.
    Not(Box<TagExpression>),
}

/// A text that is no expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a tag expression")]
pub struct TagExpressionError;

impl TagExpression {
    /// Reads `T1 AND (T2 OR NOT T3)`: tag ids, the words AND, OR, NOT in any case, brackets. NOT binds
    /// closest, then AND, then OR.
    pub fn parse(text: &str) -> Result<Self, TagExpressionError> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut parser = Parser { words: &words, at: 0 };
        let expression = parser.any(0)?;
        if parser.at == words.len() { Ok(expression) } else { Err(TagExpressionError) }
    }

    /// Whether it holds for a member who `carries` a tag or not.
    pub fn holds(&self, carries: &impl Fn(&TagId) -> bool) -> bool {
        match self {
            TagExpression::Has(tag) => carries(tag),
            TagExpression::All(parts) => parts.iter().all(|p| p.holds(carries)),
            TagExpression::Any(parts) => parts.iter().any(|p| p.holds(carries)),
            TagExpression::Not(part) => !part.holds(carries),
        }
    }
}

struct Parser<'a> {
    words: &'a [&'a str],
    at: usize,
}

impl Parser<'_> {
    fn eat(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at).is_some_and(|w| w.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn any(&mut self, depth: usize) -> Result<TagExpression, TagExpressionError> {
        let mut parts = vec![self.all(depth)?];
        while self.eat("OR") {
            parts.push(self.all(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { TagExpression::Any(parts) })
    }

    fn all(&mut self, depth: usize) -> Result<TagExpression, TagExpressionError> {
        let mut parts = vec![self.one(depth)?];
        while self.eat("AND") {
            parts.push(self.one(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { TagExpression::All(parts) })
    }

    fn one(&mut self, depth: usize) -> Result<TagExpression, TagExpressionError> {
        if depth > DEEPEST {
            return Err(TagExpressionError);
        }
        if self.eat("NOT") {
            return Ok(TagExpression::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.eat("(") {
            let inner = self.any(depth + 1)?;
            return if self.eat(")") { Ok(inner) } else { Err(TagExpressionError) };
        }
        let word = self.words.get(self.at).ok_or(TagExpressionError)?;
        if ["AND", "OR", ")"].iter().any(|w| word.eq_ignore_ascii_case(w)) {
            return Err(TagExpressionError);
        }
        self.at += 1;
        TagId::new(*word).map(TagExpression::Has).map_err(|_| TagExpressionError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, tags: &[&str]) -> bool {
        TagExpression::parse(text).unwrap().holds(&|t: &TagId| tags.contains(&t.as_str()))
    }

    #[test]
    fn not_binds_closest_then_and_then_or() {
        assert!(holds("a OR b AND c", &["a"]));
        assert!(!holds("(a OR b) AND c", &["a"]));
        assert!(holds("not a and b", &["b"]));
        assert!(!holds("NOT (a OR b)", &["b"]));
        assert!(holds("NOT NOT a", &["a"]));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for bad in ["", "AND", "a b", "a AND", "(a", "a)", "NOT", "()", "a OR OR b", "张"] {
            assert_eq!(TagExpression::parse(bad), Err(TagExpressionError), "{bad}");
        }
        let deep = "(".repeat(10_000) + "a" + &")".repeat(10_000);
        assert_eq!(TagExpression::parse(&deep), Err(TagExpressionError));
        let many_nots = "NOT ".repeat(100_000) + "a";
        assert_eq!(TagExpression::parse(&many_nots), Err(TagExpressionError));
    }
}
