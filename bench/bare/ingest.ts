// The bare limit of accepting: node:http, JSON.parse, the same Kafka producer with a linger of 3 ms, 202 on the acknowledgement. No tokens, no
// deduplication, no limits, no validation.
import { createServer, type ServerResponse } from 'node:http';
import { CompressionTypes, Kafka, logLevel, Partitioners, type Message } from 'kafkajs';
import { quietRequestQueues } from '../../libs/event-log-kafka/src/quiet-request-queue.ts';
import { registerZstd } from '../../libs/event-log-kafka/src/zstd-codec.ts';

export interface BareIngestSettings {
  brokers: readonly string[];
  topic: string;
  port: number;
}

const settings = JSON.parse(process.argv[2] as string) as BareIngestSettings;
const LINGER_MS = 3;
quietRequestQueues();
registerZstd();
const kafka = new Kafka({ clientId: 'bench-bare', brokers: [...settings.brokers], logLevel: logLevel.NOTHING });
const producer = kafka.producer({
  idempotent: true,
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner,
});

interface BenchBody {
  id: string;
  type: string;
  source: string;
  data: unknown;
}

let gathered: Message[] = [];
let answers: ServerResponse[] = [];
let timer: NodeJS.Timeout | undefined;

function flush(): void {
  const messages = gathered;
  const responses = answers;
  gathered = [];
  answers = [];
  timer = undefined;
  producer.send({ topic: settings.topic, acks: -1, compression: CompressionTypes.ZSTD, messages }).then(
    () => {
      for (const response of responses) response.writeHead(202, ANSWER_HEADERS).end(ANSWER);
    },
    (error: unknown) => {
      console.error(`bare ingest: ${(error as Error).message}`);
      for (const response of responses) response.writeHead(500).end();
    },
  );
}

const ANSWER = '{"status":"accepted"}';
const ANSWER_HEADERS = { 'content-type': 'application/json', 'content-length': String(ANSWER.length) };

function accept(body: Buffer, response: ServerResponse): void {
  const parsed = JSON.parse(body.toString('utf8')) as BenchBody | { events: BenchBody[] };
  for (const { id, type, source, data } of 'events' in parsed ? parsed.events : [parsed]) {
    gathered.push({ value: JSON.stringify(data), headers: { ce_id: id, ce_type: type, ce_source: source } });
  }
  answers.push(response);
  timer ??= setTimeout(flush, LINGER_MS);
}

process.on('disconnect', () => process.exit(0));
await producer.connect();
createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => accept(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), response));
}).listen(settings.port, '127.0.0.1', () => process.send?.('running'));
