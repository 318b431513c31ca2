import { describe, expect, it } from '@jest/globals';

import { manifest } from './manifest.js';

describe('manifest', () => {
  it('has exactly the fields of the requirement, and its tracking label (R82)', () => {
    const labels =
      'Age Group, City, Company Name, Consent Provided For Minor, Creation Date, Creation Type, Department, ' +
      'Display Name, Employee Hire Date, Employee ID, Employee Type, Fax number, Given Name, ID, Is Account Enabled, ' +
      'Is Resource Account, Job Title, Last Password Change Date, Legal Age Group, Mail, Mail Nickname, Mobile Phone, ' +
      'Office Location, Password Policies, Postal Code, Preferred Language, State, Street, Surname, Usage Location, ' +
      'User Principal Name, User Type';
    expect(manifest.fields.map(({ label }) => label)).toEqual(labels.split(', '));
    expect(manifest.trackingLabels.syncTime).toBe('Connector Sync Time');
  });

  it('asks for a filter in one of its two loads, and runs in the cloud only (R21, R35, R56)', () => {
    expect(manifest.loads.map(({ label }) => label)).toEqual([
      'Microsoft Entra ID User Load',
      'Microsoft Entra ID User Load with Filtering',
    ]);
    expect(manifest.inputs).toMatchObject([{ name: 'filter', default: 'Default', loads: ['users-with-filtering'] }]);
    expect(manifest.installationTypes).toEqual(['cloud']);
  });
});
