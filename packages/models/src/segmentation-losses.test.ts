import { describeLossContract } from './testing/loss-contract.ts';
import { bceDice } from './segmentation-losses.ts';

describeLossContract(bceDice);
