import { Injectable } from '@nestjs/common';
import { Leases } from '@rollcall/messaging';
import { Drains } from '@rollcall/service';

import { RecordConflict } from '../changes/changes.repository.js';
import { CarryingOutService } from './carrying-out.service.js';
import { CollectingService } from './collecting.service.js';
import { DecidingService } from './deciding.service.js';
import { JudgingService } from './judging.service.js';
import { PlanMoved } from './people-plans.repository.js';

const leaseMs = 30_000;
const idleMs = 1_000;

/** Moves people plans on: carries out and takes back, ends what is over, takes up who is due, judges (ADR 0013). */
@Injectable()
export class PeoplePlanLoop {
  constructor(
    private readonly carrying: CarryingOutService,
    private readonly deciding: DecidingService,
    private readonly collecting: CollectingService,
    private readonly judging: JudgingService,
    private readonly leases: Leases,
  ) {}

  /** Reads only: an installation at rest writes nothing. */
  private async isNeeded(): Promise<boolean> {
    return (
      (await this.carrying.isNeeded()) ||
      (await this.deciding.isNeeded()) ||
      (await this.collecting.isNeeded()) ||
      (await this.judging.next()) !== null
    );
  }

  @Drains({ name: 'people plans', idleMs })
  async step(): Promise<boolean> {
    if (!(await this.isNeeded()) || !(await this.leases.take('people-plans', leaseMs))) return false;
    try {
      return (
        (await this.carrying.step()) ||
        (await this.deciding.endOne()) ||
        (await this.collecting.step()) ||
        (await this.judging.step())
      );
    } catch (error) {
      // Somebody folded one of these people, or decided on the plan, in the same moment.
      if (error instanceof RecordConflict || error instanceof PlanMoved) return true;
      throw error;
    }
  }
}
