// Written by `cargo test -p longshore-contract --test export`; edits are lost.

import type * as wire from "./types";

/** Every command with its arguments and its reply. */
export type Commands = {
  app_info: { args: wire.NoArgs; reply: wire.AppInfo };
  unsubscribe: { args: wire.SubscriptionArgs; reply: null };
  sessions_list: { args: wire.NoArgs; reply: Array<wire.Session> };
  session_test: { args: wire.SessionDraft; reply: wire.SessionTest };
  session_save: { args: wire.SessionDraft; reply: wire.SessionSaved };
  session_remove: { args: wire.SessionIdArgs; reply: null };
  session_renew: { args: wire.SessionIdArgs; reply: wire.Session };
  session_identity: { args: wire.SessionIdArgs; reply: wire.CallerIdentity };
  keychain_state: { args: wire.NoArgs; reply: wire.KeychainState };
  buckets_list: { args: wire.SessionIdArgs; reply: Array<wire.Bucket> };
  bucket_open: { args: wire.BucketArgs; reply: wire.Bucket };
  bucket_create: { args: wire.BucketCreateArgs; reply: null };
  bucket_delete: { args: wire.BucketArgs; reply: null };
  address_resolve: { args: wire.AddressArgs; reply: wire.Address };
  folder_create: { args: wire.FolderCreateArgs; reply: wire.FolderCreated };
  object_inspect: { args: wire.InspectArgs; reply: wire.ObjectDetail };
  listing_open: { args: wire.ListingOpenArgs; reply: wire.ListingStatus };
  listing_status: { args: wire.ListingIdArgs; reply: wire.ListingStatus };
  listing_rows: { args: wire.ListingRowsArgs; reply: wire.RowWindow };
  listing_show: { args: wire.ListingShowArgs; reply: wire.ListingStatus };
  listing_position: { args: wire.ListingPositionArgs; reply: number | null };
  listing_find: { args: wire.ListingFindArgs; reply: number | null };
  listing_cancel: { args: wire.ListingIdArgs; reply: null };
  listing_close: { args: wire.ListingIdArgs; reply: null };
  plan_upload: { args: wire.PlanUploadArgs; reply: wire.Plan };
  plan_download: { args: wire.PlanDownloadArgs; reply: wire.Plan };
  plan_delete: { args: wire.PlanDeleteArgs; reply: wire.Plan };
  plan_move: { args: wire.PlanMoveArgs; reply: wire.Plan };
  plan_start: { args: wire.PlanStartArgs; reply: wire.Started };
  plan_drop: { args: wire.PlanIdArgs; reply: null };
  jobs_list: { args: wire.NoArgs; reply: Array<wire.Job> };
  job_items: { args: wire.JobItemsArgs; reply: Array<wire.JobItem> };
  job_want: { args: wire.JobWantArgs; reply: null };
  jobs_want_all: { args: wire.WantAllArgs; reply: null };
  jobs_forget_ended: { args: wire.NoArgs; reply: null };
  paths_pick_files: { args: wire.NoArgs; reply: Array<wire.PathGrant> };
  paths_pick_folder: { args: wire.PickFolderArgs; reply: wire.PathGrant | null };
  paths_pick_destination: { args: wire.PickDestinationArgs; reply: wire.PathGrant | null };
  path_confirm: { args: wire.PathConfirmArgs; reply: wire.PathGrant | null };
};

/** Every topic with its arguments and its message. */
export type Topics = {
  events: { args: wire.NoArgs; message: wire.EventMessage };
  drops: { args: wire.NoArgs; message: wire.DropMessage };
};
