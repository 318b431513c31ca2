/** Range of the ids of what an integration saw, in one generation or in any: `0` is what follows `/`. */
export function chunksOf(integration: string, generation?: number): { $gte: string; $lt: string } {
  const prefix = generation === undefined ? integration : `${integration}/${generation}`;
  return { $gte: `${prefix}/`, $lt: `${prefix}0` };
}
