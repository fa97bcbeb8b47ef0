import { setUpAsking } from './ask.ts';
import { byId, create, setText, show } from './dom.ts';
import { keep, Refused, request } from './server.ts';
import { followServer } from './watch.ts';

/** Lists the ensembles, and asks for a key if the server wants one. */
const start = async (): Promise<void> => {
  try {
    const { data } = (await (await request('/v1/models')).json()) as {
      readonly data: readonly { readonly id: string }[];
    };
    byId('ensemble').replaceChildren(...data.map(({ id }) => create('option', { value: id }, id)));
    show('key-form', false);
    void followServer();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) askForKey();
    else setText(byId('now'), `The ensembles cannot be listed: ${(error as Error).message}`);
  }
};

const askForKey = (): void => {
  setText(byId('now'), '');
  show('key-form', true);
  byId('key').focus();
};

byId('key-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = byId<HTMLInputElement>('key');
  keep(input.value.trim());
  input.value = '';
  void start();
});

setUpAsking(askForKey);
void start();
