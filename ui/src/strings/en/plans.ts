/** What the plan dialog and its kin say. */

import { counted, grouped } from "./counted";

/** The words of plans, which are shown before anything changes. */
export const planStrings = {
  titles: {
    upload: (what: string, where: string) => `Upload ${what} to ${where}`,
    download: (what: string, where: string) => `Download ${what} to ${where}`,
    delete: (what: string) => `Delete ${what}`,
    move: (what: string, where: string) => `Move ${what} to ${where}`,
  },
  preparing: "Looking at what would happen",
  preparingHint: "Nothing changes before you agree",
  counters: {
    upload: (n: number) => (n === 1 ? "file to upload" : "files to upload"),
    download: (n: number) => (n === 1 ? "object to download" : "objects to download"),
    delete: (n: number) => (n === 1 ? "object to delete" : "objects to delete"),
    move: (n: number) => (n === 1 ? "object to move" : "objects to move"),
    bytesUpload: "to send",
    bytesDownload: "to fetch",
    bytesDelete: "in all",
    bytesMove: "copied inside the store",
    requests: (n: number) => (n === 1 ? "request, about" : "requests, about"),
    conflicts: (n: number) => (n === 1 ? "exists already" : "exist already"),
    undoYes: "Yes",
    undoNo: "No",
    undoUnknown: "Unknown",
    undo: "can be undone",
  },
  irreversibleDelete: "This cannot be undone:",
  irreversibleDeleteWhy: "what is deleted is gone.",
  unknownDelete: "This may not be undoable:",
  unknownDeleteWhy: "the server does not say whether the bucket keeps versions.",
  irreversibleMove: "The old key goes away:",
  irreversibleMoveWhy: "each object is copied to the new key, checked, then removed at the old one.",
  conflictsNote: (n: number) => `${counted(n, "name exists", "names exist")} already:`,
  conflictsWhy: (n: number) =>
    n === 1 ? "choose what happens to it." : "choose what happens to them.",
  attention: "Please note:",
  moreWarnings: (n: number) => `and ${counted(n, "more", "more")}`,
  policy: "What exists already",
  policies: {
    skip: { name: "Skip", hint: "Leave it as it is" },
    keepBoth: { name: "Keep both", hint: "Write under a free name" },
    overwrite: { name: "Overwrite", hint: "Replace it, if it has not changed meanwhile" },
  },
  columns: { source: "Source", destination: "Destination", size: "Size", why: "Why", object: "Object" },
  sampleCaption: "The first rows of the plan",
  sampleOf: (shown: number, all: number) =>
    `${grouped(shown)} of ${grouped(all)} are shown; all of them are in the job`,
  footer: "Runs as a job in Transfers; it can be paused and cancelled",
  footerVersions: "Runs as a job; the bucket keeps the versions",
  cancel: "Cancel",
  close: "Close",
  actions: {
    upload: (n: number) => `Upload ${counted(n, "file", "files")}`,
    download: (n: number) => `Download ${counted(n, "object", "objects")}`,
    delete: (n: number) => `Delete ${counted(n, "object", "objects")}`,
    move: (n: number) => `Move ${counted(n, "object", "objects")}`,
  },
  starting: "Starting…",
  failed: "It could not be started",
  planFailed: "It cannot be said what would happen",
  retry: "Try again",
} as const;
