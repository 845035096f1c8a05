import { setTimeout as sleep } from "node:timers/promises";
import type { Instance } from "./instance.ts";
import { Terminal } from "./terminal.ts";

/** A container's terminal as a page holds it for hours: when the stream breaks it comes back with its offset. */
export class SteadyTerminal {
  /** All output since the container's first start, as text. */
  text = "";
  /** Streams that were opened. */
  streams = 0;
  private received = 0;
  private over = false;
  private current: Terminal | null = null;
  private readonly done: Promise<void>;

  constructor(
    private readonly instance: Instance,
    private readonly name: string,
  ) {
    this.done = this.follow();
  }

  async close(): Promise<void> {
    this.over = true;
    this.current?.close();
    await this.done;
  }

  private async follow(): Promise<void> {
    const decoder = new TextDecoder();
    while (!this.over) {
      try {
        const body = { cols: 80, rows: 24 };
        const session = await this.instance.client.call("createSession", { params: { name: this.name }, body });
        const { ticket } = session;
        const terminal = new Terminal(this.instance, session, { ticket, resumeFrom: this.received });
        this.current = terminal;
        terminal.onOutput = (bytes) => {
          this.received += bytes.length;
          this.text += decoder.decode(bytes, { stream: true });
        };
        await terminal.until("the stream ends", () => terminal.closed, 600_000);
        if (terminal.ready) this.streams += 1;
      } catch {
        // MiniRun is between two releases.
      }
      await sleep(100);
    }
  }
}
