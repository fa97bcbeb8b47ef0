import type { Word } from './word.ts';

/** A unit of measure or a currency. */
export interface Unit {
  /** The form under which its spellings are compared. */
  readonly name: string;
  /** What it measures. Quantities of one dimension can be compared. */
  readonly dimension: string;
  /** Its size in the smallest common unit of its dimension. */
  readonly size: number;
}

/** A line for each dimension: for each unit its name, its size and, behind it, its other spellings. */
const table = `
length: nanometre 1e-9 nanometer nm; micrometre 1e-6 micrometer micron µm μm um; millimetre 1e-3 millimeter mm;
  centimetre .01 centimeter cm; metre 1 meter m; kilometre 1000 kilometer km; inch .0254 inche; foot .3048 feet ft; yard .9144 yd;
  mile 1609.344 mi; lightyear 9.4607e15 light-year
area: hectare 1e4 ha; acre 4046.86
mass: microgram 1e-6 µg μg mcg; milligram 1e-3 mg; gram 1 gramme g; kilogram 1000 kilogramme kilo kg; tonne 1e6 t; ton 907184.74;
  ounce 28.3495 oz; stone 6350.29
volume: millilitre .001 milliliter ml mL; litre 1 liter l L; gallon 3.785411784 gal; barrel 158.987 bbl
duration: millisecond .001 ms; second 1 sec s; minute 60 min; hour 3600 hr h; day 86400; week 604800; month 2629746 mo; year 31556952 yr;
  decade 315569520; century 3155695200
speed: kmh .2777778 kph kmph; mph .44704
energy: joule 1 J; kilojoule 1000 kJ; calorie 4.184 cal; kilocalorie 4184 kcal; kilowatt-hour 3.6e6 kWh
power: watt 1 W; kilowatt 1000 kW; megawatt 1e6 MW; gigawatt 1e9 GW; horsepower 745.7 hp
frequency: hertz 1 Hz; kilohertz 1000 kHz; megahertz 1e6 MHz; gigahertz 1e9 GHz
data: bit .125; byte 1; kilobyte 1e3 kB KB; megabyte 1e6 MB; gigabyte 1e9 GB; terabyte 1e12 TB
voltage: millivolt .001 mV; volt 1 V; kilovolt 1000 kV
current: milliampere .001 milliamp mA; ampere 1 amp
celsius: celsius 1 °C C
fahrenheit: fahrenheit 1 °F F
kelvin: kelvin 1
share: percent 1 % pct
dollars: dollar 1 $ usd USD; cent .01
pounds: pound 1 £ lb lbs gbp GBP
euros: euro 1 € eur EUR
yens: yen 1 ¥ jpy JPY
rupees: rupee 1 ₹ inr INR
`;

const units = new Map<string, Unit>();
for (const line of table.trim().replace(/\n +/g, ' ').split('\n')) {
  const [dimension = '', list = ''] = line.split(': ');
  for (const row of list.split('; ')) {
    const [name = '', size = '', ...spellings] = row.trim().split(' ');
    const unit = { name, dimension, size: Number(size) };
    for (const spelling of [name, ...spellings]) units.set(spelling, unit);
  }
}

/** Returns the unit that a word or a sign is. Symbols differ by their case. */
export const unitOf = ({ raw, form }: Pick<Word, 'raw' | 'form'>): Unit | undefined =>
  units.get(raw) ?? units.get(form);

/** Whether a sign stands before its number: $5. */
export const isCurrencySign = (raw: string): boolean => /^[$£€¥₹]$/.test(raw);
