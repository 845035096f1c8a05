import { cn } from "../ui/class-names.ts";
import type { FormValues } from "./form-values.ts";
import { presetOf } from "./presets.ts";

interface Props {
  label: string;
  presets: Parameters<typeof presetOf>[0];
  values: FormValues;
  onChoose: (values: Partial<FormValues>) => void;
}

/** A few good choices to begin with; the one that the form stands for is marked. */
export function PresetButtons({ label, presets, values, onChoose }: Props) {
  const current = presetOf(presets, values);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset within a fieldset would draw a second frame
    <div role="group" aria-label={label} className="grid grid-cols-2 gap-2 sm:grid-cols-4">
      {presets.map(({ id, label, detail, values: chosen }) => (
        <button
          key={id}
          type="button"
          aria-pressed={current === id}
          onClick={() => onChoose(chosen)}
          className={cn(
            "flex flex-col items-start rounded-lg border px-3 py-2 text-left transition-colors hover:bg-hover any-pointer-coarse:min-h-12",
            current === id ? "border-accent bg-accent-soft ring-1 ring-accent" : "border-line",
          )}
        >
          <span className="block font-medium text-sm">{label}</span>
          <span className="block text-pretty text-faint text-xs tabular-nums">{detail}</span>
        </button>
      ))}
    </div>
  );
}
