import { Module } from '@nestjs/common';
import { RETENTION_RULES, RetentionService } from '@rollcall/service';

import { AccountsCommands } from './accounts/accounts.commands.js';
import { AccountsService } from './accounts/accounts.service.js';
import { ErasedUsersRepository } from './accounts/erased-users.repository.js';
import { AppsCommands } from './apps/apps.commands.js';
import { AppsRepository } from './apps/apps.repository.js';
import { AppsService } from './apps/apps.service.js';
import { ChangesRepository } from './changes/changes.repository.js';
import { Marks } from './epochs/marks.js';
import { RecordEpochsCommands } from './epochs/record-epochs.commands.js';
import { RecordEpochsRepository } from './epochs/record-epochs.repository.js';
import { RecordEpochsService } from './epochs/record-epochs.service.js';
import { ResyncService } from './epochs/resync.service.js';
import { TopicLengths } from './epochs/topic-lengths.js';
import { ErasureChecks } from './erasures/erasure-checks.js';
import { ErasuresCommands } from './erasures/erasures.commands.js';
import { ErasuresRepository } from './erasures/erasures.repository.js';
import { ErasuresService } from './erasures/erasures.service.js';
import { TracesRepository } from './erasures/traces.repository.js';
import { TracesService } from './erasures/traces.service.js';
import { ExpressionsService } from './expressions/expressions.service.js';
import { FieldsRepository } from './fields/fields.repository.js';
import { FieldEditsService } from './mappings/field-edits.service.js';
import { FieldsCommands } from './mappings/fields.commands.js';
import { MappingEditsService } from './mappings/mapping-edits.service.js';
import { MappingsCommands } from './mappings/mappings.commands.js';
import { MappingsRepository } from './mappings/mappings.repository.js';
import { MappingsService } from './mappings/mappings.service.js';
import { SamplesRepository } from './mappings/samples.repository.js';
import { SamplesService } from './mappings/samples.service.js';
import { TrackingRepository } from './mappings/tracking.repository.js';
import { CommandChanges } from './people/command-changes.js';
import { FieldIndexesService } from './people/field-indexes.service.js';
import { FoldSettingsRepository } from './people/fold-settings.repository.js';
import { LeaversKeys } from './people/leavers-keys.js';
import { PeopleCommands } from './people/people.commands.js';
import { PeopleEditsService } from './people/people-edits.service.js';
import { PeopleReadsRepository } from './people/people-reads.repository.js';
import { RefoldsService } from './people/refolds.service.js';
import { CarryingOutService } from './people-plans/carrying-out.service.js';
import { CollectingService } from './people-plans/collecting.service.js';
import { DecidingService } from './people-plans/deciding.service.js';
import { DuePeopleRepository } from './people-plans/due-people.repository.js';
import { EffectsService } from './people-plans/effects.service.js';
import { JudgingService } from './people-plans/judging.service.js';
import { PeoplePlanLoop } from './people-plans/people-plan-loop.js';
import { PeoplePlansCommands } from './people-plans/people-plans.commands.js';
import { PeoplePlansRepository } from './people-plans/people-plans.repository.js';
import { PlanCausesService } from './people-plans/plan-causes.service.js';
import { EndOfReading } from './plans/end-of-reading.js';
import { PlansRepository } from './plans/plans.repository.js';
import { SweepPlanner } from './plans/sweep-planner.js';
import { PositionsRepository } from './positions/positions.repository.js';
import { PreviewsRepository } from './previews/previews.repository.js';
import { PreviewsService } from './previews/previews.service.js';
import { PublishedRunsRepository } from './readings/published-runs.repository.js';
import { ReadingsRepository } from './readings/readings.repository.js';
import { HistoryRetention } from './retention/history-retention.js';
import { PeopleRetention } from './retention/people-retention.js';
import { RecordRetention } from './retention/record-retention.js';
import { RetirementsCommands } from './retirements/retirements.commands.js';
import { RetirementsRepository } from './retirements/retirements.repository.js';
import { RetirementsService } from './retirements/retirements.service.js';
import { ControlSlices } from './slices/control-slices.js';
import { ControlWorker } from './slices/control-worker.js';
import { EventPublisher } from './slices/event-publisher.js';
import { LineTransactions } from './slices/line-transactions.js';
import { PartitionOpener } from './slices/partition-opener.js';
import { PartitionWorker } from './slices/partition-worker.js';
import { PartitionsService } from './slices/partitions.service.js';
import { PositionResetsCommands } from './slices/position-resets.commands.js';
import { PositionResetsService } from './slices/position-resets.service.js';
import { RawRecordsConsumer } from './slices/raw-records.consumer.js';
import { RecordSlicePlanner } from './slices/record-slice.planner.js';
import { RecordsCommitter } from './slices/records-committer.js';
import { Replayer } from './slices/replayer.js';
import { SweepRunner } from './slices/sweep-runner.js';
import { UndoRunner } from './slices/undo-runner.js';
import { SourcesCommands } from './sources/sources.commands.js';
import { SourcesService } from './sources/sources.service.js';
import { UndoRepository } from './undo/undo.repository.js';
import { UndoPages } from './undo/undo-pages.js';
import { UndoPlanner } from './undo/undo-planner.js';
import { UndoPreviewCommands } from './undo/undo-preview.commands.js';
import { UndoPreviewService } from './undo/undo-preview.service.js';

@Module({
  controllers: [RawRecordsConsumer],
  providers: [
    AccountsCommands,
    AccountsService,
    AppsCommands,
    AppsRepository,
    AppsService,
    CarryingOutService,
    ChangesRepository,
    CollectingService,
    CommandChanges,
    ControlSlices,
    ControlWorker,
    DecidingService,
    DuePeopleRepository,
    EffectsService,
    EndOfReading,
    ErasedUsersRepository,
    ErasureChecks,
    ErasuresCommands,
    ErasuresRepository,
    ErasuresService,
    EventPublisher,
    ExpressionsService,
    FieldEditsService,
    FieldsCommands,
    FieldsRepository,
    FieldIndexesService,
    FoldSettingsRepository,
    HistoryRetention,
    JudgingService,
    LeaversKeys,
    LineTransactions,
    MappingEditsService,
    MappingsCommands,
    MappingsRepository,
    MappingsService,
    Marks,
    PartitionOpener,
    PartitionWorker,
    PartitionsService,
    PeopleCommands,
    PeopleEditsService,
    PeoplePlanLoop,
    PeoplePlansCommands,
    PeoplePlansRepository,
    PeopleReadsRepository,
    PeopleRetention,
    PlanCausesService,
    PlansRepository,
    PositionResetsCommands,
    PositionResetsService,
    PositionsRepository,
    PreviewsRepository,
    PreviewsService,
    PublishedRunsRepository,
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
    RetirementsCommands,
    RetirementsRepository,
    RetirementsService,
    SamplesRepository,
    SamplesService,
    SourcesCommands,
    SourcesService,
    SweepPlanner,
    SweepRunner,
    TopicLengths,
    TracesRepository,
    TracesService,
    TrackingRepository,
    UndoPages,
    UndoPlanner,
    UndoPreviewCommands,
    UndoPreviewService,
    UndoRepository,
    UndoRunner,
    { provide: RETENTION_RULES, useClass: RecordRetention },
  ],
})
export class AppModule {}
