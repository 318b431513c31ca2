import { Module } from '@nestjs/common';

import { NoticesModule } from '../notices/notices.module.js';
import { EndingCredentialsService } from './ending-credentials.service.js';

@Module({ imports: [NoticesModule], providers: [EndingCredentialsService] })
export class CredentialsModule {}
