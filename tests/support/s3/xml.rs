//! S3's XML without a schema: elements found by name, their children as text.
//!
//! Children of children are flattened under their own names, the last one wins. That is enough
//! for listings and errors and for nothing more.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use quick_xml::Reader;
use quick_xml::events::Event;

/// The text of each descendant by name.
pub type Element = BTreeMap<String, String>;

/// Every element called `name`, in the order of the document.
///
/// # Errors
/// When `xml` is not well formed.
pub fn find_all(xml: &[u8], name: &str) -> Result<Vec<Element>> {
    let mut found = Vec::new();
    let mut open: Option<Element> = None;
    walk(xml, |path, text| {
        let Some(last) = path.last() else { return };
        match text {
            None if last == name => open = Some(Element::new()),
            Some(_) if last == name => found.extend(open.take()),
            Some(text) => {
                if let Some(element) = &mut open {
                    element.insert(last.clone(), text.to_owned());
                }
            }
            None => {}
        }
    })?;
    Ok(found)
}

/// The text of the first element called `name`; `None` when there is none or it is empty.
///
/// # Errors
/// When `xml` is not well formed.
pub fn text_of(xml: &[u8], name: &str) -> Result<Option<String>> {
    let mut found = None;
    walk(xml, |path, text| {
        if let (true, None, Some(text)) = (path.last().is_some_and(|l| l == name), &found, text)
            && !text.is_empty()
        {
            found = Some(text.to_owned());
        }
    })?;
    Ok(found)
}

/// Calls `visit` with the path at each start (`None`) and at each end (the text since the start).
fn walk(xml: &[u8], mut visit: impl FnMut(&[String], Option<&str>)) -> Result<()> {
    let mut reader = Reader::from_str(std::str::from_utf8(xml)?);
    reader.config_mut().expand_empty_elements = true;
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event()? {
            Event::Start(start) => {
                path.push(start.local_name().as_ref().to_owned());
                text.clear();
                visit(&path, None);
            }
            Event::End(_) => {
                visit(&path, Some(&text));
                path.pop();
                text.clear();
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::GeneralRef(name) => text.push_str(&resolve(&name)?),
            Event::Eof if path.is_empty() => return Ok(()),
            Event::Eof => bail!("the XML ends inside <{}>", path.join("><")),
            _ => {}
        }
    }
}

fn resolve(name: &quick_xml::events::BytesRef<'_>) -> Result<String> {
    if let Some(character) = name.resolve_char_ref()? {
        return Ok(character.to_string());
    }
    let text = match &**name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        other => return Ok(format!("&{other};")),
    };
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &[u8] = br#"<?xml version="1.0"?><List><Name>b</Name>
        <Contents><Key>a&amp;b</Key><ETag>&quot;1&quot;</ETag><Owner><ID>me</ID></Owner></Contents>
        <Contents><Key>&#x41;</Key><Size>2</Size></Contents><Next/></List>"#;

    #[test]
    fn elements_are_found_with_their_entities_resolved() {
        let found = find_all(PAGE, "Contents").unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0]["Key"], "a&b");
        assert_eq!(found[0]["ETag"], "\"1\"");
        assert_eq!(found[0]["ID"], "me", "a grandchild is found too");
        assert_eq!(found[1]["Key"], "A", "a character reference is resolved");
        assert_eq!(text_of(PAGE, "Name").unwrap().as_deref(), Some("b"));
        assert_eq!(
            text_of(PAGE, "Next").unwrap(),
            None,
            "an empty element has no text"
        );
        assert!(
            find_all(b"<a><b></a>", "b").is_err(),
            "torn XML is an error"
        );
    }
}
