export { describeBackboneContract } from './testing/backbone-contract.ts';
export { describeLossContract } from './testing/loss-contract.ts';
export { describeVariantContract } from './testing/variant-contract.ts';
