import { spawn } from 'node:child_process';

/** Opens an address in the browser of the system. @param onFailure called where none can be started */
export function openBrowser(url: string, onFailure: () => void): void {
  const commands: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
    darwin: ['open'],
    // Of `start` the first argument in quotes is the title of a window.
    win32: ['cmd', '/c', 'start', '""'],
  };
  const [program, ...args] = commands[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.once('error', onFailure);
  child.once('exit', (status) => {
    if (status !== 0) onFailure();
  });
  child.unref();
}
