import { type AutoModels, autoModels } from '../../auto/auto-models.ts';
import { modelResolver } from '../../auto/model-resolver.ts';
import type { PanelMember } from '../../auto/model-spec.ts';
import { isRecord } from '../../domain/is-record.ts';
import type { Model } from '../../domain/model.ts';
import type { Pricing } from '../../domain/pricing.ts';
import { recordedModel } from '../../experiment/journal/recorded-model.ts';
import { simulated } from '../../models/simulated.ts';
import { shown } from '../../options.ts';
import type { CliContext } from '../cli-context.ts';
import { ollamaURL } from '../ollama.ts';
import { construct, type OnFault } from './config-value.ts';

/** The models of a file or of flags. */
export interface FileModels {
  /** Their prices; `undefined` if none of them was named, because other models report their costs. */
  pricing(): Pricing | undefined;
  /** Makes the model of a member. A fault is reported, and then there is no model. */
  read(place: string, member: unknown, onFault: OnFault): Model | undefined;
}

/** Options of {@link fileModels}. */
export interface FileModelOptions {
  readonly env: CliContext['env'];
  readonly pricing: Pricing;
  /** Names of the file's own. */
  readonly names?: unknown;
  readonly onWarning: (warning: string) => void;
}

/** Makes models of the members in a file: names, names with options, simulated and recorded ones. */
export const fileModels = ({ env, pricing, names, onWarning }: FileModelOptions): FileModels => {
  const resolve = modelResolver(
    {
      baseURLs: { ollama: ollamaURL(env) },
      ...(isRecord(names) && { names: names as Readonly<Record<string, PanelMember>> }),
    },
    env,
  );
  const models: AutoModels = autoModels({ resolve, pricing, onWarning });
  let hasNames = false;
  return {
    pricing: () => (hasNames ? models.pricing : undefined),
    read(place, member, onFault) {
      if (typeof member !== 'string' && !isRecord(member)) {
        onFault(place, `expected ${MEMBER}, but got ${shown(member)}`);
        return undefined;
      }
      if (isRecord(member) && !('model' in member))
        return construct(onFault, place, member, { simulated, recorded: recordedModel }) as Model | undefined;
      hasNames = true;
      const panel = models.panelOf([member as PanelMember]);
      const faults = panel.flatMap((resolved) => resolved.faults);
      for (const fault of faults) onFault(place, withoutOptionAdvice(fault));
      if (faults.length === 0) models.warnAbout(panel);
      return faults.length === 0 ? panel[0]?.model : undefined;
    },
  };
};

const MEMBER = 'a name, { "model": name, … } or { "simulated": … }';

/** A file and the command line have no options for keys and addresses of providers, so that advice is removed. */
const withoutOptionAdvice = (fault: string): string =>
  fault
    .replace(/, or pass apiKeys.*$/, '')
    .replace(/(at this base URL): pass apiKeys\.\w+/, '$1: pass --api-key-env, or "apiKey" in a file')
    .replace(/: pass (?:apiKeys|baseURLs).*(?=, because)/, ': unset it');
