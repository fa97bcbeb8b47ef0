// Asks the simulated panel: the question and options of the command line, or a question that it can answer.
const own = process.argv.slice(2);
const asked = own.length > 0 ? own : ['What is 17 * 23?'];
process.argv.splice(2, own.length, 'predict', '--simulate', '3', ...asked);
await import('../src/cli/bin.ts');
