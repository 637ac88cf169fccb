import { defineImageFormat, defineLayout, type ImageFormat } from '@interseg/data';
import { dicomLayout } from './dicom-layout.ts';

/** Series and segmentations, which the package for DICOM reads; it is loaded when there are any. */
const dicomFormat: ImageFormat = {
  name: 'dicom',
  matches: async (path) => (await import('@interseg/dicom')).holdsDicom(path),
  read: async (path, { limits }) => (await import('@interseg/dicom')).readCaseFile(path, limits),
};

/** Lets data sets be of DICOM. Doing it again changes nothing. */
export function registerDicom(): void {
  defineLayout(dicomLayout);
  defineImageFormat(dicomFormat);
}
