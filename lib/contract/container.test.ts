import { describe, expect, it } from "vitest";
import { CreateContainer, defaultLimits } from "./container.ts";
import { ProblemError, parseOrFail } from "./problem.ts";

function fieldsOf(body: unknown): string[] {
  try {
    parseOrFail(CreateContainer, body);
  } catch (error) {
    if (error instanceof ProblemError) return (error.problem.errors ?? []).map((field) => field.path);
    throw error;
  }
  return [];
}

describe("CreateContainer", () => {
  it("fills in what is left out", () => {
    expect(CreateContainer.parse({})).toEqual({
      command: ["/bin/bash", "-l"],
      image: "host",
      env: {},
      workingDir: "/",
      user: "root",
      tty: true,
      network: "loopback",
      userNamespace: "auto",
      limits: defaultLimits,
      readOnly: false,
      binds: [],
      labels: {},
      restart: "no",
      autoRemove: false,
    });
  });

  it("takes a command as words or as a line", () => {
    expect(CreateContainer.parse({ command: ["ls", "-l"] }).command).toEqual(["ls", "-l"]);
    expect(CreateContainer.parse({ command: "ls -l" }).command).toEqual(["ls", "-l"]);
  });

  it.each([
    [{ name: "Upper" }, "name"],
    [{ name: "-a" }, "name"],
    [{ name: "a".repeat(64) }, "name"],
    [{ name: "../etc" }, "name"],
    [{ command: [] }, "command"],
    [{ command: "" }, "command"],
    [{ command: ["a\0b"] }, "command"],
    [{ limits: { memoryBytes: 1 } }, "limits.memoryBytes"],
    [{ limits: { cpus: 0 } }, "limits.cpus"],
    [{ limits: { pids: 0.5 } }, "limits.pids"],
    [{ env: { "A=B": "c" } }, "env.A=B"],
    [{ workingDir: "relative" }, "workingDir"],
    [{ network: "bridge" }, "network"],
    [{ restart: "sometimes" }, "restart"],
    [{ restart: "on-failure:0" }, "restart"],
    [{ user: "a:b:c" }, "user"],
    [{ user: "a b" }, "user"],
    [{ binds: [{ source: "data", target: "/data" }] }, "binds.0.source"],
    [{ labels: { "a b": "c" } }, "labels.a b"],
  ])("names the field of %j that does not fit", (body, path) => {
    expect(fieldsOf(body).some((field) => field.startsWith(path))).toBe(true);
  });

  it("refuses fields that it does not know", () => {
    expect(() => parseOrFail(CreateContainer, { nmae: "typo" })).toThrow(/nmae/);
  });
});
