import { Module } from '@nestjs/common';
import { RETENTION_RULES, RetentionService } from '@rollcall/service';

import { ErasedUsers } from './accounts/erased-users.repository.js';
import { AppsRepository } from './apps/apps.repository.js';
import { AppsService } from './apps/apps.service.js';
import { ChangesRepository } from './changes/changes.repository.js';
import { AccountsCommands } from './edits/accounts.commands.js';
import { CommandChanges } from './edits/command-changes.js';
import { LeaversKeys } from './edits/leavers-keys.js';
import { PeopleEditsService } from './edits/people-edits.service.js';
import { RefoldsService } from './edits/refolds.service.js';
import { RetirementsRepository } from './edits/retirements.repository.js';
import { RetirementsService } from './edits/retirements.service.js';
import { SourcesService } from './edits/sources.service.js';
import { Marks } from './epochs/marks.js';
import { RecordEpochsCommands } from './epochs/record-epochs.commands.js';
import { RecordEpochsRepository } from './epochs/record-epochs.repository.js';
import { RecordEpochsService } from './epochs/record-epochs.service.js';
import { ResyncService } from './epochs/resync.service.js';
import { TopicLengths } from './epochs/topic-lengths.js';
import { ErasureChecks } from './erasures/erasure-checks.js';
import { ErasuresRepository } from './erasures/erasures.repository.js';
import { ErasuresService } from './erasures/erasures.service.js';
import { TracesRepository } from './erasures/traces.repository.js';
import { TracesService } from './erasures/traces.service.js';
import { ExpressionsService } from './expressions/expressions.service.js';
import { MappingEditsService } from './mappings/mapping-edits.service.js';
import { MappingsRepository } from './mappings/mappings.repository.js';
import { MappingsService } from './mappings/mappings.service.js';
import { SamplesRepository } from './mappings/samples.repository.js';
import { SamplesService } from './mappings/samples.service.js';
import { TrackingRepository } from './mappings/tracking.repository.js';
import { FieldIndexesService } from './people/field-indexes.service.js';
import { FoldSettingsRepository } from './people/fold-settings.repository.js';
import { PeopleReads } from './people/people-reads.repository.js';
import { CarryingOutService } from './people-plans/carrying-out.service.js';
import { CollectingService } from './people-plans/collecting.service.js';
import { DecidingService } from './people-plans/deciding.service.js';
import { DuePeople } from './people-plans/due-people.repository.js';
import { EffectsService } from './people-plans/effects.service.js';
import { JudgingService } from './people-plans/judging.service.js';
import { PeoplePlanLoop } from './people-plans/people-plan-loop.js';
import { PeoplePlansCommands } from './people-plans/people-plans.commands.js';
import { PeoplePlansRepository } from './people-plans/people-plans.repository.js';
import { PlanCauses } from './people-plans/plan-causes.service.js';
import { EndOfReading } from './plans/end-of-reading.js';
import { PlansRepository } from './plans/plans.repository.js';
import { SweepPlanner } from './plans/sweep-planner.js';
import { PositionsRepository } from './positions/positions.repository.js';
import { PreviewsRepository } from './previews/previews.repository.js';
import { PreviewsService } from './previews/previews.service.js';
import { PublishedRuns } from './readings/published-runs.repository.js';
import { ReadingsRepository } from './readings/readings.repository.js';
import { HistoryRetention } from './retention/history-retention.js';
import { PeopleRetention } from './retention/people-retention.js';
import { RecordRetention } from './retention/record-retention.js';
import { ControlSlices } from './slices/control-slices.js';
import { EventPublisher } from './slices/event-publisher.js';
import { LineTransactions } from './slices/line-transactions.js';
import { PartitionOpener } from './slices/partition-opener.js';
import { PartitionWorker } from './slices/partition-worker.js';
import { PartitionsService } from './slices/partitions.service.js';
import { PositionResetsService } from './slices/position-resets.service.js';
import { RawRecordsConsumer } from './slices/raw-records.consumer.js';
import { RecordSlicePlanner } from './slices/record-slice.planner.js';
import { RecordsCommitter } from './slices/records-committer.js';
import { Replayer } from './slices/replayer.js';
import { SweepRunner } from './slices/sweep-runner.js';
import { UndoRunner } from './slices/undo-runner.js';
import { UndoRepository } from './undo/undo.repository.js';
import { UndoPages } from './undo/undo-pages.js';
import { UndoPlanner } from './undo/undo-planner.js';
import { UndoPreviewService } from './undo/undo-preview.service.js';

@Module({
  controllers: [RawRecordsConsumer],
  providers: [
    AccountsCommands,
    AppsRepository,
    AppsService,
    CarryingOutService,
    ChangesRepository,
    CollectingService,
    CommandChanges,
    ControlSlices,
    DecidingService,
    DuePeople,
    EffectsService,
    EndOfReading,
    ErasedUsers,
    ErasureChecks,
    ErasuresRepository,
    ErasuresService,
    EventPublisher,
    ExpressionsService,
    FieldIndexesService,
    FoldSettingsRepository,
    HistoryRetention,
    JudgingService,
    LineTransactions,
    MappingEditsService,
    MappingsRepository,
    MappingsService,
    Marks,
    PartitionOpener,
    PartitionWorker,
    PartitionsService,
    LeaversKeys,
    PeopleEditsService,
    PeoplePlanLoop,
    PeoplePlansCommands,
    PeoplePlansRepository,
    PeopleReads,
    PeopleRetention,
    PlanCauses,
    PlansRepository,
    PositionResetsService,
    PositionsRepository,
    PreviewsRepository,
    PreviewsService,
    PublishedRuns,
    ReadingsRepository,
    RecordEpochsCommands,
    RecordEpochsRepository,
    RecordEpochsService,
    RecordSlicePlanner,
    RecordsCommitter,
    RefoldsService,
    Replayer,
    ResyncService,
    RetentionService,
    { provide: RETENTION_RULES, useClass: RecordRetention },
    RetirementsRepository,
    RetirementsService,
    SamplesRepository,
    SamplesService,
    SourcesService,
    SweepPlanner,
    SweepRunner,
    TopicLengths,
    TracesRepository,
    TracesService,
    TrackingRepository,
    UndoPages,
    UndoPlanner,
    UndoPreviewService,
    UndoRepository,
    UndoRunner,
  ],
})
export class AppModule {}
