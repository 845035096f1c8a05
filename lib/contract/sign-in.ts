import * as z from "zod";
import { longestPassword } from "./person.ts";

/** What a page exchanges for a session cookie: a password, the operator token, or the code of a one-time link. */
export const SignIn = z
  .union([
    z.strictObject({
      email: z.string().min(1, "must not be empty").max(254),
      password: z.string().min(1, "must not be empty").max(longestPassword),
    }),
    z.strictObject({ token: z.string().min(1, "must not be empty").max(500) }),
    z.strictObject({ code: z.string().min(1, "must not be empty").max(500) }),
  ])
  .meta({ id: "SignIn" });
export type SignIn = z.infer<typeof SignIn>;
