/** A loop's bell: `wait` returns when it is rung, at once if it was rung since the last wait, or after a time. */
export interface Wake {
  ring: () => void;
  wait: (timeoutMs: number) => Promise<void>;
}

export function createWake(): Wake {
  let rung = false;
  let waiter: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      waiter?.();
    },
    async wait(timeoutMs) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          waiter = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        waiter = undefined;
      }
      rung = false;
    },
  };
}
