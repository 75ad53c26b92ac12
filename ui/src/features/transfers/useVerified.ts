import { useEffect, useState } from "react";
import type { Job } from "../../contract/types";
import { host } from "../../host/host";

/** Items that are asked for at once; of bigger jobs nothing is claimed in the row. */
const ASKED = 500;

/** Whether every item's content of a finished job was checked by a checksum or an ETag. */
export function useVerified(job: Job): boolean {
  const [verified, setVerified] = useState(false);
  const moves = job.operation === "upload" || job.operation === "download";
  const asks = job.state === "done" && moves && job.items > 0 && job.items <= ASKED;
  useEffect(() => {
    if (!asks) return;
    let isCurrent = true;
    host()
      .call("job_items", { id: job.id, start: 0, len: ASKED })
      .then((items) => {
        const done = items.filter((item) => !item.skipped);
        const all = done.every(({ verified: by }) => by === "checksum" || by === "etag");
        if (isCurrent) setVerified(done.length > 0 && all);
      })
      .catch(() => {
        // Nothing is claimed then; the items list says why when it is opened.
      });
    return () => {
      isCurrent = false;
    };
  }, [asks, job.id]);
  return asks && verified;
}
