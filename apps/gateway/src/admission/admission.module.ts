import { Module } from '@nestjs/common';

import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { Admission } from './admission.service.js';

@Module({ imports: [ApiKeysModule], providers: [Admission], exports: [Admission] })
export class AdmissionModule {}
