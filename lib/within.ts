/** The promise's value, or null when it takes longer than this many milliseconds or the signal aborts first. */
export async function within<T>(promise: Promise<T>, milliseconds: number, signal?: AbortSignal): Promise<T | null> {
  let stop = () => {};
  const deadline = new Promise<null>((resolve) => {
    const timer = setTimeout(() => resolve(null), milliseconds);
    const abort = () => resolve(null);
    signal?.addEventListener("abort", abort);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    if (signal?.aborted) abort();
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    stop();
  }
}
