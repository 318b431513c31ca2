import { Module } from '@nestjs/common';

import { HeldPlansRepository } from './held-plans.repository.js';
import { HeldPlansService } from './held-plans.service.js';

@Module({ providers: [HeldPlansRepository, HeldPlansService], exports: [HeldPlansService] })
export class HeldPlansModule {}
