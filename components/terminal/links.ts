import { WebLinksAddon } from "@xterm/addon-web-links";
import type { ILinkHandler, Terminal } from "@xterm/xterm";

/**
 * Makes addresses in the output links. What a program prints is hostile: only http and https are opened, in a page
 * that knows nothing of this one, and not by a bare click but with Ctrl, Command, or a finger. `onHover` gets the true
 * target, which the text of a hyperlink (OSC 8) may hide.
 */
export function openLinks(terminal: Terminal, onHover: (target: string | null) => void): void {
  const open = (event: MouseEvent, text: string) => {
    const target = webAddress(text);
    if (target && (event.ctrlKey || event.metaKey || fromTouch(event)))
      window.open(target, "_blank", "noopener,noreferrer");
  };
  const hover = (_event: MouseEvent, text: string) => onHover(webAddress(text));
  const leave = () => onHover(null);
  const handler: ILinkHandler = { activate: open, hover, leave };
  terminal.options.linkHandler = handler;
  terminal.loadAddon(new WebLinksAddon(open, { hover, leave }));
}

/** The address, normalised, if it is one of the web's; null for anything else. */
export function webAddress(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === "https:" || protocol === "http:" ? href : null;
}

function fromTouch(event: MouseEvent): boolean {
  return event instanceof PointerEvent ? event.pointerType === "touch" : matchMedia("(pointer: coarse)").matches;
}
