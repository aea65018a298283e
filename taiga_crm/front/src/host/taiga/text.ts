/** The few words the plugin says before the app with its catalogue is loaded. */
import { language } from './services';

const TEXTS = {
  module: [
    'Accounts and contacts of your customers, linked to your tickets.',
    '고객사와 연락처를 티켓과 연결해 관리합니다.',
  ],
  yes: ['Yes', '예'],
  no: ['No', '아니요'],
  not_allowed: [
    'You may not switch the CRM of this project.',
    '이 프로젝트의 CRM을 켜거나 끌 권한이 없습니다.',
  ],
  failed: ['The CRM did not answer. Please try again.', 'CRM이 응답하지 않습니다. 다시 시도해 주세요.'],
  accounts: ['Accounts', '고객사'],
  checks: ['Connection to Taiga', 'Taiga 연결 상태'],
} as const;

export function text(key: keyof typeof TEXTS): string {
  return TEXTS[key][language().startsWith('ko') ? 1 : 0];
}

/** A briefcase on Taiga's 24-pixel grid. */
export const ICON = `<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path fill-rule="evenodd" d="M9 6V4.5A1.5 1.5 0 0 1 10.5 3h3A1.5 1.5 0 0 1 15 4.5V6h4.5A1.5 1.5 0 0 1 21 7.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18.5v-11A1.5 1.5 0 0 1 4.5 6zm1.5 0h3V4.5h-3zM4.5 7.5v4h15v-4zm0 5.5v5.5h15V13H13v1.5h-2V13z"/></svg>`;

export function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
