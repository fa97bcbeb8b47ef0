/** The exit codes of the command line. */
export const exitCodes = {
  success: 0,
  failure: 1,
  usage: 2,
  /** 128 plus the number of SIGINT, as in shells. */
  interrupted: 130,
  /** 128 plus the number of SIGTERM. */
  terminated: 143,
} as const;
