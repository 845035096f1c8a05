import * as z from "zod";
import { OpenLabSession } from "../../lib/contract/lab.ts";
import { parseOrFail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import type { TerminalServices } from "../sessions/open-sessions.ts";
import type { Call, WorkerRoute } from "./server.ts";

const WithPrincipal = z.object({ principal: z.string().min(1).max(200) });
const SessionRequest = WithPrincipal.extend(OpenLabSession.shape);

/** The calls of worker.sock for labs. A run is known by its lab and by whose it is. */
export function labRoutes({ labs, access }: Context, { sessions }: TerminalServices): WorkerRoute[] {
  const nameOf = ({ params }: Call) => params.name ?? "";
  const principalOf = (value: unknown) => parseOrFail(WithPrincipal, value).principal;
  const operatorOf = (value: unknown) => access.require(principalOf(value), "operator").id;
  const run = /^\/labs\/(?<name>[^/]+)\/run$/;
  return [
    { method: "POST", pattern: run, handle: (call) => labs.start(nameOf(call), operatorOf(call.body)) },
    {
      method: "GET",
      pattern: run,
      handle: (call) => labs.look(nameOf(call), principalOf(Object.fromEntries(call.query))),
    },
    { method: "DELETE", pattern: run, handle: (call) => labs.end(nameOf(call), operatorOf(call.body)) },
    {
      method: "POST",
      pattern: /^\/labs\/(?<name>[^/]+)\/run\/sessions$/,
      handle: (call) => {
        const { principal, ...size } = parseOrFail(SessionRequest, call.body);
        access.require(principal, "operator");
        return sessions.open(labs.requireRun(nameOf(call), principal).id, principal, size);
      },
    },
  ];
}
