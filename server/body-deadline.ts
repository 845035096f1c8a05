import type { IncomingMessage, ServerResponse } from "node:http";

/** A body that is no upload must be there within this time, in milliseconds. */
const bodyMs = 30_000;
/** What is still being sent after the answer is listened to for this long: a client reads no answer before. */
const lingerMs = 10_000;

/**
 * Cuts the connection of a request whose body never ends: `requestTimeout` of Node's server would end long uploads
 * too. An upload may take as long as it likes while bytes come; whoever reads it watches over that.
 */
export function limitBodyTime(request: IncomingMessage, response: ServerResponse, isUpload: boolean): void {
  const cut = () => {
    if (!request.complete) request.socket.destroy();
  };
  const deadline = isUpload ? undefined : setTimeout(cut, bodyMs);
  response.once("close", () => clearTimeout(deadline));
  response.once("finish", () => {
    if (!request.complete) setTimeout(cut, lingerMs).unref();
  });
}
