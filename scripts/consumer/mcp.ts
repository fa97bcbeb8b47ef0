/** Ensembles as tools, with the SDK of the Model Context Protocol. */
import assert from 'node:assert/strict';
import { createEnsemble, defineModel } from 'crucible-ensemble';
import { createEnsembleMcp, type McpSdk } from 'crucible-ensemble/mcp';
import { createEnsembleHandler } from 'crucible-ensemble/server';
import type { Checks } from './checks.ts';

// The project itself does not install it.
const SDK: string = '@modelcontextprotocol/server';

export const checks: Checks = {
  'answers a call of a tool over HTTP': async () => {
    const sdk = (await import(SDK)) as McpSdk;
    const panel = createEnsemble({ models: [defineModel('a', () => 'yes')] });
    const mcp = createEnsembleMcp({ sdk, handler: createEnsembleHandler({ ensembles: { panel } }) });
    const params = { name: 'ask_panel', arguments: { panel: 'panel', question: 'Is it?' } };
    const response = await mcp.fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
      }),
    );
    assert.equal(response.status, 200);
    assert.match(await response.text(), /"consensus":1/);
    await mcp.close();
  },
};
