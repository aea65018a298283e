/** The question that is being asked, shared by who asks and the dialog that shows it. */
import { type InjectionKey, type ShallowRef, shallowRef } from 'vue';

export interface Question {
  title: string;
  text?: string;
  yes?: string;
  no?: string;
  danger?: boolean;
}

export interface Asked extends Question {
  answer(yes: boolean): void;
}

export const QUESTION: InjectionKey<ShallowRef<Asked | null>> = Symbol('question');

export function createQuestion(): ShallowRef<Asked | null> {
  return shallowRef(null);
}
