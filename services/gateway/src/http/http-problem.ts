/** An answer of HTTP itself, which no intent of the domain stands for. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    {
      title,
      code,
      detail,
      headers = {},
    }: { title: string; code: string; detail: string; headers?: Record<string, string> },
  ) {
    super(detail);
    this.name = 'HttpProblem';
    this.status = status;
    this.title = title;
    this.code = code;
    this.headers = headers;
  }
}

export function methodNotAllowed(allow: string): HttpProblem {
  return new HttpProblem(405, {
    title: 'Method not allowed',
    code: 'method_not_allowed',
    detail: `This address answers ${allow}.`,
    headers: { allow },
  });
}

export function unsupportedMediaType(): HttpProblem {
  return new HttpProblem(415, {
    title: 'Unsupported media type',
    code: 'unsupported_media_type',
    detail: 'Send JSON in UTF-8, not compressed, with the header content-type: application/json.',
    headers: { accept: 'application/json' },
  });
}
