import { expect, it } from "vitest";
import { exampleContainer } from "@/server/testing/example-container.ts";
import { failureReason, latestFailures, promised, suggestNext } from "./summarize.ts";

const GiB = 1024 ** 3;
const limits = { memoryBytes: GiB, cpus: 0.5, pids: 10 };
const shell = exampleContainer({ name: "shell", state: "running", tty: true, limits });
const ended = exampleContainer({ name: "good", state: "exited", exitCode: 0, reason: "exited", limits });
const hog = exampleContainer({
  name: "hog",
  state: "exited",
  exitCode: 137,
  reason: "out-of-memory",
  finishedAt: "2026-01-02T00:00:00.000Z",
  limits,
});
const broken = exampleContainer({
  name: "broken",
  state: "exited",
  exitCode: 3,
  reason: "exited",
  finishedAt: "2026-01-03T00:00:00.000Z",
});

it("adds up what runs alone", () => {
  expect(promised([shell, shell, ended])).toEqual({ memoryBytes: 2 * GiB, cpus: 1, running: 2 });
});

it("knows a failure from an end, the latest first, and says why", () => {
  const failures = latestFailures([hog, ended, shell, broken], []);
  expect(failures.map(({ name }) => name)).toEqual(["broken", "hog"]);
  expect(failureReason(hog)).toContain("limit of 1 GiB");
});

it("suggests what fits", () => {
  const titles = (...given: Parameters<typeof suggestNext>) => suggestNext(...given).map(({ title }) => title);
  expect(titles([hog, shell], hog, 4 * GiB).slice(0, 2)).toEqual([
    "Give hog more memory",
    "Open the terminal of shell",
  ]);
  expect(titles([shell, shell], undefined, GiB)[0]).toBe("Lower some memory limits");
  expect(titles([shell, shell], undefined, null)).not.toContain("Lower some memory limits");
  expect(titles([ended], undefined, GiB)[0]).toBe("Start a container");
});
