import type { Logger } from "pino";
import type { Principal, Role } from "../lib/contract/principal.ts";
import type { Problem } from "../lib/contract/problem.ts";
import { reaches } from "../lib/contract/role.ts";
import type { Principals } from "./principals.ts";
import { unauthenticated } from "./problems.ts";

/** How often it is looked whether a credential still holds: what rests on one ends within a second. */
const lookEveryMs = 500;

/** Something that goes on for as long as the credential holds that it rests on: a stream, a terminal, a request. */
interface OpenStream {
  principal: Principal;
  /** The least role that it needs. */
  needed: Role;
  end(why: Problem): void;
}

/** What rests on which credential, so that it ends with that. */
export interface OpenStreams {
  /** Takes a stream in; answers what takes it out when it ends by itself. */
  add(stream: OpenStream): () => void;
  /** Ends at once what rests on this credential, or on any of this principal's. */
  revoke(which: { credential: string } | { principal: string }): void;
  /** Looks at once whether the credentials of all streams still hold, instead of within half a second. */
  look(): Promise<void>;
}

/** `renew` finds out anew whom a credential stands for; when it rejects, that can't be said, and the streams go on. */
export function createOpenStreams(
  { renew }: Pick<Principals, "renew">,
  stopping: AbortSignal,
  log: Logger,
): OpenStreams {
  const byCredential = new Map<string, Set<OpenStream>>();

  const lookAt = async (streams: Set<OpenStream>) => {
    const [first] = streams;
    if (!first) return;
    const now = await renew(first.principal);
    for (const stream of streams) {
      const holds = now?.id === stream.principal.id && reaches(now.role, stream.needed);
      if (!holds) stream.end(unauthenticated());
    }
  };
  const look = async () => {
    const looks = await Promise.allSettled([...byCredential.values()].map(lookAt));
    for (const { reason } of looks.filter((one) => one.status === "rejected")) {
      log.debug({ err: reason }, "it can't be said whether a credential still holds: what rests on it goes on");
    }
  };
  const timer = setInterval(() => void look(), lookEveryMs).unref();
  stopping.addEventListener("abort", () => clearInterval(timer), { once: true });

  return {
    look,
    add(stream) {
      const { id } = stream.principal.credential;
      const set = byCredential.get(id) ?? new Set();
      byCredential.set(id, set.add(stream));
      return () => {
        set.delete(stream);
        if (set.size === 0 && byCredential.get(id) === set) byCredential.delete(id);
      };
    },
    revoke(which) {
      for (const stream of [...byCredential.values()].flatMap((set) => [...set])) {
        const { id, credential } = stream.principal;
        const isMeant = "credential" in which ? credential.id === which.credential : id === which.principal;
        if (isMeant) stream.end(unauthenticated());
      }
    },
  };
}
