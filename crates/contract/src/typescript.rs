//! The TypeScript of the contract, written from the table and the wire types.
//!
//! All types go into one file in alphabetical order and the tables into another, so that the
//! output depends on nothing but the declarations.

use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

use crate::table::{for_each_command, for_each_topic};
use crate::wire::{
    Address, AddressArgs, AppInfo, Bucket, BucketArgs, BucketCreateArgs, CallerIdentity,
    DropMessage, EventMessage, FolderCreateArgs, FolderCreated, InspectArgs, Job, JobItem,
    JobItemsArgs, JobWantArgs, KeychainState, ListingFindArgs, ListingIdArgs, ListingOpenArgs,
    ListingPositionArgs, ListingRowsArgs, ListingShowArgs, ListingStatus, NoArgs, ObjectDetail,
    PathConfirmArgs, PathGrant, PickDestinationArgs, PickFolderArgs, Plan, PlanDeleteArgs,
    PlanDownloadArgs, PlanIdArgs, PlanMoveArgs, PlanStartArgs, PlanUploadArgs, RowWindow, Session,
    SessionDraft, SessionIdArgs, SessionSaved, SessionTest, Started, SubscriptionArgs, WantAllArgs,
};

const HEAD: &str =
    "// Written by `cargo test -p longshore-contract --test export`; edits are lost.\n\n";

/// The generated files as `(name, content)`.
pub fn files() -> Vec<(&'static str, String)> {
    let config = Config::new().with_large_int("number");
    let mut types = Types {
        config: &config,
        found: BTreeMap::new(),
    };
    let mut rows = String::new();
    let mut topics = String::new();
    types.visit::<crate::AppError>();

    macro_rules! read_commands {
        ($($name:ident($args:ty) -> $reply:ty = $($body:ident)::+;)*) => {$(
            types.visit::<$args>();
            types.visit::<$reply>();
            rows.push_str(&format!(
                "  {}: {{ args: {}; reply: {} }};\n",
                stringify!($name),
                qualified::<$args>(&config),
                qualified::<$reply>(&config),
            ));
        )*};
    }
    for_each_command!(read_commands);

    macro_rules! read_topics {
        ($($name:ident($args:ty) -> $message:ty;)*) => {$(
            types.visit::<$args>();
            types.visit::<$message>();
            topics.push_str(&format!(
                "  {}: {{ args: {}; message: {} }};\n",
                stringify!($name),
                qualified::<$args>(&config),
                qualified::<$message>(&config),
            ));
        )*};
    }
    for_each_topic!(read_topics);

    let commands = format!(
        "{HEAD}import type * as wire from \"./types\";\n\n\
         /** Every command with its arguments and its reply. */\n\
         export type Commands = {{\n{rows}}};\n\n\
         /** Every topic with its arguments and its message. */\n\
         export type Topics = {{\n{topics}}};\n"
    );
    vec![("types.ts", types.write()), ("commands.ts", commands)]
}

/// The type's name as the table's file writes it: ours with the module in front.
fn qualified<T: TS + 'static + ?Sized>(config: &Config) -> String {
    if T::output_path().is_some() {
        return format!("wire.{}", T::name(config));
    }
    let mut name = T::name(config);
    for inner in T::inner_names(config) {
        name = name.replace(&inner, &format!("wire.{inner}"));
    }
    name
}

/// Names of our own types that a type of the language wraps, such as the rows of an array.
trait InnerNames {
    fn inner_names(config: &Config) -> Vec<String>;
}

impl<T: TS + 'static + ?Sized> InnerNames for T {
    fn inner_names(config: &Config) -> Vec<String> {
        struct Names<'a>(&'a Config, Vec<String>);
        impl TypeVisitor for Names<'_> {
            fn visit<T: TS + 'static + ?Sized>(&mut self) {
                if T::output_path().is_some() {
                    self.1.push(T::name(self.0));
                }
            }
        }
        let mut names = Names(config, Vec::new());
        T::visit_generics(&mut names);
        names.1
    }
}

struct Types<'a> {
    config: &'a Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Types<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() {
            let name = T::ident(self.config);
            if self.found.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            self.found
                .insert(name, format!("{docs}export {}\n", T::decl(self.config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl Types<'_> {
    fn write(&self) -> String {
        let bodies: Vec<&str> = self.found.values().map(String::as_str).collect();
        format!("{HEAD}{}", bodies.join("\n"))
    }
}
