import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { capabilities, capabilitiesOf } from './clients/capabilities.ts';
import { installedClients } from './clients/installed-clients.ts';
import { type ServedPanels, servePanels } from './serve-panels.ts';

let served: ServedPanels;

beforeEach(async () => {
  served = await servePanels();
});

afterEach(() => served.close());

describe.each(installedClients)('$name', (client) => {
  test.each(capabilitiesOf(client))('%s', async (name) => {
    await capabilities[name](client, served);
    expect(served.ends.length).toBeGreaterThan(0);
  });
});
