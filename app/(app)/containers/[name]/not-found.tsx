import Link from "next/link";
import { buttonStyle } from "@/components/ui/button.tsx";
import { Message } from "@/components/ui/message.tsx";

export default function NotFound() {
  return (
    <Message title="There is no such container" detail="It was deleted, or the address has another name in it.">
      <Link href="/containers" className={buttonStyle({ variant: "primary" })}>
        Show containers
      </Link>
    </Message>
  );
}
