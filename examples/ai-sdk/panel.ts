/** A panel of three models that need no key: two that know what to do, and one that proposes a wrong call at every step. */
import { createEnsemble, defineModel, type ModelResponse } from 'crucible-ensemble';

type Step = (results: readonly string[]) => ModelResponse;

const call = (toolName: string, input: object): ModelResponse => ({
  text: '',
  toolCalls: [{ toolName, input }],
  usage: { inputTokens: 120, outputTokens: 15 },
});

const right: Step = ([capital, temperature]) => {
  if (capital === undefined) return call('findCapital', { country: 'Italy' });
  if (temperature === undefined) return call('forecast', { city: capital });
  return { text: `It will be ${temperature} in ${capital}.`, usage: { inputTokens: 180, outputTokens: 12 } };
};

const wrong: Step = () => call('forecast', { city: 'Oslo' });

const member = (id: string, step: Step) =>
  defineModel(id, (_, { request }) =>
    step(
      request.messages.flatMap(({ role, content }) =>
        role === 'tool' ? content.map(({ output }) => String(output.value)) : [],
      ),
    ),
  );

export const panel = createEnsemble({
  models: [member('luna', right), member('haiku', right), member('confused', wrong)],
});
