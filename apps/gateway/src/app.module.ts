import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { ErasuresModule, RetentionModule } from '@rollcall/service';

import { AccessModule } from './access/access.module.js';
import { FieldInterceptor } from './access/field.interceptor.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuditReadingModule } from './audit/audit-reading.module.js';
import { AuditInterceptor } from './audited-writes/audit.interceptor.js';
import { AuditedWritesModule } from './audited-writes/audited-writes.module.js';
import { CatalogModule } from './catalog/catalog.module.js';
import { CredentialsModule } from './credentials/credentials.module.js';
import { EncryptionKeysModule } from './encryption-keys/encryption-keys.module.js';
import { AuditTraces } from './erasures/audit-traces.repository.js';
import { ExplanationsModule } from './explanations/explanations.module.js';
import { HeldPlansModule } from './held-plans/held-plans.module.js';
import { BodyInterceptor } from './http/body.interceptor.js';
import { ReplyInterceptor } from './http/reply.interceptor.js';
import { IntegrationsModule } from './integrations/integrations.module.js';
import { MappingsModule } from './mappings/mappings.module.js';
import { MatchingModule } from './matching/matching.module.js';
import { NoticesModule } from './notices/notices.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { OperatorsModule } from './operators/operators.module.js';
import { PeopleModule } from './people/people.module.js';
import { PeoplePlansModule } from './people-plans/people-plans.module.js';
import { PreviewsModule } from './previews/previews.module.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { AuditRetention } from './retention/audit-retention.js';
import { RunsModule } from './runs/runs.module.js';
import { SaasAppsModule } from './saas-apps/saas-apps.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { SingleSignOnModule } from './single-sign-on/single-sign-on.module.js';
import { SystemModule } from './system/system.module.js';
import { UseLogModule } from './use-log/use-log.module.js';
import { WorkflowsModule } from './workflows/workflows.module.js';

@Module({
  imports: [
    AuditModule,
    AuditReadingModule,
    AuditedWritesModule,
    AccessModule,
    AccountsModule,
    ApiKeysModule,
    CatalogModule,
    CredentialsModule,
    EncryptionKeysModule,
    ErasuresModule.of(AuditTraces),
    ExplanationsModule,
    HeldPlansModule,
    IntegrationsModule,
    MappingsModule,
    MatchingModule,
    NoticesModule,
    OperationsModule,
    OperatorsModule,
    PeopleModule,
    PeoplePlansModule,
    PreviewsModule,
    RetentionModule.of(AuditRetention),
    RunsModule,
    SaasAppsModule,
    SessionsModule,
    SingleSignOnModule,
    SystemModule,
    UseLogModule,
    WorkflowsModule,
  ],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
    { provide: APP_INTERCEPTOR, useClass: BodyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: FieldInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ReplyInterceptor },
  ],
})
export class AppModule {}
