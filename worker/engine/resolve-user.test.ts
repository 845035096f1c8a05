import { describe, expect, it } from "vitest";
import { resolveUser } from "./resolve-user.ts";

const files: Record<string, string> = {
  "/etc/passwd": [
    "root:x:0:0:root:/root:/bin/bash",
    "# a comment",
    "torn:x:12",
    "huge:x:4294967295:0::/:/bin/sh",
    "negative:x:-1:0::/:/bin/sh",
    "app:x:1000:1001:,,,:/home/app:/bin/sh",
    "app:x:0:0:a second line of that name:/:/bin/sh",
    "odd:x:7:7:no home:relative:/bin/sh",
    "12:x:300:300:a number for a name:/home/12:/bin/sh",
  ].join("\n"),
  "/etc/group": ["root:x:0:", "app:x:1001:", "audio:x:29:other,app", "video:x:44:app", "bad:x:x:app"].join("\n"),
};
const read = async (path: string) => files[path] ?? null;

describe("resolveUser", () => {
  it.each([
    ["root", { uid: 0, gid: 0, additionalGids: [], home: "/root" }],
    ["app", { uid: 1000, gid: 1001, additionalGids: [29, 44], home: "/home/app" }],
    ["1000", { uid: 1000, gid: 1001, additionalGids: [29, 44], home: "/home/app" }],
    ["app:audio", { uid: 1000, gid: 29, additionalGids: [], home: "/home/app" }],
    ["app:5", { uid: 1000, gid: 5, additionalGids: [], home: "/home/app" }],
    ["4000", { uid: 4000, gid: 0, additionalGids: [], home: null }],
    ["4000:4001", { uid: 4000, gid: 4001, additionalGids: [], home: null }],
    ["odd", { uid: 7, gid: 7, additionalGids: [], home: null }],
    ["12", { uid: 300, gid: 300, additionalGids: [], home: "/home/12" }],
  ])("knows %s", async (text, user) => {
    expect(await resolveUser(read, text)).toEqual(user);
  });

  it.each(["nobody-here", "app:nothing", "huge", "negative", "torn", ":5", "app:", "4294967295", "-1", "1e3", "0x0"])(
    "refuses %s",
    async (text) => {
      await expect(resolveUser(read, text)).rejects.toMatchObject({ problem: { code: "user-not-found" } });
    },
  );

  it("takes numbers and root where there are no such files, and nothing else", async () => {
    const none = async () => null;
    expect(await resolveUser(none, "5:6")).toEqual({ uid: 5, gid: 6, additionalGids: [], home: null });
    expect(await resolveUser(none, "root")).toEqual({ uid: 0, gid: 0, additionalGids: [], home: "/root" });
    await expect(resolveUser(none, "app")).rejects.toThrow(/no user "app"/);
  });

  it("takes no more groups than any process needs", async () => {
    const group = Array.from({ length: 5000 }, (_, gid) => `g${gid}:x:${gid}:app`).join("\n");
    const { additionalGids } = await resolveUser(
      async (path) => (path === "/etc/group" ? group : (files[path] ?? null)),
      "app",
    );
    expect(additionalGids).toHaveLength(1024);
  });
});
