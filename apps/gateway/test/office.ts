import { expect } from '@jest/globals';
import type { Grant, Operator, OperatorLink } from '@rollcall/contracts';

import { Browser } from './browser.js';
import { GatewayUnderTest } from './gateway-under-test.js';

export const password = 'an example password of many words';
export const everywhere = (role: Grant['role']): Grant => ({ role, limit: null });

export interface SignedIn {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly browser: Browser;
}

/** A gateway with its first administrator, who has signed in, and whoever they invite. */
export class Office {
  private invited = 0;

  private constructor(
    readonly gateway: GatewayUnderTest,
    /** Ada, ada@example.com. */
    readonly administrator: Browser,
  ) {}

  static async open(): Promise<Office> {
    const gateway = await GatewayUnderTest.start({
      ROLLCALL_PUBLIC_URL: 'https://rollcall.example.com',
      TRUST_PROXY: '1',
    });
    const { body } = await gateway.as('post', '/operators/first-administrator-link').expect(200);
    const administrator = new Browser(gateway);
    const who = { email: 'ada@example.com', name: 'Ada' };
    expect((await administrator.redeem((body as OperatorLink).token, password, who)).status).toBe(200);
    return new Office(gateway, administrator);
  }

  /** An operator who has signed in. */
  async operatorWith(...grants: Grant[]): Promise<SignedIn> {
    this.invited += 1;
    const [email, name] = [`operator-${this.invited}@example.com`, `Operator ${this.invited}`];
    const answer = await this.administrator.send('post', '/operators').send({ email, name, grants });
    expect(answer.status).toBe(201);
    const { id, link } = answer.body as Operator & { link: OperatorLink };
    const browser = new Browser(this.gateway);
    expect((await browser.redeem(link.token, password)).status).toBe(200);
    return { id, email, name, browser };
  }

  async change(id: string, body: object, by = this.administrator) {
    const { headers } = await by.send('get', `/operators/${id}`);
    return by.send('patch', `/operators/${id}`).set('if-match', headers['etag']!).send(body);
  }
}
