import { type Command } from 'commander';

import { CliError } from '../cli-error.js';
import { settingsGuide } from '../settings/settings.js';
import { askGateway } from '../stack/gateway-request.js';
import { green, writeLine } from '../terminal/output.js';

interface MailTest {
  readonly accepted: boolean;
  readonly server: string;
  readonly from: string;
  readonly answer: string;
}

export function registerMail(program: Command): void {
  program
    .command('mail')
    .description('the mail server through which contacts get their notices')
    .command('test')
    .description('send one mail, and say what the mail server answered')
    .requiredOption('--to <address>', 'who gets it')
    .action(test);
}

async function test({ to }: { to: string }): Promise<void> {
  const answer = await askGateway<MailTest>('/system/mail/test', { to });
  if (answer.server === undefined) {
    if (answer.status === 400) throw new CliError(`No mail was sent: ${to} ${answer.detail}`, 'Correct --to.');
    throw new CliError(
      `No mail was sent: ${answer.detail ?? `status ${answer.status}`}`,
      '`./rollcall status` says whether gateway and notifier run.',
    );
  }
  const { server, from, answer: said } = answer;
  if (answer.accepted !== true) {
    throw new CliError(
      `The mail server at ${server} took no mail from ${from} to ${to}: ${said}`,
      `Correct SMTP_URL or MAIL_FROM in settings.env (${settingsGuide}), run \`./rollcall up\`, then this again.`,
    );
  }
  writeLine(`${green('✓')} ${server} took a mail from ${from} to ${to}. It said: ${said}`);
  writeLine('  Look whether it arrived: what becomes of it now is up to that server.');
}
