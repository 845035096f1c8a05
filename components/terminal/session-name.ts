import type { SessionInfo } from "@/lib/contract/session.ts";
import { stripControls } from "../container/strip-controls.ts";

const maxLength = 40;

/** What a session is called: its program without its folder, and its arguments. */
export function sessionName({ command }: Pick<SessionInfo, "command">): string {
  const [program = "shell", ...rest] = command;
  const name = stripControls([program.slice(program.lastIndexOf("/") + 1), ...rest].join(" ")).replace(/\s+/g, " ");
  return name.length > maxLength ? `${name.slice(0, maxLength - 1)}…` : name || "shell";
}
