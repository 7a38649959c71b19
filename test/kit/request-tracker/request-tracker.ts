import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import Database from "libsql";
import { onTestFinished } from "vitest";
import { pem } from "../browser/open-tls-site.ts";
import { eventually } from "../eventually.ts";

const RECIPE = new URL("../../../src/helpdesk/openid/recipes/request-tracker/", import.meta.url);
const WRAPPER = new URL("../../fixtures/request-tracker/apache.conf", import.meta.url);

/** What `test/with-request-tracker.sh` says about the Request Tracker that it started. */
function fromCommand(name: string): string {
	const value = process.env[name];
	if (value === undefined) {
		throw new Error(`${name} is not set; run this test by test/with-request-tracker.sh`);
	}
	return value;
}

const folder = fromCommand("TEST_RT_FOLDER");
const port = fromCommand("TEST_RT_PORT");

/** The address that browsers see. */
export const RT_ADDRESS = `https://localhost:${port}`;

/** RT's own server, which only Apache may reach. */
export const RT_SERVER = fromCommand("TEST_RT_SERVER");

/** The password of RT's `root`, and of the agent whose address is `agent@example.com`. */
export const RT_PASSWORD = fromCommand("TEST_RT_PASSWORD");

export interface RtUser {
	readonly name: string;
	readonly email: string;
	readonly realName: string;
}

/** The users in RT's database whom RT made for people from the helpdesk, or all others. */
export function rtUsers(whose: "from the helpdesk" | "RT's own"): readonly RtUser[] {
	const database = new Database(join(folder, "rt.sqlite"), { readonly: true });
	try {
		const rows = database
			.prepare("SELECT Name, EmailAddress, RealName FROM Users ORDER BY id")
			.raw()
			.all() as readonly (readonly [string, string | null, string | null])[];
		return rows
			.map(([name, email, realName]) => ({ name, email: email ?? "", realName: realName ?? "" }))
			.filter(({ name }) => name.startsWith("x-") === (whose === "from the helpdesk"));
	} finally {
		database.close();
	}
}

/**
 * Starts Apache with the recipe.
 *
 * @param pasted what the administration shows to paste into `values.conf`.
 * @param added the line that the recipe adds by a command.
 * @throws Error with what Apache prints, when it does not start.
 */
export async function startApache(
	pasted: Readonly<Record<string, string>>,
	added = `Define X_LOGIN_PASSPHRASE ${randomUUID()}`,
): Promise<void> {
	const values: Readonly<Record<string, string>> = {
		...pasted,
		RT_ADDRESS,
		RT_PORT: port,
		RT_CERTIFICATE: pem("cert"),
		RT_CERTIFICATE_KEY: pem("key"),
		RT_SERVER,
	};
	const filledIn = (await readFile(new URL("values.conf", RECIPE), "utf8")).replace(
		/^Define (\w+) .*$/gm,
		(_, name: string) => `Define ${name} ${values[name] ?? `left-out-${name}`}`,
	);
	const site = await readFile(new URL("apache.conf", RECIPE), "utf8");
	const valuesFile = join(folder, "x-login.conf");
	await writeFile(valuesFile, `${filledIn}${added}\n`);
	await writeFile(
		join(folder, "x-login-site.conf"),
		site.replace("Include /etc/apache2/x-login.conf", `Include ${valuesFile}`),
	);
	const apache = spawn("/usr/sbin/apache2", ["-f", WRAPPER.pathname, "-D", "FOREGROUND"], {
		stdio: ["ignore", "ignore", "pipe"],
	});
	let printed = "";
	apache.stderr.on("data", (chunk) => {
		printed += chunk;
	});
	const ended = once(apache, "exit");
	onTestFinished(async () => {
		apache.kill("SIGTERM");
		await ended;
	});
	await Promise.race([
		eventually(async () => {
			const socket = connect(Number(port), "127.0.0.1");
			await once(socket, "connect");
			socket.destroy();
		}),
		ended.then(() => Promise.reject(new Error(`Apache did not start: ${printed}`))),
	]);
}

/** What Apache wrote down about problems. */
export async function apacheLog(): Promise<string> {
	return readFile(join(folder, "apache.log"), "utf8");
}

/** Changes a user of RT as an agent would. */
export async function changeRtUser(
	name: string,
	change: Readonly<Record<string, number | string>>,
): Promise<void> {
	const basic = Buffer.from(`root:${RT_PASSWORD}`).toString("base64");
	const answer = await fetch(`${RT_SERVER}/REST/2.0/user/${name}`, {
		method: "PUT",
		headers: { authorization: `Basic ${basic}`, "content-type": "application/json" },
		body: JSON.stringify(change),
	});
	if (!answer.ok) {
		throw new Error(`RT answers ${answer.status}: ${await answer.text()}`);
	}
}

/** A letter to RT's only queue, as a mail server hands it over. @returns when RT has made a ticket of it. */
export async function writeToRt(from: string, subject: string): Promise<void> {
	const message = `From: ${from}\nTo: rt@example.com\nSubject: ${subject}\nMessage-ID: <${randomUUID()}@example.com>\n\nHello\n`;
	const answer = await fetch(`${RT_SERVER}/REST/1.0/NoAuth/mail-gateway`, {
		method: "POST",
		body: new URLSearchParams({ queue: "General", action: "correspond", message }),
	});
	const text = await answer.text();
	if (!text.startsWith("ok")) {
		throw new Error(`RT answers ${answer.status}: ${text}`);
	}
}
