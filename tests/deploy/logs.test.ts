import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../docs/markdown.ts';
import { shippedLabels } from './logql.ts';
import { namedIn, readYaml, type Manifest } from './manifests.ts';

describe.each([
  ['deploy/alloy/config.alloy', 'container'],
  ['deploy/kubernetes/logs/config.alloy', 'pod'],
])('%s', (file, copy) => {
  const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(/^\s*\/\/.*$/gm, '');

  test('ships the labels service and level, and no others, but says which copy wrote a line', () => {
    expect(shippedLabels(file)).toEqual(['service', 'level']);
    expect([...text.matchAll(/target_label\s+= "(\w+)"/g)].map(([, label]) => label)).toEqual(['service', copy]);
    const [, told] = /stage\.structured_metadata \{\s*values = \{ (\w+) = "" \}/.exec(text) ?? [];
    expect(told).toBe(copy);
    // Of the labels that discovery gave: afterwards it is none any more.
    expect(text.indexOf('stage.structured_metadata')).toBeLessThan(text.indexOf('stage.label_keep'));
    expect(/stage\.labels \{\s*values = \{ (\w+) = "" \}/.exec(text)?.[1]).toBe('level');
  });

  test('every component is fed, and the last is Loki', () => {
    const components = [...text.matchAll(/^([\w.]+) "(\w+)" \{/gm)].map(([, kind, name]) => `${kind}.${name}`);
    for (const [, target] of text.matchAll(/(?:forward_to = \[|targets\s+= )([\w.]+?)\.(?:receiver|targets|output)/g)) {
      expect(components).toContain(target);
    }
    expect(components.at(-1)).toBe('loki.write.loki');
  });
});

describe('logs in Kubernetes', () => {
  const folder = 'deploy/kubernetes/logs';
  const manifests = readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .flatMap((name) => readYaml(join(folder, name)) as Manifest[]);
  const named = namedIn(manifests);

  test('are shipped to the Service that there is, which Grafana is told of', () => {
    const { metadata, spec } = named('Service', 'hookline-loki');
    const url = `http://${metadata.name}.${metadata.namespace}.svc:${spec.ports[0].port}`;
    expect(readFileSync(join(ROOT, folder, 'config.alloy'), 'utf8')).toContain(`"${url}/loki/api/v1/push"`);
    expect(named('ConfigMap', 'hookline-loki-data-source').data?.['hookline-loki.yaml']).toContain(url);
  });

  test('are read by an account that may do nothing else, in the namespace of the services', () => {
    expect(named('Role', 'hookline-alloy')).toMatchObject({ metadata: { namespace: 'hookline' } });
    const resources = named('Role', 'hookline-alloy') as unknown as {
      rules: { resources: string[]; verbs: string[] }[];
    };
    expect(resources.rules.flatMap((rule) => rule.resources)).toEqual(['pods', 'pods/log']);
    for (const { verbs } of resources.rules) expect(verbs).toEqual(['get', 'list', 'watch']);
  });

  test('by the images that compose has, restricted', () => {
    const [{ services }] = readYaml('docker-compose.yml') as [{ services: Record<string, { image: string }> }];
    for (const [kind, name, service] of [
      ['StatefulSet', 'hookline-loki', 'loki'],
      ['Deployment', 'hookline-alloy', 'alloy'],
    ] as const) {
      const { spec } = named(kind, name).spec.template;
      expect(spec.containers[0].image).toBe(services[service]!.image);
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(spec.containers[0].securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });
});

test('every dashboard is given to Grafana in Kubernetes too', () => {
  const [{ configMapGenerator }] = readYaml('deploy/grafana/kustomization.yaml') as [
    { configMapGenerator: { files: string[] }[] },
  ];
  const files = readdirSync(join(ROOT, 'deploy/grafana/dashboards')).map((name) => `dashboards/${name}`);
  expect(configMapGenerator.flatMap((each) => each.files).toSorted()).toEqual(files);
});
