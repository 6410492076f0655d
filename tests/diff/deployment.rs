//! What makes no difference.
