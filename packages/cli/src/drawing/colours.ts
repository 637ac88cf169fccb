/** A colour by its red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The colours of a drawing on white. */
export const ink: Colour = [27, 29, 31];
export const softInk: Colour = [93, 100, 104];
export const paper: Colour = [255, 255, 255];

/** What a pixel of a prediction is, compared with the ground truth. */
export const outcomes = ['true positive', 'false positive', 'false negative', 'wrong class'] as const;

/** The colour of each outcome: told apart with every common kind of colour blindness, and on gray. */
export const outcomeColours: readonly Colour[] = [
  [30, 136, 229],
  [255, 193, 7],
  [216, 27, 96],
  [0, 190, 150],
];
