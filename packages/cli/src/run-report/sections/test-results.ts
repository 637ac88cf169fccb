import { describePostProcessing, type ClassMetrics, type MetricsFile, type ObjectCounts } from '@interseg/training';
import { html, type Html } from '../../html/html.ts';
import { headings } from '../../html/tables.ts';
import { metricColumns } from '../../terminal/metrics-table.ts';
import { decimals, volumeRange } from '../../terminal/numbers.ts';
import type { RunContent } from '../content/run-content.ts';

/** The metrics of the test cases: means, then every case and class. */
export function testResults({ metrics, postProcessing }: RunContent): Html {
  if (!metrics) return html``;
  const classes = Object.entries(metrics.mean.classes);
  return html`<section>
    <h2>Test cases</h2>
    <p>Whole volumes on their original grids, segmented with the weights of the best epoch.</p>
    ${postProcessing && html`<p>${describePostProcessing(postProcessing)}</p>`}
    <div class="scroll">
      <table class="metrics">
        <thead>
          <tr>
            <th scope="col">Case</th>
            <th scope="col">Class</th>
            ${metricColumns.map(({ heading, unit }) => html`<th scope="col" class="number">${heading}${unit && html` <span class="unit">${unit}</span>`}</th>`)}
          </tr>
        </thead>
        <tbody class="means">
          ${classes.map(([name, values], index) => row(index === 0 && html`<th scope="rowgroup" rowspan="${classes.length + (classes.length > 1 ? 1 : 0)}">Mean of ${metrics.cases.length}</th>`, name, values))}
          ${classes.length > 1 && row(false, 'all classes', metrics.mean)}
        </tbody>
        ${metrics.cases.map(({ id, classes: ofCase }) => {
          const entries = Object.entries(ofCase);
          return html`<tbody>
            ${entries.map(([name, values], index) => row(index === 0 && html`<th scope="rowgroup" rowspan="${entries.length}">${id}</th>`, name, values))}
          </tbody>`;
        })}
      </table>
    </div>
    ${emptyNote(metrics)} ${objectsByClass(metrics)} ${smallObjects(metrics)}
  </section>`;
}

function row(caseCell: Html | false, name: string, metrics: ClassMetrics): Html {
  return html`<tr>
    ${caseCell}
    <td>${name}</td>
    ${metricColumns.map(({ metric, digits }) => {
      const value = metrics[metric];
      const isShare = metric === 'dice' && value !== null;
      return html`<td
        class="number${isShare && ' share'}"
        ${isShare && html` style="--share: ${Math.round(value * 100)}%"`}
      >
        ${decimals(value, digits)}
      </td>`;
    })}
  </tr>`;
}

/** Says what the means leave out, which they do not show themselves. */
function emptyNote({ cases, mean }: MetricsFile): Html {
  const isIncomplete = cases.some(({ classes }) =>
    Object.values(classes).some((one) => Object.values(one).includes(null)),
  );
  if (!isIncomplete) return html``;
  const { both, prediction, reference } = mean.empty ?? { both: 0, prediction: 0, reference: 0 };
  const parts = [
    both > 0 && `${both} × neither in the reference nor predicted (in no mean)`,
    prediction > 0 && `${prediction} × missed completely (Dice 0, no distance)`,
    reference > 0 && `${reference} × predicted but not in the reference (Dice 0, no distance)`,
  ].filter((part) => part !== false);
  return html`<p class="note">
    A dash (–) stands for a value that does not exist because a mask is empty; means leave it
    out${parts.length > 0 && `: ${parts.join('; ')}`}.
  </p>`;
}

/** How many objects of each class are found, and how many are predicted where there are none. */
function objectsByClass({ objects }: MetricsFile): Html {
  if (!objects) return html``;
  const rows: [string, ObjectCounts][] = Object.entries(objects.classes);
  if (rows.length > 1) rows.push(['all classes', objects]);
  return html`<h3>Objects</h3>
    <p>
      Objects are connected components. One of the reference is found if at least one of its voxels is predicted. A
      predicted one is false if it touches none of the reference.
    </p>
    <div class="scroll">
      <table>
        <thead>
          ${headings('Class', ['Objects', 'Found', 'Missed', 'Predicted', 'False'])}
        </thead>
        <tbody>
          ${rows.map(
            ([name, counts]) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${[counts.reference, counts.found, counts.missed, counts.predicted, counts.false].map((count) => html`<td class="number">${count}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** How well reference objects of each size are found. */
function smallObjects({ small_objects: { strata } }: MetricsFile): Html {
  const filled = strata.filter(({ objects, falsePositives }) => objects > 0 || falsePositives > 0);
  if (filled.length === 0) return html``;
  return html`<h3>By object size</h3>
    <p>
      Objects are the connected components of the reference. An object counts as detected if at least one of its voxels
      is predicted.
    </p>
    <div class="scroll">
      <table>
        <thead>
          ${headings('Volume', ['Objects', 'Detected', 'Mean Dice', 'Mean sensitivity', 'False objects'])}
        </thead>
        <tbody>
          ${filled.map(
            ({ lower, upper, objects, detected, dice, sensitivity, falsePositives }) =>
              html`<tr>
                <th scope="row">${volumeRange(lower, upper)}</th>
                ${[objects, detected].map((count) => html`<td class="number">${count}</td>`)}${[dice, sensitivity].map((value) => html`<td class="number">${decimals(value, 3)}</td>`)}
                <td class="number">${falsePositives}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
