//! Routes of HTTP APIs: a method and a path with parameters.

use std::fmt;
use std::sync::Arc;

use super::kinds;

kinds! {
    /// Method of a route.
    Method {
        /// Any.
        Any = "ANY",
        /// GET
        Get = "GET",
        /// HEAD
        Head = "HEAD",
        /// POST
        Post = "POST",
        /// PUT
        Put = "PUT",
        /// PATCH
        Patch = "PATCH",
        /// DELETE
        Delete = "DELETE",
        /// OPTIONS
        Options = "OPTIONS",
    }
}

/// One segment of a route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteSegment {
    /// Literal text.
    Literal(Arc<str>),
    /// `{name}`
    Parameter(Arc<str>),
    /// `{name+}`: the rest of the path; last only.
    Rest(Arc<str>),
}

impl RouteSegment {
    /// Its name when it is a parameter.
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::Parameter(name) | Self::Rest(name) => Some(name),
            Self::Literal(_) => None,
        }
    }
}

/// A method and a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path; empty is `/`.
    pub segments: Vec<RouteSegment>,
}

/// Why a text is no route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteError {
    /// Not a method, a blank and a path.
    Shape,
    /// The first word is no method.
    Method(String),
    /// The path does not start with `/`.
    Slash,
    /// A segment that is neither literal text nor a parameter.
    Segment(String),
    /// Two parameters of one name.
    Twice(String),
    /// `{rest+}` before the end.
    Rest(String),
    /// It begins with a segment that no application has.
    Kept(String),
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => f.write_str("it is not a method and a path"),
            Self::Method(word) => write!(f, "`{word}` is no method"),
            Self::Slash => f.write_str("its path does not start with `/`"),
            Self::Segment(segment) => write!(f, "`{segment}` is neither plain text nor a parameter"),
            Self::Twice(name) => write!(f, "it has the parameter `{name}` twice"),
            Self::Rest(segment) => write!(f, "`{segment}` is not its last segment"),
            Self::Kept(segment) => write!(f, "paths below `/{segment}` are kept for deliveries"),
        }
    }
}

/// Below it events are delivered where they come over HTTP as requests do, so that none is taken for a request.
const KEPT: &str = "_isobar";

impl Route {
    /// Reads `GET /orders/{orderId}`: one method, blanks, a path of literal segments and `{parameters}`.
    pub fn parse(text: &str) -> Result<Self, RouteError> {
        let mut words = text.split_ascii_whitespace();
        let (Some(method), Some(path), None) = (words.next(), words.next(), words.next()) else {
            return Err(RouteError::Shape);
        };
        let method = Method::parse(method).ok_or_else(|| RouteError::Method(method.to_owned()))?;
        let rest = path.strip_prefix('/').ok_or(RouteError::Slash)?;
        let mut segments = Vec::new();
        let mut parts = rest.split('/').peekable();
        while let Some(part) = parts.next() {
            // One slash at the end means the same path.
            if part.is_empty() && parts.peek().is_none() {
                break;
            }
            let segment = segment(part).ok_or_else(|| RouteError::Segment(part.to_owned()))?;
            if segments.is_empty() && is_kept(&segment) {
                return Err(RouteError::Kept(part.to_owned()));
            }
            if matches!(segment, RouteSegment::Rest(_)) && parts.peek().is_some() {
                return Err(RouteError::Rest(part.to_owned()));
            }
            if let Some(name) = segment.parameter()
                && segments.iter().any(|s: &RouteSegment| s.parameter() == Some(name))
            {
                return Err(RouteError::Twice(name.to_owned()));
            }
            segments.push(segment);
        }
        Ok(Self { method, segments })
    }

    /// The path without the names of its parameters: an API answers two of one shape alike.
    pub fn shape(&self) -> String {
        let segments = self.segments.iter().map(|segment| match segment {
            RouteSegment::Literal(text) => format!("/{text}"),
            RouteSegment::Parameter(_) => "/{}".to_owned(),
            RouteSegment::Rest(_) => "/{+}".to_owned(),
        });
        segments.collect()
    }

    /// The names of its parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(RouteSegment::parameter)
    }

    /// The path: `/orders/{orderId}`.
    pub fn path(&self) -> String {
        use fmt::Write as _;
        let mut out = String::new();
        for segment in &self.segments {
            // Writing to a String cannot fail.
            let _ = match segment {
                RouteSegment::Literal(text) => write!(out, "/{text}"),
                RouteSegment::Parameter(name) => write!(out, "/{{{name}}}"),
                RouteSegment::Rest(name) => write!(out, "/{{{name}+}}"),
            };
        }
        if out.is_empty() { "/".to_owned() } else { out }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path())
    }
}

/// Whether a segment is the one that is kept, as it is or escaped.
fn is_kept(segment: &RouteSegment) -> bool {
    let RouteSegment::Literal(text) = segment else { return false };
    let mut rest: &str = text;
    for c in KEPT.chars() {
        let escaped = format!("%{:02x}", u32::from(c));
        let (start, end) = rest.split_at_checked(escaped.len()).unwrap_or((rest, ""));
        let is_escaped = start.eq_ignore_ascii_case(&escaped);
        let Some(left) = rest.strip_prefix(c).or(is_escaped.then_some(end)) else { return false };
        rest = left;
    }
    rest.is_empty()
}

fn segment(text: &str) -> Option<RouteSegment> {
    if let Some(inner) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
        let (name, rest) = inner.strip_suffix('+').map_or((inner, false), |name| (name, true));
        let mut bytes = name.bytes();
        let valid = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
            && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        return valid
            .then(|| if rest { RouteSegment::Rest(name.into()) } else { RouteSegment::Parameter(name.into()) });
    }
    let literal = !text.is_empty()
        && text != "."
        && text != ".."
        // Elsewhere these are a rest and a parameter.
        && !text.starts_with(':')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~!$&'()+,;=:@%".contains(&b));
    literal.then(|| RouteSegment::Literal(text.into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn routes_print_as_they_are_read() {
        for text in [
            "GET /",
            "GET /_isobars",
            "GET /a/_isobar",
            "POST /orders",
            "ANY /carts/{cartId}",
            "GET /files/{path+}",
            "POST /orders:find",
            "DELETE /a/b.c/{x_1}",
        ] {
            assert_eq!(Route::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Route::parse("GET  /orders/").unwrap().to_string(), "GET /orders");
    }

    #[test]
    fn bad_routes_say_why() {
        let cases = [
            ("/orders", RouteError::Shape),
            ("get /orders", RouteError::Method("get".into())),
            ("GET orders", RouteError::Slash),
            ("GET /a//b", RouteError::Segment(String::new())),
            ("GET /{a}/{a}", RouteError::Twice("a".into())),
            ("GET /{a+}/b", RouteError::Rest("{a+}".into())),
            ("GET /x{a}", RouteError::Segment("x{a}".into())),
            ("GET /..", RouteError::Segment("..".into())),
            ("ANY /_isobar", RouteError::Kept("_isobar".into())),
            ("POST /_isobar/on/{trigger}", RouteError::Kept("_isobar".into())),
            ("POST /%5Fisob%61r/on", RouteError::Kept("%5Fisob%61r".into())),
            ("GET /*", RouteError::Segment("*".into())),
            ("GET /:id", RouteError::Segment(":id".into())),
        ];
        for (text, error) in cases {
            assert_eq!(Route::parse(text), Err(error), "{text}");
        }
    }
}
