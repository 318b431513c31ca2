// Loaded before a service ("--import"): its wall clock differs from the machine's by as many milliseconds as the file
// WRONG_CLOCK_FILE says at the moment. Monotonic clocks, and timers with them, stay true, as they do when NTP or somebody
// sets the clock of a machine.
import { readFileSync } from 'node:fs';

const file = process.env['WRONG_CLOCK_FILE'] ?? '';
const TrueDate = globalThis.Date;
let offsetMs = 0;

function look() {
  try {
    offsetMs = Number(readFileSync(file, 'utf8'));
  } catch {
    offsetMs = 0;
  }
}

if (file !== '') {
  look();
  setInterval(look, 100).unref();
  const now = () => TrueDate.now() + offsetMs;
  globalThis.Date = new Proxy(TrueDate, {
    construct: (target, values) => Reflect.construct(target, values.length === 0 ? [now()] : values),
    apply: () => new TrueDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
