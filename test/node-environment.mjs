import { isNativeError } from 'node:util/types';

import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest runs tests in a realm of their own, so errors of Node's core modules are no `instanceof Error` there, which no
 * production process ever sees. This makes the realm's `Error` recognise them.
 */
export default class NodeEnvironment extends TestEnvironment {
  /** @override */
  async setup() {
    await super.setup();
    const RealmError = this.global.Error;
    const ordinary = Function.prototype[Symbol.hasInstance];
    Object.defineProperty(RealmError, Symbol.hasInstance, {
      value(/** @type {unknown} */ candidate) {
        return ordinary.call(this, candidate) || (this === RealmError && isNativeError(candidate));
      },
    });
  }
}
