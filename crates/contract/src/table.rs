//! Every command and topic, declared once.
//!
//! The list is handed to a macro of the reader's choice: the router makes its dispatch of it, the
//! TypeScript its types. A row is `name(Args) -> Reply = body`, where body is the path below
//! `command` that does the work.

/// Hands the table to a macro.
macro_rules! for_each_command {
    ($reader:ident) => {
        $reader! {
            app_info(NoArgs) -> AppInfo = app::info;

            unsubscribe(SubscriptionArgs) -> () = app::unsubscribe;

            sessions_list(NoArgs) -> Vec<Session> = sessions::list;
            session_test(SessionDraft) -> SessionTest = sessions::test;
            session_save(SessionDraft) -> SessionSaved = sessions::save;
            session_remove(SessionIdArgs) -> () = sessions::remove;
            session_renew(SessionIdArgs) -> Session = sessions::renew;
            session_identity(SessionIdArgs) -> CallerIdentity = sessions::identity;
            keychain_state(NoArgs) -> KeychainState = sessions::keychain;

            buckets_list(SessionIdArgs) -> Vec<Bucket> = buckets::list;
            bucket_open(BucketArgs) -> Bucket = buckets::open;
            bucket_create(BucketCreateArgs) -> () = buckets::create;
            bucket_delete(BucketArgs) -> () = buckets::delete;
            address_resolve(AddressArgs) -> Address = address::resolve;
            folder_create(FolderCreateArgs) -> FolderCreated = buckets::create_folder;
            object_inspect(InspectArgs) -> ObjectDetail = buckets::inspect;

            listing_open(ListingOpenArgs) -> ListingStatus = listings::open;
            listing_status(ListingIdArgs) -> ListingStatus = listings::status;
            listing_rows(ListingRowsArgs) -> RowWindow = listings::rows;
            listing_show(ListingShowArgs) -> ListingStatus = listings::show;
            listing_position(ListingPositionArgs) -> Option<u64> = listings::position;
            listing_find(ListingFindArgs) -> Option<u64> = listings::find;
            listing_cancel(ListingIdArgs) -> () = listings::cancel;
            listing_close(ListingIdArgs) -> () = listings::close;

            plan_upload(PlanUploadArgs) -> Plan = plans::upload;
            plan_download(PlanDownloadArgs) -> Plan = plans::download;
            plan_delete(PlanDeleteArgs) -> Plan = plans::delete;
            plan_move(PlanMoveArgs) -> Plan = plans::relocate;
            plan_start(PlanStartArgs) -> Started = plans::start;
            plan_drop(PlanIdArgs) -> () = plans::drop;

            jobs_list(NoArgs) -> Vec<Job> = jobs::list;
            job_items(JobItemsArgs) -> Vec<JobItem> = jobs::items;
            job_want(JobWantArgs) -> () = jobs::want;
            jobs_want_all(WantAllArgs) -> () = jobs::want_all;
            jobs_forget_ended(NoArgs) -> () = jobs::forget_ended;

            paths_pick_files(NoArgs) -> Vec<PathGrant> = paths::pick_files;
            paths_pick_folder(PickFolderArgs) -> Option<PathGrant> = paths::pick_folder;
            paths_pick_destination(PickDestinationArgs) -> Option<PathGrant> = paths::pick_destination;
            path_confirm(PathConfirmArgs) -> Option<PathGrant> = paths::confirm;
        }
    };
}

/// Hands the topics to a macro: `name(Args) -> Message`.
macro_rules! for_each_topic {
    ($reader:ident) => {
        $reader! {
            events(NoArgs) -> EventMessage;
            drops(NoArgs) -> DropMessage;
        }
    };
}

pub(crate) use {for_each_command, for_each_topic};
