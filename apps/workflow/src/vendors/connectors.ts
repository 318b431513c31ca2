/** Injection token of the connectors by id. */
export const CONNECTORS = Symbol('connectors');
