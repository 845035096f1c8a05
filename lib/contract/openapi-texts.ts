import type { RouteName } from "./routes.ts";

/** Groups of calls, in the order in which a reader meets them. */
export const tags = {
  Containers: "What is there, how it stands, and how it is made and changed.",
  Lifecycle:
    "Each call waits until it is done and answers with the container. With `Prefer: respond-async` it answers 202 and the operation at once; with an `Idempotency-Key` it is carried out once however often it is sent.",
  Logs: "What containers have written, over all runs that the log still holds: text, lines of JSON, or server-sent events.",
  Statistics: "What containers and the host use, now and over time.",
  Processes: "The processes of a container.",
  Kernel: "What the kernel holds for a container, as it is now.",
  Files: "The files of a container, whether it runs or not. Paths are resolved beneath its root.",
  Terminal:
    "Sessions on a container's terminal. The stream itself is a WebSocket at a session's `path`: docs/protocol.md describes it.",
  Operations: "What was asked for, by whom, and what became of it.",
  Audit: "Who did what, from where, and what became of it.",
  Labs: "Small programs that show how containers are made, each run in a container of its own that no list shows.",
  System: "This installation and its machines.",
  "Sign-in":
    "Browsers sign in with a cookie; programs send an API token, or the operator token, as a bearer token instead.",
  People: "Who may sign in, and as what.",
  Account: "One's own account, for people who have signed in with one.",
} as const;

export type Tag = keyof typeof tags;

/** What is said of a call beside its summary. `example` is a body that fits. */
export interface CallText {
  tag: Tag;
  description?: string;
  example?: unknown;
}

export const callTexts: Record<RouteName, CallText> = {
  health: {
    tag: "System",
    description: "`degraded` while the database or the worker is away; `reasons` says which, and since when.",
  },
  listContainers: {
    tag: "Containers",
    description:
      "Filters are ANDed. `next` is the `cursor` of the page behind, null on the last one. The entity tag changes with any container.",
  },
  createContainer: {
    tag: "Containers",
    description: "What is left out gets its default: a shell on the host's own programs, 512 MiB, half a core.",
    example: { name: "web", command: "sleep infinity", limits: { memoryBytes: 268_435_456, cpus: 1 } },
  },
  getContainer: { tag: "Containers", description: "The entity tag is its revision, for If-Match of a change." },
  deleteContainer: {
    tag: "Containers",
    description: "Its files go with it. Answers 409 while it runs, unless forced.",
  },
  startContainer: { tag: "Lifecycle", description: "A failure names the step, the kernel's call and the remedy." },
  stopContainer: {
    tag: "Lifecycle",
    description: "One that does not run stays as it is. A kill that comes meanwhile ends the wait.",
    example: { timeoutSeconds: 5 },
  },
  killContainer: { tag: "Lifecycle", description: "SIGKILL ends every process.", example: { signal: "SIGKILL" } },
  restartContainer: { tag: "Lifecycle", example: { timeoutSeconds: 5 } },
  pauseContainer: { tag: "Lifecycle", description: "Its memory stays; no process gets any time until it is resumed." },
  resumeContainer: { tag: "Lifecycle" },
  updateContainer: {
    tag: "Containers",
    description:
      "Name, labels, limits and restart policy change at once, everything else only while it does not run. With If-Match it is refused when another change came first.",
    example: { limits: { memoryBytes: 536_870_912 }, labels: { team: "blue" } },
  },
  waitContainer: { tag: "Lifecycle", description: "Look at `state`: it still runs when the time was over first." },
  bulkAction: {
    tag: "Lifecycle",
    description: "A container that could not even be asked has a problem in its place; the others go on.",
    example: { verb: "stop", containers: ["web-1", "web-2"], arguments: { timeoutSeconds: 5 } },
  },
  readLogs: {
    tag: "Logs",
    description:
      "Text by default; lines of JSON or server-sent events by Accept. `follow` streams events (or lines of JSON) until the container ends, and then says `end`; a search that fails on the way says `problem`. An event's id is the offset behind it: a client that sends it back as Last-Event-ID goes on there. Pages go backwards with `before` and `tail`.",
  },
  readMergedLogs: {
    tag: "Logs",
    description: "As for one container; each line has its container's name, and an event's id is its time.",
  },
  getStats: { tag: "Statistics" },
  getStatsHistory: { tag: "Statistics" },
  getAllStats: { tag: "Statistics" },
  getMetrics: { tag: "Statistics", description: "The text format of Prometheus, version 0.0.4." },
  listProcesses: { tag: "Processes" },
  signalProcess: { tag: "Processes", example: { signal: "SIGTERM" } },
  listFiles: { tag: "Files" },
  changeFile: { tag: "Files", example: { action: "move", path: "/tmp/a", to: "/tmp/b" } },
  deleteFile: { tag: "Files" },
  readFile: { tag: "Files" },
  writeFile: {
    tag: "Files",
    description: "If-Match guards what is there; `If-None-Match: *` writes only what is not there yet.",
  },
  readArchive: { tag: "Files" },
  writeArchive: { tag: "Files", description: "Entries that lead out of the directory are refused." },
  listShells: { tag: "Terminal" },
  getTrace: {
    tag: "Containers",
    description: "Each step with the system call, what it was given, when it began and how long it took.",
  },
  checkContainer: {
    tag: "Containers",
    description:
      "The checks that explain a start that has failed, made beforehand: command, shared libraries, controllers for its limits, binds, ids, /proc. Nothing is started.",
  },
  listTraces: {
    tag: "Containers",
    description:
      "At most 50 starts and ends, which the database keeps with the operations, and the commands whose sessions are kept.",
  },
  getOperationTrace: { tag: "Operations" },
  getSessionTrace: { tag: "Terminal" },
  getKernel: {
    tag: "Kernel",
    description:
      "Namespaces, processes, mounts, control group, capabilities, what the seccomp filter answers to each system call, id maps, network and open descriptors; `parts` names some of them. Read at each call from procfs, the control group and netlink. At most 2,000 processes, 500 mounts and 1,000 descriptors are listed.",
  },
  trySystemCall: {
    tag: "Kernel",
    description:
      "Only a call that the filter refuses whatever its arguments. The scratch container is in no list, and gone when this answers.",
    example: { call: "mount" },
  },
  createSession: {
    tag: "Terminal",
    description: "`attach` opens the container's own terminal, `exec` runs another command. The ticket lives 30 s.",
    example: { mode: "exec", command: "/bin/sh" },
  },
  listSessions: { tag: "Terminal" },
  createTicket: { tag: "Terminal", description: "How a page that was loaded again comes back to its session." },
  createShare: { tag: "Terminal" },
  deleteShares: { tag: "Terminal" },
  redeemShare: { tag: "Terminal" },
  listRecordings: { tag: "Terminal" },
  readRecording: { tag: "Terminal" },
  deleteSession: { tag: "Terminal", description: "Whoever watches it is disconnected. The container goes on." },
  listOperations: { tag: "Operations" },
  getOperation: { tag: "Operations" },
  watchEvents: {
    tag: "Operations",
    description:
      "A plain message is a ContainerEvent, with an id. `operation` is an OperationSummary. `resync` asks to read everything anew, because something may have been missed; `lost` says that the worker is away. With Last-Event-ID it goes on behind that event, over at least the last 10,000.",
  },
  listAudit: {
    tag: "Audit",
    description:
      "Every change and every attempt to sign in, also refused ones. An entry is written in the transaction of what it tells of; while the database is away it waits with that.",
  },
  exportAudit: {
    tag: "Audit",
    description: "Read from the database as it is sent, however long it is. In CSV no cell is a formula.",
  },
  listNodes: { tag: "System" },
  getWorker: { tag: "System" },
  listImages: { tag: "System" },
  getHost: {
    tag: "System",
    description:
      "Each feature is tried or read anew: whether it is there, how that was found out, what is lost without it.",
  },
  listLabs: { tag: "Labs" },
  getLab: { tag: "Labs" },
  startLab: {
    tag: "Labs",
    description:
      "It is root of a user namespace, with nothing of the host but the program. It ends with its shell, after an hour, or when nobody has asked after it for three minutes.",
  },
  getLabRun: {
    tag: "Labs",
    description: "Asking keeps it alive. A task is `done` once the kernel's state has been so in this run.",
  },
  endLab: { tag: "Labs" },
  openLabSession: { tag: "Labs" },
  whoAmI: { tag: "Sign-in" },
  listTokens: { tag: "Sign-in" },
  createToken: {
    tag: "Sign-in",
    description:
      "The answer has the token, this once. It is a principal of its own: what it does stands under its own id. It is never more than its maker, and ends with that one.",
    example: { name: "deploy", role: "operator", expiresAt: "2030-01-01T00:00:00Z" },
  },
  deleteToken: { tag: "Sign-in", description: "Terminals and event streams that rest on it close within a second." },
  listPeople: { tag: "People" },
  invitePerson: { tag: "People", example: { email: "ada@example.org", role: "operator" } },
  updatePerson: { tag: "People", example: { role: "administrator" } },
  deletePerson: { tag: "People" },
  createSignInLink: { tag: "People" },
  signOutPerson: { tag: "People" },
  readInvitation: { tag: "Sign-in", example: { code: "…" } },
  acceptInvitation: { tag: "Sign-in", example: { code: "…", name: "Ada", password: "correct horse battery" } },
  getAccount: { tag: "Account" },
  updateAccount: { tag: "Account", example: { name: "Ada" } },
  changePassword: { tag: "Account", example: { current: "…", password: "correct horse battery" } },
  listBrowserSessions: { tag: "Account" },
  endBrowserSession: { tag: "Account" },
  beginSignIn: { tag: "Sign-in", example: { next: "/containers" } },
  signIn: { tag: "Sign-in", example: { email: "ada@example.org", password: "…" } },
  signOut: { tag: "Sign-in" },
};
