// Written by `cargo test -p longshore-contract --test export`; edits are lost.

/**
 * A grant of an ACL.
 */
export type AclGrant = { 
/**
 * Display name, id or group URI.
 */
grantee: string, 
/**
 * `CanonicalUser`, `Group` or `AmazonCustomerByEmail`.
 */
kind: string, 
/**
 * `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP`, `FULL_CONTROL`.
 */
permission: string, };

/**
 * Where an address leads.
 */
export type Address = { 
/**
 * The bucket; null is the list of buckets.
 */
bucket: string | null, 
/**
 * The prefix to show.
 */
prefix: string, 
/**
 * The key in it to select.
 */
select: string | null, };

/**
 * A text that a person typed or pasted as an address.
 */
export type AddressArgs = { 
/**
 * Who asks.
 */
session: string, 
/**
 * The text, such as `s3://bucket/folder/object`.
 */
text: string, };

/**
 * A failed call.
 */
export type AppError = { 
/**
 * Why, to branch on.
 */
code: ErrorCode, 
/**
 * What happened and why, for the person.
 */
message: string, 
/**
 * What to do, where there is something.
 */
advice: string | null, 
/**
 * Everything else that is known, for a bug report.
 */
detail: string | null, 
/**
 * The server's request id.
 */
requestId: string | null, 
/**
 * Whether the same call may succeed later by itself.
 */
retryable: boolean, };

/**
 * The program and how it started.
 */
export type AppInfo = { 
/**
 * Its version.
 */
version: string, 
/**
 * Where its state is kept, for display.
 */
dataDir: string, 
/**
 * Sentences to show once, such as a damaged state database that was moved aside.
 */
notes: Array<string>, 
/**
 * Jobs of an earlier run that are paused and can be resumed.
 */
unfinished: number, };

/**
 * A bucket.
 */
export type Bucket = { 
/**
 * Its name.
 */
name: string, 
/**
 * When it was created.
 */
created: number | null, 
/**
 * Its region, where the server says so.
 */
region: string | null, };

/**
 * Names a bucket.
 */
export type BucketArgs = { 
/**
 * Who asks.
 */
session: string, 
/**
 * The bucket.
 */
name: string, };

/**
 * A bucket to be made.
 */
export type BucketCreateArgs = { 
/**
 * Who asks.
 */
session: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its region; left out is the session's.
 */
region?: string | null, };

/**
 * Who the server says we are.
 */
export type CallerIdentity = { 
/**
 * Account.
 */
account: string, 
/**
 * ARN.
 */
arn: string, 
/**
 * User id.
 */
userId: string, };

/**
 * What happens to an item whose destination exists already.
 */
export type ConflictPolicy = "ask" | "skip" | "keepBoth" | "overwrite";

/**
 * A drag of files from outside over the page.
 */
export type Drop = { 
/**
 * Where it is.
 */
phase: DropPhase, 
/**
 * CSS pixels from the page's left edge.
 */
x: number, 
/**
 * CSS pixels from the page's top edge.
 */
y: number, 
/**
 * What was dropped; empty before.
 */
grants: Array<PathGrant>, 
/**
 * Sentences about what cannot be taken, such as a name that is not UTF-8.
 */
refused: Array<string>, };

/**
 * One message of the topic `drops`.
 */
export type DropMessage = { 
/**
 * 0 for the first message of a subscription, then one more each.
 */
seq: number, 
/**
 * What happened.
 */
drop: Drop, };

/**
 * Where a drag from outside is.
 */
export type DropPhase = "over" | "leave" | "drop";

/**
 * Encryption at rest as the server reports it.
 */
export type Encryption = { 
/**
 * `AES256`, `aws:kms`, `aws:kms:dsse`, `SSE-C`; null when nothing was said.
 */
kind: string | null, 
/**
 * The KMS key's ARN.
 */
keyArn: string | null, 
/**
 * Whether a bucket key is used.
 */
bucketKey: boolean | null, };

/**
 * Why a call failed; a code exists only where a page does something of its own about it.
 */
export type ErrorCode = "denied" | "needsSignIn" | "expired" | "badCredentials" | "clockSkew" | "noSuchBucket" | "noSuchKey" | "bucketExists" | "bucketNotEmpty" | "unknownHost" | "refused" | "offline" | "timeout" | "tls" | "notS3" | "conflict" | "readOnly" | "keychainLocked" | "gone" | "badInput" | "cancelled" | "internal" | "other";

/**
 * What happened.
 */
export type Event = { "kind": "snapshot", 
/**
 * All jobs, newest first.
 */
jobs: Array<Job>, 
/**
 * All sessions in their order.
 */
sessions: Array<Session>, } | { "kind": "jobs", 
/**
 * New and changed jobs.
 */
jobs: Array<Job>, 
/**
 * Ids of jobs that left the list.
 */
forgotten: Array<string>, } | { "kind": "sessions", 
/**
 * All sessions in their order.
 */
sessions: Array<Session>, } | { "kind": "listing", 
/**
 * How it stands now.
 */
status: ListingStatus, };

/**
 * One message of the topic `events`.
 */
export type EventMessage = { 
/**
 * 0 for the first message of a subscription, then one more each.
 */
seq: number, 
/**
 * What happened.
 */
event: Event, };

/**
 * A folder to be made.
 */
export type FolderCreateArgs = { 
/**
 * Who asks.
 */
session: string, 
/**
 * The bucket.
 */
bucket: string, 
/**
 * The prefix in which it is made.
 */
prefix: string, 
/**
 * Its name, without `/`.
 */
name: string, };

/**
 * A folder was made.
 */
export type FolderCreated = { 
/**
 * Its prefix, which ends in `/`.
 */
prefix: string, };

/**
 * The right to use one local path, made by a dialog, a drop or a confirmed text.
 */
export type GrantId = string;

/**
 * One AssumeRole.
 */
export type Hop = { 
/**
 * The role's ARN.
 */
roleArn: string, 
/**
 * The external id.
 */
externalId?: string | null, 
/**
 * The session name that the account's log shows.
 */
sessionName?: string | null, 
/**
 * Seconds that the token lasts.
 */
durationSeconds?: number | null, };

/**
 * Names an object to look at.
 */
export type InspectArgs = { 
/**
 * Who asks.
 */
session: string, 
/**
 * The bucket.
 */
bucket: string, 
/**
 * The key.
 */
key: string, 
/**
 * The version; left out is the current one.
 */
versionId?: string | null, };

/**
 * A job.
 */
export type Job = { 
/**
 * Its id; later jobs sort after earlier ones.
 */
id: string, 
/**
 * Who acts.
 */
session: string, 
/**
 * The session's display name when the job was started.
 */
sessionName: string, 
/**
 * The kind of change.
 */
operation: Operation, 
/**
 * What it is about.
 */
title: string, 
/**
 * Where it leads.
 */
destination: string, 
/**
 * The bucket that changes.
 */
touchesBucket: string | null, 
/**
 * The prefix that changes, for refreshing views.
 */
touchesPrefix: string | null, 
/**
 * Where it stands.
 */
state: JobState, 
/**
 * Why it failed or waits, with what to do.
 */
reason: string | null, 
/**
 * Items in all.
 */
items: number, 
/**
 * Items done.
 */
itemsDone: number, 
/**
 * Items failed.
 */
itemsFailed: number, 
/**
 * Items left out on purpose.
 */
itemsSkipped: number, 
/**
 * Bytes in all that it set out to do, also of items that failed or were left out.
 */
bytes: number, 
/**
 * Bytes that the other side acknowledged.
 */
bytesDone: number, 
/**
 * Bytes that an earlier run had brought over and that were not sent again.
 */
bytesReused: number, 
/**
 * Bytes of items left out on purpose.
 */
bytesSkipped: number, 
/**
 * Bytes a second; 0 unless running.
 */
speed: number, 
/**
 * Seconds that are left, once that settles.
 */
eta: number | null, 
/**
 * The part map, one character a cell, at most 96: `.` waiting, `w` on its way, `d` done
 * (acknowledged), `f` failed.
 */
map: string, 
/**
 * When it was started.
 */
created: number, 
/**
 * When it ended.
 */
ended: number | null, 
/**
 * Whether another process drives it.
 */
elsewhere: boolean, };

/**
 * An item of a job.
 */
export type JobItem = { 
/**
 * Its number within the job.
 */
number: number, 
/**
 * What it starts from.
 */
source: string, 
/**
 * Where it leads.
 */
destination: string, 
/**
 * Where it stands.
 */
state: JobState, 
/**
 * Whether it was left out on purpose.
 */
skipped: boolean, 
/**
 * Size in bytes.
 */
bytes: number, 
/**
 * Acknowledged bytes.
 */
bytesDone: number, 
/**
 * Bytes that were not sent again.
 */
bytesReused: number, 
/**
 * How far its content was checked.
 */
verified: Verified, 
/**
 * Why it failed or was left out.
 */
reason: string | null, 
/**
 * Why it failed, to branch on.
 */
code: ErrorCode | null, 
/**
 * The server's request id of the failure.
 */
requestId: string | null, 
/**
 * The server's second id of the failure (`x-amz-id-2`).
 */
hostId: string | null, 
/**
 * The multipart upload, while one is open.
 */
uploadId: string | null, };

/**
 * A window of items.
 */
export type JobItemsArgs = { 
/**
 * The job.
 */
id: string, 
/**
 * The first item's position.
 */
start: number, 
/**
 * How many, at most 500; more are cut off.
 */
len: number, };

/**
 * Where a job or an item stands.
 */
export type JobState = "queued" | "running" | "paused" | "waitingForSignIn" | "waitingForNetwork" | "verifying" | "done" | "failed" | "cancelled";

/**
 * What a person wants of a job.
 */
export type JobWant = "run" | "pause" | "cancel";

/**
 * What a person wants of one job.
 */
export type JobWantArgs = { 
/**
 * The job.
 */
id: string, 
/**
 * What is wanted.
 */
want: JobWant, };

/**
 * Where secrets are kept.
 */
export type KeychainState = { 
/**
 * Whether a secret that is saved now would be in memory only, since there is no keychain. A
 * locked one is a keychain; it shows as the code `keychainLocked`.
 */
memoryOnly: boolean, };

/**
 * Asks where the next row is whose name starts so (type-ahead).
 */
export type ListingFindArgs = { 
/**
 * The listing.
 */
id: string, 
/**
 * The position to look from; it goes around at the end.
 */
from: number, 
/**
 * The start of a name, letter case aside.
 */
text: string, };

/**
 * Names a listing.
 */
export type ListingIdArgs = { 
/**
 * Its id.
 */
id: string, };

/**
 * What is to be listed.
 */
export type ListingOpenArgs = { 
/**
 * Who asks.
 */
session: string, 
/**
 * The bucket.
 */
bucket: string, 
/**
 * The prefix; empty is the whole bucket.
 */
prefix: string, };

/**
 * How far a listing is.
 */
export type ListingPhase = "running" | "complete" | "failed" | "cancelled";

/**
 * Asks where a key is.
 */
export type ListingPositionArgs = { 
/**
 * The listing.
 */
id: string, 
/**
 * The whole key or prefix.
 */
key: string, };

/**
 * A row.
 */
export type ListingRow = { 
/**
 * What it is.
 */
kind: RowKind, 
/**
 * The whole key or prefix.
 */
key: string, 
/**
 * Size in bytes.
 */
size: number, 
/**
 * Last modified.
 */
modified: number | null, 
/**
 * ETag without quotes.
 */
etag: string | null, 
/**
 * Storage class; null is STANDARD or a prefix.
 */
storageClass: string | null, 
/**
 * Version.
 */
versionId: string | null, };

/**
 * A window of rows.
 */
export type ListingRowsArgs = { 
/**
 * The listing.
 */
id: string, 
/**
 * Position of the first row.
 */
start: number, 
/**
 * How many rows, at most 500; more are cut off.
 */
len: number, };

/**
 * How rows are to be shown.
 */
export type ListingShowArgs = { 
/**
 * The listing.
 */
id: string, 
/**
 * Column.
 */
sort: SortColumn, 
/**
 * Largest first.
 */
descending: boolean, 
/**
 * Only rows whose name contains this, letter case aside; empty is all.
 */
filter: string, };

/**
 * How a listing stands.
 */
export type ListingStatus = { 
/**
 * The listing.
 */
id: string, 
/**
 * Phase.
 */
phase: ListingPhase, 
/**
 * Rows that pass the filter.
 */
rows: number, 
/**
 * Rows in all.
 */
total: number, 
/**
 * Common prefixes among the rows.
 */
prefixes: number, 
/**
 * Bytes of all objects listed so far; what lies below a common prefix is not among them.
 */
bytes: number, 
/**
 * Requests made.
 */
requests: number, 
/**
 * Milliseconds since the start, until the end.
 */
elapsedMs: number, 
/**
 * Changes with every change of rows or order: a window of another revision is stale.
 */
revision: number, 
/**
 * What stopped it.
 */
error: AppError | null, 
/**
 * Keys that could not be decoded and are not shown.
 */
undecodable: number, };

/**
 * No arguments.
 */
export type NoArgs = Record<symbol, never>;

/**
 * Everything about an object that can be asked without changing it.
 */
export type ObjectDetail = { 
/**
 * Size in bytes.
 */
size: number, 
/**
 * ETag without quotes.
 */
etag: string | null, 
/**
 * Last modified.
 */
modified: number | null, 
/**
 * Version id.
 */
versionId: string | null, 
/**
 * Storage class; null is STANDARD.
 */
storageClass: string | null, 
/**
 * Headers such as `contentType` and `cacheControl`.
 */
system: { [key in string]: string }, 
/**
 * User metadata without `x-amz-meta-`.
 */
metadata: { [key in string]: string }, 
/**
 * Encryption at rest.
 */
encryption: Encryption, 
/**
 * Checksums by algorithm, base64; their type under `type`.
 */
checksums: { [key in string]: string }, 
/**
 * `x-amz-restore` as sent.
 */
restore: string | null, 
/**
 * Replication status.
 */
replicationStatus: string | null, 
/**
 * Object lock.
 */
lock: ObjectLock | null, 
/**
 * Number of parts, where the server says so.
 */
parts: number | null, 
/**
 * Tags; null when they may not be read or the server has none.
 */
tags: { [key in string]: string } | null, 
/**
 * Grants of the ACL; null when it may not be read.
 */
grants: Array<AclGrant> | null, 
/**
 * What was left out and why (`tags: AccessDenied`).
 */
leftOut: Array<string>, };

/**
 * Object lock of a version.
 */
export type ObjectLock = { 
/**
 * `GOVERNANCE` or `COMPLIANCE`.
 */
mode: string | null, 
/**
 * Until when.
 */
retainUntil: number | null, 
/**
 * Whether a legal hold is on.
 */
legalHold: boolean | null, };

/**
 * What kind of change.
 */
export type Operation = "upload" | "download" | "delete" | "move";

/**
 * A path that a person typed.
 */
export type PathConfirmArgs = { 
/**
 * The text: an absolute path, or one that begins with `~/`.
 */
text: string, };

/**
 * A granted path.
 */
export type PathGrant = { 
/**
 * What commands take.
 */
id: GrantId, 
/**
 * The file's or folder's name, for display.
 */
name: string, 
/**
 * Whether it is a folder.
 */
isDir: boolean, };

/**
 * How a bucket is named in a request's address.
 */
export type PathStyle = "auto" | "on" | "off";

/**
 * A file name to suggest where one object is saved.
 */
export type PickDestinationArgs = { 
/**
 * The suggested file name.
 */
name: string, };

/**
 * What a folder is picked for, which decides the dialog's words.
 */
export type PickFolderArgs = { 
/**
 * The dialog's title; left out is the system's.
 */
title?: string | null, };

/**
 * What will happen, before it happens.
 */
export type Plan = { 
/**
 * Its id, by which it is started once or dropped.
 */
id: string, 
/**
 * The kind of change.
 */
operation: Operation, 
/**
 * Who will act.
 */
session: string, 
/**
 * What it is about in a few words.
 */
title: string, 
/**
 * Where it leads.
 */
destination: string, 
/**
 * Number of objects or files.
 */
items: number, 
/**
 * Bytes to move.
 */
bytes: number, 
/**
 * Requests that it takes, estimated.
 */
requests: number, 
/**
 * How many destinations exist already.
 */
conflicts: number, 
/**
 * What happens to those.
 */
policy: ConflictPolicy, 
/**
 * Whether it can be undone.
 */
reversible: Reversible, 
/**
 * Sentences about what is left out or needs attention.
 */
warnings: Array<string>, 
/**
 * The first rows, at most 100.
 */
sample: Array<PlanRow>, };

/**
 * Objects and prefixes to be removed.
 */
export type PlanDeleteArgs = { 
/**
 * Who acts.
 */
session: string, 
/**
 * The bucket.
 */
bucket: string, 
/**
 * What is removed.
 */
targets: Array<Target>, };

/**
 * Objects and prefixes into a local folder.
 */
export type PlanDownloadArgs = { 
/**
 * Who acts.
 */
session: string, 
/**
 * The bucket.
 */
bucket: string, 
/**
 * What is downloaded.
 */
targets: Array<Target>, 
/**
 * A granted folder, or for a single object a granted destination file.
 */
destination: GrantId, 
/**
 * What happens to existing files; left out asks.
 */
policy?: ConflictPolicy | null, };

/**
 * Names a plan.
 */
export type PlanIdArgs = { 
/**
 * The plan.
 */
plan: string, };

/**
 * An object or all below a prefix under another key of the same bucket.
 */
export type PlanMoveArgs = { 
/**
 * Who acts.
 */
session: string, 
/**
 * The bucket.
 */
bucket: string, 
/**
 * What is moved.
 */
from: Target, 
/**
 * The new key, or the new prefix for a prefix.
 */
to: string, };

/**
 * One row of a plan.
 */
export type PlanRow = { 
/**
 * What it starts from (a path or an `s3://` URI).
 */
source: string, 
/**
 * Where it leads; empty for a delete.
 */
destination: string, 
/**
 * Size in bytes.
 */
bytes: number, 
/**
 * Why it is as it is.
 */
why: string, 
/**
 * Whether the destination exists.
 */
conflict: boolean, };

/**
 * Starts a plan.
 */
export type PlanStartArgs = { 
/**
 * The plan.
 */
plan: string, 
/**
 * What happens to conflicts; left out is the plan's policy.
 */
policy?: ConflictPolicy | null, };

/**
 * Local files and folders into a prefix.
 */
export type PlanUploadArgs = { 
/**
 * Who acts.
 */
session: string, 
/**
 * The bucket.
 */
bucket: string, 
/**
 * The prefix that they land below.
 */
prefix: string, 
/**
 * What is uploaded.
 */
grants: Array<GrantId>, 
/**
 * What happens to existing objects; left out asks.
 */
policy?: ConflictPolicy | null, };

/**
 * Whether a change can be taken back.
 */
export type Reversible = "yes" | "no" | "unknown";

/**
 * What a row is.
 */
export type RowKind = "prefix" | "object" | "version" | "deleteMarker";

/**
 * A stretch of rows.
 */
export type RowWindow = { 
/**
 * The revision that it belongs to.
 */
revision: number, 
/**
 * Position of the first row.
 */
start: number, 
/**
 * The rows.
 */
rows: Array<ListingRow>, };

/**
 * A session.
 */
export type Session = { 
/**
 * Its id; the same over restarts.
 */
id: string, 
/**
 * Its display name.
 */
name: string, 
/**
 * Its colour, `#rrggbb`.
 */
colour: string, 
/**
 * Where its credentials come from.
 */
source: Source, 
/**
 * The roles it goes through.
 */
chain: Array<Hop>, 
/**
 * The endpoint; null is AWS.
 */
endpointUrl: string | null, 
/**
 * The region.
 */
region: string, 
/**
 * Addressing.
 */
pathStyle: PathStyle, 
/**
 * Whether everything that would change something is refused.
 */
readOnly: boolean, 
/**
 * Whether it can be edited and removed here (a profile is its file's).
 */
saved: boolean, 
/**
 * The account, once the server said so.
 */
account: string | null, 
/**
 * When its credentials expire.
 */
expires: number | null, 
/**
 * What keeps it from working.
 */
problem: string | null, 
/**
 * Whether its secret is in memory only: there is no keychain, or the keys are temporary.
 */
memoryOnly: boolean, 
/**
 * Whether its secret is gone, so that a person has to enter it before the session works.
 */
needsSecret: boolean, 
/**
 * Changes whenever the session comes to stand for another place or other keys; for comparing
 * alone.
 */
definition: string, 
/**
 * Whether bodies may go unsigned over plain http to another host.
 */
trustPlainHttp: boolean, };

/**
 * A session to be tested or saved.
 */
export type SessionDraft = { 
/**
 * The session that is edited; left out makes a new one.
 */
id?: string | null, 
/**
 * Display name.
 */
name: string, 
/**
 * Colour, `#rrggbb`; left out is derived.
 */
colour?: string | null, 
/**
 * Source.
 */
source: Source, 
/**
 * The secret access key; left out keeps what is kept. It never comes back.
 */
secret?: string | null, 
/**
 * A session token that goes with pasted temporary keys.
 */
sessionToken?: string | null, 
/**
 * Hops after the source.
 */
chain: Array<Hop>, 
/**
 * Endpoint; left out is AWS.
 */
endpointUrl?: string | null, 
/**
 * Region; left out is the source's.
 */
region?: string | null, 
/**
 * Addressing.
 */
pathStyle: PathStyle, 
/**
 * Whether everything that would change something is refused.
 */
readOnly: boolean, 
/**
 * Whether bodies may go unsigned over plain http to another host.
 */
trustPlainHttp: boolean, };

/**
 * Names a session.
 */
export type SessionIdArgs = { 
/**
 * Its id.
 */
id: string, };

/**
 * A session was saved.
 */
export type SessionSaved = { 
/**
 * Its id.
 */
id: string, };

/**
 * How a draft fared when it was tried.
 */
export type SessionTest = { 
/**
 * Who the endpoint says we are, where it can.
 */
identity: CallerIdentity | null, 
/**
 * How many buckets the first page lists; null when it may not list them.
 */
buckets: number | null, 
/**
 * Sentences to read before saving.
 */
notes: Array<string>, };

/**
 * A column to sort by.
 */
export type SortColumn = "name" | "size" | "modified" | "storageClass";

/**
 * A source of credentials.
 */
export type Source = { "kind": "profile", 
/**
 * Its name.
 */
name: string, } | { "kind": "environment" } | { "kind": "keychain", 
/**
 * The access key id; no secret.
 */
accessKeyId: string, } | { "kind": "anonymous" } | { "kind": "playground" };

/**
 * A plan became a job.
 */
export type Started = { 
/**
 * The job's id.
 */
job: string, };

/**
 * Names a subscription.
 */
export type SubscriptionArgs = { 
/**
 * What subscribing answered.
 */
id: string, };

/**
 * An object, a version of it, or everything below a prefix.
 */
export type Target = { "kind": "object", 
/**
 * Its key.
 */
key: string, 
/**
 * A version of it; left out is the current one.
 */
versionId?: string | null, } | { "kind": "prefix", 
/**
 * The prefix.
 */
prefix: string, };

/**
 * How far the content of a finished item was checked.
 */
export type Verified = "no" | "checksum" | "etag" | "lengthOnly";

/**
 * What a person wants of all jobs that are not over.
 */
export type WantAllArgs = { 
/**
 * What is wanted.
 */
want: JobWant, };
