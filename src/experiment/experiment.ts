/** Experiments: conditions over a dataset, recorded once and rescored for free. */
export {};
