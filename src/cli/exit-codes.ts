/** What the command line exits with. */
export const exitCodes = {
  answered: 0,
  noPrediction: 1,
  usage: 2,
  /** 128 and the number of SIGINT, as shells have it. */
  interrupted: 130,
} as const;
