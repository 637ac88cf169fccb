/** A colour as red, green and blue, each from 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

export const ink: Color = [27, 29, 31];
export const softInk: Color = [93, 100, 104];
export const paper: Color = [255, 255, 255];

/** Colours that readers with the common kinds of colour blindness can tell apart, also on grey. */
export const palette = {
  blue: [30, 136, 229],
  amber: [255, 193, 7],
  magenta: [216, 27, 96],
  green: [0, 190, 150],
  orange: [240, 110, 20],
  violet: [150, 110, 230],
} as const satisfies Record<string, Color>;
