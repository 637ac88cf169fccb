/** Value representations that are read and written (PS3.5, section 6.2). */
export type ValueRepresentation =
  | 'AS'
  | 'AT'
  | 'CS'
  | 'DA'
  | 'DS'
  | 'FD'
  | 'IS'
  | 'LO'
  | 'LT'
  | 'OB'
  | 'PN'
  | 'SH'
  | 'SQ'
  | 'ST'
  | 'TM'
  | 'UC'
  | 'UI'
  | 'UL'
  | 'UR'
  | 'US'
  | 'UT';

/** Tag (group and element as one number) and value representation of each attribute, by its keyword (PS3.6). */
export const dictionary = {
  // File meta information (PS3.10, table 7.1-1)
  FileMetaInformationVersion: [0x00020001, 'OB'],
  MediaStorageSOPClassUID: [0x00020002, 'UI'],
  MediaStorageSOPInstanceUID: [0x00020003, 'UI'],
  TransferSyntaxUID: [0x00020010, 'UI'],
  ImplementationClassUID: [0x00020012, 'UI'],
  ImplementationVersionName: [0x00020013, 'SH'],
  // SOP common
  SpecificCharacterSet: [0x00080005, 'CS'],
  SOPClassUID: [0x00080016, 'UI'],
  SOPInstanceUID: [0x00080018, 'UI'],
  TimezoneOffsetFromUTC: [0x00080201, 'SH'],
  // Patient
  PatientName: [0x00100010, 'PN'],
  PatientID: [0x00100020, 'LO'],
  IssuerOfPatientID: [0x00100021, 'LO'],
  TypeOfPatientID: [0x00100022, 'CS'],
  PatientBirthDate: [0x00100030, 'DA'],
  PatientBirthTime: [0x00100032, 'TM'],
  PatientSex: [0x00100040, 'CS'],
  QualityControlSubject: [0x00100200, 'CS'],
  OtherPatientNames: [0x00101001, 'PN'],
  EthnicGroup: [0x00102160, 'SH'],
  PatientComments: [0x00104000, 'LT'],
  PatientSpeciesDescription: [0x00102201, 'LO'],
  PatientSpeciesCodeSequence: [0x00102202, 'SQ'],
  PatientBreedDescription: [0x00102292, 'LO'],
  PatientBreedCodeSequence: [0x00102293, 'SQ'],
  BreedRegistrationSequence: [0x00102294, 'SQ'],
  BreedRegistrationNumber: [0x00102295, 'LO'],
  BreedRegistryCodeSequence: [0x00102296, 'SQ'],
  ResponsiblePerson: [0x00102297, 'PN'],
  ResponsiblePersonRole: [0x00102298, 'CS'],
  ResponsibleOrganization: [0x00102299, 'LO'],
  PatientIdentityRemoved: [0x00120062, 'CS'],
  DeidentificationMethod: [0x00120063, 'LO'],
  DeidentificationMethodCodeSequence: [0x00120064, 'SQ'],
  LongitudinalTemporalInformationModified: [0x00280303, 'CS'],
  // Clinical trial subject and study
  ClinicalTrialSponsorName: [0x00120010, 'LO'],
  ClinicalTrialProtocolID: [0x00120020, 'LO'],
  ClinicalTrialProtocolName: [0x00120021, 'LO'],
  ClinicalTrialSiteID: [0x00120030, 'LO'],
  ClinicalTrialSiteName: [0x00120031, 'LO'],
  ClinicalTrialSubjectID: [0x00120040, 'LO'],
  ClinicalTrialSubjectReadingID: [0x00120042, 'LO'],
  ClinicalTrialTimePointID: [0x00120050, 'LO'],
  ClinicalTrialTimePointDescription: [0x00120051, 'ST'],
  // General study and patient study
  StudyInstanceUID: [0x0020000d, 'UI'],
  StudyDate: [0x00080020, 'DA'],
  StudyTime: [0x00080030, 'TM'],
  ReferringPhysicianName: [0x00080090, 'PN'],
  ConsultingPhysicianName: [0x0008009c, 'PN'],
  StudyID: [0x00200010, 'SH'],
  AccessionNumber: [0x00080050, 'SH'],
  StudyDescription: [0x00081030, 'LO'],
  PhysiciansOfRecord: [0x00081048, 'PN'],
  NameOfPhysiciansReadingStudy: [0x00081060, 'PN'],
  ProcedureCodeSequence: [0x00081032, 'SQ'],
  AdmittingDiagnosesDescription: [0x00081080, 'LO'],
  PatientAge: [0x00101010, 'AS'],
  PatientSize: [0x00101020, 'DS'],
  PatientWeight: [0x00101030, 'DS'],
  Occupation: [0x00102180, 'SH'],
  AdditionalPatientHistory: [0x001021b0, 'LT'],
  PatientSexNeutered: [0x00102203, 'CS'],
  AdmissionID: [0x00380010, 'LO'],
  // Series, frame of reference and equipment
  Modality: [0x00080060, 'CS'],
  SeriesInstanceUID: [0x0020000e, 'UI'],
  SeriesNumber: [0x00200011, 'IS'],
  SeriesDescription: [0x0008103e, 'LO'],
  SeriesDate: [0x00080021, 'DA'],
  SeriesTime: [0x00080031, 'TM'],
  FrameOfReferenceUID: [0x00200052, 'UI'],
  PositionReferenceIndicator: [0x00201040, 'LO'],
  Manufacturer: [0x00080070, 'LO'],
  ManufacturerModelName: [0x00081090, 'LO'],
  DeviceSerialNumber: [0x00181000, 'LO'],
  SoftwareVersions: [0x00181020, 'LO'],
  // Common instance reference and derivation
  ReferencedSeriesSequence: [0x00081115, 'SQ'],
  ReferencedInstanceSequence: [0x0008114a, 'SQ'],
  ReferencedSOPClassUID: [0x00081150, 'UI'],
  ReferencedSOPInstanceUID: [0x00081155, 'UI'],
  ReferencedFrameNumber: [0x00081160, 'IS'],
  DerivationImageSequence: [0x00089124, 'SQ'],
  DerivationCodeSequence: [0x00089215, 'SQ'],
  SourceImageSequence: [0x00082112, 'SQ'],
  PurposeOfReferenceCodeSequence: [0x0040a170, 'SQ'],
  SpatialLocationsPreserved: [0x0028135a, 'CS'],
  // Codes
  CodeValue: [0x00080100, 'SH'],
  CodingSchemeDesignator: [0x00080102, 'SH'],
  CodingSchemeVersion: [0x00080103, 'SH'],
  CodeMeaning: [0x00080104, 'LO'],
  LongCodeValue: [0x00080119, 'UC'],
  URNCodeValue: [0x00080120, 'UR'],
  // Image and multi-frame functional groups
  ImageType: [0x00080008, 'CS'],
  InstanceNumber: [0x00200013, 'IS'],
  ContentDate: [0x00080023, 'DA'],
  ContentTime: [0x00080033, 'TM'],
  ContentLabel: [0x00700080, 'CS'],
  ContentDescription: [0x00700081, 'LO'],
  ContentCreatorName: [0x00700084, 'PN'],
  NumberOfFrames: [0x00280008, 'IS'],
  SharedFunctionalGroupsSequence: [0x52009229, 'SQ'],
  PerFrameFunctionalGroupsSequence: [0x52009230, 'SQ'],
  FrameContentSequence: [0x00209111, 'SQ'],
  DimensionIndexValues: [0x00209157, 'UL'],
  StackID: [0x00209056, 'SH'],
  InStackPositionNumber: [0x00209057, 'UL'],
  PlanePositionSequence: [0x00209113, 'SQ'],
  ImagePositionPatient: [0x00200032, 'DS'],
  PlaneOrientationSequence: [0x00209116, 'SQ'],
  ImageOrientationPatient: [0x00200037, 'DS'],
  PixelMeasuresSequence: [0x00289110, 'SQ'],
  SliceThickness: [0x00180050, 'DS'],
  SpacingBetweenSlices: [0x00180088, 'DS'],
  PixelSpacing: [0x00280030, 'DS'],
  DimensionOrganizationSequence: [0x00209221, 'SQ'],
  DimensionOrganizationUID: [0x00209164, 'UI'],
  DimensionOrganizationType: [0x00209311, 'CS'],
  DimensionIndexSequence: [0x00209222, 'SQ'],
  DimensionIndexPointer: [0x00209165, 'AT'],
  FunctionalGroupPointer: [0x00209167, 'AT'],
  DimensionDescriptionLabel: [0x00209421, 'LO'],
  // Image pixel
  SamplesPerPixel: [0x00280002, 'US'],
  PhotometricInterpretation: [0x00280004, 'CS'],
  Rows: [0x00280010, 'US'],
  Columns: [0x00280011, 'US'],
  BitsAllocated: [0x00280100, 'US'],
  BitsStored: [0x00280101, 'US'],
  HighBit: [0x00280102, 'US'],
  PixelRepresentation: [0x00280103, 'US'],
  LossyImageCompression: [0x00282110, 'CS'],
  LossyImageCompressionRatio: [0x00282112, 'DS'],
  LossyImageCompressionMethod: [0x00282114, 'CS'],
  BurnedInAnnotation: [0x00280301, 'CS'],
  PixelData: [0x7fe00010, 'OB'],
  // Segmentation image
  SegmentationType: [0x00620001, 'CS'],
  SegmentationFractionalType: [0x00620010, 'CS'],
  MaximumFractionalValue: [0x0062000e, 'US'],
  SegmentsOverlap: [0x00620013, 'CS'],
  SegmentSequence: [0x00620002, 'SQ'],
  SegmentNumber: [0x00620004, 'US'],
  SegmentLabel: [0x00620005, 'LO'],
  SegmentDescription: [0x00620006, 'ST'],
  SegmentAlgorithmType: [0x00620008, 'CS'],
  SegmentAlgorithmName: [0x00620009, 'LO'],
  SegmentedPropertyCategoryCodeSequence: [0x00620003, 'SQ'],
  SegmentedPropertyTypeCodeSequence: [0x0062000f, 'SQ'],
  SegmentedPropertyTypeModifierCodeSequence: [0x00620011, 'SQ'],
  RecommendedDisplayCIELabValue: [0x0062000d, 'US'],
  TrackingID: [0x00620020, 'UT'],
  TrackingUID: [0x00620021, 'UI'],
  SegmentIdentificationSequence: [0x0062000a, 'SQ'],
  ReferencedSegmentNumber: [0x0062000b, 'US'],
  AnatomicRegionSequence: [0x00082218, 'SQ'],
} as const satisfies Readonly<Record<string, readonly [tag: number, representation: ValueRepresentation]>>;

/** The keyword of an attribute in {@link dictionary}, such as `PatientName`. */
export type Keyword = keyof typeof dictionary;

/** How a tag is written, such as `(0010,0010)`. */
export function tagName(keyword: Keyword): string {
  const digits = dictionary[keyword][0].toString(16).padStart(8, '0').toUpperCase();
  return `(${digits.slice(0, 4)},${digits.slice(4)})`;
}
