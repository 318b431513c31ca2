import { Module } from '@nestjs/common';

import { WayOutService } from './way-out.service.js';

@Module({ providers: [WayOutService], exports: [WayOutService] })
export class WayOutModule {}
