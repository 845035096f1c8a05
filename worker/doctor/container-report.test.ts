import { describe, expect, it } from "vitest";
import { ContainerSpec } from "../../lib/contract/container.ts";
import type { Finding } from "../../lib/contract/host.ts";
import { hostFindings, maskedViews } from "./container-report.ts";

const finding = (id: string, needed = true): Finding => ({
  ...{ id, group: "g", name: id, there: true, needed, found: "", lost: "", remedy: "" },
});
const ids = (list: readonly Finding[]) => list.map(({ id, needed }) => [id, needed]);

describe("what of the host a container needs", () => {
  const report = {
    findings: [
      ...[finding("namespace-net"), finding("namespace-user", false), finding("namespace-time", false)],
      ...[finding("controller-memory"), finding("controller-io", false), finding("program-useradd")],
    ],
  };
  const spec = (more: object) => ContainerSpec.parse({ name: "a", command: ["a"], ...more });

  it("is what it uses, whatever else containers may", () => {
    const own = { spec: spec({}), idRange: { start: 1, size: 2 } };
    expect(ids(hostFindings(report, own))).toEqual([
      ["namespace-net", true],
      ["namespace-user", true],
      ["controller-memory", true],
    ]);
    expect(hostFindings(report, own).at(-1)?.name).toContain(`${own.spec.limits.memoryBytes} bytes`);
  });

  it("is neither a network namespace on the host's network nor a user namespace with the host's ids", () => {
    const hosts = { spec: spec({ network: "host" }), idRange: null };
    expect(ids(hostFindings(report, hosts))).toEqual([["controller-memory", true]]);
  });
});

describe("the host's own views", () => {
  const line = (point: string) => `36 35 98:0 /m ${point} rw,noatime - ext3 /dev/root rw`;

  it("are masked by what is mounted over parts of them, but not by what is mounted where nothing is", () => {
    const table = ["/", "/proc", "/proc/sys/fs/binfmt_misc", "/proc/kcore", "/sys", "/sys/fs/cgroup/memory"];
    expect(maskedViews(table.map(line).join("\n"), true)).toEqual(["/proc/kcore"]);
    expect(maskedViews([line("/sys/firmware"), ""].join("\n"), true)).toEqual(["/sys/firmware"]);
    expect(maskedViews(line("/sys/firmware"), false)).toEqual([]);
  });
});
