/** The judge's own way to a server: a few signed requests that share nothing with the engine. */
import { createHash, createHmac } from "node:crypto";
import type { Keys } from "./server.ts";

type Place = Keys & { readonly endpoint: string; readonly region: string };

/** An open multipart upload. */
export type OpenUpload = { readonly key: string; readonly uploadId: string };

/** A client of one server. */
export class S3 {
  constructor(private readonly place: Place) {}

  async createBucket(bucket: string): Promise<void> {
    await this.send("PUT", `/${bucket}`);
  }

  async put(bucket: string, key: string, body: string | Uint8Array): Promise<void> {
    await this.send("PUT", pathOf(bucket, key), body);
  }

  /** An object's bytes; null when there is none. */
  async get(bucket: string, key: string): Promise<Buffer | null> {
    const answer = await this.ask("GET", pathOf(bucket, key));
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`GET ${key}: ${answer.status} ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** The keys of a bucket of at most a thousand, in order. */
  async keysOf(bucket: string): Promise<string[]> {
    const xml = await this.read(`/${bucket}`, { "encoding-type": "url", "list-type": "2" });
    return textsOf(xml, "Key").map((key) => decodeURIComponent(key.replaceAll("+", " ")));
  }

  async buckets(): Promise<string[]> {
    return textsOf(await this.read("/"), "Name");
  }

  /** The multipart uploads of a bucket that are neither completed nor aborted. */
  async openUploads(bucket: string): Promise<OpenUpload[]> {
    const xml = await this.read(`/${bucket}`, { uploads: "" });
    return [...xml.matchAll(/<Upload>(.*?)<\/Upload>/gs)].map(([, upload = ""]) => ({
      key: textsOf(upload, "Key")[0] ?? "",
      uploadId: textsOf(upload, "UploadId")[0] ?? "",
    }));
  }

  /** The sizes of the parts that the server holds of an upload. */
  async partSizes(bucket: string, { key, uploadId }: OpenUpload): Promise<number[]> {
    const xml = await this.read(pathOf(bucket, key), { uploadId });
    return textsOf(xml, "Size").map(Number);
  }

  async delete(bucket: string, key: string): Promise<void> {
    await this.send("DELETE", pathOf(bucket, key));
  }

  private async read(path: string, query: Record<string, string> = {}): Promise<string> {
    const answer = await this.ask("GET", path, "", query);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${text}`);
    return text;
  }

  private async send(method: string, path: string, body?: string | Uint8Array): Promise<void> {
    const answer = await this.ask(method, path, body);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }

  private ask(
    method: string,
    path: string,
    body: string | Uint8Array = "",
    query: Record<string, string> = {},
  ): Promise<Response> {
    const { endpoint } = this.place;
    const bytes = Buffer.from(body);
    // In the order of their names, as the signature has them.
    const search = Object.keys(query)
      .toSorted()
      .map((name) => `${escape(name)}=${escape(query[name] ?? "")}`)
      .join("&");
    const headers = sign(this.place, method, new URL(endpoint).host, path, bytes, search);
    return fetch(`${endpoint}${path}${search === "" ? "" : `?${search}`}`, {
      method,
      headers,
      ...(method === "PUT" ? { body: new Uint8Array(bytes) } : {}),
    });
  }
}

function pathOf(bucket: string, key: string): string {
  return `/${bucket}/${key.split("/").map(escape).join("/")}`;
}

/** The contents of all elements of a name. */
function textsOf(xml: string, name: string): string[] {
  const found = xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"));
  return [...found].map(([, text = ""]) => text.replaceAll("&amp;", "&").replaceAll("&quot;", '"'));
}

/** All but the unreserved characters of RFC 3986. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest("hex");
const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();

/** The headers of a request signed with AWS Signature Version 4. */
function sign(
  place: Place,
  method: string,
  host: string,
  path: string,
  body: Buffer,
  search: string,
) {
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const scope = `${day}/${place.region}/s3/aws4_request`;
  const hash = sha256(body);
  const names = "host;x-amz-content-sha256;x-amz-date";
  const lines = [`host:${host}`, `x-amz-content-sha256:${hash}`, `x-amz-date:${time}`, ""];
  const request = [method, path, search, ...lines, names, hash].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n");
  const key = [place.region, "s3", "aws4_request"].reduce<Buffer>(
    (outer, part) => hmac(outer, part),
    hmac(`AWS4${place.secretAccessKey}`, day),
  );
  const signature = hmac(key, text).toString("hex");
  return {
    "x-amz-date": time,
    "x-amz-content-sha256": hash,
    authorization: `AWS4-HMAC-SHA256 Credential=${place.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
