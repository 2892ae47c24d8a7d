/* What observability answers, as far as it is translated. */

export interface AttemptJson {
  id: string;
  number: number;
  outcome: 'succeeded' | 'failed';
  class: string | null;
  status: number | null;
  started_at: string;
  duration_ms: number;
}

export interface DeliveryJson {
  id: string;
  event_id: string;
  event_type: string;
  webhook_id: string;
  accepted_at: string;
  state: string;
  attempt_count: number;
  last_status: number | null;
  last_class: string | null;
  last_attempt_at: string | null;
  next_attempt_at: string | null;
  /** The latest, the newest last. */
  attempts: AttemptJson[];
}

export interface DeliveryPageJson {
  data: DeliveryJson[];
  next_cursor: string | null;
}

export interface EventJson {
  id: string;
  type: string;
  accepted_at: string;
  deliveries: DeliveryJson[];
}
