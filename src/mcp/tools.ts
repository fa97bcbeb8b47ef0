import { ensembleField } from '../chat/ensemble-field.ts';
import { explain } from '../metrics/explain.ts';
import type { CalledSdk, ToolContext, ToolHost, ToolResult } from './mcp-sdk.ts';
import type { PanelAnswer, PanelClient, PanelVotes } from './panel-client.ts';
import { type Explanations, ownerOf } from './remember-explanations.ts';

/** What the tools of one server share. */
export interface ToolSettings extends Pick<CalledSdk<object>, 'fromJsonSchema'> {
  readonly client: PanelClient;
  readonly memory: Explanations;
  readonly deadlineMs: number;
  /** The request over HTTP: what is remembered belongs to its key. */
  readonly request: Request | undefined;
}

const text = { type: 'string' };
const number = { type: 'number' };
const texts = { type: 'array', items: text };

const answerSchema = {
  type: 'object',
  properties: {
    prediction_id: { ...text, description: 'For explain_prediction' },
    panel: text,
    text: { ...text, description: 'The answer as its model wrote it' },
    answer: { description: 'The answer as it was read: a text, a number, a value of JSON' },
    consensus: { ...number, description: 'The share of the votes for the answer, from 0 to 1' },
    votes: { type: 'object', additionalProperties: number },
    cost_usd: { type: ['number', 'null'], description: 'null if no cost is known' },
    cost_source: text,
    reasons: { ...texts, description: 'Why this answer won' },
  },
  required: ['prediction_id', 'panel', 'text', 'consensus', 'votes', 'cost_usd', 'cost_source', 'reasons'],
};

const annotations = { readOnlyHint: true, openWorldHint: true };

/** Registers the tools of a server, with the panels that its client may ask. */
export const registerTools = async (server: ToolHost, settings: ToolSettings): Promise<void> => {
  const { client, memory, fromJsonSchema, request } = settings;
  const owner = await ownerOf(request);
  const panels = await namesIn(await client.models());
  server.registerTool(
    'list_panels',
    {
      title: 'List the panels',
      description: 'Lists the panels of language models that ask_panel can ask.',
      inputSchema: fromJsonSchema({ type: 'object', properties: {}, additionalProperties: false }),
      outputSchema: fromJsonSchema({ type: 'object', properties: { panels: texts }, required: ['panels'] }),
      annotations,
    },
    async () => ({ content: [textOf(panels.join('\n'))], structuredContent: { panels } }),
  );
  server.registerTool(
    'ask_panel',
    {
      title: 'Ask a panel',
      description:
        'Asks several language models one question and returns the answer with the most votes: with the votes, the cost, and why it won. Costs money. A low consensus means that the models disagree.',
      inputSchema: fromJsonSchema({
        type: 'object',
        properties: {
          panel: { ...text, enum: panels },
          question: { ...text, minLength: 1, description: 'With all that is needed to answer it' },
          system: { ...text, description: 'Instructions for each model' },
          deadlineMs: {
            ...number,
            minimum: 1,
            maximum: settings.deadlineMs,
            description: `The time limit in milliseconds, by default ${settings.deadlineMs}`,
          },
        },
        required: ['panel', 'question'],
        additionalProperties: false,
      }),
      outputSchema: fromJsonSchema(answerSchema),
      annotations,
    },
    async ({ panel, question, system, deadlineMs }, context) => {
      const asked = {
        panel: panel as string,
        question: question as string,
        system: system as string | undefined,
        deadlineMs: (deadlineMs as number | undefined) ?? settings.deadlineMs,
      };
      const answer = await client.ask(asked, context.mcpReq.signal, progressOf(context));
      return resultOf(asked.panel, answer, (id, reasons) => memory.add(id, owner, reasons));
    },
  );
  server.registerTool(
    'explain_prediction',
    {
      title: 'Explain a prediction',
      description:
        'Says why the answer of a recent prediction of ask_panel won, and which votes decided it. Asks no model.',
      inputSchema: fromJsonSchema({
        type: 'object',
        properties: { prediction_id: text },
        required: ['prediction_id'],
        additionalProperties: false,
      }),
      outputSchema: fromJsonSchema({ type: 'object', properties: { reasons: texts }, required: ['reasons'] }),
      annotations: { ...annotations, openWorldHint: false },
    },
    async ({ prediction_id: id }) => {
      const reasons = memory.find(id as string, owner);
      if (reasons === undefined)
        return failed('there is no recent prediction with this id; ask_panel returns it as prediction_id');
      return { content: [textOf(reasons)], structuredContent: { reasons: reasons.split('\n') } };
    },
  );
};

const namesIn = async (models: Response): Promise<readonly string[]> => {
  const { data } = (await models.json()) as { readonly data: readonly { readonly id: string }[] };
  return data.map(({ id }) => id);
};

const textOf = (value: string): ToolResult['content'][number] => ({ type: 'text', text: value });

const failed = (message: string): ToolResult => ({ content: [textOf(message)], isError: true });

/** Sends each count of votes to a client that wants to see progress. */
const progressOf = ({ mcpReq }: ToolContext): ((votes: PanelVotes) => void) => {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let progress = 0;
  return ({ votes }) => {
    progress += 1;
    const counts = Object.entries(votes).toSorted(([, a], [, b]) => b - a);
    const message = counts.map(([answer, count]) => `${count} × ${shortened(answer)}`).join(', ');
    // A client that has left does not need it.
    mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, message } })
      .catch(() => undefined);
  };
};

const shortened = (answer: string): string => (answer.length > 80 ? `${answer.slice(0, 79)}…` : answer);

const resultOf = (
  panel: string,
  answer: PanelAnswer,
  remember: (id: string, reasons: string) => void,
): ToolResult => {
  if ('failure' in answer) return failed(answer.failure);
  const { id, prediction } = answer;
  const reasons = explain(prediction).text;
  remember(id, reasons);
  const said = prediction.text === '' ? JSON.stringify(prediction.answer) : prediction.text;
  const structured = {
    prediction_id: id,
    panel,
    text: said,
    answer: prediction.answer,
    ...ensembleField(prediction),
    reasons: reasons.split('\n'),
  };
  return {
    content: [textOf(said)],
    // Without the fields that are undefined, which JSON does not have.
    structuredContent: JSON.parse(JSON.stringify(structured)),
  };
};
