//! Pins the JSON that crosses: a page of another build reads it too.

use longshore_contract::wire::{
    Drop, DropMessage, DropPhase, Event, EventMessage, GrantId, Job, ListingStatus, PathGrant,
    PlanDownloadArgs, PlanUploadArgs, RowWindow, Session, SessionDraft, Target,
};
use longshore_contract::{AppError, ErrorCode};
use longshore_engine::error::{ServerWords, Subject};
use longshore_engine::identity;
use longshore_engine::listing;
use longshore_engine::model::{
    AccountId, BucketName, ETag, JobId, ListingId, ObjectKey, Prefix, Region, SessionId, Timestamp,
};
use longshore_engine::plan;
use longshore_engine::store::{PathStyle, RowKind};
use longshore_engine::{Error, ErrorKind};
use serde_json::{json, to_value};

#[test]
fn a_failure_carries_its_code_its_sentences_and_the_servers_words() {
    let bucket = BucketName::parse("b").unwrap();
    let key = ObjectKey::parse("k").unwrap();
    let error = Error::new(ErrorKind::AccessDenied, "GetObject", "You may not read it")
        .about(Subject::Object(bucket, key))
        .advise("Ask for s3:GetObject")
        .said_by_server(ServerWords {
            status: Some(403),
            code: Some("AccessDenied".into()),
            message: Some("user/x is not authorized".into()),
            request_id: Some("R1".into()),
            ..ServerWords::default()
        });
    let wire = to_value(AppError::from(error)).unwrap();
    let expected = json!({
        "code": "denied",
        "message": "You may not read it",
        "advice": "Ask for s3:GetObject",
        "detail": "operation: GetObject\nkind: AccessDenied\nsubject: s3://b/k\nstatus: 403\n\
                   code: AccessDenied\nserver: user/x is not authorized\nrequest id: R1",
        "requestId": "R1",
        "retryable": false,
    });
    assert_eq!(wire, expected, "this is what a page shows of a denial");
}

#[test]
fn what_passes_by_itself_is_retryable_and_what_needs_a_person_is_not() {
    let of = |kind| AppError::from(Error::new(kind, "ListObjectsV2", "x"));
    assert!(of(ErrorKind::Throttled).retryable, "a busy server recovers");
    assert!(
        !of(ErrorKind::ExpiredCredentials).retryable,
        "an expired token does not"
    );
    assert_eq!(
        of(ErrorKind::ExpiredCredentials).code,
        ErrorCode::Expired,
        "its own code"
    );
    assert_eq!(
        of(ErrorKind::ConnectionRefused).code,
        ErrorCode::Refused,
        "nobody listens"
    );
    assert_eq!(
        of(ErrorKind::DiskFull).code,
        ErrorCode::Other,
        "the message says it"
    );
}

#[test]
fn a_secret_comes_in_and_shows_nowhere() {
    let draft: SessionDraft = serde_json::from_value(json!({
        "name": "lab",
        "source": { "kind": "keychain", "accessKeyId": "AKIA1" },
        "secret": "s3cr3t-value",
        "sessionToken": "",
        "endpointUrl": "http://127.0.0.1:8333",
    }))
    .unwrap();
    assert!(
        !format!("{draft:?}").contains("s3cr3t"),
        "Debug goes to logs"
    );
    let draft = identity::SessionDraft::from(draft);
    assert_eq!(
        draft.secret.as_ref().unwrap().as_str(),
        "s3cr3t-value",
        "the engine gets it"
    );
    assert!(draft.session_token.is_none(), "an empty field says nothing");
    assert!(
        !format!("{draft:?}").contains("s3cr3t"),
        "and keeps it out of its own Debug"
    );
}

#[test]
fn a_session_says_who_acts() {
    let view = identity::SessionView {
        id: SessionId::new("s1"),
        name: "prod".into(),
        colour: "#7a4fd0".into(),
        source: identity::Source::Profile("prod".into()),
        chain: vec![identity::Hop {
            role_arn: "arn:aws:iam::1:role/r".into(),
            external_id: None,
            session_name: None,
            duration_seconds: Some(900),
        }],
        endpoint_url: None,
        region: Region::new("eu-west-1"),
        path_style: PathStyle::Auto,
        read_only: true,
        trust_plain_http: false,
        saved: false,
        account: Some(AccountId::new("111122223333")),
        expires: Some(Timestamp(5)),
        problem: None,
        memory_only: false,
        needs_secret: false,
        definition: "d1".into(),
    };
    let expected = json!({
        "id": "s1", "name": "prod", "colour": "#7a4fd0",
        "source": { "kind": "profile", "name": "prod" },
        "chain": [{
            "roleArn": "arn:aws:iam::1:role/r", "externalId": null, "sessionName": null,
            "durationSeconds": 900,
        }],
        "endpointUrl": null, "region": "eu-west-1", "pathStyle": "auto", "readOnly": true,
        "saved": false, "account": "111122223333", "expires": 5, "problem": null,
        "memoryOnly": false, "needsSecret": false, "definition": "d1", "trustPlainHttp": false,
    });
    assert_eq!(
        to_value(Session::from(view)).unwrap(),
        expected,
        "a session's shape"
    );
}

#[test]
fn a_listing_says_how_it_stands_and_gives_rows() {
    let status = listing::ListingStatus {
        phase: listing::ListingPhase::Failed,
        rows: 1,
        total: 2,
        prefixes: 1,
        bytes: 3,
        requests: 4,
        elapsed_ms: 5,
        revision: 6,
        error: Some(Error::new(ErrorKind::Timeout, "ListObjectsV2", "late").into()),
        undecodable: 7,
    };
    let wire = to_value(ListingStatus::of(&ListingId::new("l1"), &status)).unwrap();
    assert_eq!(wire["phase"], "failed", "the phase in words");
    assert_eq!(wire["error"]["code"], "timeout", "with what stopped it");
    assert_eq!(wire["elapsedMs"], 5, "in camel case");
    assert_eq!(wire["prefixes"], 1, "folders apart from objects");
    let window = listing::RowWindow {
        revision: 6,
        start: 10,
        rows: vec![listing::ListingRow {
            kind: RowKind::Object,
            key: "a/b".into(),
            size: 9,
            modified: Some(Timestamp(1)),
            etag: ETag::from_header("\"e\""),
            storage_class: Some("GLACIER".into()),
            version_id: None,
        }],
    };
    let expected = json!({ "revision": 6, "start": 10, "rows": [{
        "kind": "object", "key": "a/b", "size": 9, "modified": 1, "etag": "e",
        "storageClass": "GLACIER", "versionId": null,
    }]});
    assert_eq!(
        to_value(RowWindow::from(window)).unwrap(),
        expected,
        "a window's shape"
    );
}

#[test]
fn a_part_map_is_one_character_a_cell() {
    let cells = [
        plan::PartCell::Done,
        plan::PartCell::InFlight,
        plan::PartCell::Failed,
        plan::PartCell::Waiting,
    ];
    let job = plan::JobView {
        id: JobId::new("j1"),
        session: SessionId::new("s1"),
        session_name: "prod".into(),
        operation: plan::Operation::Upload,
        title: "a.bin".into(),
        source: None,
        destination: "s3://b/".into(),
        touches: Some((BucketName::parse("b").unwrap(), Prefix::new(""))),
        state: plan::JobState::WaitingForSignIn,
        reason: None,
        items: 1,
        items_done: 0,
        items_failed: 0,
        items_skipped: 0,
        bytes: 4,
        bytes_done: 1,
        bytes_reused: 0,
        bytes_skipped: 0,
        speed: 0,
        eta: None,
        map: plan::PartMap {
            cells: cells.to_vec(),
        },
        created: Timestamp(1),
        ended: None,
        elsewhere: false,
    };
    let message = EventMessage {
        seq: 3,
        event: Event::Jobs {
            jobs: vec![Job::from(job)],
            forgotten: vec!["j0".into()],
        },
    };
    let wire = to_value(message).unwrap();
    assert_eq!(wire["seq"], 3, "messages are numbered");
    assert_eq!(
        wire["event"]["kind"], "jobs",
        "events are told apart by their kind"
    );
    assert_eq!(
        wire["event"]["forgotten"],
        json!(["j0"]),
        "with what left the list"
    );
    let job = &wire["event"]["jobs"][0];
    assert_eq!(job["map"], "dwf.", "done, on its way, failed, waiting");
    assert_eq!(job["state"], "waitingForSignIn", "states in camel case");
    assert_eq!(
        (&job["touchesBucket"], &job["touchesPrefix"]),
        (&json!("b"), &json!("")),
        "where"
    );
}

#[test]
fn a_drop_carries_grants_and_no_path() {
    let grant = PathGrant {
        id: GrantId("g1".into()),
        name: "a".into(),
        is_dir: true,
    };
    let drop = Drop {
        phase: DropPhase::Drop,
        x: 1.5,
        y: 2.0,
        grants: vec![grant],
        refused: vec!["no".into()],
    };
    let expected = json!({ "seq": 0, "drop": {
        "phase": "drop", "x": 1.5, "y": 2.0,
        "grants": [{ "id": "g1", "name": "a", "isDir": true }], "refused": ["no"],
    }});
    assert_eq!(
        to_value(DropMessage { seq: 0, drop }).unwrap(),
        expected,
        "a drop's shape"
    );
}

#[test]
fn arguments_may_leave_out_what_is_optional() {
    let upload: PlanUploadArgs = serde_json::from_value(json!({
        "session": "s", "bucket": "b", "prefix": "", "grants": ["g1"],
    }))
    .unwrap();
    assert_eq!(upload.grants, [GrantId("g1".into())], "a grant is its id");
    assert_eq!(upload.policy, None, "no policy asks");
    let download: PlanDownloadArgs = serde_json::from_value(json!({
        "session": "s", "bucket": "b", "destination": "g1", "policy": "keepBoth",
        "targets": [{ "kind": "object", "key": "k" }, { "kind": "prefix", "prefix": "p/" }],
    }))
    .unwrap();
    let targets = [
        Target::Object {
            key: "k".into(),
            version_id: None,
        },
        Target::Prefix {
            prefix: "p/".into(),
        },
    ];
    assert_eq!(
        download.targets, targets,
        "targets are told apart by their kind"
    );
}
