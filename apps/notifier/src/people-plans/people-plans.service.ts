import { Injectable } from '@nestjs/common';
import { Databases, inTransaction } from '@rollcall/collections';
import { type CloudEvent, peoplePlanHeld } from '@rollcall/contracts';
import { Inbox } from '@rollcall/messaging';

import { NoticesService } from '../notices/notices.service.js';
import { eventUnreadable } from '../watches/watches.errors.js';
import { WatchesService } from '../watches/watches.service.js';

/** Tells the contacts of all integrations concerned that people were held back, once per incident. */
@Injectable()
export class PeoplePlansService {
  constructor(
    private readonly databases: Databases,
    private readonly watches: WatchesService,
    private readonly notices: NoticesService,
    private readonly inbox: Inbox,
  ) {}

  /** @throws WatchError event-unreadable */
  async take(event: CloudEvent): Promise<void> {
    const parsed = peoplePlanHeld.data.safeParse(event.data);
    if (!parsed.success) throw eventUnreadable(event.type);
    const { plan } = parsed.data;
    await inTransaction(this.databases, async (session) => {
      if (!(await this.inbox.takeOnce(session, event.id))) return;
      const incident = plan.incident ?? `people-held/${plan.id}`;
      for (const integration of plan.integrations) {
        const finding = { kind: 'people-held' as const, integration, incident, run: null, plan };
        await this.notices.notify(session, finding, await this.watches.contactsOf(session, integration));
      }
    });
    this.notices.wake();
  }
}
