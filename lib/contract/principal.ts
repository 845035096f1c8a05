import * as z from "zod";
import { roles } from "./role.ts";

export const Role = z.enum(roles).meta({ id: "Role" });
export type Role = z.infer<typeof Role>;

/**
 * What a principal showed. `operator` is the operator token, or the cookie that was had for it or for a one-time link;
 * `token` an API token, `session` a person's session. `id` names the very one: what rests on it ends with it.
 */
export const Credential = z.object({
  kind: z.enum(["operator", "token", "session"]),
  id: z.string(),
  expiresAt: z.iso.datetime().nullable().default(null),
});
export type Credential = z.infer<typeof Credential>;

/** Who asks, as the server has found out. The operator is the holder of the operator token, in the end the local root. */
export const Principal = z
  .object({ id: z.string(), name: z.string(), role: Role, credential: Credential })
  .meta({ id: "Principal" });
export type Principal = z.infer<typeof Principal>;

export const operator: Principal = {
  id: "operator",
  name: "Operator",
  role: "administrator",
  credential: { kind: "operator", id: "operator-token", expiresAt: null },
};
