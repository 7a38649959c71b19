import { setTimeout } from "node:timers/promises";
import { codeOf, keyIn } from "../helpdesk/authenticator-app.ts";
import type { Ready } from "../helpdesk/start-helpdesk.ts";
import type { Camera } from "./camera.ts";
import { Reader } from "./visitors.ts";

const CONNECTED = "/settings/general/connected-helpdesks";
const X = "/settings/general/integrations/x-login";
const RENEW = "/admin/profile/second-factor/recovery-codes";
const SECRET = "0123456789abcdef0123456789abcdef";
const LOOKS = { most: 200, everyMs: 50 };

/** The administration of a helpdesk, and an operator who is logged in there. */
export interface Walk {
	readonly camera: Camera;
	readonly ready: Ready;
	readonly operator: Reader;
}

/** Logs the first operator in. */
export async function operatorOf({ admin, operator }: Ready): Promise<Reader> {
	const reader = new Reader("en");
	await reader.open(`${admin}/login`);
	await logIn(reader, operator.email, operator.password ?? "");
	return reader;
}

async function logIn(reader: Reader, email: string, password: string): Promise<void> {
	await reader.submit("/admin/login", { email, password });
}

/** Takes the answer to a form in each language that the camera wants. @param send opens the form's page and sends it. */
async function takeInEach(
	{ camera, operator }: Walk,
	name: string,
	send: (reader: Reader, language: string) => Promise<unknown>,
): Promise<void> {
	for (const language of camera.languages) {
		const reader = operator.readingIn(language);
		await send(reader, language);
		await camera.takeAnswer(`admin.${name}`, reader.answer);
	}
}

/** Takes the page that was seen last, which its address shows once more. */
async function takeSeen({ camera, operator }: Walk, name: string): Promise<void> {
	const { url } = operator.seen;
	await camera.take(`admin.${name}`, url, operator.cookiesAt(url));
}

/** Opens a page until it has a text, which a job writes. */
async function waitFor(operator: Reader, text: string): Promise<void> {
	const { url } = operator.seen;
	for (let looks = 0; !operator.seen.html.includes(text); looks += 1) {
		if (looks === LOOKS.most) {
			throw new Error(`${url} does not show “${text}”: ${operator.seen.html}`);
		}
		await setTimeout(LOOKS.everyMs);
		await operator.open(url);
	}
}

/** Does what leaves pages behind that links lead to, and takes the answers to forms. */
export async function takeAnswers(walk: Walk): Promise<void> {
	const { operator, ready } = walk;
	const { admin } = ready;
	await operator.open(`${admin}/jobs`);
	await operator.send("type", "recount");
	await waitFor(operator, "Done.");

	const shop = { id: "shop", name: "Shop" };
	const add = "/settings/general/brands/add";
	await takeInEach(walk, "brands.add.refused", async (reader) => {
		await reader.open(`${admin}${add}`);
		await reader.send("id", "", { ...shop, url: "http://shop.example.com/help" });
	});
	await operator.open(`${admin}${add}`);
	await operator.send("id", "", { ...shop, url: "https://shop.example.com" });

	await takeInEach(walk, "links.refused", async (reader) => {
		await reader.open(`${admin}${X}/links`);
		await reader.send("action", "try", { links: 'x_id,email\n1,a\n2,"b' });
	});
	await operator.open(`${admin}${X}/links`);
	const links = "x_id,email\n2244994945,ada@example.com\n@ada,ada@example.com";
	await operator.send("action", "try", { links });
	await waitFor(operator, "Try again");
	await takeSeen(walk, "links.tried");

	const { html } = await operator.open(`${admin}/settings/general/add-ons`);
	const [, zip = ""] = /name="file" value="([^"]+)"/.exec(html) ?? [];
	await operator.send("file", zip);
	await takeSeen(walk, "add-ons.review");

	await takeInvitation(walk);
	await takeInEach(walk, "social-login.switch-off", async (reader) => {
		await reader.open(`${admin}/settings/users/social-login/x-login`);
		await reader.submit("/admin/settings/users/social-login/x-login");
	});
}

async function takeInvitation(walk: Walk): Promise<void> {
	const { camera, operator, ready } = walk;
	await takeInEach(walk, "operators.invited", async (reader, language) => {
		await reader.open(`${ready.admin}/operators`);
		await reader.send("role", "support", { email: `grace-${language}@example.com` });
	});
	await operator.open(`${ready.admin}/operators`);
	await operator.send("role", "support", { email: "grace@example.com" });
	const [link = ""] = /http[^\s<]+\/invitation\?token=[\w.-]+/.exec(operator.seen.html) ?? [];
	await camera.take("admin.invitation", link, []);
}

/** Connects a helpdesk of each kind. */
export async function takeConnected(walk: Walk): Promise<void> {
	const { operator, ready } = walk;
	const add = `${ready.admin}${CONNECTED}/add?brand=acorn&preset=request-tracker`;
	await operator.open(add);
	await takeSeen(walk, "connected-helpdesks.form");
	await takeInEach(walk, "connected-helpdesks.connected", async (reader, language) => {
		await reader.open(add);
		const name = `Request Tracker ${language}`;
		await reader.send("redirectUris", "", { name, address: "http://127.0.0.1:4" });
	});
	await operator.open(`${ready.admin}${CONNECTED}/add-hand-off?brand=acorn&preset=supportpal`);
	await operator.send("apiToken", "", { address: "https://support.example.com", secret: SECRET });
	await takeSeen(walk, "connected-helpdesks.hand-off");
}

/** Afterwards the operator needs a code to log in. */
export async function takeSecondFactor(walk: Walk): Promise<void> {
	const { camera, operator, ready } = walk;
	await operator.open(`${ready.admin}/profile/second-factor/set-up`);
	await operator.send("code", "", { code: codeOf(keyIn(operator.seen.html), Date.now()) });
	await camera.takeAnswer("admin.recovery-codes", operator.answer);
	await takeInEach(walk, "recovery-codes", async (reader) => {
		await reader.open(`${ready.admin}/profile`);
		await reader.submit(RENEW);
		await reader.submit(RENEW);
	});
	await operator.open(`${ready.admin}/profile`);
	await takeSeen(walk, "profile.with-second-factor");
	const { email } = ready.operator;
	const password = ready.operator.password ?? "";
	for (const language of camera.languages) {
		const stranger = new Reader(language);
		await stranger.open(`${ready.admin}/login`);
		await logIn(stranger, `${language}-${email}`, "not the password");
		await camera.takeAnswer("admin.log-in.refused", stranger.answer);
		await logIn(stranger, email, password);
		await camera.takeAnswer("admin.log-in.code", stranger.answer);
	}
}

/** The page that only a plugin's developer sees. @param ready of a helpdesk that a developer started. */
export async function takePluginCalls(camera: Camera, ready: Ready): Promise<void> {
	const operator = await operatorOf(ready);
	const walk = { camera, ready, operator };
	await operator.open(`${ready.admin}/plugin-calls`);
	await takeSeen(walk, "plugin-calls.none");
	await operator.open(`${ready.admin}/settings/general/integrations`);
	await operator.submit("/admin/settings/general/integrations/x-login/activate");
	await operator.open(`${ready.admin}/plugin-calls`);
	await takeSeen(walk, "plugin-calls");
}
