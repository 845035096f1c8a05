import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { readTheme, themeCookieName } from "@/components/shell/theme.ts";
import "./globals.css";

/** Pages are rendered for each request: their scripts carry a nonce of that answer alone. */
export const dynamic = "force-dynamic";

export const metadata: Metadata = {
  title: { default: "MiniRun", template: "%s · MiniRun" },
  description: "A container engine that you can see through",
  icons: { icon: "/brand/logo.svg" },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f9fafb" },
    { media: "(prefers-color-scheme: dark)", color: "#0d1014" },
  ],
};

const sans = localFont({ src: "./fonts/geist.woff2", variable: "--font-geist", weight: "100 900" });
const mono = localFont({ src: "./fonts/geist-mono.woff2", variable: "--font-geist-mono", weight: "100 900" });

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = readTheme((await cookies()).get(themeCookieName)?.value);
  return (
    <html
      lang="en"
      className={`${sans.variable} ${mono.variable}`}
      data-theme={theme === "system" ? undefined : theme}
      suppressHydrationWarning
    >
      <body className="flex min-h-dvh flex-col font-sans">{children}</body>
    </html>
  );
}
