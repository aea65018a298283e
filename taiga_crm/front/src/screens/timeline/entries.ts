/** What a record's stream consists of, as the API sends it. */
export interface Person {
  id: number | null;
  label: string;
}

export interface About {
  kind: string;
  id: number;
  label: string;
}

interface Entry {
  id: number;
  at: string;
  actor: Person | null;
  /** The related record an entry is about; null for the record itself. */
  record: About | null;
}

export interface Change {
  field: string;
  label: string;
  old: unknown;
  new: unknown;
}

export interface ChangeEntry extends Entry {
  source: 'changes';
  verb: string;
  changes: Change[];
}

export interface CommentEntry extends Entry {
  source: 'comments';
  text: string;
  edited_at: string | null;
  deleted: boolean;
  version: number;
  _verbs: string[];
}

/** A part that other engines let flow into the stream: what it is called is in `label`. */
export interface OtherEntry extends Entry {
  source: string;
  verb: string;
  label?: string;
}

export type StreamEntry = ChangeEntry | CommentEntry | OtherEntry;

export const isComment = (entry: StreamEntry): entry is CommentEntry => entry.source === 'comments';
export const isChange = (entry: StreamEntry): entry is ChangeEntry => entry.source === 'changes';
