/** For the system's own programs: nothing of our environment (TAR_OPTIONS, say) changes what they do. */
export const toolEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: process.env.NODE_ENV,
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C.UTF-8",
};
