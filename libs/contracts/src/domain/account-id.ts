/** Id of the account that stands for one user of a vendor, as one integration reads it. */
export function accountId(integration: string, vendorId: string): string {
  return `${integration}:${vendorId}`;
}
