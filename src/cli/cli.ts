#!/usr/bin/env node
import { CommandError } from "./command-error.ts";
import { hidePasswords } from "./helpdesk/hide-passwords.ts";
import { masked } from "./masked.ts";
import { PROGRAM_NAME } from "./program-name.ts";

type Command = (args: readonly string[]) => Promise<void>;

/** Each command is loaded when it runs: to load them all takes longer than most of them run. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
	["start", async () => (await import("./helpdesk/start.ts")).start],
	["doctor", async () => (await import("./helpdesk/doctor.ts")).doctor],
	["brands", async () => (await import("./helpdesk/brands-command.ts")).brands],
	["openid", async () => (await import("./helpdesk/openid-command.ts")).openid],
	["people", async () => (await import("./helpdesk/people-command.ts")).people],
	["operator", async () => (await import("./helpdesk/operator-command.ts")).operator],
	["backup", async () => (await import("./helpdesk/backup.ts")).backup],
	["restore", async () => (await import("./helpdesk/restore.ts")).restore],
	["pack", async () => (await import("./publish/pack.ts")).pack],
	["validate", async () => (await import("./publish/validate.ts")).validate],
	["verify", async () => (await import("./publish/verify.ts")).verify],
	["keygen", async () => (await import("./publish/keygen.ts")).keygen],
]);

const USAGE = `A helpdesk:

  ${PROGRAM_NAME} start     runs the helpdesk
  ${PROGRAM_NAME} doctor    tests the set-up of every brand. Takes the flags of start. Without
                              --x-base-url it asks the fake X that runs with the helpdesk
      [--brand ID=NAME,URL]... [--brands-file FILE] [--base-url BRAND=URL]...
      [--admin-base-url URL] [--port N] [--data DIR] [--storage URL] [--key-file FILE]
      [--x-base-url URL] [--fake-x] [--smtp URL] [--start-limit N] [--trust-proxy CIDR]...
      [--allow-private HOST]... [--hsts-subdomains] [--max-connections N]
      [--connected-helpdesks-file FILE] [--watch [DIR]] [--marketplace DIR]
      [--trust-publisher PUBLICKEYFILE]... [--json]
  ${PROGRAM_NAME} brands list             lists its brands: configured, stored and removed ones
  ${PROGRAM_NAME} brands add ID=NAME,URL  adds a brand, while it runs or not. The first brand's
                                            port serves it by host name
      [--locale TAG] [--time-zone ZONE]
  ${PROGRAM_NAME} brands change ID [--name NAME] [--url URL] [--locale TAG] [--time-zone ZONE]
  ${PROGRAM_NAME} brands remove ID [--keep-people | --delete-people]
      [--data DIR] [--storage URL] [--json]
  ${PROGRAM_NAME} openid list         lists the helpdesks that its users log in to
  ${PROGRAM_NAME} openid rotate-keys  makes new keys to sign log-ins to them with
      [--brand ID] [--connected-helpdesks-file FILE]
      [--data DIR] [--storage URL] [--key-file FILE] [--json]
  ${PROGRAM_NAME} people repair     counts its people again and completes the search, while it
                                      runs or not
      [--data DIR] [--storage URL] [--json]
  ${PROGRAM_NAME} operator list         lists who operates it, while it runs or not
  ${PROGRAM_NAME} operator add EMAIL    adds an operator, an owner unless --role says less
  ${PROGRAM_NAME} operator reset EMAIL  gives an operator a new password, takes their second factor
                                      away and ends their sessions
      [--role support|administrator|owner] [--data DIR] [--storage URL] [--json]
  ${PROGRAM_NAME} backup FOLDER     copies its data to an empty folder, while it runs or not
  ${PROGRAM_NAME} restore FOLDER    makes a helpdesk from a backup, in a place without one
      [--data DIR] [--storage URL] [--key-file FILE] [--json]

  Others on the machine can read arguments. A URL with a password comes from a file
  (--storage-file FILE, --smtp-file FILE) or from the environment (HELPDESK_STORAGE,
  HELPDESK_SMTP) instead. Each is given in one place.
  Mail servers and databases beyond loopback need TLS; ?tls=off in a mail server's URL
  allows clear text.

A plugin:

  ${PROGRAM_NAME} pack DIR        makes the zip of a plugin from its folder
      [--sign KEYFILE] [--metafile FILE] [--out DIR] [--json]
  ${PROGRAM_NAME} validate PATH   lists the problems of a zip or folder  [--json]
  ${PROGRAM_NAME} verify PATH     checks that a zip is what its publisher packed
      [--key PUBLICKEYFILE]... [--json]
  ${PROGRAM_NAME} keygen FILE     makes the keys of a publisher, FILE and FILE.pub  [--json]`;

const [name, ...args] = process.argv.slice(2);
hidePasswords(process.argv);

try {
	if (name === "--help" || name === "-h" || args.includes("--help") || args.includes("-h")) {
		console.log(USAGE);
	} else {
		const load = COMMANDS.get(name ?? "");
		if (load === undefined) {
			throw new CommandError(
				`there is no command ${JSON.stringify(masked(name ?? ""))}.\n${USAGE}`,
			);
		}
		const command = await load();
		await command(args);
	}
} catch (error) {
	const isExpected = error instanceof CommandError;
	console.error(isExpected ? error.message : error);
	// Exits now: files and connections that are still open would keep the process running.
	process.exit(isExpected ? 2 : 1);
}
