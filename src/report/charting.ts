/** What charts need of other packages. The build bundles it, so that users install none of them. */
export { quantile } from 'd3-array';
export { type BandScale, type ContinuousScale, scaleBand, scaleLinear, scaleLog, scaleSqrt } from 'd3-scale';
