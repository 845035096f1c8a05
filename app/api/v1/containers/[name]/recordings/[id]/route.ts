import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readRecording } from "@/server/services/recordings.ts";

export const GET = api(routes.readRecording, ({ context, params, request }) =>
  readRecording(context, params.name, params.id, request.signal),
);
