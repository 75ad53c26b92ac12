import { useEffect, useState } from "react";
import { watchJobs } from "../../state/jobs";
import { announcementOf } from "./summary";

/** Says aloud which jobs ended or wait for a person; progress is not said. */
export function EndsAnnouncer() {
  const [words, setWords] = useState("");
  useEffect(
    () =>
      watchJobs((before, job) => {
        const text = announcementOf(before, job);
        if (text !== "") setWords(text);
      }),
    [],
  );
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {words}
    </div>
  );
}
