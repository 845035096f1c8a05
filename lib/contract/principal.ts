import { z } from "zod";

/** Who asks. The operator is the holder of the operator token, in the end the local root. */
export const Principal = z.object({ id: z.string(), name: z.string(), role: z.enum(["administrator"]) });
export type Principal = z.infer<typeof Principal>;

export const operator: Principal = { id: "operator", name: "Operator", role: "administrator" };
