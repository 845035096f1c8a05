import type { Lab } from "./lab.ts";
import { isApart, type LabProcess, type LabState } from "./state.ts";

/** The overlay that the program mounts. */
function overlayOf(state: LabState, process: LabProcess) {
  if (!isApart(state, process, "mnt")) return undefined;
  return process.mounts.find(({ target, type }) => type === "overlay" && target.endsWith("/merged"));
}

/** "lowerdir=a:b", or since Linux 6.8 "lowerdir+=a,lowerdir+=b". */
function lowerLayers(options: string): number {
  return options.split(",").reduce((sum, option) => {
    if (option.startsWith("lowerdir+=")) return sum + 1;
    return option.startsWith("lowerdir=") ? sum + option.split(":").length : sum;
  }, 0);
}

export const overlayfs: Lab = {
  name: "overlayfs",
  title: "overlayfs",
  summary: "How a hundred containers share one image, and each still has its own files.",
  text: [
    "A container should begin with all files of its image and be free to change each of them. Copying them would take seconds and gigabytes. overlayfs lays one directory over another: what is looked up is found in the upper one, or else in the one below.",
    "Below is only read, so any number of overlays can stand on it. A file that is written to is copied up first, whole; a file that is deleted leaves a mark in the upper layer, the whiteout, that says: look no further.",
    "What a container has changed is therefore exactly its upper layer. The root of every container of MiniRun is such an overlay, and so is this lab's.",
  ],
  notes: [
    {
      line: 'mount("layers", "/tmp/overlay", "tmpfs"',
      text: "This lab's root is an overlay, and overlayfs does not take one as its upper layer: it could not keep its marks apart from those of the other.",
    },
    {
      line: '{"lower", "base", "upper", "work", "merged"}',
      text: "`work` is where a copy is made before it is renamed into `upper` in one step. The two must be on one file system.",
    },
    {
      line: "lowerdir=%s,upperdir=upper,workdir=work",
      text: "Several lower layers stand between colons, the topmost first. Images come in layers, so that two images can share those at the bottom.",
    },
    {
      line: "S_ISCHR(found.st_mode) && found.st_rdev == 0",
      text: "There is no device 0, 0, so the mark can't be mistaken. A directory that replaces another has the attribute `trusted.overlay.opaque` instead.",
    },
    {
      line: 'put("merged/one", "changed");',
      text: "Opening it for writing is enough to copy it up, were it a gigabyte and one byte to change.",
    },
    {
      line: 'unlink("merged/two")',
      text: "So deleting a file of the image frees nothing: it takes an inode more.",
    },
  ],
  tasks: [
    {
      id: "mounted",
      title: "A process that has an overlay mounted",
      detail: "In its own mount namespace, with layers on a tmpfs.",
      command: "overlayfs mounted",
      seenIn: "/proc/PID/mountinfo",
      isDone: (state) => state.processes.some((process) => overlayOf(state, process) !== undefined),
    },
    {
      id: "two",
      title: "Two layers below",
      detail: "An overlay that shows what is in any of three directories.",
      command: "overlayfs two",
      seenIn: "the options in /proc/PID/mountinfo",
      isDone: (state) => state.processes.some((process) => lowerLayers(overlayOf(state, process)?.options ?? "") >= 2),
    },
  ],
};
