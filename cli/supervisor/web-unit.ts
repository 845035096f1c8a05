import { chmodSync, chownSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import * as z from "zod";
import { type Config, paths } from "../../lib/config.ts";
import type { Launched, Part } from "./part.ts";
import { describeProcess, identify, type ProcessIdentity } from "./process-identity.ts";
import type { Secrets } from "./secrets.ts";
import type { SystemUser } from "./system-users.ts";
import type { TlsFiles } from "./tls-files.ts";
import { checkWeb, nodeStopSteps, webSecret } from "./web-and-worker.ts";

/** What a web process says first. */
const Greeting = z.object({ pid: z.int().min(1) });

/**
 * The web process as a unit of systemd's own, which has no privileges from the start: it comes to RUN/web.sock, and gets
 * there what a child gets by descriptors, its secrets in the first line, certificates in those that follow. It ends when
 * the connection does.
 */
export function webUnitPart(config: Config, user: SystemUser, secrets: Secrets, tlsFiles: TlsFiles): Part {
  return {
    name: "web",
    stopSteps: nodeStopSteps,
    async launch(signal) {
      const secret = webSecret(config, secrets);
      const { socket, process } = await accept(config, user, signal);
      socket.write(`${secret}\n`);
      const unsubscribe = tlsFiles.subscribe((message) => socket.write(`${JSON.stringify(message)}\n`));
      const ended = new Promise<string>((resolve) => socket.once("close", () => resolve("ended")));
      void ended.then(unsubscribe);
      return { process, ended } satisfies Launched;
    },
    check: () => checkWeb(config),
  };
}

/** Waits for the user's process; nobody else can connect, and one is let in. Rejects on the signal. */
function accept(config: Config, user: SystemUser, signal: AbortSignal) {
  const path = paths(config).webSocket;
  return new Promise<{ socket: Socket; process: ProcessIdentity }>((resolve, reject) => {
    const server: Server = createServer((socket) => {
      socket.on("error", () => {});
      createInterface({ input: socket }).once("line", (line) => {
        const process = readGreeting(line, user);
        if (!process || signal.aborted) return socket.destroy();
        close();
        resolve({ socket, process });
      });
    });
    const close = () => {
      signal.removeEventListener("abort", abort);
      server.close();
      rmSync(path, { force: true });
    };
    const abort = () => {
      close();
      reject(new Error("stopped"));
    };
    signal.addEventListener("abort", abort);
    server.once("error", (error) => {
      close();
      reject(error);
    });
    rmSync(path, { force: true });
    server.listen(path, () => {
      chownSync(path, 0, user.gid);
      chmodSync(path, 0o660);
    });
  });
}

/** The process that greets, when it is the user's. */
function readGreeting(line: string, { uid }: SystemUser): ProcessIdentity | null {
  try {
    const { pid } = Greeting.parse(JSON.parse(line));
    return describeProcess(pid)?.uid === uid ? identify(pid) : null;
  } catch {
    return null;
  }
}
