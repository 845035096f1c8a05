import { z } from "zod";

/** What a page exchanges for a session cookie: the operator token, or the code of a one-time link. */
export const SignIn = z
  .union([
    z.strictObject({ token: z.string().min(1, "must not be empty").max(500) }),
    z.strictObject({ code: z.string().min(1, "must not be empty").max(500) }),
  ])
  .meta({ id: "SignIn" });
export type SignIn = z.infer<typeof SignIn>;
