import { Injectable } from '@nestjs/common';

/**
 * Tells this process at once that it planned a run. Other replicas find the run at their next tick; nothing depends on
 * being told.
 */
@Injectable()
export class PlannedRuns {
  private listener: () => void = () => undefined;

  onPlanned(listener: () => void): void {
    this.listener = listener;
  }

  announce(): void {
    this.listener();
  }
}
