#!/usr/bin/env node
import module from 'node:module';

// Node 22 and later keep what they compile, so that the next command starts sooner; NODE_DISABLE_COMPILE_CACHE=1 forbids it.
module.enableCompileCache?.();
const { main } = await import('../dist/main.js');

await main(process.argv.slice(2));
