import type { OperatorLink } from '@rollcall/contracts';

import { askGateway } from './gateway-request.js';
import type { StackPaths } from './stack-paths.js';

/**
 * Line about the first administrator for what `up` and `demo` print: a link that works once. None when there is an
 * administrator. Each time it is printed the link of before opens nothing any more.
 */
export async function administratorRow(paths: StackPaths): Promise<string[][]> {
  const { url } = await askGateway<OperatorLink>('/operators/first-administrator-link', undefined, paths);
  return url === undefined ? [] : [['Sign in', `the first administrator, with this link: ${url}`]];
}
