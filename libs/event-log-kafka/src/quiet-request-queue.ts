import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const CHECK_PENDING_MS = 10;
const TIMEOUT_CHECK_MS = 1_000;

type Queue = InstanceType<typeof RequestQueue>;

/**
 * kafkajs 2.2.4 re-arms a timer after every answer, with a negative delay when nothing is throttled, so every connection
 * polls each millisecond; and it looks for timed-out requests ten times a second. Here the first is armed only while a request waits, and
 * the second looks once a second: its timeouts are many seconds long.
 */
export function quietRequestQueues(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
  RequestQueue.prototype.scheduleRequestTimeoutCheck = scheduleRequestTimeoutCheck;
}

function scheduleCheckPendingRequests(this: Queue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const throttledMs = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttledMs > 0 ? throttledMs : CHECK_PENDING_MS,
  );
}

function scheduleRequestTimeoutCheck(this: Queue): void {
  if (!this.enforceRequestTimeout) return;
  this.destroy();
  this.requestTimeoutIntervalId = setInterval(
    () => {
      for (const request of this.inflight.values()) {
        if (Date.now() - request.sentAt > request.requestTimeout) request.timeoutRequest();
      }
      if (!this.isConnected()) this.destroy();
    },
    Math.min(this.requestTimeout, TIMEOUT_CHECK_MS),
  );
}
