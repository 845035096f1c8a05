import { fail, type ProblemError } from "../../lib/contract/problem.ts";

/** A problem about the field image of a request. */
export function notAllowed(title: string, detail: string, remedy: string): ProblemError {
  return fail("image-not-allowed", title, detail, { remedy, errors: [{ path: "image", message: "is not allowed" }] });
}

export function imageNotFound(detail: string): ProblemError {
  return fail("image-not-found", "No such image", detail, {
    remedy: "Use 'host', or the absolute path of a folder or tar archive on this host.",
    errors: [{ path: "image", message: "is not found" }],
  });
}
