import { describe, expect, it } from "vitest";
import { readReport } from "./report.ts";

const failure = {
  ok: false,
  step: "exec",
  call: "execve",
  subject: "/bin/nope",
  errno: 2,
  errnoName: "ENOENT",
  message: "The image has no /bin/nope.",
  remedy: "Name a program that is in the image.",
  code: "command-not-found",
  details: { memoryLimit: 4096 },
};

describe("readReport", () => {
  it("reads what was started", () => {
    const started = { ok: true, pid: 12, startTime: "34", startedAt: "2026-01-01T00:00:00.000Z" };
    expect(readReport(JSON.stringify({ ...started, cgroup: { version: 1, path: "/x" } }))).toEqual({
      started: { ...started, missing: [] },
    });
  });

  it("makes a failure a problem with the kernel's word", () => {
    expect(readReport(JSON.stringify(failure))).toEqual({
      problem: expect.objectContaining({
        code: "command-not-found",
        status: 422,
        detail: failure.message,
        remedy: failure.remedy,
        details: failure.details,
        cause: { step: "exec", call: "execve", subject: "/bin/nope", errno: 2, errnoName: "ENOENT" },
      }),
    });
  });

  it.each([
    ["a code that is not the shim's to give", JSON.stringify({ ...failure, code: "unauthenticated" })],
    ["what is no report", "{}"],
    ["what is no JSON", "Segmentation fault"],
    ["nothing at all", ""],
  ])("calls %s a failed start", (_, text) => {
    expect(readReport(text)).toMatchObject({ problem: { code: "start-failed", status: 422 } });
  });
});
