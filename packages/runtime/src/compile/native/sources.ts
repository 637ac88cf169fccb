import type { Recording, Source } from './recording.ts';

/** The shape of the value that a source gives. */
export function shapeOf({ nodes, constants, feeds }: Recording, source: Source): readonly number[] {
  if (source.from === 'node') return nodes[source.node]!.outputs[source.output]!.shape;
  return source.from === 'constant' ? constants[source.constant]!.shape : feeds[source.feed]!.shape;
}

/** Sources with the same key give the same value. */
export function keyOf(source: Source): string {
  if (source.from === 'node') return `n${source.node}:${source.output}`;
  return source.from === 'constant' ? `c${source.constant}` : `f${source.feed}`;
}
