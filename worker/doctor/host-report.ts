import { execFile } from "node:child_process";
import { HostReport } from "../../lib/contract/host.ts";
import { toolEnvironment } from "../../lib/tool-environment.ts";
import type { Installation } from "../installation.ts";

const withinMs = 10_000;

/**
 * Tries what this host offers, in a process of its own: namespaces are made for real, which a threaded process must not
 * do. Its exit code says only whether something needed is missing, as the report does.
 */
export function readHostReport({ runtime }: Pick<Installation, "runtime">): Promise<HostReport> {
  return new Promise((resolve, reject) => {
    execFile(runtime, ["doctor"], { env: toolEnvironment, timeout: withinMs }, (error, stdout) => {
      const parsed = HostReport.safeParse(parseJson(stdout));
      if (parsed.success) resolve(parsed.data);
      else reject(new Error(`${runtime} doctor tells nothing that can be read`, { cause: error ?? parsed.error }));
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
