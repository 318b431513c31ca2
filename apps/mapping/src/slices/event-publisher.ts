import { Injectable } from '@nestjs/common';
import { encodeEvent, type RunReport, runReportsTopic } from '@rollcall/contracts';
import { cloudEventHeaders, type OutgoingMessage, Publisher } from '@rollcall/messaging';

import type { RecordEvent } from '../changes/record-change.js';

/** Says what was stored. Bytes come from stored data only, so saying it twice says the same (C4). */
@Injectable()
export class EventPublisher {
  constructor(private readonly publisher: Publisher) {}

  async publish(events: readonly RecordEvent[], reports: readonly RunReport[] = []): Promise<void> {
    await this.publisher.publish([...events.map(toMessage), ...reports.map(reportMessage)]);
  }
}

function toMessage({ definition, id, key, time, data }: RecordEvent): OutgoingMessage {
  return {
    topic: definition.topic,
    key,
    value: encodeEvent(definition, { id, subject: key, time, data }),
    headers: cloudEventHeaders,
  };
}

function reportMessage(report: RunReport): OutgoingMessage {
  return { topic: runReportsTopic, key: report.run, value: JSON.stringify(report) };
}
