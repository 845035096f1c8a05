import { describe, expect, it } from "vitest";
import { format } from "./metrics.ts";

describe("Prometheus' text format", () => {
  const metric = { name: "x", type: "gauge", help: "Of x.", value: (of: number | null) => of } as const;

  it("has help and type once, and labels whose values are escaped", () => {
    const samples = [
      { of: 1.5, labels: { name: "a" } as Record<string, string> },
      { of: 2, labels: { name: 'b"\\\nminirun_fake 1', image: "/images/ä" } },
    ];
    expect(format(metric, samples)).toBe(
      [
        "# HELP minirun_x Of x.",
        "# TYPE minirun_x gauge",
        'minirun_x{name="a"} 1.5',
        'minirun_x{name="b\\"\\\\\\nminirun_fake 1",image="/images/ä"} 2',
        "",
      ].join("\n"),
    );
  });

  it("leaves out what is not known, and a metric without any value", () => {
    expect(format(metric, [{ of: null, labels: {} }])).toBe("");
    expect(format(metric, [{ of: 0, labels: {} }])).toContain("minirun_x 0\n");
  });
});
