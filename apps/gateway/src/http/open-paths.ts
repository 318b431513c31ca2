/** Routes without a key: for load balancers and monitoring. They tell nothing about people. */
export const openPaths: readonly string[] = ['/healthz', '/readyz', '/metrics'];
