import type { AttributeReader } from '../encoding/attribute-reader.ts';
import type { Attributes } from '../encoding/attributes.ts';
import type { Keyword } from '../encoding/dictionary.ts';
import { randomUid, uidFromText } from '../encoding/uid.ts';

/** Those that every object has, if only without a value (type 2 of PS3.3, sections C.7.1.1, C.7.2.1 and C.7.4.1). */
const required = [
  ...['PatientName', 'PatientID', 'PatientBirthDate', 'PatientSex'],
  ...['StudyDate', 'StudyTime', 'ReferringPhysicianName', 'StudyID', 'AccessionNumber', 'PositionReferenceIndicator'],
] as Keyword[];

/** Those that a segmentation has where its images have them. */
const optional = [
  // Patient
  ...['IssuerOfPatientID', 'TypeOfPatientID', 'PatientBirthTime', 'QualityControlSubject', 'OtherPatientNames'],
  ...['EthnicGroup', 'PatientComments', 'PatientSpeciesDescription', 'PatientSpeciesCodeSequence'],
  ...['PatientBreedDescription', 'PatientBreedCodeSequence', 'BreedRegistrationSequence'],
  ...['ResponsiblePerson', 'ResponsiblePersonRole', 'ResponsibleOrganization'],
  ...['PatientIdentityRemoved', 'DeidentificationMethod', 'DeidentificationMethodCodeSequence'],
  'LongitudinalTemporalInformationModified',
  // Clinical trial: subject and study
  ...['ClinicalTrialSponsorName', 'ClinicalTrialProtocolID', 'ClinicalTrialProtocolName', 'ClinicalTrialSiteID'],
  ...['ClinicalTrialSiteName', 'ClinicalTrialSubjectID', 'ClinicalTrialSubjectReadingID'],
  ...['ClinicalTrialTimePointID', 'ClinicalTrialTimePointDescription'],
  // Study, and the patient in it
  ...['StudyDescription', 'ConsultingPhysicianName', 'PhysiciansOfRecord', 'NameOfPhysiciansReadingStudy'],
  ...['ProcedureCodeSequence', 'AdmittingDiagnosesDescription', 'PatientAge', 'PatientSize', 'PatientWeight'],
  ...['Occupation', 'AdditionalPatientHistory', 'PatientSexNeutered', 'AdmissionID'],
  'TimezoneOffsetFromUTC',
] as Keyword[];

/** What a segmentation takes from its images, and how it refers to them. */
export interface CopiedModules {
  /** Patient, study and frame of reference. */
  readonly attributes: Attributes;
  /** The identifier by which an object of the images' study is referred to. */
  reference(uid: string): string;
  readonly isAnonymous: boolean;
}

/**
 * Copies the modules of patient, study and frame of reference from an image.
 *
 * @param anonymize Whether nothing of them is kept, as the Basic Application Level Confidentiality Profile (PS3.15, annex
 * E) demands of these modules: values that must be there are empty, and identifiers are replaced, the same ones by the
 * same ones for the same text.
 */
export function copyModules(image: AttributeReader, anonymize?: boolean | string): CopiedModules {
  const empty = Object.fromEntries(required.map((keyword) => [keyword, '']));
  const study = image.text('StudyInstanceUID') ?? uidFromText(`study of ${image.text('SOPInstanceUID') ?? ''}`);
  // Images that do not say in which frame of reference they lie share it with those of their series only.
  const frame =
    image.text('FrameOfReferenceUID') ?? uidFromText(`frame of ${image.text('SeriesInstanceUID') ?? study}`);
  if (anonymize === undefined || anonymize === false) {
    const own = image.attributes([...required, ...optional]);
    return {
      attributes: { ...empty, ...own, StudyInstanceUID: study, FrameOfReferenceUID: frame },
      reference: (uid) => uid,
      isAnonymous: false,
    };
  }
  const secret = typeof anonymize === 'string' ? anonymize : randomUid();
  const reference = (uid: string): string => uidFromText(`${secret}/${uid}`);
  return {
    attributes: {
      ...empty,
      StudyInstanceUID: reference(study),
      FrameOfReferenceUID: reference(frame),
      PatientIdentityRemoved: 'YES',
      DeidentificationMethod: 'InterSeg: patient and study removed, identifiers replaced',
      DeidentificationMethodCodeSequence: [
        {
          CodeValue: '113100',
          CodingSchemeDesignator: 'DCM',
          CodeMeaning: 'Basic Application Confidentiality Profile',
        },
      ],
      LongitudinalTemporalInformationModified: 'REMOVED',
    },
    reference,
    isAnonymous: true,
  };
}
