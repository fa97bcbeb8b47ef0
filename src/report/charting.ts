/** What charts need of other packages. The build bundles it, so that users install none of them. */
export {
  areaY,
  cell,
  dot,
  line,
  link,
  type Markish,
  type PlotOptions,
  plot,
  ruleX,
  ruleY,
  text,
} from '@observablehq/plot';
export { parseHTML } from 'linkedom';
