/** The deployable: arguments and environment in, a listening server out, and an exit code that says how it went. */
import {
  createLamplighterServer,
  helpText,
  type LamplighterServer,
  loadConfig,
  runSessionsCommand,
  StartupError,
  VERSION,
} from '@lamplighter/server';

const FAILED_EXIT_CODE = 1;

async function main(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  return command === 'sessions' ? manageSessions(rest) : serve(process.argv.slice(2));
}

async function manageSessions(argv: readonly string[]): Promise<void> {
  const outcome = await runSessionsCommand(argv, process.env);
  return outcome.kind === 'done' ? print(outcome.text) : fail(outcome.problems, FAILED_EXIT_CODE);
}

async function serve(argv: readonly string[]): Promise<void> {
  const loaded = loadConfig(argv, process.env);
  if (loaded.kind === 'help') return print(helpText());
  if (loaded.kind === 'version') return print(`lamplighter-server ${VERSION}\n`);
  if (loaded.kind === 'problems') return fail(loaded.problems, FAILED_EXIT_CODE);
  try {
    endOnSignal(await createLamplighterServer(loaded.config));
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    fail([error.message], error.exitCode);
  }
}

function print(text: string): void {
  process.stdout.write(text);
}

function fail(sentences: readonly string[], exitCode: number): void {
  for (const sentence of sentences) process.stderr.write(`lamplighter-server: ${sentence}\n`);
  process.exitCode = exitCode;
}

function endOnSignal(server: LamplighterServer): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.close());
}

await main();
