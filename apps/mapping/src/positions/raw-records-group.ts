/** The group whose committed offsets say how far raw-records was once read, whatever the database says. */
export const rawRecordsGroup = 'mapping.raw-records';
