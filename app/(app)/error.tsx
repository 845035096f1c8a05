"use client";

import { RotateCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Message } from "@/components/ui/message.tsx";

/** Shown when a page's data cannot be had: most often the worker is away for the moment. */
export default function PageError({ reset }: { error: Error; reset: () => void }) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const again = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <Message
      title="This page cannot be shown now"
      detail="Neither the database nor the worker answered. Both are restarted by themselves; containers go on meanwhile. `./minirun status` tells more."
    >
      <Button variant="primary" pending={pending} onClick={again}>
        {!pending && <RotateCw />}
        Try again
      </Button>
    </Message>
  );
}
