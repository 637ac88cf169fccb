import { fileURLToPath } from 'node:url';

/**
 * The folder with the built page, static files that any web server can serve: `index.html` and what it needs. A model is
 * built in when its folder stands beside `index.html` as `model`.
 */
export const pageFolder: string = fileURLToPath(new URL('../dist/page', import.meta.url));
