import type { Document, Filter } from 'mongodb';

/** What mapping's report of a reading did not tell at first. */
const laterFields: Readonly<Document> = { passedOver: null, approved: 0, samples: [], returned: null };

/** Whether an expression is such a report without one of these fields. */
function lacksFields(report: string): Document {
  const lacks = Object.keys(laterFields).map((name) => ({ $eq: [{ $type: `${report}.${name}` }, 'missing'] }));
  return { $and: [{ $eq: [`${report}.kind`, 'mapped'] }, { $or: lacks }] };
}

/** Documents whose report at that path lacks fields. */
export const withOlderReport = (path: string): Filter<Document> => ({ $expr: lacksFields(`$${path}`) });

/** Documents of whose reports, by any name below that path, one lacks fields. */
export const withOlderReports = (path: string): Filter<Document> => ({
  $expr: {
    $anyElementTrue: {
      $map: { input: { $objectToArray: { $ifNull: [`$${path}`, {}] } }, as: 'one', in: lacksFields('$$one.v') },
    },
  },
});

export function completedReport(report: Document): Document {
  return report['kind'] === 'mapped' ? { ...laterFields, ...report } : report;
}
