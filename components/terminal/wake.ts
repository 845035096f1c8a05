const tickMs = 5_000;
/** Browsers let timers of a hidden page run once a minute; a longer silence was sleep. */
const sleepMs = 90_000;

/**
 * Calls back when somebody looks again, the machine has woken up or the network is back. `doubt` says that connections
 * may be dead without knowing it. Returns the call that ends it.
 */
export function onWake(woken: (doubt: boolean) => void): () => void {
  let seen = Date.now();
  const slept = () => {
    const silence = Date.now() - seen;
    seen = Date.now();
    return silence > sleepMs;
  };
  const tick = () => {
    if (slept()) woken(true);
  };
  const shown = () => {
    if (document.visibilityState === "visible") woken(slept());
  };
  const online = () => woken(true);
  const timer = setInterval(tick, tickMs);
  document.addEventListener("visibilitychange", shown);
  window.addEventListener("online", online);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", shown);
    window.removeEventListener("online", online);
  };
}
