/** Uploads one file after the other; what failed stays in the list with its reason until it is tried again or left. */
import { reactive } from 'vue';
import { ApiError } from '@/api/errors';
import { refreshAll } from '@/api/queries';
import { reasonOf } from '@/api/reason';
import { useClient } from '@/context';
import { useI18n } from '@/i18n';

export interface Upload {
  key: number;
  file: File;
  /** Where it goes: a record's files, or the versions of one file. */
  path: string;
  state: 'waiting' | 'sending' | 'failed';
  problem: string;
  /** The server refused the file itself: sending it again would not help. */
  refused: boolean;
}

let next = 1;

export function useUploads() {
  const client = useClient();
  const { t } = useI18n();
  const uploads = reactive<Upload[]>([]);
  let working = false;

  function add(files: Iterable<File>, path: string) {
    for (const file of files)
      uploads.push({ key: next++, file, path, state: 'waiting', problem: '', refused: false });
    void work();
  }

  function retry(upload: Upload) {
    upload.state = 'waiting';
    upload.problem = '';
    void work();
  }

  function leave(upload: Upload) {
    uploads.splice(uploads.indexOf(upload), 1);
  }

  async function work() {
    if (working) return;
    working = true;
    for (let one = waiting(); one; one = waiting()) {
      one.state = 'sending';
      try {
        await send(one);
      } catch (error) {
        one.state = 'failed';
        one.refused = error instanceof ApiError && [400, 403, 404, 413].includes(error.status);
        one.problem = reasonOf(error, t);
      }
    }
    working = false;
  }

  async function send(upload: Upload) {
    const form = new FormData();
    form.append('file', upload.file);
    await client.upload(upload.path, form);
    leave(upload);
    await refreshAll();
  }

  const waiting = () => uploads.find((one) => one.state === 'waiting');

  return { uploads, add, retry, leave };
}
