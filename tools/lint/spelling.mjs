/**
 * British spelling in prose, American in identifiers: as TensorFlow.js, the DOM and CSS have it, an option of ours is
 * `normalization` and a sentence of ours says normalisation.
 */

/** Stems as both write them: [British, American]. */
const stems = [
  ['colour', 'color'],
  ['grey', 'gray'],
  ['neighbour', 'neighbor'],
  ['behaviour', 'behavior'],
  ['favour', 'favor'],
  ['tumour', 'tumor'],
  ['centre', 'center'],
  ['normalis', 'normaliz'],
  ['initialis', 'initializ'],
  ['regularis', 'regulariz'],
  ['optimis', 'optimiz'],
  ['visualis', 'visualiz'],
  ['serialis', 'serializ'],
  ['summaris', 'summariz'],
  ['recognis', 'recogniz'],
  ['organis', 'organiz'],
  ['binaris', 'binariz'],
  ['standardis', 'standardiz'],
  ['generalis', 'generaliz'],
  ['penalis', 'penaliz'],
  ['labelled', 'labeled'],
];

/** What the field itself writes in the other way: names of data, and words that only look alike. */
const kept = /tumour|labelled|unlabelled/i;

const american = new RegExp(stems.map(([, word]) => word).join('|'), 'gi');
const british = new RegExp(stems.map(([word]) => word).join('|'), 'gi');
const inBritish = new Map(stems.map(([word, other]) => [other, word]));
const inAmerican = new Map(stems);

/** Prose of a comment: without code between backticks, links, quotations and names in camel case. */
const prose = (text) =>
  text.replace(
    /`[^`]*`|\{@link [^}]*\}|\S*[a-z][A-Z]\S*|\S*[A-Za-z][-_.(/]\S*|\S*\/\S*|'[^']*'|"[^"]*"|@\w+ \S+/g,
    ' ',
  );

export default {
  meta: { type: 'suggestion', schema: [], docs: { description: 'British spelling in prose, American in identifiers' } },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          for (const [word] of prose(comment.value).matchAll(american)) {
            if (kept.test(word)) continue;
            const wanted = inBritish.get(word.toLowerCase());
            context.report({ loc: comment.loc, message: `In prose '${word}' is written '${wanted}' here.` });
          }
        }
      },
      Identifier(node) {
        for (const [word] of node.name.matchAll(british)) {
          if (kept.test(word)) continue;
          const wanted = inAmerican.get(word.toLowerCase());
          context.report({ node, message: `In a name '${word}' is written '${wanted}' here.` });
        }
      },
    };
  },
};
