import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { watchEvents } from "@/server/services/watch-events.ts";

export const GET = api(routes.watchEvents, async ({ context, request }) =>
  watchEvents(context, request.signal, request.headers.get("last-event-id")),
);
