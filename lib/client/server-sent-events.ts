/** A message of an event stream: `event` is "message" unless the server named it. */
export interface StreamMessage {
  event: string;
  id: string | null;
  data: string;
}

/**
 * Reads server-sent events (HTML standard, section 9.2) from a response's body until it ends. Whoever stops reading ends
 * the response too: its connection would keep the process alive.
 */
export async function* readServerSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamMessage> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const message = parseBlock(block);
        if (message) yield message;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parseBlock(block: string): StreamMessage | null {
  const message: StreamMessage = { event: "message", id: null, data: "" };
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field === "data") data.push(value);
    else if (field === "event") message.event = value;
    else if (field === "id") message.id = value;
  }
  return data.length > 0 ? { ...message, data: data.join("\n") } : null;
}
