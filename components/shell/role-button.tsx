"use client";

import Link from "next/link";
import { type ComponentProps, type ReactNode, useId } from "react";
import type { Role } from "@/lib/contract/principal.ts";
import { Button, buttonStyle } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { useRefusal } from "./role.tsx";

type ButtonProps = ComponentProps<typeof Button>;

/** A button for those who have a role. For others it does nothing, and says why to a pointer and to a screen reader. */
export function RoleButton({ needed = "operator", className, ...props }: ButtonProps & { needed?: Role }) {
  const refusal = useRefusal(needed);
  if (refusal === null) return <Button className={className} {...props} />;
  return <Refused {...props} {...{ refusal, className }} />;
}

interface LinkProps extends Pick<ButtonProps, "variant" | "size" | "className"> {
  href: string;
  needed?: Role;
  children: ReactNode;
}

/** A link that looks like a button, for those who have a role; for others what {@link RoleButton} is. */
export function RoleLink({ href, needed = "operator", variant, size, className, children }: LinkProps) {
  const refusal = useRefusal(needed);
  if (refusal !== null) return <Refused {...{ refusal, variant, size, className, children }} />;
  return (
    <Link href={href} className={cn(buttonStyle({ variant, size }), className)}>
      {children}
    </Link>
  );
}

/** A button that is disabled hears of no pointer, so what is around it has the title. */
function Refused({ refusal, className, children, ...props }: ButtonProps & { refusal: string }) {
  const id = useId();
  return (
    <span title={refusal} className={cn("inline-flex", className)}>
      <Button {...props} disabled onClick={undefined} aria-describedby={id} className="flex-1">
        {children}
      </Button>
      <span id={id} className="sr-only">
        {refusal}
      </span>
    </span>
  );
}
