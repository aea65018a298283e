import { describe, expect, it } from 'vitest';
import VcardScreen from '@/screens/vcards/VcardScreen.vue';
import { openImport } from './import-support';
import { settle } from './support';

const CARD = {
  number: 1,
  kind: 'plant',
  name: 'Oak',
  id: null,
  account: null,
  outcome: 'created',
  remarks: ['No account is called “Wood”.'],
};
const COUNTS = { created: 1, updated: 0, unchanged: 0, refused: 0 };

async function drop() {
  const event = new Event('drop', { bubbles: true, cancelable: true });
  const chosen = new File(['BEGIN:VCARD'], 'people.vcf', { type: 'text/vcard' });
  Object.assign(event, { dataTransfer: { files: [chosen] } });
  document.querySelector('.drop')?.dispatchEvent(event);
  await settle();
}

describe('importing cards', () => {
  it('shows what each would become, then leads to the import with the way back', async () => {
    const { wrapper, router, press, writes } = await openImport(
      VcardScreen,
      '/crm/vcards',
      undefined,
      ({ path, method }) => {
        if (method !== 'POST') return null;
        return path === '/vcards'
          ? { status: 202, body: { id: 5, import: 12 } }
          : { body: { cards: 1, counts: COUNTS, rows: [CARD] } };
      },
    );
    await drop();
    expect(wrapper.find('.vcard-rows tbody').text()).toContain('will be created');
    expect(wrapper.find('.vcard-rows .remarks').text()).toBe('No account is called “Wood”.');
    await press('Import: 1');
    expect(writes().map(({ path }) => path)).toEqual(['/vcards/preview', '/vcards']);
    expect(router.currentRoute.value.path).toBe('/crm/import/12');
  });

  it('says why a file cannot be read, and keeps to its page', async () => {
    const { wrapper, router } = await openImport(VcardScreen, '/crm/vcards', undefined, ({ method }) =>
      method === 'POST'
        ? {
            status: 400,
            body: {
              _error_message: 'There is no vCard in this file.',
              file: ['There is no vCard in this file.'],
            },
          }
        : null,
    );
    await drop();
    expect(wrapper.find('[role=alert]').text()).toContain('There is no vCard in this file.');
    expect(router.currentRoute.value.path).toBe('/crm/vcards');
  });
});
