import type { Backbone } from '../backbones/backbone.ts';
import { mechanisms } from '../variants/mechanisms.ts';
import { composeVariant } from '../variants/registry.ts';
import type { Mechanism } from '../variants/variant.ts';
import { describeVariantContract } from './variant-contract.ts';

/**
 * Tests what every backbone must do: the contract of a variant with each mechanism. A backbone's test is one call of
 * this.
 *
 * @param only names of the mechanisms to try (`''` for the backbone alone), where trying all seven takes too long
 */
export function describeBackboneContract(backbone: Backbone, only?: readonly Mechanism['name'][]): void {
  const chosen = mechanisms.filter(({ name }) => only?.includes(name) ?? true);
  for (const mechanism of chosen) describeVariantContract(composeVariant(backbone, mechanism));
}
