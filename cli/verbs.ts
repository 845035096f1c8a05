import type { Command } from "commander";

/** A file of commands, loaded when one of its names is typed: what a verb does not need costs it no time. */
export interface Verb {
  names: readonly string[];
  load(): Promise<(program: Command) => void>;
}

/** Every verb below the title that it has in the help. */
export const groups: readonly (readonly [title: string, verbs: readonly Verb[]])[] = [
  [
    "Containers:",
    [
      { names: ["run"], load: async () => (await import("./commands/run.ts")).registerRun },
      { names: ["create"], load: async () => (await import("./commands/create.ts")).registerCreate },
      { names: ["start"], load: async () => (await import("./commands/start.ts")).registerStart },
      { names: ["stop"], load: async () => (await import("./commands/stop.ts")).registerStop },
      { names: ["kill"], load: async () => (await import("./commands/kill.ts")).registerKill },
      { names: ["restart"], load: async () => (await import("./commands/restart.ts")).registerRestart },
      { names: ["pause"], load: async () => (await import("./commands/pause.ts")).registerPause },
      { names: ["resume", "unpause"], load: async () => (await import("./commands/resume.ts")).registerResume },
      { names: ["delete", "rm"], load: async () => (await import("./commands/delete.ts")).registerDelete },
      { names: ["wait"], load: async () => (await import("./commands/wait.ts")).registerWait },
      { names: ["rename"], load: async () => (await import("./commands/rename.ts")).registerRename },
      { names: ["update"], load: async () => (await import("./commands/update.ts")).registerUpdate },
      { names: ["clone"], load: async () => (await import("./commands/clone.ts")).registerClone },
    ],
  ],
  [
    "Terminals and files:",
    [
      { names: ["exec"], load: async () => (await import("./commands/exec.ts")).registerExec },
      { names: ["attach"], load: async () => (await import("./commands/attach.ts")).registerAttach },
      { names: ["sessions"], load: async () => (await import("./commands/sessions.ts")).registerSessions },
      { names: ["share"], load: async () => (await import("./commands/share.ts")).registerShare },
      { names: ["shells"], load: async () => (await import("./commands/shells.ts")).registerShells },
      { names: ["recordings"], load: async () => (await import("./commands/recordings.ts")).registerRecordings },
      { names: ["recording"], load: async () => (await import("./commands/recording.ts")).registerRecording },
      { names: ["replay"], load: async () => (await import("./commands/replay.ts")).registerReplay },
      { names: ["cp"], load: async () => (await import("./commands/cp.ts")).registerCp },
      { names: ["files"], load: async () => (await import("./commands/files.ts")).registerFiles },
    ],
  ],
  [
    "What runs, and how:",
    [
      { names: ["ps"], load: async () => (await import("./commands/list.ts")).registerPs },
      { names: ["list", "ls"], load: async () => (await import("./commands/list.ts")).registerList },
      { names: ["inspect"], load: async () => (await import("./commands/inspect.ts")).registerInspect },
      { names: ["logs"], load: async () => (await import("./commands/logs.ts")).registerLogs },
      { names: ["top"], load: async () => (await import("./commands/top.ts")).registerTop },
      { names: ["stats"], load: async () => (await import("./commands/stats.ts")).registerStats },
      { names: ["monitor"], load: async () => (await import("./commands/monitor.ts")).registerMonitor },
      { names: ["history"], load: async () => (await import("./commands/history.ts")).registerHistory },
      { names: ["trace"], load: async () => (await import("./commands/trace.ts")).registerTrace },
      { names: ["events"], load: async () => (await import("./commands/events.ts")).registerEvents },
      { names: ["operations"], load: async () => (await import("./commands/operations.ts")).registerOperations },
      { names: ["audit"], load: async () => (await import("./commands/audit.ts")).registerAudit },
      { names: ["images"], load: async () => (await import("./commands/images.ts")).registerImages },
      { names: ["nodes"], load: async () => (await import("./commands/nodes.ts")).registerNodes },
    ],
  ],
  [
    "MiniRun itself:",
    [
      { names: ["up", "supervise"], load: async () => (await import("./commands/up.ts")).registerUp },
      { names: ["pack"], load: async () => (await import("./commands/pack.ts")).registerPack },
      { names: ["down"], load: async () => (await import("./commands/down.ts")).registerDown },
      { names: ["status"], load: async () => (await import("./commands/status.ts")).registerStatus },
      { names: ["health"], load: async () => (await import("./commands/health.ts")).registerHealth },
      { names: ["doctor"], load: async () => (await import("./commands/doctor.ts")).registerDoctor },
      { names: ["lab"], load: async () => (await import("./commands/lab.ts")).registerLab },
      { names: ["version"], load: async () => (await import("./commands/version.ts")).registerVersion },
      { names: ["backup"], load: async () => (await import("./commands/backup.ts")).registerBackup },
      { names: ["restore"], load: async () => (await import("./commands/restore.ts")).registerRestore },
      { names: ["token"], load: async () => (await import("./commands/token.ts")).registerToken },
      { names: ["tokens"], load: async () => (await import("./commands/tokens.ts")).registerTokens },
      { names: ["users"], load: async () => (await import("./commands/users.ts")).registerUsers },
      { names: ["whoami"], load: async () => (await import("./commands/whoami.ts")).registerWhoami },
      { names: ["completion"], load: async () => (await import("./commands/completion.ts")).registerCompletion },
      { names: ["man"], load: async () => (await import("./commands/man.ts")).registerMan },
    ],
  ],
];

export function findVerb(name: string): Verb | undefined {
  return groups.flatMap(([, verbs]) => verbs).find(({ names }) => names.includes(name));
}
