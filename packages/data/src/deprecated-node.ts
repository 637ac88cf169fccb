import { bratsChannels } from './layouts/brats.ts';
import { channelFromFileName, findCaseImages } from './layouts/case-folder.ts';

// Names of earlier versions: to be removed with the next major version.

/** @deprecated Use `bratsChannels`. */
// eslint-disable-next-line @typescript-eslint/naming-convention
export const BRATS_CHANNELS = bratsChannels;

/** @deprecated Use `channelFromFileName`. */
export const channelOfName = channelFromFileName;

/** @deprecated Use `findCaseImages`. */
export const imagesOfCase = findCaseImages;
