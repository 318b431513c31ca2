import type { CredentialRecord } from '@rollcall/contracts';

type Attention = CredentialRecord['attention'];

const longestMessage = 2000;
const sentence = ' The secret of before is used until the new one is accepted.';

/** Why the vendor does not accept a credential, and what goes on in the meantime where something does. */
export function attentionWith(previous: CredentialRecord['previous'], attention: Attention): Attention {
  if (attention === null) return null;
  const message = attention.message.replaceAll(sentence, '');
  return { ...attention, message: `${message}${previous === null ? '' : sentence}`.slice(0, longestMessage) };
}
