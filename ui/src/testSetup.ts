/** Removes what a test rendered, so that no test finds another's elements. */

import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);
