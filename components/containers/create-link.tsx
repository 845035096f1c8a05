"use client";

import { Plus } from "lucide-react";
import Link from "next/link";
import type { ComponentProps } from "react";
import { useRefusal } from "../shell/role.tsx";
import { Button, buttonStyle } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";

type Props = Pick<ComponentProps<typeof Button>, "variant" | "size" | "className">;

/** Leads to a new container; for who may not make one, a button that does nothing and says why. */
export function CreateLink({ variant, size, className }: Props) {
  const refusal = useRefusal("operator");
  const content = (
    <>
      <Plus />
      Create container
    </>
  );
  if (refusal !== null) {
    return (
      <span title={refusal} className={className}>
        <Button variant={variant} size={size} disabled>
          {content}
          <span className="sr-only">{refusal}</span>
        </Button>
      </span>
    );
  }
  return (
    <Link href="/new" className={cn(buttonStyle({ variant, size }), className)}>
      {content}
    </Link>
  );
}
