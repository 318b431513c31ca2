const prefix = 'operator:';

/** How an operator is named as the actor of commands, in the audit, and as the owner of keys. */
export const actorOfOperator = (id: string): string => `${prefix}${id}`;

/** Id of the operator; null for an actor that is none. */
export const operatorOfActor = (actor: string): string | null =>
  actor.startsWith(prefix) ? actor.slice(prefix.length) : null;
