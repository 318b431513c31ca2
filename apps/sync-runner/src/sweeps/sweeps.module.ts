import { Module } from '@nestjs/common';

import { SweepsRepository } from './sweeps.repository.js';
import { SweepsService } from './sweeps.service.js';

@Module({ providers: [SweepsRepository, SweepsService], exports: [SweepsService] })
export class SweepsModule {}
