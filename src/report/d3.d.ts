/** What charts use of these packages, which have no types of their own. */
declare module 'd3-array' {
  export function quantile(
    values: Iterable<number>,
    p: number,
    read?: (value: number) => number,
  ): number | undefined;
}

declare module 'd3-scale' {
  interface Scale {
    (value: number): number;
    domain(): number[];
    domain(values: readonly number[]): this;
    range(): number[];
    range(values: readonly number[]): this;
  }
  interface ContinuousScale extends Scale {
    nice(): this;
    ticks(count: number): number[];
    tickFormat(count: number | null, specifier?: string): (value: number) => string;
  }
  interface BandScale extends Scale {
    bandwidth(): number;
    padding(padding: number): this;
    round(isRounded: boolean): this;
  }
  export function scaleBand(): BandScale;
  export function scaleLinear(): ContinuousScale;
  export function scaleLog(): ContinuousScale;
  export function scaleSqrt(): ContinuousScale;
}
