//! The AWS files as people write them: every bad line loses itself and nothing else.

use proptest::prelude::*;

use super::*;

fn read(config: &[u8], credentials: &[u8]) -> ConfigFiles {
    let mut files = ConfigFiles::default();
    files.take(Path::new("config"), FileKind::Config, config);
    files.take(Path::new("credentials"), FileKind::Credentials, credentials);
    files
}

#[test]
fn a_usual_pair_of_files_is_read_with_its_nested_keys_comments_and_quotes() {
    let files = read(
        b"\xef\xbb\xbf# mine\r\n[default]\r\nregion = eu-west-1 # near\r\ns3 =\r\n  addressing_style = path\r\n\
          [profile \"two words\"]\r\nRegion=\"us-east-1\"\r\nservices = local\r\n\
          [services local]\ns3 =\n  endpoint_url = http://127.0.0.1:1\n",
        b"[default]\naws_access_key_id=AK\naws_secret_access_key=a#b;c+/=\n",
    );
    let default = &files.config["default"];
    assert_eq!(
        default.get("region"),
        Some("eu-west-1"),
        "a comment after a blank is cut"
    );
    assert_eq!(
        default.nested("s3", "addressing_style"),
        Some("path"),
        "indented keys are kept"
    );
    assert_eq!(
        files.config["two words"].get("region"),
        Some("us-east-1"),
        "quotes and case"
    );
    assert_eq!(
        files.services["local"].nested("s3", "endpoint_url"),
        Some("http://127.0.0.1:1"),
        "services are read"
    );
    assert_eq!(
        files.credentials["default"].get("aws_secret_access_key"),
        Some("a#b;c+/="),
        "a secret keeps signs that would start a comment after a blank"
    );
    assert!(
        files.notes.is_empty(),
        "nothing is wrong here: {:?}",
        files.notes
    );
    assert_eq!(
        files.order,
        ["default", "two words"],
        "in the order of the files"
    );
}

#[test]
fn sections_of_one_name_merge_and_later_lines_win() {
    let files = read(
        b"[profile a]\nregion=x\noutput=json\n[profile b]\n[profile a]\nregion=y\n",
        b"",
    );
    assert_eq!(files.config["a"].get("region"), Some("y"), "later wins");
    assert_eq!(
        files.config["a"].get("output"),
        Some("json"),
        "the rest stays"
    );
}

#[test]
fn a_bad_line_is_named_by_file_and_line_and_never_quoted() {
    let files = read(b"[profile a]\nsecret stuff\nregion = r\n", b"");
    let note = &files.notes[0];
    assert_eq!(
        (note.line, note.profile.as_deref()),
        (2, Some("a")),
        "where it stands"
    );
    assert!(
        note.to_string().starts_with("config:2: "),
        "as file:line: {note}"
    );
    assert!(
        !note.to_string().contains("stuff"),
        "a line may hold a secret"
    );
    assert_eq!(
        files.config["a"].get("region"),
        Some("r"),
        "the next line is read"
    );
}

#[test]
fn a_header_without_a_name_gives_its_lines_to_nobody() {
    let files = read(
        b"[profile a]\nregion=a\n[]\nregion=other\n[profile b]\nregion=b\n",
        b"",
    );
    assert_eq!(
        files.config["a"].get("region"),
        Some("a"),
        "two identities are never mixed"
    );
    assert_eq!(
        files.config["b"].get("region"),
        Some("b"),
        "the next section is whole"
    );
    assert_eq!(files.notes.len(), 1, "and it is said once");
}

#[test]
fn an_unclosed_header_still_begins_its_own_section() {
    let files = read(
        b"[profile a]\nregion=a\n[profile b\nregion=b\n",
        b"[c\naws_access_key_id=K\n",
    );
    assert_eq!(
        files.config["a"].get("region"),
        Some("a"),
        "its lines are not a's"
    );
    assert_eq!(files.config["b"].get("region"), Some("b"), "they are b's");
    assert_eq!(
        files.credentials["c"].get("aws_access_key_id"),
        Some("K"),
        "in both files"
    );
    assert_eq!(files.notes.len(), 2, "both are said");
}

#[test]
fn bytes_that_are_not_utf8_cost_their_line_at_most() {
    let files = read(b"[profile a]\nname = caf\xe9\nregion = r\n", b"");
    assert_eq!(
        files.config["a"].get("region"),
        Some("r"),
        "the rest is read"
    );
    assert_eq!(files.notes[0].line, 2, "and the line is named");
}

fn good_file() -> impl Strategy<Value = Vec<(String, Vec<(String, String)>)>> {
    let pair = ("[a-z_]{1,12}", "[A-Za-z0-9/+=:.-]{1,20}");
    prop::collection::vec(("[a-z0-9.-]{1,8}", prop::collection::vec(pair, 0..6)), 1..6)
}

fn lines_of(sections: &[(String, Vec<(String, String)>)]) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, pairs) in sections {
        lines.push(format!("[profile {name}]"));
        lines.extend(pairs.iter().map(|(k, v)| format!("{k} = {v}")));
    }
    lines
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(config in prop::collection::vec(any::<u8>(), 0..400), credentials in "[\\[\\]= \\t\\r\\n#;a\"é-]{0,200}") {
        let files = read(&config, credentials.as_bytes());
        prop_assert!(files.notes.iter().all(|n| n.line >= 1), "every note names its line");
    }

    #[test]
    fn one_bad_line_loses_nothing_else(
        sections in good_file(),
        at in any::<prop::sample::Index>(),
        bad in prop_oneof![
            Just("no equals sign".as_bytes().to_vec()), Just(b"= value".to_vec()), Just(b"\xff\xfe\x00".to_vec()),
            Just(b"]".to_vec()), Just(b"\x00\x01".to_vec()),
        ],
    ) {
        let lines = lines_of(&sections);
        let good = lines.join("\n").into_bytes();
        let mut mixed: Vec<Vec<u8>> = lines.into_iter().map(String::into_bytes).collect();
        mixed.insert(at.index(mixed.len() + 1), bad);
        let (with, without) = (read(&mixed.join(&b'\n'), b""), read(&good, b""));
        prop_assert_eq!(&with.config, &without.config, "all other lines mean what they meant");
        prop_assert_eq!(with.notes.len(), 1, "the bad one is reported");
    }

    #[test]
    fn a_bad_header_costs_no_other_section(sections in good_file(), at in any::<prop::sample::Index>(), bad in prop_oneof![Just("["), Just("[]"), Just("[profile ]"), Just("[nonsense]")]) {
        let good = read(lines_of(&sections).join("\n").as_bytes(), b"");
        let whole = at.index(sections.len());
        let mut lines = lines_of(&sections[..whole]);
        lines.push(bad.to_owned());
        lines.extend(lines_of(&sections[whole..]));
        let mixed = read(lines.join("\n").as_bytes(), b"");
        prop_assert_eq!(&mixed.config, &good.config, "between sections it means nothing");
    }
}
