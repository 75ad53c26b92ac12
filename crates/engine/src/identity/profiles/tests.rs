//! Profiles as the AWS CLI reads them: keys, roles, endpoints, and what is not supported.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;

/// The sessions of two files' contents, read from a folder that is removed again.
fn sessions(
    config: &str,
    credentials: &str,
    variables: &[(&str, &str)],
) -> BTreeMap<String, Session> {
    let folder = tempfile::tempdir().unwrap();
    let (c, k) = (
        folder.path().join("config"),
        folder.path().join("credentials"),
    );
    std::fs::write(&c, config).unwrap();
    std::fs::write(&k, credentials).unwrap();
    read(&c, &k, variables)
}

fn read(
    config: &Path,
    credentials: &Path,
    variables: &[(&str, &str)],
) -> BTreeMap<String, Session> {
    let map = variables
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    let files = ConfigFiles::read(config, credentials);
    sessions_of(&files, Environment(&map))
        .into_iter()
        .map(|s| (s.name.clone(), s))
        .collect()
}

fn key_of(session: &Session) -> &str {
    match &session.leaf {
        Leaf::Keys(keys) => keys.access_key_id(),
        other => panic!("no keys but {other:?} ({:?})", session.problem),
    }
}

const KEYS: &str = "[base]\naws_access_key_id=AKBASE\naws_secret_access_key=S\n";

#[test]
fn a_profile_takes_keys_region_endpoint_and_addressing() {
    let all = sessions(
        "[profile base]\nregion = eu-central-1\nendpoint_url = http://127.0.0.1:1\ns3 =\n  addressing_style = path\n",
        &format!("{KEYS}aws_session_token=T\n"),
        &[],
    );
    let base = &all["base"];
    assert_eq!(base.id.as_str(), "profile:base", "a stable id");
    assert_eq!(base.region.as_str(), "eu-central-1", "its region");
    assert_eq!(
        base.endpoint_url.as_deref(),
        Some("http://127.0.0.1:1"),
        "its endpoint"
    );
    assert_eq!(base.path_style, PathStyle::On, "its addressing");
    let Leaf::Keys(keys) = &base.leaf else {
        panic!("it has keys")
    };
    assert_eq!(keys.session_token(), Some("T"), "its token");
}

#[test]
fn the_services_section_wins_over_the_profile_and_the_environment_over_both() {
    let config = "[profile base]\nendpoint_url = http://general\nservices = s\n[services s]\ns3 =\n  endpoint_url = http://s3\n";
    let endpoint =
        |vars: &[(&str, &str)]| sessions(config, KEYS, vars)["base"].endpoint_url.clone();
    assert_eq!(
        endpoint(&[]).as_deref(),
        Some("http://s3"),
        "the service's own"
    );
    assert_eq!(
        endpoint(&[("AWS_ENDPOINT_URL", "http://e")]).as_deref(),
        Some("http://e"),
        "variable"
    );
    assert_eq!(
        endpoint(&[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]),
        None,
        "ignored"
    );
    let sts = sessions(config, KEYS, &[])["base"].sts_endpoint_url.clone();
    assert_eq!(
        sts.as_deref(),
        Some("http://general"),
        "STS has the general one"
    );
}

#[test]
fn roles_are_walked_through_several_source_profiles() {
    let all = sessions(
        "[profile mid]\nrole_arn=arn:aws:iam::1:role/mid\nsource_profile=base\n\
         [profile top]\nrole_arn=arn:aws:iam::2:role/top\nsource_profile=mid\nexternal_id=x\nrole_session_name=me\nduration_seconds=900\n",
        KEYS,
        &[],
    );
    let top = &all["top"];
    assert_eq!(key_of(top), "AKBASE", "the keys at the far end");
    let arns: Vec<_> = top.chain.iter().map(|h| h.role_arn.as_str()).collect();
    assert_eq!(
        arns,
        ["arn:aws:iam::1:role/mid", "arn:aws:iam::2:role/top"],
        "in the order of hops"
    );
    let last = &top.chain[1];
    assert_eq!(last.external_id.as_deref(), Some("x"), "external id");
    assert_eq!(
        (last.session_name.as_deref(), last.duration_seconds),
        (Some("me"), Some(900)),
        "rest"
    );
}

#[test]
fn a_circle_of_source_profiles_is_named_and_a_profile_may_be_its_own_source() {
    let all = sessions(
        "[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=a\n\
         [profile base]\nrole_arn=arn:aws:iam::1:role/r\nsource_profile=base\n",
        KEYS,
        &[],
    );
    let problem = all["a"]
        .problem
        .as_ref()
        .expect("a circle leads nowhere")
        .to_string();
    assert!(
        problem.contains("a → b → a"),
        "the circle is shown: {problem}"
    );
    assert_eq!(
        key_of(&all["base"]),
        "AKBASE",
        "its own keys assume its role"
    );
}

#[test]
fn kinds_that_are_not_supported_are_listed_with_a_problem_that_names_them() {
    let all = sessions(
        "[profile sso]\nsso_session=x\nsso_account_id=1\n[profile process]\ncredential_process=/bin/x\n\
         [profile web]\nrole_arn=r\nweb_identity_token_file=/t\n[profile ec2]\nrole_arn=r\ncredential_source=Ec2InstanceMetadata\n\
         [profile mfa]\nrole_arn=r\nsource_profile=base\nmfa_serial=arn:aws:iam::1:mfa/me\n\
         [profile empty]\nregion=eu-west-1\n[profile lost]\nrole_arn=r\nsource_profile=nowhere\n",
        KEYS,
        &[],
    );
    for (name, word) in [
        ("sso", "SSO"),
        ("process", "credential_process"),
        ("web", "web identity"),
        ("ec2", "Ec2InstanceMetadata"),
        ("mfa", "needs MFA"),
        ("empty", "no credentials"),
        ("lost", "nowhere"),
    ] {
        let problem = all[name].problem.as_ref().expect(name).to_string();
        assert!(problem.contains(word), "{name} says {word}: {problem}");
        assert!(
            matches!(all[name].leaf, Leaf::Missing),
            "{name} never half works"
        );
        assert!(all[name].refusal().is_some(), "{name} refuses to connect");
    }
}

#[test]
fn half_a_key_is_never_completed_from_the_other_file() {
    let all = sessions(
        "[profile p]\naws_secret_access_key=other\n",
        "[p]\naws_access_key_id=AK\n",
        &[],
    );
    let problem = all["p"]
        .problem
        .as_ref()
        .expect("half a key is none")
        .to_string();
    assert!(
        problem.contains("aws_secret_access_key is missing"),
        "what is missing: {problem}"
    );
}

#[test]
fn a_role_may_be_assumed_with_the_keys_of_the_environment() {
    let config = "[profile p]\nrole_arn=arn:aws:iam::1:role/r\ncredential_source=Environment\n";
    let vars = [
        ("AWS_ACCESS_KEY_ID", "AKENV"),
        ("AWS_SECRET_ACCESS_KEY", "S"),
    ];
    assert_eq!(
        key_of(&sessions(config, "", &vars)["p"]),
        "AKENV",
        "the environment's keys"
    );
    assert!(
        sessions(config, "", &[])["p"].problem.is_some(),
        "without them it says so"
    );
}

#[test]
fn a_bad_line_of_a_profile_that_does_not_work_is_named_in_its_problem() {
    let all = sessions(
        "",
        "[p]\naws_access_key_id=AK\naws_secret_access_key secret\n",
        &[],
    );
    let problem = all["p"]
        .problem
        .as_ref()
        .expect("the secret's line is broken")
        .to_string();
    assert!(
        problem.contains("credentials:3"),
        "file and line: {problem}"
    );
}
