/**
 * A host without an engine, for development and tests of views. It is no part of the product.
 *
 * What it answers is believable and changes nothing outside. Tests step its listings by hand and
 * script its failures.
 */

import type { AppError, Drop, Event, Job, Plan, Target } from "../contract/types";
import { failure } from "./fakeHost";
import {
  type Args,
  type CommandName,
  type Host,
  HostError,
  type Message,
  type Reply,
  type TopicName,
} from "./host";
import { MemoryListing, rowsBelow } from "./memory/listings";
import { atlas, detailOf, stored, type World } from "./memory/world";

export type MemoryOptions = {
  world?: World;
  /** Keys in a page of a listing. */
  pageSize?: number;
  /** Whether pages wait for `step`. */
  byHand?: boolean;
};

type Listeners = { [T in TopicName]: Set<(message: Message<T>) => void> };

export class MemoryHost implements Host {
  readonly world: World;
  /** The calls that were made, for tests. */
  readonly calls: { name: CommandName; args: unknown }[] = [];
  /** Failures to answer with instead, by command. */
  readonly failures = new Map<CommandName, AppError>();
  /** A failure for listings that are opened from now on, after so many pages. */
  listingFailure: { after: number; error: AppError } | undefined;

  private readonly listings = new Map<string, MemoryListing>();
  private readonly listeners: Listeners = { events: new Set(), drops: new Set() };
  private readonly options: MemoryOptions;
  private nextId = 1;
  private eventSeq = 0;

  constructor(options: MemoryOptions = {}) {
    this.options = options;
    this.world = options.world ?? atlas();
  }

  async call<K extends CommandName>(name: K, args: Args<K>): Promise<Reply<K>> {
    this.calls.push({ name, args });
    const scripted = this.failures.get(name);
    if (scripted) throw new HostError(scripted);
    const answer = this.answers[name] as ((args: Args<K>) => Reply<K>) | undefined;
    if (!answer) throw new HostError(failure("other", `The memory host does not know ${name}`));
    // An answer never comes in the same turn, as with any other host.
    await Promise.resolve();
    return structuredClone(answer(args));
  }

  subscribe<T extends TopicName>(topic: T, onMessage: (message: Message<T>) => void): () => void {
    const listeners = this.listeners[topic] as Set<(message: Message<T>) => void>;
    listeners.add(onMessage);
    if (topic === "events") {
      this.eventSeq = 0;
      queueMicrotask(() => this.tell(this.snapshot()));
    }
    return () => listeners.delete(onMessage);
  }

  /** Sends an event as the engine would. */
  tell(event: Event): void {
    const message = structuredClone({ seq: this.eventSeq, event });
    this.eventSeq += 1;
    for (const listener of this.listeners.events) listener(message);
  }

  /** Sends a drag from outside. */
  drag(drop: Drop): void {
    for (const listener of this.listeners.drops) listener({ seq: 0, drop });
  }

  /** Gives out the next page of every open listing. */
  step(): void {
    for (const listing of this.listings.values()) {
      listing.step();
      this.tell({ kind: "listing", status: listing.status });
    }
  }

  /** Ends a job, as a queue would. */
  endJob(id: string, change: Partial<Job> = {}): void {
    const before = this.world.jobs.find((job) => job.id === id);
    if (!before) return;
    const ended: Job = { ...before, state: "done", ended: Date.now(), ...change };
    this.world.jobs = this.world.jobs.map((job) => (job.id === id ? ended : job));
    this.tell({ kind: "jobs", jobs: [ended], forgotten: [] });
  }

  private snapshot(): Event {
    return { kind: "snapshot", jobs: this.world.jobs, sessions: this.world.sessions };
  }

  private listing(id: string): MemoryListing {
    const listing = this.listings.get(id);
    if (!listing) throw new HostError(failure("gone", "This listing is closed"));
    return listing;
  }

  private open(bucket: string, prefix: string): MemoryListing {
    const objects = this.world.objects.get(bucket);
    if (!objects) {
      const message = `There is no bucket ${bucket}, or it belongs to somebody else`;
      throw new HostError(failure("noSuchBucket", message, { requestId: "4442587FB7D0A2F9" }));
    }
    const { pageSize = 1000, byHand = false } = this.options;
    const id = `listing-${this.nextId++}`;
    const rows = rowsBelow(objects, prefix);
    const listing = new MemoryListing(id, rows, pageSize, this.listingFailure);
    this.listings.set(id, listing);
    if (!byHand) this.run(listing);
    return listing;
  }

  private run(listing: MemoryListing): void {
    setTimeout(() => {
      if (!this.listings.has(listing.id)) return;
      const more = listing.step();
      this.tell({ kind: "listing", status: listing.status });
      if (more) this.run(listing);
    }, 1);
  }

  private plan(operation: Plan["operation"], session: string, targets: Target[]): Plan {
    const keys = targets.map((target) => (target.kind === "object" ? target.key : target.prefix));
    return {
      id: `plan-${this.nextId++}`,
      operation,
      session,
      title: keys.length === 1 ? (keys[0] ?? "") : `${keys.length} objects`,
      destination: "",
      items: keys.length,
      bytes: 0,
      requests: keys.length,
      conflicts: 0,
      policy: "ask",
      reversible: "unknown",
      warnings: [],
      sample: keys.map((source) => ({ source, destination: "", bytes: 0, why: "", conflict: false })),
    };
  }

  private readonly answers: { [K in CommandName]?: (args: Args<K>) => Reply<K> } = {
    unsubscribe: () => null,
    app_info: () => ({
      version: "0.1.0",
      dataDir: "/home/ada/.local/share/longshore",
      notes: [],
      unfinished: 0,
    }),
    keychain_state: () => ({ memoryOnly: false }),
    sessions_list: () => this.world.sessions,
    buckets_list: ({ id }) => this.world.buckets.get(id) ?? [],
    bucket_open: ({ name }) => ({ name, created: null, region: "eu-central-1" }),
    bucket_create: ({ session, name }) => {
      const known = this.world.buckets.get(session) ?? [];
      this.world.buckets.set(session, [...known, { name, created: Date.now(), region: null }]);
      this.world.objects.set(name, []);
      return null;
    },
    bucket_delete: ({ session, name }) => {
      const known = this.world.buckets.get(session) ?? [];
      this.world.buckets.set(
        session,
        known.filter((bucket) => bucket.name !== name),
      );
      return null;
    },
    address_resolve: ({ text }) => {
      const [bucket = "", ...rest] = text.trim().replace(/^s3:\/\//i, "").split("/");
      const key = rest.join("/");
      const objects = this.world.objects.get(bucket);
      if (!objects) throw new HostError(failure("noSuchBucket", `There is no bucket ${bucket}`));
      const exact = objects.some((object) => object.key === key);
      if (exact) {
        const prefix = key.slice(0, key.lastIndexOf("/") + 1);
        return { bucket, prefix, select: key };
      }
      return { bucket, prefix: key === "" || key.endsWith("/") ? key : `${key}/`, select: null };
    },
    folder_create: ({ bucket, prefix, name }) => {
      this.world.objects.get(bucket)?.push(stored(`${prefix}${name}/`, 0));
      return { prefix: `${prefix}${name}/` };
    },
    object_inspect: ({ bucket, key }) => {
      const object = this.world.objects.get(bucket)?.find((known) => known.key === key);
      if (!object) throw new HostError(failure("noSuchKey", `There is no object ${key}`));
      return detailOf(object);
    },
    listing_open: ({ bucket, prefix }) => this.open(bucket, prefix).status,
    listing_status: ({ id }) => this.listing(id).status,
    listing_rows: ({ id, start, len }) => this.listing(id).window(start, len),
    listing_show: ({ id, ...view }) => this.listing(id).show(view),
    listing_position: ({ id, key }) => this.listing(id).position(key),
    listing_find: ({ id, from, text }) => this.listing(id).find(from, text),
    listing_cancel: ({ id }) => {
      this.listing(id).cancel();
      this.tell({ kind: "listing", status: this.listing(id).status });
      return null;
    },
    listing_close: ({ id }) => {
      this.listings.delete(id);
      return null;
    },
    plan_delete: ({ session, targets }) => this.plan("delete", session, targets),
    plan_move: ({ session, from }) => this.plan("move", session, [from]),
    plan_start: ({ plan }) => ({ job: plan }),
    plan_drop: () => null,
    job_want: () => null,
    jobs_want_all: () => null,
    jobs_forget_ended: () => null,
    paths_pick_files: () => [],
    paths_pick_folder: () => null,
    paths_pick_destination: () => null,
    path_confirm: () => null,
  };
}
