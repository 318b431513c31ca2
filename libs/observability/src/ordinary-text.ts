/**
 * Words of our own messages, and those of every log. Such a word gives no secret away by standing in a line, since it
 * stands there anyway; hiding it everywhere would let whoever may enter a credential blank the logs. Lower case.
 */
const words = new Set(
  `about account accounts accepted active added address admin again agent allowed answer answers api app approved ask
asked authorization away bad basic batch bearer because been before began begin behind body broker brokers bucket bytes
cancel cancelled cannot cause caught change changed changes check checks client clock closed cluster code collection
command commands committed completed config configuration connect connected connection consumer consumers content
cookie correct could create created credential credentials cursor data database days dead deactivate deactivated
default deleted delivered detail digest directory does domain done down duplicate each econnrefused econnreset empty
end ended ending entry error errors event events every expected expired failed failing failure false fatal fetch field
fields file files find first found from full gateway generation get given gone group groups guard has have header
headers health held hold host hour hours http https idle inactive index info input inputs integration integrations
internal invalid is it its job kafka key keys knows last late lease leases left letter letters level limit line list
listening load local localhost lock log logged login long lost mail mails mapping message messages method minute minutes
missing mongodb more name names network never new next none not notice notices notifier null offset offsets old only
open operation other outbox over page pages parked part partition partitions passed passwd password path paused people
person plan plans policy port position preview private problem process production profile public query queue rate read
reader reading ready reason reconnect record records refused refuse region rejected release remote removed renewed
report request requests reset response restart result retried retry revoked role rollcall root rule rules run runner
running runs saas save saved schedule scope scopes second seconds secret secrets send sender sent server service
services session set setting settings setup shutdown signal since skipped slice slow smtp socket soon source stack start
started starting state status step steps still stop stopped stopping store stored stream success supervisor sync system
table take taken tenant test text that the their then there they this time timed timeout timeouts times token tokens
took topic topics transaction tries true try two type typed unauthorized under unit unknown until update updated upload
url used user users value values vault vendor vendors verified version wait waiting waits warn warning was were what
gb h kb mb min ms s when where which while window with without workflow workflows worker write writes written wrong yes your`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

const longest = 64;
/** Numbers of ports, partitions and seconds; a longer one may be a PIN or an account number that is a secret. */
const mostDigits = 4;
/** Addresses of this machine, which every line about an engine or a simulator has. */
const thisMachine = /(?<![\w.])(?:127(?:\.\d{1,3}){3}|localhost|\[::1\]|0\.0\.0\.0)(?::\d{1,5})?(?![\w.])/gi;

/** Is the text nothing but words of our own messages, with what stands between words? */
export function isOrdinary(text: string): boolean {
  if (text.length > longest) return false;
  const rest = text.replace(thisMachine, ' ');
  const runs = runsOf(rest);
  return (rest !== text || runs.length > 0) && hasFewDigits(rest) && runs.every(isWord);
}

/** What a text has beside the addresses of this machine. */
export function withoutThisMachine(text: string): string[] {
  return text.split(thisMachine);
}

/** The same of a part that was cut out of a text: its first and its last word may be cut. */
export function isOrdinaryPart(part: string): boolean {
  const runs = runsOf(part);
  if (runs.length === 0 || !hasFewDigits(part)) return false;
  return runs.every((run, at) => {
    const isFirst = at === 0 && /^[a-z]/i.test(part);
    const isLast = at === runs.length - 1 && /[a-z]$/i.test(part);
    return isWord(run) || isCutWord(run.toLowerCase(), isFirst, isLast);
  });
}

const known = [...words];

function isCutWord(run: string, isFirst: boolean, isLast: boolean): boolean {
  if (isFirst && isLast) return known.some((word) => word.includes(run));
  if (isFirst) return known.some((word) => word.endsWith(run));
  return isLast && known.some((word) => word.startsWith(run));
}

/** Small, large or with a large first letter, as people write; any other mixture is nobody's word. */
const isWord = (run: string): boolean =>
  words.has(run.toLowerCase()) && (/^.?\p{Ll}*$/u.test(run) || run === run.toUpperCase());
const runsOf = (text: string): string[] => text.match(/\p{L}+/gu) ?? [];
const hasFewDigits = (text: string): boolean => (text.match(/\p{N}/gu) ?? []).length <= mostDigits;
