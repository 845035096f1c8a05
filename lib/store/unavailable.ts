import * as z from "zod";

const Fault = z.object({
  code: z.string().optional(),
  message: z.string().optional(),
  cause: z.unknown().optional(),
  meta: z.object({ driverAdapterError: z.unknown().optional() }).optional(),
  originalCode: z.string().optional(),
  kind: z.string().optional(),
});

/** SQLSTATEs of a server that is not there for us, or not yet: appendix A of PostgreSQL's manual. */
const unavailableStates = [
  /^08/, // connection exception
  /^28/, // invalid authorization: the role or its mapping is not made yet
  /^3D000$/, // the database is not made yet
  /^(3F000|42P01|42883|42501)$/, // nor its schema, tables, functions or grants
  /^53/, // insufficient resources
  /^55000$/, // object not in prerequisite state: the node has not registered
  /^57(014|P0\d)$/, // statement time-out, shutdown, crash, cannot connect now
  /^58/, // system error
  /^XX/, // internal error
];
/** Node's system errors, Prisma's codes and the driver adapter's kinds for the same. */
const unavailableCodes =
  /^(ECONN(REFUSED|RESET|ABORTED)|ENOENT|EPIPE|EACCES|EAGAIN|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|P10(01|02|08|10|11|17)|P20(21|24))$/;
const unavailableKinds =
  /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TlsConnectionError|DatabaseDoesNotExist|AuthenticationFailed|DatabaseAccessDenied|TooManyConnections|TableDoesNotExist)$/;
/** pg and its pool name these by their words alone. */
const unavailableMessages =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|timeout expired|not queryable/i;

/**
 * Whether an error of the store says that the database can't answer now (away, starting, not yet migrated), so that
 * the caller should turn to the worker. Errors about the request itself answer false.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; depth < 6; depth += 1) {
    const fault = Fault.safeParse(at).data;
    if (!fault) return false;
    const codes = [fault.code, fault.originalCode].filter((code) => code !== undefined);
    if (codes.some((code) => unavailableCodes.test(code) || unavailableStates.some((state) => state.test(code)))) {
      return true;
    }
    if (unavailableKinds.test(fault.kind ?? "") || unavailableMessages.test(fault.message ?? "")) return true;
    at = fault.cause ?? fault.meta?.driverAdapterError;
  }
  return false;
}
