export interface Answered {
  status: string;
  ok: boolean;
  milliseconds: number;
  text: string;
  /** Whether there was more. */
  cut: boolean;
}

const mostBytes = 64 * 1024;
const patienceMs = 5_000;

/** Reads from the API with the page's own session; of what is long or never ends only the beginning. */
export async function tryCall(path: string): Promise<Answered> {
  const started = performance.now();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), patienceMs);
  try {
    const response = await fetch(path, { signal: controller.signal, cache: "no-store" });
    const milliseconds = performance.now() - started;
    const { text, cut } = await readBeginning(response);
    return {
      status: `${response.status} ${response.statusText}`,
      ok: response.ok,
      milliseconds,
      text: pretty(text),
      cut,
    };
  } catch (error) {
    const text = controller.signal.aborted ? `No answer within ${patienceMs / 1000} s.` : String(error);
    return { status: "No answer", ok: false, milliseconds: performance.now() - started, text, cut: false };
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

async function readBeginning(response: Response): Promise<{ text: string; cut: boolean }> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
      if (done) return { text, cut: false };
      text += decoder.decode(value, { stream: true });
      if (text.length > mostBytes) return { text: text.slice(0, mostBytes), cut: true };
    }
  } catch {
    return { text, cut: true };
  }
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
