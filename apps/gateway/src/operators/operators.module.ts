import { Module } from '@nestjs/common';

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
    OperatorContacts,
    OperatorLinks,
    OperatorsQueries,
    OperatorsRepository,
    OperatorsService,
    PasswordHasher,
    OperatorSessionsRepository,
  ],
  exports: [OperatorContacts, OperatorLinks, OperatorsRepository, PasswordHasher, OperatorSessionsRepository],
})
export class OperatorsModule {}
