import * as z from "zod";
import { EndedCookie } from "../../lib/contract/access.ts";
import { parseOrFail } from "../../lib/contract/problem.ts";
import { CreateToken } from "../../lib/contract/token.ts";
import type { Context } from "../context.ts";
import type { WorkerRoute } from "./server.ts";

const WithPrincipal = z.object({ principal: z.string().min(1).max(200) });
const TokenRequest = WithPrincipal.extend({ asked: CreateToken });

/** The calls of worker.sock for API tokens, and for cookies that were signed out. */
export function accessRoutes({ access }: Context): WorkerRoute[] {
  const one = /^\/tokens\/(?<id>[^/]+)$/;
  return [
    {
      method: "GET",
      pattern: /^\/tokens$/,
      handle: ({ query }) => access.listTokens(parseOrFail(WithPrincipal, Object.fromEntries(query)).principal),
    },
    {
      method: "POST",
      pattern: /^\/tokens$/,
      handle: ({ body }) => {
        const { principal, asked } = parseOrFail(TokenRequest, body);
        return access.createToken(principal, asked);
      },
    },
    {
      method: "DELETE",
      pattern: one,
      handle: ({ params, body }) => access.revokeToken(parseOrFail(WithPrincipal, body).principal, params.id ?? ""),
    },
    {
      method: "POST",
      pattern: /^\/cookies\/end$/,
      handle: ({ body }) => access.endCookie(parseOrFail(EndedCookie, body)),
    },
    {
      method: "POST",
      pattern: /^\/tokens\/(?<id>[^/]+)\/used$/,
      handle: ({ params }) => access.noteUse(params.id ?? ""),
    },
  ];
}
