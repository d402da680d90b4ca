// Renews the README's pictures from the screenshots of the last end-to-end run: npm run test:e2e && npm run pictures
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/prepare.mjs';
import { Problem, report } from './lib/run.mjs';

/** Screenshot of a test: picture in the README. */
const pictures = {
  'light-recommendation': 'recommendation-light', 'dark-passage': 'passage-dark', 'inline-light-marks': 'inline-light', 'queue-light-progress': 'batch-light', 'queue-dark-reviewed': 'queue-dark',
  'endpoint-dark-switcher': 'endpoints-dark', 'light-privacy-question': 'privacy-light', 'evidence-light-fetch-sources': 'fetch-light',
};

try {
  mkdirSync(join(root, 'media/pictures'), { recursive: true });
  for (const [shot, picture] of Object.entries(pictures)) {
    const file = join(root, 'out/shots', `${shot}.png`);
    if (!existsSync(file)) { throw new Problem(`${file} is not there; run npm run test:e2e first`); }
    copyFileSync(file, join(root, 'media/pictures', `${picture}.png`));
  }
  console.log(`renewed ${Object.keys(pictures).length} pictures in media/pictures`);
} catch (error) { report(error); }
