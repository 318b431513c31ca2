import type { OperatorLink } from '@rollcall/contracts';

import { askGateway } from './gateway-request.js';
import type { StackPaths } from './stack-paths.js';

/**
 * Rows about the first administrator for what `up` and `demo` print: a link that works once. None when there is an
 * administrator. Each time it is printed the link of before opens nothing any more.
 */
export async function administratorRow(paths: StackPaths): Promise<string[][]> {
  const { url } = await askGateway<OperatorLink>('/operators/first-administrator-link', undefined, paths);
  // The link on a line of its own, so that it can be copied whole.
  return url === undefined
    ? []
    : [
        ['Sign in', 'the first administrator, once, with this link:'],
        ['', url],
      ];
}
