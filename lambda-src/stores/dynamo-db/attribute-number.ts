/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types-number */
const MOST_DIGITS = 38;
const LEAST_MAGNITUDE = -130;
const MOST_MAGNITUDE = 125;

export const NUMBER_LIMITS = `at most ${MOST_DIGITS} significant digits, and a size from 1E${LEAST_MAGNITUDE} to 1E${MOST_MAGNITUDE}`;

/** Further from the point than this, digits are not written out. */
const MOST_PLACES = 40;

/**
 * A decimal number in one form for each value: `+05`, `5.0` and `.5e1` are all `5`.
 *
 * @returns undefined for what DynamoDB cannot hold without rounding
 */
export function attributeNumber(text: string): string | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text)!;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  /** Power of ten of the first digit. */
  const magnitude = Number(exponent) + digits.length - fraction.length - 1;
  if (significant.length > MOST_DIGITS || magnitude < LEAST_MAGNITUDE || magnitude > MOST_MAGNITUDE) return undefined;
  return (sign === '-' ? '-' : '') + written(significant, magnitude);
}

function written(digits: string, magnitude: number): string {
  if (Math.abs(magnitude) > MOST_PLACES) return `${withPoint(digits, 1)}E${magnitude}`;
  return magnitude < 0 ? `0.${'0'.repeat(-magnitude - 1)}${digits}` : withPoint(digits.padEnd(magnitude + 1, '0'), magnitude + 1);
}

function withPoint(digits: string, place: number): string {
  return digits.length > place ? `${digits.slice(0, place)}.${digits.slice(place)}` : digits;
}
