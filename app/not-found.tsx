import Link from "next/link";
import { buttonStyle } from "@/components/ui/button.tsx";
import { Message } from "@/components/ui/message.tsx";

export default function NotFound() {
  return (
    <Message title="There is nothing here" detail="No page has this address.">
      <Link href="/containers" className={buttonStyle({ variant: "primary" })}>
        Show containers
      </Link>
    </Message>
  );
}
