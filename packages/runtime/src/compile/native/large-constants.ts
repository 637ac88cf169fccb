import * as tf from '@tensorflow/tfjs-core';
import type { Constant, Feed, Recording, Source } from './recording.ts';

/** The largest number of values of a constant inside the graph; larger ones become tensors that are fed in each run. */
const largest = 16_384;
/** The largest size of an outside tensor that becomes a constant, so that the graph can be optimised with it. */
const small = 1_024;

const dtypes = ['float32', 'int32', 'bool'] as const;

/**
 * Puts each constant where it is cheap: large ones outside the graph, into tensors made once; small tensors from
 * outside, which never change, into it. Releases the tensors that are no longer needed.
 *
 * @param freeze whether all of them are put into the graph, and the variables with them
 */
export function placeConstants(
  recording: Recording,
  dtypeOf: (dtype: (typeof dtypes)[number]) => number,
  freeze: boolean,
): Recording {
  const constants: Constant[] = [];
  const feeds: Feed[] = [];
  const add = <T>(list: T[], one: T): number => list.push(one) - 1;
  const intoGraph = (constant: Constant): Source => ({ from: 'constant', constant: add(constants, constant) });
  const outOfGraph = (feed: Feed): Source => ({ from: 'feed', feed: add(feeds, feed) });

  const newConstants = recording.constants.map((constant) => {
    const dtype = dtypes.find((one) => dtypeOf(one) === constant.dtype);
    if (freeze || constant.values.length <= largest || dtype === undefined) return intoGraph(constant);
    const shape = [...constant.shape];
    const tensor = tf.keep(tf.tensor(constant.values, shape, dtype));
    return outOfGraph({ kind: 'held', tensor, dtype: constant.dtype, shape });
  });
  const newFeeds = recording.feeds.map((feed) => {
    if (feed.kind === 'input') return outOfGraph(feed);
    const { dtype, shape } = feed;
    if (feed.kind === 'variable') {
      if (!freeze) return outOfGraph(feed);
      return intoGraph({ dtype, shape, values: feed.variable.dataSync() as Constant['values'] });
    }
    if (!freeze && feed.tensor.size > small) return outOfGraph(feed);
    const values = feed.tensor.dataSync() as Constant['values'];
    feed.tensor.dispose();
    return intoGraph({ dtype, shape, values });
  });
  const moved = (source: Source): Source => {
    if (source.from === 'node') return source;
    return (source.from === 'constant' ? newConstants[source.constant] : newFeeds[source.feed])!;
  };
  return {
    constants,
    feeds,
    nodes: recording.nodes.map((node) => ({ ...node, inputs: node.inputs.map(moved) })),
    results: recording.results.map((result) => ({ ...result, source: moved(result.source) })),
    updates: recording.updates.map((update) => ({ ...update, source: moved(update.source) })),
  };
}
