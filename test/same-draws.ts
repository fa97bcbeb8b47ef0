import fc from 'fast-check';

// Properties draw the same values in each run, so that none fails by chance. `FC_SEED=7 npx vitest` draws others.
const { FC_SEED = '1' } = process.env;
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(FC_SEED) });
