/** What the small dialogs say. */

import { grouped } from "./counted";

/** Words of the dialogs about folders, buckets, names, paths and reports. */
export const dialogStrings = {
  cancel: "Cancel",
  close: "Close",
  inPlace: (uri: string) => `In ${uri}`,
  making: "Making…",

  newFolder: "New folder",
  folderName: "Name",
  makeFolder: "Make folder",

  createBucket: "Create bucket",
  createBucketOn: (session: string) => `As ${session}`,
  bucketName: "Name",
  bucketRegion: "Region",
  bucketRegionHint: "Blank for the connection's region",
  bucketNameRule:
    "AWS takes 3 to 63 lower-case letters, digits, dots and hyphens; other servers may take more",
  badBucketName: "A bucket's name has no spaces and no slashes",
  create: "Create bucket",
  creating: "Creating…",

  deleteBucketTitle: (bucket: string) => `Delete the bucket ${bucket}?`,
  deleteBucketText:
    "Only an empty bucket can be deleted. Its settings and policies go with it, and its name may be taken by somebody else.",
  deleteBucketNotEmpty:
    "It is not empty. Delete its objects first, and on a versioned bucket their versions too.",
  deleteBucketConfirm: "Delete bucket",
  deletingBucket: "Deleting…",

  openBucket: "Open a bucket",
  openBucketHint: "By its name, or by an s3:// URI with a folder. No right to list buckets is needed",
  address: "Bucket or URI",
  addressPlaceholder: "s3://bucket/folder/",
  open: "Open",
  opening: "Opening…",
  noAddress: "Type a bucket's name or an s3:// URI",

  rename: (name: string) => `Rename ${name}`,
  newName: "New name",
  renameHint: "A slash in the name moves it into another folder",
  renameNext: "Look at the plan",
  looking: "Looking…",
  noName: "Type a name",
  sameName: "That is its name already",
  intoItself: "A folder cannot be moved into itself",
  slashInName: "A folder's name has no slash; make one folder after the other",
  tooLong: (bytes: number, max: number) =>
    `The whole key would be ${grouped(bytes)} bytes long; S3 allows ${grouped(max)}`,

  typedPath: "Upload from a path",
  typedPathHint: "Longshore asks once more, outside of this page, before it reads the path",
  path: "Path",
  pathPlaceholder: "~/folder/file",
  upload: "Upload",
  pathRefused: "You did not allow this path, so nothing was read or uploaded",
  noPath: "Type an absolute path, or one that begins with ~/",

  dropReport: "Some of it was left out",
  dropReportText: "The rest is on its way.",
  nothingTaken: "Nothing was uploaded",
  nothingDownloaded: "Nothing was downloaded",

  keychainTitle: "The keychain is locked",
  keychainText:
    "The secret of this connection is in this computer's keychain. Unlock it, then try again.",
  keychainRetry: "Try again",
  keychainTrying: "Trying…",

  requestId: (id: string) => `Request id ${id}`,
  failedUpload: "The upload was not started",
  failedDownload: "The download was not started",
} as const;
