import examples from '@octokit/webhooks-examples' with { type: 'json' };

export interface Payload {
  /** `github.issues.opened` */
  type: string;
  /** JSON, as it is to arrive. */
  data: string;
}

interface Example {
  name: string;
  examples: { action?: string }[];
}

/** Genuine webhook payloads of GitHub, many of them of many KB. */
export const PAYLOADS: readonly Payload[] = (examples as unknown as Example[]).flatMap(({ name, examples: payloads }) =>
  payloads.map((payload) => ({
    type: ['github', name, ...(payload.action === undefined ? [] : [payload.action])].join('.'),
    data: JSON.stringify(payload),
  })),
);
