//! What targets are called and where they lie.

use super::super::Target;
use crate::model::Prefix;

/// A few words for targets.
pub(super) fn title(targets: &[Target]) -> String {
    match targets {
        [Target::Object(key, _)] => key.name().to_owned(),
        [Target::Prefix(prefix)] if prefix.as_str().is_empty() => "the whole bucket".to_owned(),
        [Target::Prefix(prefix)] => {
            let parent = prefix.parent().map_or(0, |parent| parent.as_str().len());
            prefix.as_str()[parent..].to_owned()
        }
        many => format!("{} objects and folders", many.len()),
    }
}

/// The prefix that all targets lie below, for views that are to be refreshed.
pub(super) fn common_parent(targets: &[Target]) -> Prefix {
    let parent = |target: &Target| match target {
        Target::Object(key, _) => Prefix::new(key.as_str()).parent(),
        Target::Prefix(prefix) => prefix.parent(),
    };
    let mut parents = targets
        .iter()
        .map(|t| parent(t).unwrap_or_else(|| Prefix::new("")));
    let first = parents.next().unwrap_or_else(|| Prefix::new(""));
    parents.fold(first, |mut common, other| {
        while !other.as_str().starts_with(common.as_str()) {
            common = common.parent().unwrap_or_else(|| Prefix::new(""));
        }
        common
    })
}
