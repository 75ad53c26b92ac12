/** Removes what a test rendered, so that no test finds another's elements. */

import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);

// The machine may be busy with a build at the same time; no test is about speed.
configure({ asyncUtilTimeout: 30_000 });
