/** Whether the CRM is on in a project, who may switch it, and the switch itself. */
import { ref, shallowRef } from 'vue';
import { ApiError } from '@/api/errors';
import { reasonOf } from '@/api/reason';
import { useClient, useHost } from '@/context';
import { useI18n } from '@/i18n';

export interface ModuleSettings {
  project: { id: number; slug: string; label: string };
  enabled: boolean;
  can_switch: boolean;
  is_frozen: boolean;
  can_grant: boolean;
}

export function useModuleSwitch(projectId: () => number | undefined) {
  const client = useClient();
  const host = useHost();
  const { t } = useI18n();
  const settings = shallowRef<ModuleSettings | null>(null);
  const problem = shallowRef<ApiError | null>(null);
  const busy = ref(false);

  async function load() {
    problem.value = null;
    await attempt(async () => {
      settings.value = await client.get<ModuleSettings>(address());
    });
  }

  async function toggle(enabled: boolean) {
    busy.value = true;
    await attempt(async () => {
      settings.value = await client.patch<ModuleSettings>(address(), { enabled });
      host.notify('success', t(enabled ? 'settings.switched_on' : 'settings.switched_off'));
      host.rightsChanged();
    });
    busy.value = false;
  }

  async function attempt(run: () => Promise<void>) {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (settings.value) host.notify('error', reasonOf(error, t));
      else problem.value = error;
    }
  }

  function address(): string {
    return `/projects/${projectId()}/settings`;
  }

  return { settings, problem, busy, load, toggle };
}
