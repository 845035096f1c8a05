/** As much of the window as the rest of the container's page leaves. */
export const terminalHeight = "h-[max(24rem,calc(100dvh-16.5rem))]";
