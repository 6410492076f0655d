//! A Mermaid flowchart: the shape says the kind.

use std::fmt::Write as _;

use super::{Labels, arrows};
use crate::graph::{Graph, NodeRef};
use crate::model::{NodeKind, ResourceKind};

/// The flowchart, as GitHub and others draw it in Markdown.
pub fn mermaid(graph: &Graph, labels: &Labels) -> String {
    let mut out = String::from("flowchart LR\n");
    for (id, node) in graph.nodes() {
        let (open, close) = shape(node.of);
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(out, "  n{}{open}\"{}\"{close}", id.index(), escape(&graph.title(id)));
    }
    for arrow in arrows(graph, labels) {
        let line = match arrow.kind {
            "dead-letters" | "compensates" => "-.->",
            "triggers" | "resumes" => "==>",
            _ => "-->",
        };
        let label = escape(&arrow.label());
        let _ = writeln!(out, "  n{} {line}|\"{label}\"| n{}", arrow.from.index(), arrow.to.index());
    }
    out
}

const fn shape(of: NodeRef) -> (&'static str, &'static str) {
    if let NodeRef::Resource(resource) = of {
        return match resource.kind() {
            ResourceKind::Table | ResourceKind::Bucket | ResourceKind::Cache | ResourceKind::Database => ("[(", ")]"),
            ResourceKind::Queue | ResourceKind::Topic | ResourceKind::Stream => ("[/", "/]"),
            ResourceKind::Bus | ResourceKind::Api | ResourceKind::Socket | ResourceKind::Devices => ("{{", "}}"),
            ResourceKind::Secret | ResourceKind::Identity => ("[\\", "\\]"),
            ResourceKind::External => ("[[", "]]"),
        };
    }
    match of.kind() {
        NodeKind::Event => ("([", "])"),
        NodeKind::Resource | NodeKind::Function => ("[", "]"),
        NodeKind::External => ("[[", "]]"),
        NodeKind::Workflow => ("[/", "\\]"),
        NodeKind::Route => (">", "]"),
        NodeKind::Schedule => ("((", "))"),
    }
}

/// Mermaid reads `#…;` as an entity and HTML in labels; a line break would end the statement.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '#' | '`' | '\\' | '|' | ';' | '*' | '_' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn labels_cannot_leave_their_quotes() {
        assert_eq!(escape("a\"] --> b\n#<i>"), "a#quot;] --#gt; b #35;#lt;i#gt;");
        assert_eq!(escape("`x` **b** y_z"), "#96;x#96; #42;#42;b#42;#42; y#95;z");
    }
}
