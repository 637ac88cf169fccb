import { describeLossContract } from '../testing/loss-contract.ts';
import { bceDice } from './registry.ts';

describeLossContract(bceDice);
