import { Module } from '@nestjs/common';

import { LinkMails } from './link-mails.service.js';
import { OperatorContacts } from './operator-contacts.service.js';
import { OperatorLinks } from './operator-links.service.js';
import { OperatorSessionsRepository } from './operator-sessions.repository.js';
import { OperatorsController } from './operators.controller.js';
import { OperatorsQueries } from './operators.queries.js';
import { OperatorsRepository } from './operators.repository.js';
import { OperatorsService } from './operators.service.js';
import { PasswordHasher } from './password-hasher.js';

@Module({
  controllers: [OperatorsController],
  providers: [
    LinkMails,
    OperatorContacts,
    OperatorLinks,
    OperatorsQueries,
    OperatorsRepository,
    OperatorsService,
    PasswordHasher,
    OperatorSessionsRepository,
  ],
  exports: [
    LinkMails,
    OperatorContacts,
    OperatorLinks,
    OperatorsRepository,
    PasswordHasher,
    OperatorSessionsRepository,
  ],
})
export class OperatorsModule {}
