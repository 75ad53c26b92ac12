//! Keys and local paths: mapping, escaping, containment.
