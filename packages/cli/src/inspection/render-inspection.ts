import type { DataSetReport } from '@interseg/data';
import { html, type Html } from '../html/html.ts';
import { factList, footer, tileRow } from '../html/page-parts.ts';
import { page } from '../html/page.ts';
import { sliceFigure } from '../run-report/sections/prediction-pictures.ts';
import type { CasePictures } from '../slice-pictures/case-pictures.ts';
import type { Column } from '../terminal/table.ts';
import type { Inspection } from './inspect-data.ts';
import { caseColumns, caseRow, classColumns, classRow, listProblems } from './inspection-text.ts';

/** Renders an inspection as one self-contained page. */
export function renderInspection({ report, pictures }: Inspection): string {
  return page(`${report.name} · InterSeg`, [
    heading(report),
    keyNumbers(report),
    problemList(listProblems(report)),
    tableSection('Classes', classNote, classColumns, report.classSummaries.map(classRow)),
    tableSection(
      'Cases',
      caseNote,
      caseColumns(report),
      report.cases.map((one) => caseRow(one, report)),
    ),
    pictureSection(report, pictures),
    footer(),
  ]);
}

const classNote =
  'Volume per case, over the cases that contain the class, and volume per object. Objects are connected components: voxels that touch at a face, an edge or a corner.';
const caseNote =
  'Axes: the side of the patient to which each axis of the file points, such as R (right), A (front) or S (head).';

function heading({ name, folder, modality, channels, classes }: DataSetReport): Html {
  return html`<header>
    <p class="eyebrow">InterSeg · data set</p>
    <h1>${name}</h1>
    ${factList([
      ['Folder', folder],
      ['Modality', modality.toUpperCase()],
      [channels.length === 1 ? 'Channel' : 'Channels', channels.join(', ')],
      [classes.length === 1 ? 'Class' : 'Classes', classes.join(', ')],
    ])}
  </header>`;
}

function keyNumbers(report: DataSetReport): Html {
  const { cases, classSummaries } = report;
  const labelled = cases.filter(({ label }) => label !== undefined);
  const patients = new Set(cases.map(({ patient }) => patient)).size;
  const objects = classSummaries.reduce((sum, one) => sum + (one.objects ?? 0), 0);
  const problems = listProblems(report).length;
  return tileRow([
    { name: 'cases', value: cases.length, detail: `${labelled.length} with labels` },
    { name: 'patients', value: patients, detail: 'each stays in one part of a split' },
    { name: 'objects', value: objects, detail: 'connected components of all classes' },
    { name: 'problems', value: problems, detail: problems === 0 ? 'none found' : 'see below' },
  ]);
}

function problemList(problems: readonly string[]): Html {
  if (problems.length === 0) return html``;
  return html`<section>
    <h2>Problems</h2>
    <ul class="problems">
      ${problems.map((problem) => html`<li>${problem}</li>`)}
    </ul>
  </section>`;
}

function tableSection(
  title: string,
  note: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): Html {
  const number = (column: number): string => (columns[column]?.numeric ? 'number' : '');
  return html`<section>
    <h2>${title}</h2>
    <p class="note">${note}</p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${columns.map(({ heading: text }, c) => html`<th scope="col" class="${number(c)}">${text}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([first, ...others]) =>
              html`<tr>
                <th scope="row">${first}</th>
                ${others.map((cell, c) => html`<td class="${number(c + 1)}">${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function pictureSection({ channels, cases }: DataSetReport, pictures: readonly CasePictures[]): Html {
  if (pictures.length === 0) return html``;
  const labelled = cases.filter(({ label }) => label !== undefined).length;
  const which =
    pictures.length < labelled ? `The pictures show ${pictures.length} of the ${labelled} labelled cases. ` : '';
  return html`<section class="pictures">
    <h2>Pictures</h2>
    <p class="note">
      ${which}Axial slices of ${channels[0]} with outlines of the labels: for each class the one with its largest area,
      and others in between. Radiological convention: the patient’s right (R) is on the left.
    </p>
    ${pictures.map(
      ({ id, sides, pictures: slices }, index) =>
        html`<article>
          <h3>${id}</h3>
          <div class="slices">${slices.map((slice, k) => sliceFigure(slice, sides, `slice-${index}-${k}`))}</div>
        </article>`,
    )}
  </section>`;
}
