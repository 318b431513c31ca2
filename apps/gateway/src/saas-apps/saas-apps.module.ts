import { Module } from '@nestjs/common';

import { SaasAppsController } from './saas-apps.controller.js';
import { SaasAppsQueries } from './saas-apps.queries.js';

@Module({ controllers: [SaasAppsController], providers: [SaasAppsQueries] })
export class SaasAppsModule {}
