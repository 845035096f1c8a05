import { type KernelView, kernelParts } from "@/lib/contract/kernel.ts";

/** A new reading in which parts that read the same are the very objects of the reading before: their panels stay as drawn. */
export function keepEqualParts(view: KernelView, before: KernelView | null): KernelView {
  if (!before || before.pid !== view.pid) return view;
  const kept: Partial<KernelView> = {};
  for (const part of kernelParts) {
    if (view[part] && JSON.stringify(view[part]) === JSON.stringify(before[part])) {
      Object.assign(kept, { [part]: before[part] });
    }
  }
  return { ...view, ...kept };
}
