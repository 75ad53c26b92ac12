//! What targets are called and where they lie, and which keys could not be read.

use std::collections::HashSet;

use super::super::Target;
use crate::model::{BucketName, Prefix};

/// A few words for targets.
pub(super) fn title(bucket: &BucketName, targets: &[Target]) -> String {
    match targets {
        [Target::Object(key, _)] => marked(key.name()),
        [Target::Prefix(prefix)] if prefix.as_str().is_empty() => {
            format!("the whole bucket {bucket}")
        }
        [Target::Prefix(prefix)] => {
            let parent = prefix.parent().map_or(0, |parent| parent.as_str().len());
            marked(&prefix.as_str()[parent..])
        }
        many => format!("{} objects and folders", many.len()),
    }
}

/// A name whose edges are seen: one that begins or ends with a blank stands in quotes.
pub(super) fn marked(name: &str) -> String {
    if name.trim() == name && !name.is_empty() {
        name.to_owned()
    } else {
        format!("“{name}”")
    }
}

/// The address of what targets are, or of what several of them lie below.
pub(super) fn address(bucket: &BucketName, targets: &[Target]) -> String {
    match targets {
        [Target::Object(key, _)] => format!("s3://{bucket}/{key}"),
        [Target::Prefix(prefix)] => format!("s3://{bucket}/{prefix}"),
        many => format!("s3://{bucket}/{}", common_parent(many)),
    }
}

/// The targets without those that were named twice; with `nested` also without those that another
/// one covers.
pub(super) fn distinct(targets: &[Target], nested: bool) -> Vec<Target> {
    let prefixes: Vec<&str> = targets
        .iter()
        .filter_map(|target| match target {
            Target::Prefix(prefix) if nested => Some(prefix.as_str()),
            _ => None,
        })
        .collect();
    let mut seen = HashSet::new();
    let covered = |target: &Target| match target {
        Target::Object(key, None) => prefixes.iter().any(|p| key.as_str().starts_with(p)),
        // A version that was named is another thing than what its key holds now.
        Target::Object(_, Some(_)) => false,
        Target::Prefix(below) => prefixes
            .iter()
            .any(|p| below.as_str() != *p && below.as_str().starts_with(p)),
    };
    targets
        .iter()
        .filter(|target| !covered(target) && seen.insert(*target))
        .cloned()
        .collect()
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

/// Keys below the targets that no request can name; counted, and the first shown.
#[derive(Debug, Default)]
pub(super) struct Undecodable {
    count: u64,
    shown: Vec<String>,
}

impl Undecodable {
    /// Enough to find them by; the listing of a terminal names all.
    const SHOWN: usize = 3;
    /// Characters of a shown key, so that a sentence stays one.
    const LONGEST: usize = 200;

    /// Counts a key that is escaped for display already.
    pub(super) fn meet(&mut self, escaped: &str) {
        self.count += 1;
        if self.shown.len() < Self::SHOWN {
            let mut key: String = escaped.chars().take(Self::LONGEST).collect();
            if key.len() < escaped.len() {
                key.push('…');
            }
            self.shown.push(key);
        }
    }

    /// Adds those of another target.
    pub(super) fn join(&mut self, other: Self) {
        self.count += other.count;
        let room = Self::SHOWN.saturating_sub(self.shown.len());
        self.shown.extend(other.shown.into_iter().take(room));
    }

    /// What the plan says of them; none when there are none.
    pub(super) fn sentence(&self) -> Option<String> {
        let keys = self.shown.join(", ");
        match (self.count, self.count - self.shown.len() as u64) {
            (0, _) => None,
            (1, _) => Some(format!(
                "1 object is left out, since its key cannot be decoded: {keys}"
            )),
            (count, 0) => Some(format!(
                "{count} objects are left out, since their keys cannot be decoded: {keys}"
            )),
            (count, more) => Some(format!(
                "{count} objects are left out, since their keys cannot be decoded: {keys} \
                 and {more} more"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str) -> Target {
        Target::Object(crate::model::ObjectKey::parse(key).unwrap(), None)
    }

    fn prefix(text: &str) -> Target {
        Target::Prefix(Prefix::new(text))
    }

    #[test]
    fn a_title_names_the_bucket_and_shows_blanks() {
        let bucket = BucketName::parse("photos").unwrap();
        let said = |target| title(&bucket, &[target]);
        assert_eq!(said(prefix("")), "the whole bucket photos", "by its name");
        assert_eq!(said(object("a/b.txt")), "b.txt", "an object");
        assert_eq!(said(object("a/b.txt ")), "“b.txt ”", "a blank is seen");
        assert_eq!(said(prefix("a/ b/")), "“ b/”", "also of a folder");
    }

    #[test]
    fn what_was_named_twice_counts_once() {
        let named = vec![
            object("a"),
            object("d/x"),
            object("a"),
            prefix("d/"),
            prefix("d/e/"),
        ];
        assert_eq!(
            distinct(&named, true),
            [object("a"), prefix("d/")],
            "what a folder covers goes with it"
        );
        assert_eq!(
            distinct(&named, false).len(),
            4,
            "where folders become paths, each has its own"
        );
    }

    fn met(keys: &[&str]) -> Undecodable {
        let mut undecodable = Undecodable::default();
        for key in keys {
            undecodable.meet(key);
        }
        undecodable
    }

    #[test]
    fn keys_that_cannot_be_decoded_are_counted_and_the_first_are_named() {
        assert_eq!(met(&[]).sentence(), None, "nothing is said of nothing");
        assert_eq!(
            met(&["a%FF"]).sentence().unwrap(),
            "1 object is left out, since its key cannot be decoded: a%FF",
            "one is named"
        );
        let mut all = met(&["a%FF", "b%FF"]);
        all.join(met(&["c%FF", "d%FF", "e%FF"]));
        assert_eq!(
            all.sentence().unwrap(),
            "5 objects are left out, since their keys cannot be decoded: \
             a%FF, b%FF, c%FF and 2 more",
            "all targets are counted together and three are named"
        );
    }

    #[test]
    fn a_long_key_is_cut_in_the_sentence() {
        let sentence = met(&["%FF".repeat(1000).as_str()]).sentence().unwrap();
        assert!(sentence.ends_with('…'), "the cut is shown: {sentence}");
        assert!(sentence.chars().count() < 300, "it is short: {sentence}");
    }
}
