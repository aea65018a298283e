/** Talks JSON to the API with the host's token; refreshes it once on a 401 and throws nothing but ApiError. */
import type { Host } from '@/host/port';
import { browserZone } from '@/kinds/zone';
import { ApiError, toApiError } from './errors';

export type Param = string | number | boolean | null | undefined;
export type Params = Record<string, Param | string[]>;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Page<Row> {
  rows: Row[];
  count: number;
  /** False when `count` is an estimate or a lower bound. */
  exact: boolean;
  page: number;
  pageSize: number;
  hasNext: boolean;
  hasPrevious: boolean;
  /** Where the next page begins; far pages are reached by it at the speed of the first. */
  nextCursor: string;
}

export interface SaveOptions {
  signal: AbortSignal;
  onProgress(bytes: number): void;
}

export interface Download {
  blob: Blob;
  /** Empty where the server's name may not be read. */
  name: string;
  rows: number | null;
  /** False when the file was cut at the limit. */
  complete: boolean;
}

export class Client {
  private readonly isAtHome: boolean;

  constructor(private readonly host: Host) {
    const { apiBase } = host;
    this.isAtHome = !/^https?:/i.test(apiBase) || new URL(apiBase).origin === location.origin;
  }

  get<T>(path: string, params?: Params, signal?: AbortSignal): Promise<T> {
    return this.json<T>('GET', path, params, undefined, signal);
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.json<T>('POST', path, undefined, body);
  }

  put<T>(path: string, body: object, params?: Params): Promise<T> {
    return this.json<T>('PUT', path, params, body);
  }

  patch<T>(path: string, body: object): Promise<T> {
    return this.json<T>('PATCH', path, undefined, body);
  }

  delete<T = void>(path: string): Promise<T> {
    return this.json<T>('DELETE', path);
  }

  /** Sends a form with files; the browser sets the boundary. */
  upload<T>(path: string, form: FormData): Promise<T> {
    return this.json<T>('POST', path, undefined, form);
  }

  async list<Row>(path: string, params?: Params, signal?: AbortSignal): Promise<Page<Row>> {
    const response = await this.send('GET', path, params, undefined, signal);
    return toPage<Row>((await response.json()) as Row[], response.headers);
  }

  async download(path: string, params?: Params): Promise<Blob> {
    return (await this.send('GET', path, params)).blob();
  }

  /** Fetches a file whose making is an act of its own, and is logged. */
  async fetchByPost(path: string, body: object = {}): Promise<Blob> {
    return (await this.send('POST', path, undefined, body)).blob();
  }

  /** Fetches a file that is made while it is sent, telling how much has come. */
  async save(path: string, params: Params, { signal, onProgress }: SaveOptions): Promise<Download> {
    const response = await this.send('GET', path, params, undefined, signal);
    const rows = response.headers.get('x-export-rows');
    const parts: BlobPart[] = [];
    let size = 0;
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      parts.push(part.value);
      size += part.value.byteLength;
      onProgress(size);
    }
    return {
      blob: new Blob(parts, { type: response.headers.get('content-type') ?? '' }),
      name: fileName(response.headers.get('content-disposition') ?? ''),
      rows: rows === null ? null : Number(rows),
      complete: response.headers.get('x-export-complete') !== 'false',
    };
  }

  private async json<T>(
    method: Method,
    path: string,
    params?: Params,
    body?: object,
    signal?: AbortSignal,
  ): Promise<T> {
    const response = await this.send(method, path, params, body, signal);
    if (response.status === 204) return undefined as T;
    return (await response.json()) as T;
  }

  private async send(method: Method, path: string, params?: Params, body?: object, signal?: AbortSignal) {
    let response = await this.once(method, path, params, body, signal);
    if (response.status === 401 && (await this.host.refresh())) {
      response = await this.once(method, path, params, body, signal);
    }
    if (response.ok) return response;
    if (response.status === 401) this.host.signedOut();
    throw toApiError(response.status, await bodyOf(response));
  }

  private async once(method: Method, path: string, params?: Params, body?: object, signal?: AbortSignal) {
    const headers: Record<string, string> = { 'Accept-Language': this.host.lang() };
    const token = this.host.token();
    // Another origin would have to allow the header, and Taiga's list of those is closed.
    if (this.isAtHome) headers['X-Time-Zone'] = browserZone();
    if (token) headers.Authorization = `Bearer ${token}`;
    const isForm = body instanceof FormData;
    if (body && !isForm) headers['Content-Type'] = 'application/json';
    try {
      return await fetch(`${this.host.apiBase}${path}${toQuery(params)}`, {
        method,
        headers,
        credentials: 'omit',
        ...(signal && { signal }),
        ...(body && { body: isForm ? body : JSON.stringify(body) }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError(0, 'network', '');
    }
  }
}

/** The name of a file after RFC 6266, the one in any alphabet first. */
export function fileName(disposition: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="([^"]*)"/i.exec(disposition)?.[1] ?? '';
}

export function toQuery(params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    const values = Array.isArray(value) ? value : [value];
    for (const one of values)
      if (one !== null && one !== undefined && one !== '') query.append(name, String(one));
  }
  const text = query.toString();
  return text && `?${text}`;
}

function toPage<Row>(rows: Row[], headers: Headers): Page<Row> {
  const number = (name: string, fallback: number) => Number(headers.get(name) ?? fallback);
  return {
    rows,
    count: number('x-pagination-count', rows.length),
    exact: headers.get('x-pagination-count-exact') !== 'false',
    page: number('x-pagination-current', 1),
    pageSize: number('x-paginated-by', rows.length),
    hasNext: headers.has('x-pagination-next'),
    hasPrevious: headers.has('x-pagination-prev'),
    nextCursor: headers.get('x-pagination-next-cursor') ?? '',
  };
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}
