import { passwordRegistrationWarning } from "../../helpdesk/people/registration.ts";
import { type Helpdesk, startHelpdesk } from "../../helpdesk/start-helpdesk.ts";
import type { FakeX } from "../../testing/fake-x/fake-x.ts";
import { CommandError } from "../command-error.ts";
import { PROGRAM_NAME } from "../program-name.ts";
import { forgetFakeX, noteFakeX } from "./fake-x-address.ts";
import { type FakeXKeys, readFakeXKeys } from "./fake-x-keys.ts";
import { openHelpdeskParts } from "./helpdesk-parts.ts";
import { warnOfPasswords } from "./hide-passwords.ts";
import { leftOutSentence } from "./left-out-sentence.ts";
import { warn } from "./log-line.ts";
import { movedSentence } from "./moved-sentence.ts";
import { outliveAddOns } from "./outlive-add-ons.ts";
import { checkMailServer } from "./smtp-option.ts";
import { readStartOptions } from "./start-options.ts";

const FAKE_ACCOUNTS = [
	{ id: "2244994945", screenName: "ada_l", name: "Ada Lovelace", email: "ada@example.com" },
	{
		id: "9007199254740993",
		screenName: "zoe_oe",
		name: "Zoë Østergård 李",
		email: "zoe@example.com",
	},
	{ id: "7505382", screenName: "no_mail", name: "Nobody's Mail" },
	{ id: "783214", screenName: "suspended", name: "Suspended", state: "suspended" },
	{ id: "17874544", screenName: "locked", name: "Locked", state: "locked" },
	{
		id: "6253282",
		screenName: "hostile",
		name: '<b>Bobby</b> "Tables"\u202e\u0007',
		email: "hostile@example.com",
	},
	// Of X's first years, with more characters than X gives today, and with joiners that a script and an emoji need.
	{
		id: "12",
		screenName: "an_early_long_handle",
		name: "می\u200cخواهم & 👨\u200d👩\u200d👧",
		email: "early@example.com",
	},
] as const;

/** `start`: runs the helpdesk with the built plugin, and a fake X with it unless `--x-base-url` names an X. */
export async function start(args: readonly string[]): Promise<void> {
	const options = readStartOptions(args);
	if (options.smtp !== undefined) {
		await checkMailServer(options.smtp, (sentence) => warn("mail.unusable", sentence));
	}
	const { parts, closeStorage } = await openHelpdeskParts(options);
	warnOfPasswords(args);

	// The fake X needs the callback URLs of the helpdesk, and the helpdesk needs the address of the fake X.
	const callbacks: string[] = [];
	const keys = await readFakeXKeys(options.data);
	const fakeX = options.xBaseUrl === undefined ? await openFakeX(keys, callbacks) : undefined;
	const x = fakeX?.url ?? options.xBaseUrl ?? "https://api.x.com";
	outliveAddOns(process, parts);
	const helpdesk = await startHelpdesk({
		...parts,
		origins: { "api.x.com": x },
		onBrands: (brands) => {
			callbacks.splice(0, callbacks.length, ...brands.map(({ callbackUrl }) => callbackUrl));
		},
	}).catch((cause: unknown) => {
		const detail = cause instanceof Error ? cause.message : String(cause);
		const advice = detail.includes("EADDRINUSE") ? "; give another port with --port" : "";
		throw new CommandError(`the helpdesk cannot start: ${detail}${advice}`, { cause });
	});

	if (fakeX !== undefined) {
		await noteFakeX(options.data, fakeX.url);
	}

	const warning = passwordRegistrationWarning(helpdesk.brands, helpdesk.hasMailServer);
	if (warning !== undefined) {
		warn("registration.no-mail-server", warning);
	}

	const { sharedAddress, movedFrom } = helpdesk;
	if (sharedAddress !== undefined) {
		warn("administration.shared-address", sharedAddress);
	}
	if (movedFrom !== undefined) {
		warn("administration.moved", movedSentence(movedFrom, helpdesk.adminUrl, args));
	}

	for (const brand of helpdesk.leftOut) {
		warn("brands.left-out", leftOutSentence(brand));
	}

	const stop = async (): Promise<void> => {
		await helpdesk.close();
		if (fakeX !== undefined) {
			await forgetFakeX(options.data);
		}
		await fakeX?.close();
		await closeStorage();
		process.exit(0);
	};
	const end = () =>
		stop().catch((error: unknown) => {
			console.error(error);
			process.exit(1);
		});
	process.once("SIGTERM", () => void end());
	process.once("SIGINT", () => void end());

	const fake = fakeX && { url: fakeX.url, ...keys };
	console.log(options.json ? readyLine(helpdesk, fake) : greeting(helpdesk, fake));
}

/** Its code is loaded here, because most helpdesks have no fake X. */
async function openFakeX(keys: FakeXKeys, callbacks: readonly string[]): Promise<FakeX> {
	const { startFakeX } = await import("../../testing/fake-x/fake-x.ts");
	return startFakeX({
		apps: [{ ...keys, callbacks, name: "the helpdesk" }],
		accounts: FAKE_ACCOUNTS,
	});
}

type FakeXApp = FakeXKeys & Pick<FakeX, "url">;

/** The only line on standard output, for programs. */
function readyLine({ brands, adminUrl, operator }: Helpdesk, fakeX: FakeXApp | undefined): string {
	return JSON.stringify({
		portals: Object.fromEntries(brands.map(({ id, baseUrl }) => [id, baseUrl])),
		admin: adminUrl,
		operator,
		fakeX: fakeX ?? null,
	});
}

/** The greeting for people. */
function greeting(
	{ brands, adminUrl, operator, listening, hasMailServer }: Helpdesk,
	fakeX: FakeXApp | undefined,
): string {
	const { email, password } = operator;
	const portals = brands.map(({ name, baseUrl }, index) => {
		// A stored brand has no port of its own.
		const local = listening[index] ?? listening[0];
		return `  ${name.padEnd(16)} ${baseUrl}${local === baseUrl ? "" : ` (listens on ${local})`}`;
	});
	// A double click on the password selects all of it and nothing else.
	const first =
		password === null
			? [`Log in there as ${email} with your password.`]
			: ["Log in there with", `  E-mail address   ${email}`, `  Password         ${password}`];
	const x =
		fakeX === undefined
			? []
			: [
					"",
					`A fake X runs at ${fakeX.url} in place of the real one. Its app:`,
					`  API key          ${fakeX.apiKey}`,
					`  API key secret   ${fakeX.apiKeySecret}`,
					`  Client ID        ${fakeX.clientId}`,
					`  Client Secret    ${fakeX.clientSecret}`,
					"The first two are for OAuth 1.0a, the last two for OAuth 2.0.",
					`Choose who is logged in there, and what goes wrong, at ${fakeX.url}/_fake`,
				];
	return [
		"The helpdesk is ready.",
		"",
		...portals,
		`  Administration   ${adminUrl}`,
		"",
		...first,
		...(hasMailServer
			? []
			: [`E-mails to visitors are under Outgoing e-mail: ${adminUrl}/mailbox`]),
		...x,
		"",
		`While it runs, \`${PROGRAM_NAME} doctor\` with the same flags checks the set-up of the brands.`,
	].join("\n");
}
