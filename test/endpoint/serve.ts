// Starts the scripted server from the command line: npx tsx test/endpoint/serve.ts --port 0 --scenario normal
import { Command, InvalidArgumentError } from 'commander';
import { scenarios, type ScenarioName } from './scenarios';
import { startScriptedServer } from './scriptedServer';

const options = new Command('serve')
  .description('A local OpenAI-compatible server without a model: answers from the prompt it gets, or plays a fault.')
  .option('--port <n>', 'port; 0 takes a free one', (text) => {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      throw new InvalidArgumentError('not a port');
    }
    return port;
  }, 0)
  .option('--scenario <name>', `one of: ${Object.keys(scenarios).join(', ')}`, 'normal')
  .parse()
  .opts<{ port: number; scenario: string }>();
if (!(options.scenario in scenarios)) {
  process.stderr.write(`Unknown scenario. Known: ${Object.keys(scenarios).join(', ')}\n`);
  process.exit(2);
}
const server = await startScriptedServer(options.scenario as ScenarioName, options.port);
process.stdout.write(`${server.url}\n`);
