/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Loaded from node_modules by server/ as well; bundled once more they would not be the same modules.
  serverExternalPackages: ["@prisma/client", "pg", "pino", "ws"],
};
