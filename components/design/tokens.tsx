import { Section, Specimen } from "./section.tsx";

const colors = {
  Surfaces: ["bg-canvas", "bg-surface", "bg-raised", "bg-sunken", "bg-hover"],
  Lines: ["bg-line", "bg-line-strong"],
  Text: ["bg-ink", "bg-soft", "bg-faint"],
  Meaning: ["bg-accent", "bg-ok", "bg-warn", "bg-bad", "bg-accent-soft", "bg-ok-soft", "bg-warn-soft", "bg-bad-soft"],
  Sides: ["bg-host", "bg-child", "bg-host-ink", "bg-child-ink"],
};

const sizes = ["text-3xl", "text-2xl", "text-xl", "text-lg", "text-base", "text-sm", "text-xs", "text-2xs"];
const radii = ["rounded-sm", "rounded-md", "rounded-lg", "rounded-xl", "rounded-2xl"];
const shadows = ["shadow-card", "shadow-lift", "shadow-pop"];
const motions = ["animate-pulse-soft", "animate-rise", "animate-spin"];

/** The values that everything is made of, as app/globals.css has them. */
export function Tokens() {
  return (
    <>
      <Section title="Colour">
        {Object.entries(colors).map(([group, names]) => (
          <Specimen key={group} name={group}>
            <div className="flex flex-wrap gap-3">
              {names.map((name) => (
                <div key={name} className="w-20">
                  <div className={`h-12 rounded-lg border ${name}`} />
                  <p className="mt-1 truncate font-mono text-2xs text-faint">{name.replace("bg-", "")}</p>
                </div>
              ))}
            </div>
          </Specimen>
        ))}
      </Section>
      <Section title="Type">
        <Specimen name="Geist" wide>
          {sizes.map((size) => (
            <p key={size} className={`${size} truncate`}>
              A container engine that you can see through <span className="text-faint">{size}</span>
            </p>
          ))}
        </Specimen>
        <Specimen name="Geist Mono">
          <p className="font-mono text-sm">clone3(CLONE_NEWPID) = 4711</p>
          <p className="font-mono text-sm tabular-nums">0123456789 1.50 MiB</p>
        </Specimen>
      </Section>
      <Section title="Radius, depth, motion">
        {radii.map((radius) => (
          <Specimen key={radius} name={radius}>
            <div className={`size-16 border bg-surface ${radius}`} />
          </Specimen>
        ))}
        {shadows.map((shadow) => (
          <Specimen key={shadow} name={shadow}>
            <div className={`size-16 rounded-xl border bg-raised ${shadow}`} />
          </Specimen>
        ))}
        {motions.map((motion) => (
          <Specimen key={motion} name={motion}>
            <div className={`size-8 rounded-lg bg-accent ${motion}`} />
          </Specimen>
        ))}
      </Section>
    </>
  );
}
