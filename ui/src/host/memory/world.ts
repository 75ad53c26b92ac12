/** A made-up world for development and tests: sessions, buckets and what is in them. */

import type { Bucket, Job, ObjectDetail, Session } from "../../contract/types";

export type Stored = {
  key: string;
  size: number;
  modified: number;
  storageClass: string | null;
  etag: string;
};

export type World = {
  sessions: Session[];
  /** Buckets by session id. */
  buckets: Map<string, Bucket[]>;
  /** Objects by bucket, in the order of their keys. */
  objects: Map<string, Stored[]>;
  jobs: Job[];
};

const at = (text: string) => Date.parse(`${text}Z`);

/** A session of a profile, unless `change` says otherwise. */
export function session(id: string, change: Partial<Session> = {}): Session {
  return {
    id,
    name: id,
    colour: "#7a4fd0",
    source: { kind: "profile", name: id },
    chain: [],
    endpointUrl: null,
    region: "eu-central-1",
    pathStyle: "auto",
    readOnly: false,
    saved: false,
    account: null,
    expires: null,
    problem: null,
    memoryOnly: false,
    needsSecret: false,
    definition: "d1",
    trustPlainHttp: false,
    ...change,
  };
}

/** An object; where nothing is said of it, an ordinary one. */
export function stored(
  key: string,
  size = 1,
  modified = at("2026-11-14T17:58"),
  storageClass: string | null = null,
): Stored {
  return { key, size, modified, storageClass, etag: "9b2cf535f27731c974343645a3985328" };
}

/** An upload, unless `change` says otherwise. */
export function job(id: string, change: Partial<Job> = {}): Job {
  return {
    id,
    session: "prod-reader",
    sessionName: "prod-reader",
    operation: "upload",
    title: id,
    destination: "s3://atlas-media/2026/raw/",
    touchesBucket: "atlas-media",
    touchesPrefix: "2026/raw/",
    state: "running",
    reason: null,
    items: 1,
    itemsDone: 0,
    itemsFailed: 0,
    itemsSkipped: 0,
    bytes: 8_000_000_000,
    bytesDone: 0,
    bytesReused: 0,
    bytesSkipped: 0,
    speed: 0,
    eta: null,
    map: ".".repeat(96),
    created: at("2026-11-14T18:00"),
    ended: null,
    elsewhere: false,
    ...change,
  };
}

const RAW: [string, number, string, string | null][] = [
  ["call-sheet-1114.pdf", 412_000, "2026-11-14T07:31", null],
  ["hangar-pan-01.mov", 6_900_000_000, "2026-11-13T20:11", null],
  ["hangar-pan-02.mov", 7_200_000_000, "2026-11-13T20:40", null],
  ["hangar-pan-03.mov", 7_210_000_000, "2026-11-13T21:02", "STANDARD_IA"],
  ["hangar-pan-04.mov", 8_400_000_000, "2026-11-14T17:58", "STANDARD_IA"],
  ["hangar-pan-05.mov", 8_300_000_000, "2026-11-14T18:02", "STANDARD_IA"],
  ["lens-report.csv", 88_000, "2026-11-12T16:20", null],
  ["slate-board.heic", 3_100_000, "2026-11-12T16:22", null],
  ["sound-roll-118.wav", 1_100_000_000, "2026-11-12T19:45", "GLACIER_IR"],
  ["sound-roll-119.wav", 1_200_000_000, "2026-11-12T19:52", "DEEP_ARCHIVE"],
];

const HOSTILE = [
  "2026/odd/line\nbreak.txt",
  "2026/odd/invoice\u202Egpj.exe",
  "2026/odd//nothing-before-me",
  "2026/odd/ two  spaces ",
  "2026/odd/.hidden",
  "2026/odd/東京 タワー.jpg",
  "2026/odd/عربي.txt",
];

/** Sessions, buckets and jobs of every kind, and a prefix of 1,204,118 keys. */
export function atlas(): World {
  const media = [
    ...RAW.map(([name, size, time, kind]) => stored(`2026/raw/${name}`, size, at(time), kind)),
    stored("2026/raw/dailies/a.mov", 4_000_000_000),
    stored("2026/raw/plates/b.exr", 90_000_000),
    stored("readme.txt", 812),
    ...HOSTILE.map((key) => stored(key, 12_345)),
  ];
  const bucket = (name: string): Bucket => ({
    name,
    created: at("2025-02-03T09:00"),
    region: "eu-central-1",
  });
  return {
    sessions: [
      session("prod-reader", {
        account: "111122223333",
        chain: [
          { roleArn: "arn:aws:iam::999900001111:role/OrgAdmin" },
          { roleArn: "arn:aws:iam::111122223333:role/prod-reader" },
        ],
        source: { kind: "profile", name: "acme SSO" },
        expires: Date.now() + 42 * 60_000 + 10_000,
        readOnly: false,
      }),
      session("sandbox admin", { colour: "#0b8f6a", account: "444455556666" }),
      session("audit (chained)", { colour: "#c2571a", problem: "A code of the MFA device is needed" }),
      session("Local server", {
        colour: "#8a97a3",
        endpointUrl: "http://127.0.0.1:8333",
        source: { kind: "keychain", accessKeyId: "AKIDEXAMPLE" },
        saved: true,
        region: "us-east-1",
      }),
    ],
    buckets: new Map([
      [
        "prod-reader",
        ["atlas-backups", "atlas-empty", "atlas-media", "atlas-press-kit", "partner-dropbox"].map(
          bucket,
        ),
      ],
      ["sandbox admin", [bucket("sandbox-uploads")]],
      ["Local server", [bucket("samples")]],
    ]),
    objects: new Map([
      ["atlas-media", media],
      ["atlas-empty", []],
      ["atlas-press-kit", [stored("press.zip", 41_000_000)]],
      ["partner-dropbox", [stored("inbox/hello.txt", 5)]],
      ["sandbox-uploads", []],
      ["samples", [stored("welcome.txt", 120)]],
    ]),
    jobs: [
      job("4", {
        title: "hangar-pan-06.mov",
        bytesDone: 5_120_000_000,
        speed: 212_000_000,
        eta: 18,
        map: "d".repeat(61) + "w".repeat(8) + ".".repeat(27),
      }),
      job("3", {
        title: "renders/ (1,204 files)",
        destination: "s3://atlas-media/2026/out/",
        touchesPrefix: "2026/out/",
        items: 1204,
        itemsDone: 380,
        bytesDone: 2_480_000_000,
        speed: 200_000_000,
        eta: 240,
        map: "d".repeat(30) + "w".repeat(12) + ".".repeat(54),
      }),
      job("2", {
        title: "dailies-1113.zip",
        operation: "download",
        destination: "~/Downloads",
        touchesBucket: null,
        touchesPrefix: null,
        bytesDone: 7_040_000_000,
        speed: 88_000_000,
        eta: 9,
        map: "d".repeat(84) + "w".repeat(3) + ".".repeat(9),
      }),
      job("1", {
        title: "legal-hold copy, 88 objects",
        operation: "move",
        destination: "s3://atlas-media/legal/",
        state: "waitingForSignIn",
        reason: "The session’s credentials have expired",
        bytesDone: 1_840_000_000,
        map: "d".repeat(22) + ".".repeat(74),
      }),
    ],
  };
}

/** What a store would say of an object. */
export function detailOf(object: Stored): ObjectDetail {
  return {
    size: object.size,
    etag: object.etag,
    modified: object.modified,
    versionId: "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY",
    storageClass: object.storageClass,
    system: {
      contentType: object.key.endsWith(".mov") ? "video/quicktime" : "application/octet-stream",
      cacheControl: "no-cache",
    },
    metadata: { "shot-by": "unit 2", camera: "A" },
    encryption: {
      kind: "aws:kms",
      keyArn: "arn:aws:kms:eu-central-1:111122223333:alias/media-prod",
      bucketKey: true,
    },
    checksums: { crc64nvme: "4qk0Zr3hZw=", type: "FULL_OBJECT" },
    restore: null,
    replicationStatus: null,
    lock: { mode: "GOVERNANCE", retainUntil: at("2027-03-02T00:00"), legalHold: false },
    parts: null,
    tags: { project: "atlas", retention: "7y" },
    grants: [{ grantee: "atlas-media-owner", kind: "CanonicalUser", permission: "FULL_CONTROL" }],
    leftOut: [],
  };
}
