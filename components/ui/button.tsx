import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";
import { Spinner } from "./spinner.tsx";

export const buttonStyle = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-[background-color,border-color,color,opacity,scale] duration-100 active:scale-[0.98] any-pointer-coarse:min-h-10 disabled:pointer-events-none disabled:opacity-50 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-ink text-on-ink hover:bg-ink/85",
        outline: "border border-line-strong bg-surface text-ink shadow-card hover:bg-hover",
        ghost: "text-soft hover:bg-hover hover:text-ink",
        danger: "bg-bad-fill text-[white] hover:bg-bad-fill/85",
      },
      size: {
        sm: "h-7 px-2.5 text-xs [&_svg]:size-3.5",
        md: "h-8 px-3 text-sm [&_svg]:size-4",
        lg: "h-10 px-4 text-base [&_svg]:size-4",
        icon: "size-7 any-pointer-coarse:size-10 [&_svg]:size-4",
      },
    },
    defaultVariants: { variant: "outline", size: "md" },
  },
);

type Props = ComponentProps<"button"> & VariantProps<typeof buttonStyle> & { pending?: boolean };

/** A button; `pending` shows that what it started is under way and keeps it from starting again. */
export function Button({ variant, size, className, pending = false, disabled, children, ...props }: Props) {
  return (
    <button
      type="button"
      className={cn(buttonStyle({ variant, size }), className)}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      {...props}
    >
      {pending && <Spinner />}
      {pending && size === "icon" ? null : children}
    </button>
  );
}
