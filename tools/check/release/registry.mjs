import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Finding, run } from '../run.mjs';

/** Installed when it is needed: it is as large as all other development packages together. */
const verdaccio = 'verdaccio@6.1.6';

/** Starts a registry that holds what is published to it and passes on what others need. */
export async function startRegistry(folder) {
  mkdirSync(folder, { recursive: true });
  // A part of verdaccio asks for a tag of node-fetch that not every registry passes on.
  const overrides = { 'node-fetch': '2.7.0' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', verdaccio], {
    cwd: folder,
  });
  const upstream = (await run('npm', ['config', 'get', 'registry'], { cwd: folder })).trim();
  const port = await freePort();
  const url = `http://localhost:${port}/`;
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      storage: join(folder, 'storage'),
      auth: { htpasswd: { file: join(folder, 'users') } },
      uplinks: { upstream: { url: upstream } },
      packages: {
        '@interseg/*': { access: '$all', publish: '$all' },
        '**': { access: '$all', proxy: 'upstream' },
      },
      log: { type: 'stdout', level: 'warn' },
    }),
  );
  const program = join(folder, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
  const server = spawn(process.execPath, [program, '--config', join(folder, 'config.json'), '--listen', String(port)], {
    cwd: folder,
    stdio: 'ignore',
  });
  await untilAnswering(url, server);
  return {
    npmrc: `registry=${url}\n//localhost:${port}/:_authToken=anybody\n`,
    // Above what the machine's own settings say.
    env: { npm_config_registry: url },
    stop: () => server.kill(),
  };
}

async function untilAnswering(url, server) {
  for (let attempt = 0; attempt < 240; attempt++) {
    if (server.exitCode !== null) throw new Finding(`verdaccio ended with ${server.exitCode} before it answered.`);
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(250);
  }
  server.kill();
  throw new Finding('verdaccio does not answer.');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
