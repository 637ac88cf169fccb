import { library } from '../../tools/build/tsup.ts';

export default library({ index: 'src/index.ts', browser: 'src/browser.ts' });
