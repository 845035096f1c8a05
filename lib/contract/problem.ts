import * as z from "zod";

/** Stable machine-readable codes of problems; the HTTP status that goes with each stands beside it. */
const problemStatus = {
  "invalid-json": 400,
  "invalid-request": 400,
  unauthenticated: 401,
  forbidden: 403,
  "foreign-origin": 403,
  "foreign-host": 403,
  "not-found": 404,
  "container-not-found": 404,
  "operation-not-found": 404,
  "session-not-found": 404,
  "link-not-found": 404,
  "share-not-found": 404,
  "token-not-found": 404,
  "person-not-found": 404,
  "file-not-found": 404,
  "process-not-found": 404,
  "method-not-allowed": 405,
  "name-taken": 409,
  "email-taken": 409,
  "own-account": 409,
  "container-running": 409,
  "container-not-running": 409,
  "container-paused": 409,
  "file-exists": 409,
  "file-type": 409,
  "directory-not-empty": 409,
  "read-only": 409,
  "changed-meanwhile": 412,
  superseded: 409,
  "key-reused": 409,
  "record-damaged": 409,
  "body-too-large": 413,
  "unsupported-media-type": 415,
  "validation-failed": 422,
  "image-not-found": 422,
  "image-not-allowed": 422,
  "bind-not-allowed": 422,
  "bind-not-found": 422,
  "user-not-found": 422,
  "user-namespace-unavailable": 422,
  "shell-not-found": 422,
  "pattern-too-slow": 422,
  "invalid-archive": 422,
  "command-not-found": 422,
  "command-not-executable": 422,
  "interpreter-not-found": 422,
  "loader-not-found": 422,
  "library-not-found": 422,
  "wrong-architecture": 422,
  "permission-denied": 422,
  "mount-refused": 422,
  "proc-masked": 422,
  "out-of-memory": 422,
  "limit-too-small": 422,
  "limit-not-enforceable": 422,
  "not-supported": 422,
  "invalid-bundle": 422,
  "start-failed": 422,
  "ticket-required": 401,
  "ticket-invalid": 401,
  "ticket-expired": 401,
  "too-many-requests": 429,
  "protocol-error": 400,
  "request-timeout": 408,
  "headers-too-large": 431,
  internal: 500,
  "disk-full": 507,
  "too-many-connections": 503,
  "provider-unavailable": 503,
  "worker-unavailable": 503,
  "database-unavailable": 503,
} as const;

export type ProblemCode = keyof typeof problemStatus;

const codes = Object.keys(problemStatus) as [ProblemCode, ...ProblemCode[]];

/** One field of a request that did not fit: `path` is the JSON path, as in `limits.cpus`. */
export const FieldError = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/** What the kernel answered, when a problem came from a system call. */
export const KernelCause = z.object({
  step: z.string(),
  call: z.string(),
  subject: z.string(),
  errno: z.int(),
  errnoName: z.string().nullable(),
});
export type KernelCause = z.infer<typeof KernelCause>;

/** An error as every face of MiniRun answers it: RFC 9457 problem details with our members. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(codes),
    detail: z.string(),
    remedy: z.string().optional(),
    errors: z.array(FieldError).optional(),
    cause: KernelCause.optional(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    containerId: z.string().optional(),
    operationId: z.string().optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details" });
export type Problem = z.infer<typeof Problem>;

type Extras = Partial<Omit<Problem, "type" | "title" | "status" | "code" | "detail">>;

/** Builds a problem: `title` says what happened, `detail` to what and why, `remedy` what to do. */
export function problem(code: ProblemCode, title: string, detail: string, extras: Extras = {}): Problem {
  return { type: `urn:minirun:problem:${code}`, title, status: problemStatus[code], code, detail, ...extras };
}

/** An error that carries a problem; thrown by services, answered by the wrappers as it stands. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.title}: ${problem.detail}`, options);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** Shorthand for `throw fail(…)`: the error with its problem. */
export function fail(code: ProblemCode, title: string, detail: string, extras: Extras = {}): ProblemError {
  return new ProblemError(problem(code, title, detail, extras));
}

/** Turns a schema's complaint into a 422 that names each field. */
function validationProblem(error: z.ZodError): Problem {
  const errors = error.issues.map((issue) => ({ path: issue.path.map(String).join("."), message: issue.message }));
  const first = errors[0];
  const where = first?.path ? `${first.path}: ` : "";
  return problem("validation-failed", "The request does not fit", `${where}${first?.message ?? "unknown field"}`, {
    errors,
  });
}

/** Parses with a schema or throws the 422 that says which field does not fit. */
export function parseOrFail<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (!result.success) throw new ProblemError(validationProblem(result.error));
  return result.data;
}
