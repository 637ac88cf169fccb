/** Why a step cannot be replayed as a graph; one sentence. The step itself did what it had to do. */
export class NotRecordable extends Error {
  override name = 'NotRecordable';
}
