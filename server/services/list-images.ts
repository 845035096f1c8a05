import { callWorker } from "../../lib/client/worker.ts";
import { ImageList } from "../../lib/contract/image.ts";
import type { WebContext } from "../context.ts";

/** The images and host paths that root's configuration allows on this node. */
export async function listImages({ workerSocket }: WebContext): Promise<ImageList> {
  return ImageList.parse(await callWorker(workerSocket, "GET", "/images", undefined, { timeoutMs: 10_000 }));
}
