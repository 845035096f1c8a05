import type { Command } from "commander";
import { registerAttach } from "./attach.ts";
import { registerCreate } from "./create.ts";
import { registerHealth } from "./health.ts";
import { registerInspect } from "./inspect.ts";
import { registerLifecycle } from "./lifecycle.ts";
import { registerList } from "./list.ts";
import { registerLogs } from "./logs.ts";
import { registerStart } from "./start.ts";
import { registerTrace } from "./trace.ts";

/** The verbs that talk to a running MiniRun by its HTTP API. */
export function registerContainerCommands(program: Command): void {
  registerCreate(program);
  registerStart(program);
  registerLifecycle(program);
  registerAttach(program);
  registerList(program);
  registerInspect(program);
  registerLogs(program);
  registerTrace(program);
  registerHealth(program);
}
