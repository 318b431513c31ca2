import { Module } from '@nestjs/common';

import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { Admission } from './admission.service.js';

@Module({ imports: [ApiKeysModule, SessionsModule], providers: [Admission], exports: [Admission] })
export class AdmissionModule {}
