import { expect, it } from "vitest";
import { exampleContainer } from "@/server/testing/example-container.ts";
import { describeSince, describeState } from "../containers/describe.ts";
import { atRest } from "./use-container.ts";

it("lets nothing run that is gone, and leaves an end that was seen as it is", () => {
  const running = exampleContainer({ state: "running", pid: 7, exitCode: null, finishedAt: null });
  const gone = atRest(running);
  expect([describeState(gone).label, describeSince(gone, Date.now()), gone.pid]).toEqual(["Exited", "", null]);
  const exited = exampleContainer({ state: "exited", exitCode: 3 });
  expect(atRest(exited)).toBe(exited);
});
