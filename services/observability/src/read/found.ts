/** The rows of the answers, named as their columns are. */
export interface EventFound {
  id: string;
  type: string;
  source: string;
  time: string;
  accepted_at: Date;
  content_type: string;
  subject: string | null;
  partition_key: string | null;
  metadata: Record<string, string> | null;
  size_bytes: number;
  content_deleted_at: Date | null;
  /** Only of one that was asked for by its id; null: not kept. */
  data?: Buffer | null;
}

export interface DeliveryFound {
  id: string;
  event_id: string;
  event_type: string;
  webhook_id: string;
  accepted_at: Date;
  state: string;
  reason: string | null;
  attempt_count: number;
  first_attempt_at: Date | null;
  next_attempt_at: Date | null;
  last_started_at: Date | null;
  last_status: number | null;
  last_class: string | null;
}

export interface AttemptFound {
  id: string;
  delivery_id: string;
  number: number;
  trigger: string;
  class: string | null;
  status: number | null;
  started_at: Date;
  duration_ms: number;
  /** JSON of an AttemptDetail. */
  detail: string;
}

export interface DeadLetterFound {
  id: string;
  webhook_id: string;
  event_id: string;
  event_type: string;
  event_source: string;
  event_time: string;
  accepted_at: Date;
  content_type: string;
  reason: string;
  attempts: number;
  first_attempt_at: Date;
  dead_at: Date;
  resolved_at: Date | null;
  resolved_by: string | null;
  resolution: string | null;
  /** Only of one that was asked for by its id; null: not kept. */
  data?: Buffer | null;
}
