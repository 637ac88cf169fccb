import type { DataSetReport } from '@interseg/data';
import { html, type Html } from '../html/html.ts';
import { page } from '../html/page.ts';
import type { CasePictures } from '../slice-pictures/case-pictures.ts';
import { footer } from '../html/page-parts.ts';
import { sliceFigure } from '../run-report/sections/prediction-pictures.ts';
import type { Column } from '../terminal/table.ts';
import type { Inspection } from './inspect-data.ts';
import { caseColumns, caseRow, classColumns, classRow, problemsOf } from './inspection-text.ts';

/** The page that tells what is in a data set: one file that loads nothing. */
export function renderInspection({ report, pictures }: Inspection): string {
  return page(`${report.name} · InterSeg`, [
    heading(report),
    tiles(report),
    problemList(problemsOf(report)),
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
  'Over the cases in which the class is. An object is what touches by faces, edges or corners of voxels.';
const caseNote =
  'The axes of the file run to the sides of the patient that are named: R to the right, A to the front, S to the head.';

function heading({ name, folder, modality, channels, classes }: DataSetReport): Html {
  const facts = [
    ['Folder', folder],
    ['Modality', modality.toUpperCase()],
    [channels.length === 1 ? 'Channel' : 'Channels', channels.join(', ')],
    [classes.length === 1 ? 'Class' : 'Classes', classes.join(', ')],
  ];
  return html`<header>
    <p class="eyebrow">InterSeg · data set</p>
    <h1>${name}</h1>
    <dl class="facts">
      ${facts.map(
        ([term, value]) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </header>`;
}

function tiles(report: DataSetReport): Html {
  const { cases, classSummaries } = report;
  const labelled = cases.filter(({ label }) => label !== undefined);
  const patients = new Set(cases.map(({ patient }) => patient)).size;
  const objects = classSummaries.reduce((sum, one) => sum + (one.objects ?? 0), 0);
  const all = [
    { name: 'cases', value: cases.length, detail: `${labelled.length} with labels` },
    { name: 'patients', value: patients, detail: 'never split between training and test' },
    { name: 'objects', value: objects, detail: 'connected, of all classes' },
    { name: 'problems', value: problemsOf(report).length, detail: 'see below' },
  ];
  return html`<section class="tiles" aria-label="Key numbers">
    ${all.map(
      ({ name, value, detail }) =>
        html`<div class="tile">
          <p class="name">${name}</p>
          <p class="value">${value}</p>
          <p class="detail">${name === 'problems' && value === 0 ? 'none found' : detail}</p>
        </div>`,
    )}
  </section>`;
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
  const which = pictures.length < labelled ? `Of ${pictures.length} of the ${labelled} cases with labels. ` : '';
  return html`<section class="pictures">
    <h2>Pictures</h2>
    <p class="note">
      ${which}Axial slices of ${channels[0]} with the outlines of the labels: for each class the one with its largest
      area, and others between. Radiological convention: the patient's right (R) is on the left.
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
