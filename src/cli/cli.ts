import { CommandError } from "./command-error.ts";
import { start } from "./start.ts";

const USAGE = `usage: node dist/cli.mjs start [--port N] [--data DIR] [--storage URL] [--base-url BRAND=URL]...
                               [--key-file FILE] [--x-base-url URL] [--json]`;

const [command, ...args] = process.argv.slice(2);

try {
	if (command !== "start") {
		throw new CommandError(`there is no command ${JSON.stringify(command ?? "")}.\n${USAGE}`);
	}
	await start(args);
} catch (error) {
	if (!(error instanceof CommandError)) {
		throw error;
	}
	console.error(error.message);
	process.exitCode = 2;
}
