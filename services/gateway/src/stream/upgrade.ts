import { NotFound, type Scope } from '@hookline/domain';
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { About, Edge } from '../http/edge.ts';
import type { Accept, Accepted } from './accept.ts';
import { createWebSocketOutlet } from './websocket.ts';

export interface UpgradeDeps {
  path: string;
  scope: Scope;
  accept: Accept;
  edge: Edge;
}

/** Clients have nothing to say. */
const MAX_MESSAGE_BYTES = 1_024;
/** Browsers can set no header but this one, so a token may come beside the protocol's name: `bearer.<token>`. */
const PROTOCOL = 'hookline.v1';
const BEARER = /(?:^|,)\s*bearer\.([^\s,]+)/;

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Makes WebSockets of requests for one path; whatever is wrong with one is answered with a problem, before there is a WebSocket. */
export function createUpgrade({ path, scope, accept, edge }: UpgradeDeps): Upgrade {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });

  async function admit(request: IncomingMessage, response: ServerResponse, about: About): Promise<Accepted> {
    if (request.url?.split('?', 1)[0] !== path) throw new NotFound('There is nothing here.', { code: 'unknown_route' });
    about.route = path;
    const token = BEARER.exec(request.headers['sec-websocket-protocol'] ?? '')?.[1];
    if (token !== undefined) request.headers.authorization ??= `Bearer ${token}`;
    const identity = await edge.admit(request, response, scope);
    return accept({ request, identity, passed: edge.passedOn(request, about) });
  }

  function begin(socket: WebSocket, accepted: Accepted): void {
    let pump = () => {};
    socket.on('error', () => {});
    socket.on('close', () => accepted.leave());
    accepted.begin(createWebSocketOutlet(socket, () => pump())).then(
      (client) => {
        pump = () => client.pump();
      },
      () => socket.close(1013, 'interrupted'),
    );
  }

  async function upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const about: About = {};
    // For whatever is to be answered in HTTP.
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    edge.observe(request, response, about);
    let accepted: Accepted;
    try {
      accepted = await admit(request, response, about);
    } catch (error) {
      response.once('finish', () => socket.destroySoon());
      edge.answerError(request, response, about, error);
      return;
    }
    response.detachSocket(socket);
    if (socket.destroyed) {
      accepted.leave();
      return;
    }
    // Refused by its own rules (a wrong version, no key), it answers and ends by itself.
    socket.once('close', () => accepted.leave());
    server.handleUpgrade(request, socket, head, (webSocket) => begin(webSocket, accepted));
  }

  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    void upgrade(request, socket as Socket, head);
  };
}
