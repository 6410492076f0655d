//! Statements → documents of the size that a platform takes: one where they fit, several of another kind where the
//! manifest has such, and a finding where neither can hold them. Lengths are upper bounds, since what a reference
//! stands for is known to the platform alone.

use super::view::{Document, Statement};
use crate::base::{Piece, Value};
use crate::catalog::{DocumentRule, Several};

/// How statements come to be written.
#[derive(Debug, PartialEq)]
pub(super) enum Fit {
    /// In the one document.
    One,
    /// In several.
    Several(Vec<Document>),
    /// Not at all.
    Over(Excess),
}

/// What does not fit: what there is and what there may be, in the same unit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excess {
    pub(super) unit: &'static str,
    pub(super) are: usize,
    pub(super) most: usize,
}

/// Measures by one rule.
#[derive(Clone, Copy)]
pub(super) struct Measure<'a> {
    pub(super) rule: &'a DocumentRule,
    /// What every name begins with.
    pub(super) prefix: &'a str,
}

impl Measure<'_> {
    /// How the statements of one identity, or of one thing that is reached, are written.
    pub(super) fn fit(self, statements: &[Statement]) -> Fit {
        if let Some(most) = self.rule.statements.filter(|most| statements.len() > *most) {
            return Fit::Over(Excess { unit: "statements", are: statements.len(), most });
        }
        let are: usize = statements.iter().map(|statement| self.statement(statement)).sum();
        if are <= self.rule.characters {
            return Fit::One;
        }
        match self.rule.several {
            None => Fit::Over(Excess { unit: "characters", are, most: self.rule.characters }),
            Some(several) => match self.split(statements, several) {
                Some(documents) => Fit::Several(documents),
                None => Fit::Over(Excess { unit: "characters", are, most: several.characters * several.count }),
            },
        }
    }

    /// Fills one document after the other, in order. A statement that is too large for what is left goes on in the next
    /// document with the rest of its resources. `None` where there are too many, or one resource alone is too large.
    fn split(self, statements: &[Statement], several: Several) -> Option<Vec<Document>> {
        let mut documents: Vec<Document> = Vec::new();
        let mut left = 0;
        for statement in statements {
            let bare = self.statement(&Statement { resources: Vec::new(), ..statement.clone() });
            // Whether the last document ends with a part of this statement.
            let mut is_begun = false;
            for resource in &statement.resources {
                let more = self.value(resource);
                let needed = if is_begun { more } else { bare + more };
                if needed > left {
                    if bare + more > several.characters || documents.len() == several.count {
                        return None;
                    }
                    documents.push(Document { number: documents.len() + 1, statements: Vec::new() });
                    left = several.characters;
                    is_begun = false;
                }
                left = left.saturating_sub(if is_begun { more } else { bare + more });
                let written = &mut documents.last_mut()?.statements;
                match written.last_mut().filter(|_| is_begun) {
                    Some(last) => last.resources.push(resource.clone()),
                    None => written.push(Statement { resources: vec![resource.clone()], ..statement.clone() }),
                }
                is_begun = true;
            }
        }
        Some(documents)
    }

    fn statement(self, statement: &Statement) -> usize {
        let actions: usize = statement.actions.iter().map(|action| quoted(action.len())).sum();
        let resources: usize = statement.resources.iter().map(|resource| self.value(resource)).sum();
        let group = |group: &super::view::ConditionGroup| {
            let entry = |entry: &super::view::ConditionEntry| {
                let values: usize = entry.values.iter().map(|value| self.value(value)).sum();
                // `[`, `]` and `:` of the key.
                quoted(entry.key.len()) + values + 3
            };
            quoted(group.test.len()) + group.entries.iter().map(entry).sum::<usize>() + 3
        };
        let conditions: usize = statement.conditions.iter().map(group).sum();
        let principal = statement.principal.as_ref().map_or(0, |principal| self.value(principal));
        let groups = statement.conditions.iter().flat_map(|group| &group.entries);
        let values = groups.map(|entry| entry.values.len()).max().unwrap_or(1);
        // The values are counted once already, and everything else as often as there are statements.
        let repeated = self.rule.overhead + actions + resources + principal;
        if self.rule.apart { repeated * values + conditions } else { repeated + conditions }
    }

    fn value(self, value: &Value) -> usize {
        quoted(self.text(value))
    }

    fn text(self, value: &Value) -> usize {
        match value {
            Value::Text(text) => text.len(),
            Value::Reference(reference) => self.reference(reference),
            Value::Concat(pieces) => {
                let length = |piece: &Piece| match piece {
                    Piece::Text(text) => text.len(),
                    Piece::Reference(reference) => self.reference(reference),
                };
                pieces.iter().map(length).sum()
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::List(_)
            | Value::Map(_)
            | Value::Duration(_)
            | Value::Size(_)
            | Value::End(_) => 0,
        }
    }

    /// The second part of a reference is the name of a node as an identifier.
    fn reference(self, reference: &str) -> usize {
        self.rule.reference + self.prefix.len() + 1 + reference.split('.').nth(1).map_or(0, str::len)
    }
}

/// A text with its quotes and the comma behind it.
const fn quoted(length: usize) -> usize {
    length + 3
}

/// What to do where the permissions that a node of a kind holds, or those that others have on it, are too large.
pub(super) fn relief(kind: &str, is_held: bool) -> &'static str {
    match (kind, is_held) {
        ("function", true) => "split the function, or use fewer resources in one",
        ("function", false) => "split the function, so that each has a part of the routes and other triggers",
        ("queue", _) => "use another queue, or another dead letter, for some of those that send to it",
        ("topic", _) => "use another topic for some of those that publish to it",
        ("bucket", _) => "use another bucket for a part of the objects",
        _ => "split it, so that each part has some of those that refer to it",
    }
}

#[cfg(test)]
#[allow(clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::view::{ConditionEntry, ConditionGroup};
    use super::*;
    use crate::catalog::OneOrMany;

    fn rule(characters: usize, several: Option<Several>) -> DocumentRule {
        DocumentRule {
            system: "iam".to_owned(),
            kinds: OneOrMany::One("function".to_owned()),
            characters,
            statements: Some(30),
            several,
            apart: false,
            overhead: 10,
            reference: 50,
            fact: "P02".to_owned(),
        }
    }

    fn statement(action: &str, resources: usize) -> Statement {
        let resource = |at| Value::reference(format!("kind.t{at}.arn"));
        Statement {
            actions: vec![action.to_owned()],
            resources: (0..resources).map(resource).collect(),
            ..Statement::default()
        }
    }

    /// What the documents say: each action with each resource, in order.
    fn said(documents: &[Document]) -> Vec<(String, String)> {
        let all = documents.iter().flat_map(|document| &document.statements);
        all.flat_map(|s| s.resources.iter().map(|r| (s.actions[0].clone(), r.to_string()))).collect()
    }

    #[test]
    fn references_count_with_the_names_behind_them() {
        let rule = rule(1000, None);
        let measure = Measure { rule: &rule, prefix: "shop" };
        // `kind.t0.arn`: 50 of the rule, `shop-`, `t0`.
        assert_eq!(measure.text(&Value::reference("kind.t0.arn")), 57);
        let pieces = [Piece::Reference("kind.t0.arn".into()), Piece::Text("/*".into())];
        assert_eq!(measure.text(&Value::Concat(pieces.into())), 59);
        assert_eq!(measure.statement(&statement("a:Get", 2)), 10 + 8 + 2 * 60);
    }

    #[test]
    fn values_may_be_statements_of_their_own() {
        let entry = ConditionEntry { key: "k".to_owned(), values: vec!["a".into(), "b".into(), "c".into()] };
        let with = Statement {
            conditions: vec![ConditionGroup { test: "t".to_owned(), entries: vec![entry] }],
            ..statement("a:Get", 1)
        };
        let size =
            |apart: bool| Measure { rule: &DocumentRule { apart, ..rule(9, None) }, prefix: "shop" }.statement(&with);
        assert_eq!(size(true) - size(false), 2 * (10 + 8 + 60));
    }

    #[test]
    fn what_does_not_fit_is_split_without_losing_or_doubling_anything() {
        let several = Several { characters: 300, count: 5 };
        let rule = rule(400, Some(several));
        let measure = Measure { rule: &rule, prefix: "shop" };
        let statements = [statement("a:Get", 5), statement("a:Put", 7), statement("a:Scan", 1)];
        let Fit::Several(documents) = measure.fit(&statements) else { panic!("it has to be split") };
        assert!(documents.len() > 2);
        for (at, document) in documents.iter().enumerate() {
            assert_eq!(document.number, at + 1);
            let size: usize = document.statements.iter().map(|s| measure.statement(s)).sum();
            assert!(size <= 300, "document {} has {size}", at + 1);
        }
        let whole = [Document { number: 1, statements: statements.to_vec() }];
        assert_eq!(said(&documents), said(&whole));
    }

    #[test]
    fn what_fits_nowhere_is_said() {
        let tight = rule(100, None);
        let tight = Measure { rule: &tight, prefix: "shop" };
        assert_eq!(tight.fit(&[statement("a:Get", 1)]), Fit::One);
        let over = Fit::Over(Excess { unit: "characters", are: 138, most: 100 });
        assert_eq!(tight.fit(&[statement("a:Get", 2)]), over);
        let rule = rule(100, Some(Several { characters: 100, count: 2 }));
        let split = Measure { rule: &rule, prefix: "shop" };
        assert!(matches!(split.fit(&[statement("a:Get", 2)]), Fit::Several(_)));
        let over = Fit::Over(Excess { unit: "characters", are: 198, most: 200 });
        assert_eq!(split.fit(&[statement("a:Get", 3)]), over);
        let many = vec![statement("a", 1); 31];
        assert_eq!(split.fit(&many), Fit::Over(Excess { unit: "statements", are: 31, most: 30 }));
    }
}
