import type { DataSet, Element } from 'dicom-parser';

/** Tags as dicom-parser writes them. */
export const tags = {
  transferSyntax: 'x00020010',
  characterSet: 'x00080005',
  imageType: 'x00080008',
  sopClass: 'x00080016',
  sopInstance: 'x00080018',
  modality: 'x00080060',
  seriesDescription: 'x0008103e',
  sliceThickness: 'x00180050',
  spacingBetweenSlices: 'x00180088',
  study: 'x0020000d',
  series: 'x0020000e',
  seriesNumber: 'x00200011',
  instanceNumber: 'x00200013',
  position: 'x00200032',
  orientation: 'x00200037',
  frameOfReference: 'x00200052',
  samplesPerPixel: 'x00280002',
  photometricInterpretation: 'x00280004',
  frames: 'x00280008',
  rows: 'x00280010',
  columns: 'x00280011',
  pixelSpacing: 'x00280030',
  imagerPixelSpacing: 'x00181164',
  bitsAllocated: 'x00280100',
  bitsStored: 'x00280101',
  highBit: 'x00280102',
  pixelRepresentation: 'x00280103',
  paddingValue: 'x00280120',
  paddingRangeLimit: 'x00280121',
  intercept: 'x00281052',
  slope: 'x00281053',
  sharedGroups: 'x52009229',
  frameGroups: 'x52009230',
  planePosition: 'x00209113',
  planeOrientation: 'x00209116',
  pixelMeasures: 'x00289110',
  pixelTransformation: 'x00289145',
  pixelData: 'x7fe00010',
} as const;

/** A text without the spaces around it; undefined if it is missing or empty. */
export function text(dataSet: DataSet, tag: string, index?: number): string | undefined {
  const value = index === undefined ? dataSet.string(tag) : dataSet.string(tag, index);
  return value?.replaceAll('\0', '').trim() || undefined;
}

/** Decimal strings as numbers; undefined if there are not `count`, or one is not finite. */
export function decimals(dataSet: DataSet, tag: string, count: number): number[] | undefined {
  const values = dataSet.string(tag)?.split('\\').map(decimal);
  return values?.length === count && values.every(Number.isFinite) ? values : undefined;
}

function decimal(value: string): number {
  const trimmed = value.replaceAll('\0', '').trim();
  return trimmed === '' ? NaN : Number(trimmed);
}

/** The first of some decimal strings; undefined if it is missing or not finite. */
export function firstDecimal(dataSet: DataSet, tag: string): number | undefined {
  const value = decimal(dataSet.string(tag, 0) ?? '');
  return Number.isFinite(value) ? value : undefined;
}

/** A 16-bit number; undefined if the element is missing or too short, instead of the bytes behind it. */
export function uint16(dataSet: DataSet, tag: string): number | undefined {
  return hasBytes(dataSet.elements[tag], 2) ? dataSet.uint16(tag) : undefined;
}

function hasBytes(element: Element | undefined, count: number): boolean {
  return element !== undefined && element.length >= count && element.length !== 0xffffffff;
}

/** The only item of a sequence, or its first. */
export function firstItem(dataSet: DataSet | undefined, tag: string): DataSet | undefined {
  return dataSet?.elements[tag]?.items?.[0]?.dataSet;
}
