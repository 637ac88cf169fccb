import { describeBackboneContract } from '@interseg/models/testing';
import { attentionUnet } from '../src/index.ts';

// Between them these use every part that mechanisms are made of.
describeBackboneContract(attentionUnet, ['', 'inter', 'twae']);
