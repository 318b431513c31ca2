import { Injectable } from '@nestjs/common';
import { Databases, type FieldDocument, fields, withEdit } from '@rollcall/collections';
import type { PeopleField } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

/** The fields of people. */
@Injectable()
export class FieldsRepository {
  private readonly fields: Model<FieldDocument>;

  constructor(private readonly databases: Databases) {
    this.fields = databases.model(fields);
  }

  async all(session?: ClientSession): Promise<FieldDocument[]> {
    return this.fields.find({}, null, { session }).lean();
  }

  /** Adds fields that are missing; existing ones keep label and type, which are their owner's to change (R67). */
  async add(
    session: ClientSession,
    wanted: readonly PeopleField[],
    { builtIn = false, by }: { readonly builtIn?: boolean; readonly by?: string } = {},
  ): Promise<void> {
    const existing = new Set((await this.all(session)).map((field) => field._id));
    const missing = wanted.filter((field) => !existing.has(field.variable));
    if (missing.length === 0) return;
    const edits = by === undefined ? undefined : [{ by, at: this.databases.time(), kind: 'made' as const }];
    await this.fields.insertMany(
      missing.map((field) => ({ _id: field.variable, ...field, builtIn, edits })),
      { session },
    );
  }

  async change(
    session: ClientSession,
    { variable, edits }: FieldDocument,
    changes: Partial<Pick<PeopleField, 'label' | 'required' | 'unique' | 'filterable'>>,
    by: string,
  ): Promise<FieldDocument> {
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const after = await this.fields
      .findOneAndUpdate(
        { _id: variable },
        { $set: { variable, ...given, edits: withEdit(edits, { by, at: this.databases.time(), kind: 'changed' }) } },
        { session, returnDocument: 'after' },
      )
      .lean();
    if (after === null) throw new Error(`people field ${variable} vanished inside a transaction`);
    return after;
  }
}
