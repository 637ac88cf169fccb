// For `node --import`: notes when a command says something on stderr and when it ends, on the clock and in processor time of all
// threads, and in the end prints the notes there instead, and how much memory it took. A training ends after its first step.
import { writeSync } from 'node:fs';

const notes = [];
const note = (text) => {
  const { user, system } = process.cpuUsage();
  notes.push({ text, clock: performance.now() / 1000, processor: (user + system) / 1e6 });
};
note('Node');
// Only on a terminal does a training tell of each step.
process.stderr.isTTY = true;
process.stderr.write = (text) => {
  note(String(text));
  if (/ 1\/\d+ {2}loss /.test(text)) process.exit();
  return true;
};
process.on('exit', () => {
  note('end');
  writeSync(2, JSON.stringify({ notes, peak: process.resourceUsage().maxRSS * 1024 }));
});
