import { describe, expect, it } from 'vitest';
import GrantsMatrix from '@/screens/settings/GrantsMatrix.vue';
import { fakeHost, fakeServer, mountAt, type Reply, type Sent, settle } from './support';

const KINDS = [{ key: 'plant', label: 'Plants', verbs: ['view', 'add', 'change', 'delete'] }];
const GARDENER = { role: { id: 7, name: 'Gardener' }, keys: [], scopes: { plant: 'all' }, version: 3 };

async function matrix(
  onSave: (request: Sent) => Reply = (request) => ({ body: { ...GARDENER, ...request.body } }),
) {
  const sent = fakeServer((request) =>
    request.method === 'GET' ? { kinds: KINDS, roles: [GARDENER] } : onSave(request),
  );
  const host = fakeHost();
  const { wrapper } = await mountAt(GrantsMatrix, { props: { projectId: 1 }, host });
  const box = (verb: string) =>
    wrapper.find<HTMLInputElement>(`input[aria-label="Gardener: Plants, ${verb}"]`);
  const button = (label: string) => wrapper.findAll('button').find((one) => one.text() === label);
  return { sent, host, wrapper, box, button };
}

describe('the matrix of rights', () => {
  it('lets whoever may change also see, and takes everything away with seeing', async () => {
    const { box } = await matrix();
    await box('Edit').setValue(true);
    expect(box('See').element.checked).toBe(true);
    await box('See').setValue(false);
    expect(box('Edit').element.checked).toBe(false);
  });

  it('saves one role with the version it was read at', async () => {
    const { sent, box, button } = await matrix();
    expect(button('Save')).toBeUndefined();
    await box('See').setValue(true);
    await button('Save')?.trigger('click');
    await settle();
    expect(sent.at(-1)).toMatchObject({
      method: 'PATCH',
      path: '/projects/1/grants/7',
      body: { keys: ['view_plant'], scopes: { plant: 'all' }, version: 3 },
    });
    expect(button('Save')).toBeUndefined();
  });

  it('is clean again when a change is taken back', async () => {
    const { host, box, button } = await matrix();
    await box('See').setValue(true);
    expect(host.leaving?.()).toContain('not saved');
    await box('See').setValue(false);
    expect(host.leaving?.()).toBeNull();
    expect(button('Save')).toBeUndefined();
  });

  it('shows the role as it is now when somebody else was faster', async () => {
    const current = { ...GARDENER, keys: ['view_plant', 'add_plant'], version: 4 };
    const { host, box, button } = await matrix(() => ({
      status: 400,
      body: { version: ['Stale.'], code: 'stale_version', current },
    }));
    await box('Delete').setValue(true);
    await button('Save')?.trigger('click');
    await settle();
    expect(box('Add').element.checked).toBe(true);
    expect(box('Delete').element.checked).toBe(false);
    expect(host.notices.at(-1)).toContain('Somebody else');
  });

  it('says who may see it to those who may not', async () => {
    fakeServer(() => ({ status: 403, body: { code: 'permission_denied', _error_message: 'No.' } }));
    const { wrapper } = await mountAt(GrantsMatrix, { props: { projectId: 1 } });
    expect(wrapper.text()).toContain('Only project administrators');
  });
});
