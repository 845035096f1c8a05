import { spawnSync } from "node:child_process";

/**
 * Puts this process's terminal into raw mode until the returned function is called, or the process ends, however it
 * does: a signal, an error that nobody caught. Only SIGKILL leaves it raw.
 *
 * libuv's raw mode leaves output processing on, by which a line feed would become a new line too (termios(3), ONLCR):
 * full-screen programs move the cursor down with it. setRawMode(false) brings everything back.
 */
export function makeRaw(stdin: NodeJS.ReadStream): () => void {
  stdin.setRawMode(true);
  spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
  const restore = () => {
    process.off("exit", restore);
    stdin.setRawMode(false);
  };
  process.on("exit", restore);
  return restore;
}
