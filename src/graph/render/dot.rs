//! A Graphviz digraph.

use std::fmt::Write as _;

use super::{Labels, arrows};
use crate::graph::{Graph, NodeRef};
use crate::model::{NodeKind, ResourceKind};

/// The digraph. Node names are paths, so that two drawings of an application can be compared.
pub fn dot(graph: &Graph, labels: &Labels) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(out, "digraph {} {{", quote(graph.model().app.value.as_str()));
    out.push_str("  rankdir=LR;\n  node [fontname=\"Helvetica\"];\n  edge [fontname=\"Helvetica\", fontsize=10];\n");
    for (id, node) in graph.nodes() {
        let (name, title) = (quote(&graph.address(id)), quote(&graph.title(id)));
        let _ = writeln!(out, "  {name} [label={title}, shape={}];", shape(node.of));
    }
    for arrow in arrows(graph, labels) {
        let style = match arrow.kind {
            "dead-letters" | "compensates" => ", style=dashed",
            "triggers" | "resumes" => ", style=bold",
            _ => "",
        };
        let (from, to) = (quote(&graph.address(arrow.from)), quote(&graph.address(arrow.to)));
        let _ = writeln!(out, "  {from} -> {to} [label={}{style}];", quote(&arrow.label()));
    }
    out.push_str("}\n");
    out
}

const fn shape(of: NodeRef) -> &'static str {
    if let NodeRef::Resource(resource) = of {
        return match resource.kind() {
            ResourceKind::Table | ResourceKind::Bucket | ResourceKind::Cache | ResourceKind::Database => "cylinder",
            ResourceKind::Queue | ResourceKind::Topic | ResourceKind::Stream => "cds",
            ResourceKind::Bus | ResourceKind::Api | ResourceKind::Socket | ResourceKind::Devices => "hexagon",
            ResourceKind::Secret | ResourceKind::Identity => "note",
            ResourceKind::External => "box3d",
        };
    }
    match of.kind() {
        NodeKind::Event => "oval",
        NodeKind::Resource | NodeKind::Function => "box",
        NodeKind::External => "box3d",
        NodeKind::Workflow => "component",
        NodeKind::Route => "rarrow",
        NodeKind::Schedule => "circle",
    }
}

/// A double-quoted DOT string: backslashes would start escapes such as `\N`, so they are doubled.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn strings_are_escaped() {
        assert_eq!(quote("a\"b\\N\nc\t"), r#""a\"b\\N\nc ""#);
    }
}
