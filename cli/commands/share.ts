import type { Command } from "commander";
import type { Client } from "../../lib/client/api.ts";
import { addExamples } from "../examples.ts";
import { jsonOption, readCount } from "../options.ts";
import { printJson } from "../output.ts";
import { targetOf } from "../target.ts";

interface ShareOptions {
  session?: string;
  minutes: number;
  end?: boolean;
  json?: boolean;
}

export function registerShare(program: Command): void {
  const command = program
    .command("share")
    .summary("let others watch a terminal by a link")
    .description(
      "Prints a link by which whoever has it watches a container's terminal, without signing in and without typing. It ends by itself, or with --end, which also cuts off those who watch.",
    )
    .argument("<name>", "name or id")
    .option("--session <id>", "this session instead of the container's own terminal (sessions lists them)")
    .option("--minutes <minutes>", "how long the link is good for, up to 1440", readCount, 60)
    .option("--end", "end every share of it")
    .addOption(jsonOption())
    .action(async (name: string, options: ShareOptions, command: Command) => {
      const { client, url } = targetOf(command);
      if (options.end) return endShares(client, name, options.session);
      const id = options.session ?? (await ownSession(client, name));
      const share = await client.call("createShare", { params: { id }, body: { minutes: options.minutes } });
      if (options.json) printJson({ ...share, sessionId: id, url: `${url}${share.path}` });
      else console.log(`${url}${share.path}`);
    });
  addExamples(command, "./minirun share web", "./minirun share --minutes 5 --json web", "./minirun share --end web");
}

/** A session of the container's own terminal: one that is there, else a new one. */
async function ownSession(client: Client, name: string): Promise<string> {
  const { items } = await client.call("listSessions", { params: { name } });
  const there = items.find(({ mode, state }) => mode === "attach" && state === "running");
  if (there) return there.sessionId;
  return (await client.call("createSession", { params: { name }, body: { mode: "attach" } })).sessionId;
}

async function endShares(client: Client, name: string, session: string | undefined): Promise<void> {
  const { items } = await client.call("listSessions", { params: { name } });
  const shared = items.filter((each) => each.shared && (session === undefined || each.sessionId === session));
  for (const { sessionId } of shared) await client.call("deleteShares", { params: { id: sessionId } });
  console.log(
    shared.length === 1 ? "1 session is no longer shared." : `${shared.length} sessions are no longer shared.`,
  );
}
