/** A colour: red, green and blue from 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** From linear sRGB to CIE XYZ with the white of D50, as in ICC profiles; rows X, Y and Z. */
const toXyz = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
] as const;
const white = [0.96422, 1, 0.82521] as const;

/**
 * A colour of sRGB as DICOM writes it: CIELab with the white of D50, L* from 0 to 100 and a* and b* from −128 to 127, each
 * as a number of 16 bits (PS3.3, section C.10.7.1.1).
 */
export function toCielab(color: Color): [number, number, number] {
  const linear = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const [x, y, z] = toXyz.map((row, index) => {
    const ratio = row.reduce((sum, factor, channel) => sum + factor * linear[channel]!, 0) / white[index]!;
    return ratio > (6 / 29) ** 3 ? Math.cbrt(ratio) : ratio / (3 * (6 / 29) ** 2) + 4 / 29;
  }) as [number, number, number];
  const scaled = (value: number, from: number, to: number): number =>
    Math.round((Math.min(Math.max(value, from), to) - from) * (65535 / (to - from)));
  return [scaled(116 * y - 16, 0, 100), scaled(500 * (x - y), -128, 127), scaled(200 * (y - z), -128, 127)];
}

/** The inverse of {@link toCielab}, rounded and cut to what sRGB has. */
export function fromCielab([l, a, b]: readonly [number, number, number]): [number, number, number] {
  const y = ((l / 65535) * 100 + 16) / 116;
  const xyz = [y + ((a / 65535) * 255 - 128) / 500, y, y - ((b / 65535) * 255 - 128) / 200].map(
    (part, index) => white[index]! * (part > 6 / 29 ? part ** 3 : 3 * (6 / 29) ** 2 * (part - 4 / 29)),
  );
  return fromXyz.map((row) => {
    const part = row.reduce((sum, factor, index) => sum + factor * xyz[index]!, 0);
    const encoded = part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055;
    return Math.round(Math.min(Math.max(encoded, 0), 1) * 255);
  }) as [number, number, number];
}

/** The inverse of {@link toXyz}. */
const fromXyz = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

/** Colours of segments that have none, in turn: well apart, on grey images too. */
const palette: readonly Color[] = [
  [230, 75, 53],
  [77, 187, 213],
  [0, 160, 135],
  [240, 190, 60],
  [145, 110, 200],
  [120, 200, 80],
  [220, 110, 170],
  [70, 110, 200],
  [190, 140, 90],
  [140, 210, 200],
];

/** The colour of a segment that has none, by its number from 1. */
export function defaultColor(number: number): Color {
  return palette[(number - 1) % palette.length]!;
}
