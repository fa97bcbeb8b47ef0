/** The exit codes of the command line. */
export const exitCodes = {
  answered: 0,
  noPrediction: 1,
  usage: 2,
  /** 128 plus the number of SIGINT, as in shells. */
  interrupted: 130,
} as const;
