import { connect } from "node:net";

/** Throws when a worker answers on this socket: two on one state directory would undo each other's work. */
export function refuseSecondWorker(socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      reject(
        new Error(`A worker listens on ${socketPath} already. Stop it first, or set MINIRUN_RUN and MINIRUN_HOME.`),
      );
    });
    socket.once("error", () => resolve());
  });
}
