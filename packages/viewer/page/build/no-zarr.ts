// In place of zarrita, with which NiiVue reads Zarr from other sites: this page never does, and would be half as large again
// with its decoders.
const refuse = (): never => {
  throw new Error('This page does not read Zarr.');
};

export { refuse as get, refuse as open, refuse as root, refuse as slice };
/** Where NiiVue looks for data on another site. */
export class FetchStore {
  constructor() {
    refuse();
  }
}
