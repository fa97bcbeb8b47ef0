// H1: does a panel of five small models reach 99 %, where one alone reaches 85 to 90 %?
import { labelledBallots, reliabilityCurve, runExperiment, scorecard } from 'crucible-ensemble/experiment';
import { type Evidence, recording, simulation } from './evidence.ts';

const percent = (share = Number.NaN) => `${(100 * share).toFixed(1)} %`;

const test = async (
  { basis, dataset, models, normalization }: Evidence,
  isSimulated: boolean,
): Promise<void> => {
  const panel = isSimulated ? models.slice(1) : models;
  const common = { normalization, minResponses: 1 };
  const conditions = { all: { models: panel, ...common }, five: { models: panel.slice(0, 5), ...common } };
  const card = await scorecard(runExperiment({ dataset, conditions }), { normalization });
  const [all, { accuracy: five } = {}] = card.conditions;
  const singles = all?.models.map(({ accuracy }) => accuracy?.value ?? 0) ?? [];
  const ballots = await Array.fromAsync(labelledBallots(dataset, { normalization }));
  const curve = reliabilityCurve(ballots, { models: panel.map(({ id }) => id), maxPanels: 60 });
  console.log(`\n${basis}`);
  console.log(`single models     ${percent(Math.min(...singles))} to ${percent(Math.max(...singles))}`);
  console.log(
    `panel of five     ${percent(five?.value)} (95 %: ${percent(five?.low)} to ${percent(five?.high)})`,
  );
  const atFive = curve.points.find(({ size }) => size === 5);
  console.log(`if independent    ${percent(atFive?.ifIndependent)} for an average panel of five`);
  const verdict = (five?.low ?? 0) >= 0.99 ? 'supported' : (five?.high ?? 1) < 0.99 ? 'refuted' : 'open';
  console.log(`H1 (99 %) is ${verdict} on these data.`);
};

console.log('H1: five small models reach 99 %');
await test(simulation({ questions: 2000 }), true);
await test(simulation({ questions: 2000, shared: 0.4 }), true);
const real = await recording();
if (real !== undefined) await test(real, false);
