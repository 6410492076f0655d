//! What a plain comparison of the manifests says, object by object, for the same edits.
