import { days, defineCollection } from '../define-collection.js';
import { date, listOf, number, optional, part, text } from '../models/paths.js';

/** Ids seen by one slice, with what was done to them. One document a slice, whatever it wrote. */
export interface SeenDocument {
  /** `<integration>/<generation>/<offset of the first message>`. */
  _id: string;
  integration: string;
  generation: number;
  ids: string[];
  created: number;
  updated: number;
  unchanged: number;
  /** Older than what is known by now, so not taken over. Absent in what earlier versions stored: 0. */
  outdated?: number;
  skipped: number;
  /** Of the skipped ones, those whom the rule of the mapping passed over. */
  passedOver: number;
  reactivated: number;
  unknownStatus: number;
  rejected: number;
  /** Rejected users and others whom the run names; `more` of the same code are counted and not named. */
  problems: { id: string; code: string; message: string; more?: number }[];
  at: Date;
}

export const seen = defineCollection<SeenDocument>({
  owner: 'mapping',
  name: 'seen',
  published: false,
  paths: {
    _id: text,
    integration: text,
    generation: number,
    ids: listOf(text),
    created: number,
    updated: number,
    unchanged: number,
    outdated: optional.number,
    skipped: number,
    passedOver: number,
    reactivated: number,
    unknownStatus: number,
    rejected: number,
    problems: listOf(part({ id: text, code: text, message: text, more: optional.number })),
    at: date,
  },
  indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(9) } }],
});
