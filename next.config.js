/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // `npm run lint` checks types, of every part at once. Next rewrites the configuration that it is given.
  typescript: { ignoreBuildErrors: true, tsconfigPath: "tsconfig.next.json" },
  // Loaded from node_modules by server/ as well; bundled once more they would not be the same modules.
  serverExternalPackages: ["@prisma/client", "pg", "pino", "ws"],
};
