//! Reads HCL. The file is walked once to find its blocks and the node that each names; a block is read into a tree only
//! when something asks for it. Texts are borrowed where they hold no escape.

use std::borrow::Cow;

use super::hcl_cursor::Cursor;
use super::tree::{Node, Value};

/// What is no HCL, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The line, from 1.
    pub line: u32,
    /// What was expected.
    pub message: String,
}

/// A top-level block.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    /// Its keyword, such as `resource`.
    pub keyword: &'a str,
    /// Its labels.
    pub labels: Vec<Cow<'a, str>>,
    /// Its line, from 1.
    pub line: u32,
    /// The text at the path that was asked for.
    pub node: Option<Cow<'a, str>>,
    text: &'a str,
    start: usize,
}

impl<'a> Block<'a> {
    /// The block as a tree: attributes and nested blocks by name.
    pub(super) fn read(&self) -> Result<Node<'a>, Unreadable> {
        let mut cursor = Cursor::at(self.text, self.start, self.line);
        let entries = cursor.body(0)?;
        Ok(Node { line: self.line, value: Value::Map(entries) })
    }
}

/// Finds the blocks of a file, and for those named `resource` the text at `node`.
pub(super) fn blocks<'a>(text: &'a str, node: &[String]) -> Result<Vec<Block<'a>>, Unreadable> {
    let mut cursor = Cursor::at(text, 0, 1);
    let mut found = Vec::new();
    loop {
        cursor.skip_space();
        if cursor.ended() {
            return Ok(found);
        }
        let line = cursor.line();
        let keyword = cursor.identifier()?;
        let labels = cursor.labels()?;
        if cursor.eat(b'=') {
            // A file of values; nothing there is a resource.
            cursor.skip_expression()?;
            continue;
        }
        if !cursor.eat(b'{') {
            return Err(cursor.unreadable("expected `{` after the labels of a block"));
        }
        let start = cursor.offset();
        let node = if keyword == "resource" { cursor.find(node)? } else { cursor.skip_body().map(|()| None)? };
        let node = node.as_ref().and_then(Node::text);
        found.push(Block { keyword, labels, line, node, text, start });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

    use super::super::tree::{Piece, path};
    use super::*;

    fn read(body: &str) -> Vec<(String, Value<'static>)> {
        let text: &'static str = format!("resource \"t\" \"n\" {{\n{body}\n}}\n").leak();
        let blocks = blocks(text, &path("tags.node")).unwrap_or_else(|e| panic!("{e:?} in {text}"));
        let Value::Map(entries) = blocks[0].read().unwrap_or_else(|e| panic!("{e:?} in {text}")).value else {
            panic!()
        };
        entries.into_iter().map(|(k, n)| (k.into_owned(), n.value)).collect()
    }

    fn one(expression: &str) -> Value<'static> {
        read(&format!("x = {expression}")).remove(0).1
    }

    fn text(expression: &str) -> String {
        Node { line: 1, value: one(expression) }.text().unwrap().into_owned()
    }

    #[test]
    fn expressions() {
        assert_eq!(one("null"), Value::Null);
        assert_eq!(one("true # c"), Value::Bool(true));
        assert_eq!(one("-12.5e3"), Value::Number("-12.5e3".into()));
        assert_eq!(one("\"plain\""), Value::Text("plain".into()));
        assert_eq!(one(r#""a\"b\\c\n\u00e9 $${x} %%{y} $5""#), Value::Text("a\"b\\c\né ${x} %{y} $5".into()));
        assert_eq!(
            one("\"cost\\u0024${a.b}\""),
            Value::Concat(vec![Piece::Text("cost$".into()), Piece::Reference("a.b".into())])
        );
        assert_eq!(one("aws_x.y[0].z[\"k\"].*.w"), Value::Reference("aws_x.y[0].z[\"k\"].*.w".into()));
        assert_eq!(one("\"${ a.b }\""), Value::Reference("a.b".into()));
        assert_eq!(one("(a.b)"), Value::Reference("a.b".into()));
        assert_eq!(one("replace(a.b, \"x\", \"y\")"), Value::Reference("replace(a.b, \"x\", \"y\")".into()));
        assert_eq!(one("a.b ? 1 : 2"), Value::Raw("a.b ? 1 : 2".into()));
        assert_eq!(one("[for x in y : x]"), Value::Raw("[for x in y : x]".into()));
        assert_eq!(one("!a"), Value::Raw("!a".into()));
        assert_eq!(text("\"${a.b[\"k}\"]}/index/${c.d}\""), "${a.b[\"k}\"]}/index/${c.d}");
    }

    #[test]
    fn lists_objects_and_jsonencode() {
        let Value::List(items) = one("[\n  1, # one\n  \"b\",\n]") else { panic!() };
        assert_eq!(
            items.iter().map(|n| (n.line, n.text().unwrap().into_owned())).collect::<Vec<_>>(),
            [(3, "1".to_owned()), (4, "b".to_owned())]
        );
        let value = Node { line: 1, value: one("jsonencode({\n  \"a b\" = 1\n  c: [{ d = e.f }], g = {}\n})") };
        assert_eq!(value.at(&path("a b"))[0].text().unwrap(), "1");
        assert_eq!(value.at(&path("c.d"))[0].text().unwrap(), "${e.f}");
        assert!(value.at(&path("g.h")).is_empty());
    }

    #[test]
    fn heredocs() {
        assert_eq!(one("<<EOT\n a \"b\" }\n  EOT2\nEOT"), Value::Text(" a \"b\" }\n  EOT2\n".into()));
        assert_eq!(one("<<-EOT\n    a\n      b $${c}\n    EOT"), Value::Text("a\n  b ${c}\n".into()));
        assert_eq!(text("<<EOT\nx ${a.b} y\nEOT"), "x ${a.b} y\n");
    }

    #[test]
    fn nested_blocks_repeat_their_key() {
        let body = "a { x = 1 }\na {\n x = 2\n}\ndynamic \"b\" {\n y = 3\n}";
        let root = Node {
            line: 1,
            value: Value::Map(read(body).into_iter().map(|(k, v)| (k.into(), Node { line: 1, value: v })).collect()),
        };
        assert_eq!(root.at(&path("a.x")).iter().map(|n| n.text().unwrap()).collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(root.at(&path("dynamic.b.y")).len(), 1);
    }

    #[test]
    fn blocks_are_found_with_their_node() {
        let file = "# c\nterraform {\n  x = \"}\"\n}\n\nresource \"q\" \"a\" { tags = { node = \"n.a\" } }\n/* } */\nresource q \"b\" {\n  y = <<EOT\n}\nEOT\n  z {\n    tags = { node = \"no\" }\n  }\n  tags = {\n    k    = \"${x}\"\n    node = \"n.b\"\n  }\n}\n";
        let found = blocks(file, &path("tags.node")).unwrap();
        let shown: Vec<_> = found
            .iter()
            .map(|b| (b.keyword, b.labels.join("."), b.line, b.node.clone().unwrap_or_default().into_owned()))
            .collect();
        assert_eq!(
            shown,
            [
                ("terraform", String::new(), 2, String::new()),
                ("resource", "q.a".to_owned(), 6, "n.a".to_owned()),
                ("resource", "q.b".to_owned(), 8, "n.b".to_owned())
            ]
        );
    }

    #[test]
    fn what_is_no_hcl_is_named_with_its_line() {
        for (file, line) in [
            ("a {\n", 1),
            ("a {\n x = \"\n}", 2),
            ("}", 1),
            ("a {\n x = [1\n}\n", 2),
            ("a = <<E\n", 1),
            ("a {\n 1 = 2\n}", 2),
        ] {
            let error = match blocks(file, &path("t")) {
                Ok(found) => found.iter().find_map(|b| b.read().err()),
                Err(error) => Some(error),
            };
            let error = error.unwrap_or_else(|| panic!("{file}"));
            assert!(error.line >= line && error.line <= line + 2, "{file} {error:?}");
        }
        let deep = format!("a {{\nx = {}1{}\n}}", "[".repeat(9000), "]".repeat(9000));
        assert!(blocks(&deep, &path("t")).unwrap()[0].read().is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "[a-z{}\\[\\]()\"$%#=<~\\\\ \n.-]{0,60}|\\PC{0,40}") {
            for block in blocks(&text, &path("t.n")).unwrap_or_default() {
                let _ = block.read();
            }
            let _ = blocks(&format!("resource \"a\" \"b\" {{\n x = {text}\n}}"), &path("x.n")).map(|b| b.first().map(|b| b.read().is_ok()));
        }
    }
}
