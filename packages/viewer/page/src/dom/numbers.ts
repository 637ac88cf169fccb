/** A volume in millilitres, with as many digits as tell apart what is small. */
export function millilitres(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 || value === 0 ? 2 : 3;
  return `${value.toFixed(digits)} ml`;
}

/** A number of things. */
export function count(number: number, one: string, several = `${one}s`): string {
  return `${number.toLocaleString('en-GB')} ${number === 1 ? one : several}`;
}

/** A position as people read it: how far to the right or left, front or back, up or down. */
export function place([right, anterior, superior]: readonly [number, number, number]): string {
  const part = (value: number, positive: string, negative: string): string =>
    `${Math.abs(value).toFixed(1)} ${value < 0 ? negative : positive}`;
  return `${part(right, 'R', 'L')}, ${part(anterior, 'A', 'P')}, ${part(superior, 'S', 'I')} mm`;
}

/** A time in seconds. */
export function seconds(value: number): string {
  if (value < 60) return `${value.toFixed(1)} s`;
  return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}
