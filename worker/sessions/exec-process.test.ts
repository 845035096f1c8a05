import { describe, expect, it } from "vitest";
import type { ExecOptions } from "./exec-process.ts";
import { BundleProcess, makeExecProcess } from "./exec-process.ts";

const bundle = BundleProcess.parse({
  process: {
    terminal: false,
    args: ["server"],
    env: ["PATH=/bin", "HOME=/root", "A=1"],
    cwd: "/srv",
    user: { uid: 1000, gid: 1000, additionalGids: [5] },
    noNewPrivileges: true,
    rlimits: [{ type: "RLIMIT_NOFILE", soft: 1, hard: 2 }],
    capabilities: { bounding: ["CAP_KILL"], effective: [], permitted: [], inheritable: [], ambient: [] },
  },
});
const options: ExecOptions = { mode: "exec", env: {}, tty: true, cols: 90, rows: 20 };
const root = { uid: 0, gid: 0, additionalGids: [], home: "/root" };

describe("makeExecProcess", () => {
  it("keeps what the container's own process has", () => {
    expect(makeExecProcess(bundle, { ...options, tty: false }, ["sh", "-c", "x"], null)).toEqual({
      ...bundle.process,
      args: ["sh", "-c", "x"],
      consoleSize: { width: 90, height: 20 },
    });
  });

  it("takes what was asked for, each variable once", () => {
    const asked = { ...options, env: { A: "2", B: "x=y" }, workingDir: "/tmp" };
    expect(makeExecProcess(bundle, asked, ["sh"], null)).toMatchObject({
      terminal: true,
      cwd: "/tmp",
      env: ["PATH=/bin", "HOME=/root", "TERM=xterm-256color", "A=2", "B=x=y"],
      user: { uid: 1000, gid: 1000, additionalGids: [5] },
    });
  });

  it("gives root the bounding set, and nobody else any capability", () => {
    const capabilities = (user: typeof root | null) => makeExecProcess(bundle, options, ["sh"], user).capabilities;
    expect(capabilities(root)).toMatchObject({ effective: ["CAP_KILL"], permitted: ["CAP_KILL"], ambient: [] });
    expect(capabilities(null)).toMatchObject({ bounding: ["CAP_KILL"], effective: [], permitted: [] });
    expect(capabilities({ ...root, uid: 7 })).toMatchObject({ effective: [], permitted: [] });
  });

  it("goes home with another user, unless told where that is", () => {
    const app = { uid: 7, gid: 8, additionalGids: [9], home: "/home/app" };
    const process = makeExecProcess(bundle, options, ["sh"], app);
    expect(process.env).toContain("HOME=/home/app");
    expect(process.user).toEqual({ uid: 7, gid: 8, additionalGids: [9] });
    expect(makeExecProcess(bundle, { ...options, env: { HOME: "/x" } }, ["sh"], app).env).toContain("HOME=/x");
    expect(makeExecProcess(bundle, options, ["sh"], { ...app, home: null }).env).toContain("HOME=/root");
  });
});
