import { approveAtX, cancelAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { upload } from "../kit/helpdesk/install-add-on.ts";
import type { Ready } from "../kit/helpdesk/start-helpdesk.ts";
import { untilDone } from "../kit/jobs/until-done.ts";
import {
	exportAttempts,
	exportUsers,
	INTEGRATIONS,
	logInOperator,
	REGISTRATION,
	readMailbox,
	SOCIAL_LOGIN,
	X,
} from "./administration.ts";
import { BLOCKED_DOMAINS, MAGIC_WORD, PASSWORD, type Story, X_ACCOUNT } from "./fixture.ts";

/** The number of users at the end of the story. */
const USERS = 10;
const ATTEMPTS = 9;
const LETTERS = 12;
const PATIENCE_MS = 10_000;
const ADD_ONS = "/admin/settings/general/add-ons";

/** The zips of one add-on in two versions, the older one first, and what its publisher signed them with. */
export type SignedZips = readonly { readonly zip: Uint8Array; readonly signature: Uint8Array }[];

interface House {
	readonly acorn: string;
	readonly harbor: string;
	readonly operator: HttpVisitor;
}

/** Drives a new helpdesk as browsers do, until it has stored something of every kind. */
export async function liveThrough(
	ready: Ready,
	magicWord: SignedZips,
): Promise<Omit<Story, "version" | "madeAt">> {
	const { acorn = "", harbor = "" } = ready.portals;
	const house = { acorn, harbor, operator: new HttpVisitor() };
	const operator = await settleOperator(house, ready);
	await setUpX(house, ready);
	await installMagicWord(house, magicWord);
	const cancelledTraceCode = await cancelLogIn(house);
	const zoe = await addPeopleAtAcorn(house);
	await addPeopleAtHarbor(house);
	await failToLogIn(acorn);
	const passwordLink = await askForPasswordLink(house, acorn, zoe);
	await waitForLetter(house, new RegExp(`(class="card letter".*){${LETTERS}}`, "s"));
	const users = await exportUsers(house.operator, acorn);
	const attempts = await exportAttempts(house.operator, acorn);
	if (users.length !== USERS || attempts.length !== ATTEMPTS) {
		throw new Error(`a user or an attempt is missing: ${JSON.stringify({ users, attempts })}`);
	}
	return {
		operator,
		cancelledTraceCode,
		passwordLink,
		halfWay: await stopHalfWay(harbor),
		atX: await stopAtX(acorn),
		zoe: { cookies: Object.fromEntries(zoe.cookies) },
		users,
		attempts,
		letters: LETTERS,
		magicWord: { signer: await signerOf(house) },
	};
}

async function settleOperator(
	{ acorn, operator }: House,
	{ operator: { email, password } }: Ready,
): Promise<Story["operator"]> {
	const first = password ?? "";
	await logInOperator(operator, acorn, { email, password: first });
	await operator.open(`${acorn}/admin/profile`);
	await operator.submit("/admin/profile", { current: first, new: PASSWORD.operator });
	return { email, password: PASSWORD.operator };
}

/** Saves keys for all brands, and other keys and settings for Harbor. Tests the set-up of Acorn. */
async function setUpX({ acorn, operator }: House, { fakeX }: Ready): Promise<void> {
	const { apiKey, apiKeySecret } = fakeX;
	await operator.open(`${acorn}${INTEGRATIONS}`);
	await operator.submit(`${X}/activate`);
	const saved = {
		"*": { blockedDomains: BLOCKED_DOMAINS },
		harbor: { mode: "login-and-signup", linking: "trust-confirmed" },
	};
	for (const [brand, fields] of Object.entries(saved)) {
		await operator.open(`${acorn}${X}?brand=${brand}`);
		await operator.submit(`${X}?brand=${brand}`, { apiKey, apiKeySecret, ...fields });
	}
	await operator.open(`${acorn}${X}?brand=acorn`);
	await operator.submit(`${X}/test?brand=acorn`);
	await operator.open(`${acorn}${SOCIAL_LOGIN}/x-login`);
	await operator.submit(`${SOCIAL_LOGIN}/x-login`, { acorn: "on", harbor: "on" });
}

/** Installs the first version, then the next one, so that there is a version to roll back to. */
async function installMagicWord({ acorn, operator }: House, versions: SignedZips): Promise<void> {
	const integration = `${INTEGRATIONS}/magic-word`;
	for (const { zip, signature } of versions) {
		await upload(operator, acorn, zip, signature);
		await operator.submit(`${ADD_ONS}/install`);
	}
	await operator.open(`${acorn}${INTEGRATIONS}`);
	await operator.submit(`${integration}/activate`);
	await operator.open(`${acorn}${integration}?brand=acorn`);
	await operator.submit(`${integration}?brand=acorn`, { magicWord: MAGIC_WORD });
	await operator.open(`${acorn}${SOCIAL_LOGIN}/magic-word`);
	await operator.submit(`${SOCIAL_LOGIN}/magic-word`, { acorn: "on" });
}

/** @returns the browser of Zoe, who has a password and X. */
async function addPeopleAtAcorn(house: House): Promise<HttpVisitor> {
	const { acorn, operator } = house;
	await throughX(acorn, X_ACCOUNT.ada);
	const zoe = await register(house, acorn, "zoe", PASSWORD.zoe);
	await zoe.open(`${acorn}/account`);
	await zoe.submit("/login/x-login/start");
	await zoe.open(await approveAtX(zoe.seen.url, { accountId: X_ACCOUNT.zoe }));
	const noMail = await throughX(acorn, X_ACCOUNT.noMail);
	const form = "/login/x-login/continue";
	await noMail.submit(form, { email: "no-mail@example.com" });
	const [, code = ""] = await waitForLetter(house, /<pre>[^<]*?\b(\d{4} \d{4} \d{4})\b/);
	await noMail.submit(form, { code });
	await throughX(acorn, X_ACCOUNT.hostile);
	const hostile = (await exportUsers(operator, acorn)).find(
		({ email }) => email === "hostile@example.com",
	);
	await operator.open(`${acorn}/admin/users/${hostile?.id}`);
	await operator.submit(`/admin/users/${hostile?.id}/suspended`);
	await operator.open(`${acorn}/admin/users`);
	await operator.submit("/admin/users/add", { brand: "acorn", email: "tim@example.com" });
	await setRegistration(house, { "acorn-registration": "open", "acorn-phone": "on" });
	await register(house, acorn, "ida", PASSWORD.ida);
	await setRegistration(house, { "acorn-registration": "open" });
	const moly = new HttpVisitor();
	await moly.open(`${acorn}/login`);
	await moly.submit("/login/magic-word/start");
	await moly.submit("/login/magic-word/continue", { nickname: "moly", word: MAGIC_WORD });
	return zoe;
}

/** Adds Hanna, whose link is imported, and two users who wait for approval. */
async function addPeopleAtHarbor(house: House): Promise<void> {
	const { acorn, harbor, operator } = house;
	const hanna = await register(house, harbor, "hanna", PASSWORD.hanna);
	await hanna.open(`${harbor}${await askForPasswordLink(house, harbor, hanna)}`);
	await hanna.submit("/reset", { password: PASSWORD.hanna });
	const links = `${X}/links`;
	const { html } = await operator.open(`${acorn}${links}`);
	const body = new FormData();
	const fields = {
		_csrf: /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "",
		links: `x_id,email\n${X_ACCOUNT.zoe},hanna@example.com\n`,
		brand: "harbor",
		action: "import",
	};
	for (const [name, value] of Object.entries(fields)) {
		body.append(name, value);
	}
	await operator.open(`${acorn}${links}`, { method: "POST", body });
	await untilDone(operator);
	await setRegistration(house, { "harbor-registration": "approval" });
	await throughX(harbor, X_ACCOUNT.ada);
	await register(house, harbor, "willa", PASSWORD.willa);
}

/** Cancels a log-in. The fake X asks nobody twice, so this comes before anybody agrees. @returns the trace code. */
async function cancelLogIn({ acorn, operator }: House): Promise<string> {
	const visitor = new HttpVisitor();
	await visitor.open(`${acorn}/login`);
	await visitor.submit("/login/x-login/start");
	await visitor.open(await cancelAtX(visitor.seen.url));
	const [cancelled] = await exportAttempts(operator, acorn);
	return cancelled?.traceCode ?? "";
}

/** Makes log-ins fail: that of a suspended user, and one that nobody started. */
async function failToLogIn(acorn: string): Promise<void> {
	await throughX(acorn, X_ACCOUNT.hostile);
	const forged = "oauth_token=fixture-forged&oauth_verifier=fixture-forged";
	await new HttpVisitor().open(`${acorn}/login/x-login/callback?${forged}`);
}

/** @returns path and query of the link in the newest letter. */
async function askForPasswordLink(house: House, portal: string, visitor: HttpVisitor) {
	await visitor.open(`${portal}/account`);
	await visitor.submit("/account/password-link");
	const [link = ""] = await waitForLetter(house, /\/reset\?token=[\w-]+/);
	return link;
}

/** Waits for a letter, because letters are written after the visitor's answer. */
async function waitForLetter({ acorn, operator }: House, part: RegExp): Promise<RegExpExecArray> {
	for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
		const found = part.exec(await readMailbox(operator, acorn));
		if (found !== null) {
			return found;
		}
	}
	throw new Error(`no letter with ${part} is in the mailbox`);
}

async function stopHalfWay(harbor: string): Promise<Story["halfWay"]> {
	const { cookies, seen } = await throughX(harbor, X_ACCOUNT.noMail);
	const { pathname, search } = new URL(seen.url);
	return { cookies: Object.fromEntries(cookies), path: pathname + search };
}

async function stopAtX(acorn: string): Promise<Story["atX"]> {
	const visitor = new HttpVisitor();
	await visitor.open(`${acorn}/login`);
	const { url } = await visitor.submit("/login/x-login/start");
	const token = new URL(url).searchParams.get("oauth_token") ?? "";
	return { cookies: Object.fromEntries(visitor.cookies), token };
}

async function signerOf({ acorn, operator }: House): Promise<string> {
	const { html } = await operator.open(`${acorn}${ADD_ONS}`);
	return /Signed with the key ([\w…]+)/.exec(html)?.[1] ?? "";
}

async function throughX(portal: string, accountId: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(visitor.seen.url, { accountId }));
	return visitor;
}

/** @returns the browser of the new user, who is logged in. */
async function register(
	house: House,
	portal: string,
	name: string,
	password: string,
): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	const email = `${name}@example.com`;
	await visitor.open(`${portal}/register`);
	await visitor.submit("/register", { name, email, password });
	const letter = new RegExp(`To ${email},[^]*?(http[^\\s<]+/register/confirm\\?token=[\\w-]+)`);
	const [, link = ""] = await waitForLetter(house, letter);
	await visitor.open(link);
	await visitor.submit("/register/confirm");
	return visitor;
}

async function setRegistration(
	{ acorn, operator }: House,
	fields: Readonly<Record<string, string>>,
): Promise<void> {
	await operator.open(`${acorn}${REGISTRATION}`);
	await operator.submit(REGISTRATION, fields);
}
