import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { CreateContainer } from "@/lib/contract/container.ts";
import { formatCurl, formatRunCommand, withoutDefaults } from "./equivalents.ts";

const request = {
  name: "job",
  command: `echo "it's" $HOME`,
  env: { STAGE: "a b" },
  network: "host",
  tty: false,
  limits: { memoryBytes: 64 * 1024 * 1024, cpus: 0.5 },
} as const;

/** The words that a shell makes of a command line. */
const words = (line: string) =>
  execFileSync("bash", ["-c", `printf '%s\\0' ${line}`])
    .toString()
    .split("\0")
    .slice(0, -1);

describe("formatRunCommand", () => {
  it("says only what is not the default", () => {
    expect(formatRunCommand({ name: "web", ...CreateContainer.parse({}) })).toBe("./minirun run -dt --name web host");
  });

  it("is read back by a shell as it was meant", () => {
    expect(words(formatRunCommand(request))).toEqual([
      ...["./minirun", "run", "-d", "--name", "job", "--memory", "64m", "--network", "host", "--env", "STAGE=a b"],
      ...["host", "/bin/sh", "-c", `echo "it's" $HOME`],
    ]);
  });

  it("has an option for every setting", () => {
    const line = formatRunCommand({
      user: "www-data:33",
      userNamespace: "own",
      restart: "on-failure:3",
      readOnly: true,
      labels: { app: "shop" },
      binds: [
        { source: "/srv/a", target: "/a" },
        { source: "/srv/b", target: "/b", readOnly: false },
      ],
    });
    expect(words(line)).toEqual([
      ...[
        "./minirun",
        "run",
        "-dt",
        "--userns",
        "own",
        "--user",
        "www-data:33",
        "--restart",
        "on-failure:3",
        "--read-only",
      ],
      ...["--volume", "/srv/a:/a:ro", "--volume", "/srv/b:/b", "--label", "app=shop", "host"],
    ]);
  });

  it("clones where files are copied", () => {
    expect(formatRunCommand({ name: "b", filesFrom: "a" })).toBe("./minirun clone a b &&\n./minirun start b");
  });

  it("names sizes by the largest unit that leaves no rest", () => {
    const size = (memoryBytes: number) => formatRunCommand({ limits: { memoryBytes } });
    expect(size(2 * 1024 ** 3)).toContain("--memory 2g");
    expect(size(5000)).toContain("--memory 5000");
  });
});

describe("formatCurl", () => {
  it("sends the same request, whatever quotes stand in it", () => {
    const line = formatCurl(request, "http://127.0.0.1:8080");
    const body = words(line.replace("$(./minirun token)", "T")).at(-1) ?? "";
    expect(CreateContainer.parse(JSON.parse(body))).toEqual(CreateContainer.parse(request));
    expect(line).toContain("Bearer $(./minirun token)");
  });
});

it("leaves a request that does not fit as it is", () => {
  const wrong = { name: "Not a name" };
  expect(withoutDefaults(wrong)).toBe(wrong);
});
