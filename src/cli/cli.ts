import { CommandError } from "./command-error.ts";
import { backup } from "./helpdesk/backup.ts";
import { doctor } from "./helpdesk/doctor.ts";
import { restore } from "./helpdesk/restore.ts";
import { start } from "./helpdesk/start.ts";
import { keygen } from "./publish/keygen.ts";
import { pack } from "./publish/pack.ts";
import { validate } from "./publish/validate.ts";
import { verify } from "./publish/verify.ts";

const COMMANDS: ReadonlyMap<string, (args: readonly string[]) => Promise<void>> = new Map([
	["start", start],
	["doctor", doctor],
	["backup", backup],
	["restore", restore],
	["pack", pack],
	["validate", validate],
	["verify", verify],
	["keygen", keygen],
]);

const USAGE = `A helpdesk:

  node dist/cli.mjs start     runs it
  node dist/cli.mjs doctor    tests the set-up of every brand; give it the flags of start. Without
                              --x-base-url it asks the fake X that runs with the helpdesk
      [--port N] [--data DIR] [--storage URL] [--key-file FILE] [--base-url BRAND=URL]...
      [--x-base-url URL] [--smtp URL] [--start-limit N] [--trust-proxy CIDR]... [--watch [DIR]]
      [--marketplace DIR] [--trust-publisher PUBLICKEYFILE]... [--json]
  node dist/cli.mjs backup FOLDER     copies its data, running or not, to an empty folder
  node dist/cli.mjs restore FOLDER    makes one from a backup, where there is none
      [--data DIR] [--storage URL] [--key-file FILE] [--json]

A plugin:

  node dist/cli.mjs pack DIR        makes its zip from its folder
      [--sign KEYFILE] [--metafile FILE] [--out DIR] [--json]
  node dist/cli.mjs validate PATH   says what is wrong with a zip or folder  [--json]
  node dist/cli.mjs verify PATH     tells whether a zip is what its publisher packed
      [--key PUBLICKEYFILE]... [--json]
  node dist/cli.mjs keygen FILE     makes a publisher's keys, FILE and FILE.pub  [--json]`;

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
