import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '@hookline/service-kit';
import { SCHEMAS } from '../../tools/config/keys.ts';
import { SERVICE_NAMES, SERVICES, type ServiceName } from '../../tools/platform/services.ts';
import { readDoc, ROOT } from '../docs/markdown.ts';
import { PREVIOUS, SECRETS } from '../docs/secrets.ts';
import { kubernetesManifests, namedIn, readYaml, yamlFiles, type Manifest } from './manifests.ts';

const manifests = kubernetesManifests();
const named = namedIn(manifests);
const podSpec = ({ spec }: Manifest) => spec.template.spec;
const [tool] = readYaml('deploy/kubernetes/tool/job.yaml') as [Manifest];
const withPods = [...manifests, tool].filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind));
const config = named('ConfigMap', 'hookline-config').data!;

/** What deploy/kubernetes/make-secrets.ts makes. */
const secretKeys = [
  ...readFileSync(join(ROOT, 'deploy/kubernetes/make-secrets.ts'), 'utf8').matchAll(/^ {4}([A-Z_]+):/gm),
].map(([, key]) => key!);

/** What only some stores ask for. */
const STORE_PASSWORDS = ['KAFKA_SASL_PASSWORD', 'REDIS_SENTINEL_PASSWORD'];

interface SecretKey {
  name: string;
  key: string;
  optional?: boolean;
}

interface Variable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef: SecretKey };
}

function valueOf({ name, value }: Variable): string {
  if (value !== undefined) return value;
  const values: Record<string, string> = {
    ...SECRETS,
    SECURITY_ADMIN_PASSWORD: 'a-password-for-tests',
    DATABASE_URL: 'postgres://hookline:x@postgres:5432/hookline',
    REDIS_URL: 'redis://:x@redis:6379',
  };
  return values[name]!;
}

describe.each(SERVICE_NAMES)('k8s: %s', (name: ServiceName) => {
  const deployment = named('Deployment', name);
  const [container] = podSpec(deployment).containers;
  const variables = container.env as Variable[];

  test('starts with the settings that it is given, and gets no secret that it does not read', () => {
    expect(container.args).toEqual([`services/${name}/src/main.ts`]);
    const there = variables.filter(({ valueFrom }) => valueFrom?.secretKeyRef.optional !== true);
    const env = { ...config, ...Object.fromEntries(there.map((each) => [each.name, valueOf(each)])) };
    const known = Object.entries(SCHEMAS[name]!.shape).flatMap(([section, keys]) =>
      Object.keys((keys as unknown as { shape: object }).shape).map((key) => `${section}_${key}`.toUpperCase()),
    );
    const names = [...Object.keys(config), ...variables.map((each) => each.name)];
    expect(names.filter((key) => !known.includes(key))).toEqual([]);
    expect(loadConfig(SCHEMAS[name]!, { env })).toMatchObject({ kafka: { brokers: ['kafka:9092'] } });
  });

  test('gets the old keys beside the current ones, once they are in the Secret', () => {
    const refs = new Map(variables.map((each) => [each.name, each.valueFrom?.secretKeyRef]));
    for (const [key, previous] of Object.entries(PREVIOUS)) {
      const expected = { name: 'hookline-secrets', key: previous, optional: true };
      expect(refs.get(previous)).toEqual(refs.has(key) ? expected : undefined);
    }
  });

  test('is stopped with time for its grace period, preStop and 10 s', () => {
    const seconds = Number(config['HOOKLINE_GRACE_PERIOD']!.replace('s', ''));
    const [command, preStop] = container.lifecycle.preStop.exec.command;
    expect(command).toBe('sleep');
    expect(podSpec(deployment).terminationGracePeriodSeconds).toBe(seconds + Number(preStop) + 10);
  });

  test('is asked for its health where it answers', () => {
    const http = container.ports.find((port: { name: string }) => port.name === 'http');
    expect(http.containerPort).toBe(SERVICES[name].port);
    for (const [probe, path] of [
      ['startupProbe', '/health/live'],
      ['livenessProbe', '/health/live'],
      ['readinessProbe', '/health/ready'],
    ] as const) {
      expect(container[probe].httpGet).toEqual({ path, port: 'http' });
    }
    const { periodSeconds, failureThreshold } = container.startupProbe;
    const awaitStores = Number(config['HOOKLINE_AWAIT_STORES']!.replace('s', ''));
    expect(periodSeconds * failureThreshold).toBeGreaterThan(awaitStores);
  });

  test('has a Service, a PodDisruptionBudget and room', () => {
    expect(named('Service', name).spec.selector).toEqual(deployment.spec.selector.matchLabels);
    expect(named('PodDisruptionBudget', name).spec.selector).toEqual(deployment.spec.selector);
    expect(container.resources).toMatchObject({ requests: { cpu: expect.any(String), memory: expect.any(String) } });
    expect(podSpec(deployment).topologySpreadConstraints).toHaveLength(2);
    const scaled = manifests.some(({ kind, metadata }) => kind === 'HorizontalPodAutoscaler' && metadata.name === name);
    expect(deployment.spec.replicas === undefined).toBe(scaled);
  });
});

describe('k8s', () => {
  test.each(withPods.map((manifest) => [podSpec(manifest).containers[0].name as string, manifest] as const))(
    '%s is restricted, and takes no setting from the addresses of Services',
    (_name, manifest) => {
      const spec = podSpec(manifest);
      expect(spec.enableServiceLinks).toBe(false);
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const { securityContext } of spec.containers) {
        expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
        if (manifest.kind !== 'StatefulSet') expect(securityContext.readOnlyRootFilesystem).toBe(true);
      }
    },
  );

  test('whoever has the stores gets the passwords that managed ones ask for, once they are in the Secret', () => {
    const using = withPods.filter(({ spec }) => spec.template.metadata.labels['hookline/uses-stores'] === 'true');
    expect(using).toHaveLength(SERVICE_NAMES.length + 2);
    for (const manifest of using) {
      const { env } = podSpec(manifest).containers[0] as { env: Variable[] };
      for (const key of STORE_PASSWORDS) {
        const secretKeyRef = { name: 'hookline-secrets', key, optional: true };
        expect(env).toContainEqual({ name: key, valueFrom: { secretKeyRef } });
      }
    }
    const made = /create secret generic hookline-secrets[^`]*/.exec(readDoc('deployment.md'))![0];
    expect(made).toContain('--from-literal=KAFKA_SASL_PASSWORD=');
    const brokers = readFileSync(join(ROOT, 'deploy/kubernetes/managed-stores/brokers.yaml'), 'utf8');
    for (const key of ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', ...STORE_PASSWORDS]) {
      expect(brokers).toContain(key);
    }
  });

  test('everything is in the namespace, which comes first; no Secret is committed', () => {
    expect(manifests[0]).toMatchObject({ kind: 'Namespace', metadata: { name: 'hookline' } });
    for (const { metadata } of manifests.slice(1)) expect(metadata.namespace).toBe('hookline');
    expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  test('what is asked of the Secret is in it', () => {
    const asked = withPods.flatMap((manifest) =>
      podSpec(manifest).containers.flatMap(({ env = [] }: { env?: Variable[] }) =>
        env.flatMap(({ valueFrom }) => (valueFrom === undefined ? [] : [valueFrom.secretKeyRef])),
      ),
    ) as SecretKey[];
    expect(new Set(asked.map(({ name }) => name))).toEqual(new Set(['hookline-secrets']));
    const needed = asked.filter(({ optional }) => optional !== true);
    expect([...new Set(needed.map(({ key }) => key))].toSorted()).toEqual(secretKeys.toSorted());
  });

  test('what a container runs exists, and is in the image', () => {
    const build = readFileSync(join(ROOT, 'deploy/image/build.sh'), 'utf8');
    for (const manifest of withPods.filter(({ kind }) => kind !== 'StatefulSet')) {
      const [file] = podSpec(manifest).containers[0].args as [string];
      expect(existsSync(join(ROOT, file))).toBe(true);
      expect(file.startsWith('services/') || build.includes(file)).toBe(true);
    }
  });

  test('a tool reaches the stores, and gets what any service reads', () => {
    expect(tool.metadata.namespace).toBe('hookline');
    expect(tool.spec.template.metadata.labels).toMatchObject({ 'hookline/uses-stores': 'true' });
    const { env } = podSpec(tool).containers[0] as { env: Variable[] };
    const read = manifests
      .filter(({ kind }) => kind === 'Deployment')
      .flatMap((each) => podSpec(each).containers[0].env);
    const keys = (read as Variable[]).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef.key ?? []);
    // No tool makes users.
    const expected = [...new Set(keys)].filter((key) => key !== 'SECURITY_ADMIN_PASSWORD');
    expect(env.map(({ name }) => name).toSorted()).toEqual(expected.toSorted());
  });

  test('PostgreSQL has shared memory, as in compose', () => {
    const { containers, volumes } = podSpec(named('StatefulSet', 'postgres'));
    const [{ services }] = readYaml('docker-compose.yml') as [{ services: Record<string, { shm_size?: string }> }];
    expect(containers[0].volumeMounts).toContainEqual({ name: 'shm', mountPath: '/dev/shm' });
    expect(volumes).toEqual([{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '256Mi' } }]);
    expect(services['postgres']!.shm_size).toBe('256mb');
  });

  test('one image, as compose makes it', () => {
    const images = withPods.flatMap((manifest) =>
      podSpec(manifest).containers.map(({ image }: Variable & { image: string }) => image),
    );
    const [{ services }] = readYaml('docker-compose.yml') as [{ services: Record<string, { image: string }> }];
    const composed = new Set(Object.values(services).map(({ image }) => image));
    for (const image of images) expect(composed).toContain(image);
  });

  test('receivers are outside: no private network is among what the dispatcher may reach', () => {
    const policy = named('NetworkPolicy', 'to-receivers');
    expect(policy.spec.podSelector.matchExpressions[0].values).toEqual(['dispatcher', 'registry']);
    const [v4, v6] = policy.spec.egress[0].to;
    expect(v4.ipBlock.except).toEqual(
      expect.arrayContaining(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10']),
    );
    expect(v6.ipBlock).toEqual({ cidr: '2000::/3' });
    expect(named('NetworkPolicy', 'default-deny').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  test('who verifies tokens reaches a public issuer, and every service a collector of traces', () => {
    const verify = SERVICE_NAMES.filter((name) => {
      const { env } = podSpec(named('Deployment', name)).containers[0] as { env: Variable[] };
      return env.some((each) => each.name === 'SECURITY_JWT_SECRET');
    });
    const reach = (policy: string) => named('NetworkPolicy', policy).spec;
    const [{ to, ports }] = reach('to-issuer').egress;
    const outside = reach('to-receivers');
    expect(to).toEqual(outside.egress[0].to);
    expect(ports).toEqual([{ protocol: 'TCP', port: 443 }]);
    const selected = [reach('to-issuer'), outside].flatMap(({ podSelector }) => podSelector.matchExpressions[0].values);
    expect(selected).toEqual(expect.arrayContaining(verify));

    expect(reach('to-collector')).toMatchObject({
      podSelector: { matchLabels: { 'hookline/uses-stores': 'true' } },
      egress: [{ ports: [{ protocol: 'TCP', port: 4318 }] }],
    });
    for (const name of SERVICE_NAMES) {
      const { labels } = named('Deployment', name).spec.template.metadata;
      expect(labels).toMatchObject({ 'hookline/uses-stores': 'true' });
    }
  });

  test('who publishes inside the cluster reaches ingestion and Kafka, where its namespace says so', () => {
    for (const [name, app, port] of [
      ['publishers-to-ingestion', 'ingestion', SERVICES.ingestion.port],
      ['publishers-to-kafka', 'kafka', 9092],
    ] as const) {
      expect(named('NetworkPolicy', name).spec).toEqual({
        podSelector: { matchLabels: { 'app.kubernetes.io/name': app } },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { 'hookline/publishes': 'true' } } }],
            ports: [{ protocol: 'TCP', port }],
          },
        ],
      });
    }
    expect(readDoc('deployment.md')).toContain('hookline/publishes=true');
  });

  test('the Job that makes the Secret reaches the API server wherever that listens', () => {
    const [{ ports }] = named('NetworkPolicy', 'make-secrets').spec.egress;
    expect(ports.map(({ port }: { port: number }) => port)).toEqual([443, 6443, 8443, 16443]);
  });

  test('the ingress lets through what the gateway takes', () => {
    const size = (name: string) =>
      (named('Ingress', name).metadata as unknown as { annotations: Record<string, string> }).annotations[
        'nginx.ingress.kubernetes.io/proxy-body-size'
      ]!;
    const source = readFileSync(join(ROOT, 'services/gateway/src/routes/events.ts'), 'utf8');
    const [, mebibytes] = /MAX_BODY_BYTES = (\d+) \* 1024 \* 1024;/.exec(source)!;
    expect(size('hookline')).toMatch(/^\d+m$/);
    // More, so that what is too large is told so by the gateway, in its own words.
    expect(Number.parseInt(size('hookline'), 10)).toBeGreaterThan(Number(mebibytes));
    // A stream of events is one body.
    expect(size('hookline-grpc')).toBe('0');
  });

  test('the ingress leads to all that the API document names, and not to metrics', () => {
    const { paths } = JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')) as { paths: object };
    const [{ http }] = named('Ingress', 'hookline').spec.rules;
    const leads = (path: string) =>
      (http.paths as { path: string; pathType: string }[]).some(({ path: from, pathType }) =>
        pathType === 'Prefix' ? path === from || path.startsWith(`${from}/`) : path === from,
      );
    const ofProbes = ['/health/live', '/health/ready', '/metrics'];
    for (const path of [...Object.keys(paths), '/docs'])
      expect([path, leads(path)]).toEqual([path, !ofProbes.includes(path)]);
  });

  test('the Kustomization names every manifest, and overlays name files that exist', () => {
    for (const file of [...yamlFiles('k8s'), ...yamlFiles('deploy')].filter((path) =>
      /ustomization(\.yaml)?$/.test(path),
    )) {
      const [{ resources = [], patches = [] }] = readYaml(file) as [
        { resources?: string[]; patches?: { path?: string }[] },
      ];
      const paths = [...resources, ...patches.flatMap(({ path }) => path ?? [])];
      for (const path of paths) expect(existsSync(join(ROOT, dirname(file), path))).toBe(true);
      if (file === 'k8s/Kustomization') {
        expect(resources.map((path) => `k8s/${path}`)).toEqual(yamlFiles('k8s').filter((path) => path !== file));
      }
    }
  });
});
