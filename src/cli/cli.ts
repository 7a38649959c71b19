import { backup } from "./backup.ts";
import { CommandError } from "./command-error.ts";
import { doctor } from "./doctor.ts";
import { restore } from "./restore.ts";
import { start } from "./start.ts";

const COMMANDS: ReadonlyMap<string, (args: readonly string[]) => Promise<void>> = new Map([
	["start", start],
	["doctor", doctor],
	["backup", backup],
	["restore", restore],
]);

const USAGE = `usage: node dist/cli.mjs start | doctor | backup FOLDER | restore FOLDER
  [--port N] [--data DIR] [--storage URL] [--key-file FILE] [--base-url BRAND=URL]...
  [--x-base-url URL] [--smtp URL] [--start-limit N] [--trust-proxy CIDR]... [--json]

start    runs the helpdesk
doctor   tests the set-up of every brand; give it the flags of start
backup   copies the data of a helpdesk, running or not, to an empty folder
restore  makes a helpdesk from a backup, where there is none
         both take --data, --storage and --key-file as start does, and --json`;

const [name, ...args] = process.argv.slice(2);

try {
	if (name === "--help" || name === "-h" || args.includes("--help") || args.includes("-h")) {
		console.log(USAGE);
	} else {
		const command = COMMANDS.get(name ?? "");
		if (command === undefined) {
			throw new CommandError(`there is no command ${JSON.stringify(name ?? "")}.\n${USAGE}`);
		}
		await command(args);
	}
} catch (error) {
	if (!(error instanceof CommandError)) {
		throw error;
	}
	console.error(error.message);
	// What was opened before the command failed would keep it running.
	process.exit(2);
}
