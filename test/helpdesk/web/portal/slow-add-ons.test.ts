// An add-on that never answers, or answers when its visitor has gone. The time of a hook is over as soon as it hangs.
import { expect, test } from "vitest";
import { HANGING, HANGS, tinyZip } from "../../../kit/artifact/plugin-versions.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { impatience } from "../../../kit/helpdesk/impatience.ts";
import { install } from "../../../kit/helpdesk/install-add-on.ts";
import { openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { INTEGRATIONS, press, throughX } from "../../../kit/helpdesk/people-with-x.ts";

const BUTTON = `const { startPath } = await host.brands.find(given.brandId);
	return [{ id: "b", label: "Tiny button", intent: "log-in", action: startPath, method: "post", fields: {}, order: 0, icon: "",
		html: \`<form method="post" action="\${startPath}"><button type="submit">Tiny button</button></form>\` }];`;

/** Hangs until the storage says otherwise. Then it answers with a session and a cookie. */
const LATE = `const says = (message) => host.events.emit({ name: "tells", level: "info", message, fields: {} });
	const mayGo = async () => (await host.storage.get(["go"])) !== undefined;
	if (!(await mayGo())) { says("${HANGING}"); }
	while (!(await mayGo())) { await new Promise((resolve) => setTimeout(resolve, 5)); }
	const { user } = await host.users.create("late", { brandId: given.brandId, name: "Late", email: null, emailProof: "none", locale: "en" });
	says("it answers");
	return { kind: "signed-in", userId: user.id, returnPath: "/account", cookies: [{ name: "late", value: "late", maxAgeSeconds: 60 }],
		afterwards: async () => says("it goes on") };`;
const GO = { key: ["plugin-data", "tiny", "go"], value: true };

/** The helpdesk with X and with a tiny add-on that has these hooks. */
async function openWith(hooks: Readonly<Record<string, string>>) {
	const log: string[] = [];
	const open = await openHelpdesk(impatience((line) => log.push(line)));
	await setUpX(open);
	const zip = tinyZip(
		{ onActivate: 'return { state: "ready" };', renderLoginButtons: BUTTON, ...hooks },
		{
			capabilities: {
				network: [],
				navigation: [],
				ports: ["storage", "users:read", "users:create"],
			},
		},
	);
	await install(open.operator, open.portal, zip);
	await press(open, `${INTEGRATIONS}/tiny/activate`);
	const reports = (hook: string) =>
		log.filter(
			(line) =>
				line.includes('"level":"error"') && line.includes(`the hook ${hook} of tiny failed`),
		);
	return { open, log, reports };
}

test("the log-in page of an add-on that answers has its button", async () => {
	const { open } = await openWith({});

	const { html } = await new HttpVisitor().open(`${open.portal}/login`);

	expect(html).toContain("Tiny button");
	expect(html).toContain("/login/x-login/start");
});

test.each(["/login", "/register"])(
	"an add-on whose buttons hang does not keep %s from visitors, who see the buttons of the others",
	async (path) => {
		const { open, reports } = await openWith({ renderLoginButtons: HANGS });

		const { status, html } = await new HttpVisitor().open(`${open.portal}${path}`);

		expect(status).toBe(200);
		expect(html).toContain("/login/x-login/start");
		expect(html).not.toContain("Tiny button");
		expect(reports("renderLoginButtons")).toHaveLength(1);
		expect(reports("renderLoginButtons")[0]).toContain("it did not end within 7 seconds");
	},
);

test("an account page is shown without the accounts of an add-on that hangs, and X logs in beside it", async () => {
	const { open, reports } = await openWith({
		renderLoginButtons: HANGS,
		listLinkedAccounts: HANGS,
	});

	const { html } = await throughX(open, "1", "/login?returnTo=/account");

	expect(html).toContain("@ada");
	expect(reports("listLinkedAccounts")).toHaveLength(1);
});

test("a hook that hangs for every visitor is reported once a minute, and another hook by itself", async () => {
	const { open, reports } = await openWith({ renderLoginButtons: HANGS, startLogin: HANGS });
	const visit = async (): Promise<void> => {
		await new HttpVisitor().open(`${open.portal}/login`);
	};
	await visit();
	await visit();
	open.clock.advance(59_999);
	await visit();
	expect(reports("renderLoginButtons")).toHaveLength(1);
	await start(open.portal);
	expect(reports("startLogin")).toHaveLength(1);

	open.clock.advance(1);
	await visit();

	expect(reports("renderLoginButtons")).toHaveLength(2);
});

test("a hook that fails at once is reported each time", async () => {
	const { open, reports } = await openWith({ renderLoginButtons: 'throw new Error("no");' });

	await new HttpVisitor().open(`${open.portal}/login`);
	await new HttpVisitor().open(`${open.portal}/login`);

	expect(reports("renderLoginButtons")).toHaveLength(2);
});

/** Starts a log-in of the tiny add-on, as its button would. */
async function start(portal: string, visitor = new HttpVisitor()) {
	const { html } = await visitor.open(`${portal}/login`);
	const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];
	return visitor.post(`${portal}/login/tiny/start`, [["_csrf", csrf]]);
}

test.each([
	["startLogin", (portal: string) => start(portal)],
	["handleCallback", (portal: string) => new HttpVisitor().open(`${portal}/login/tiny/callback`)],
	["continueLogin", (portal: string) => new HttpVisitor().open(`${portal}/login/tiny/continue`)],
] as const)("a log-in that hangs in %s ends with a page that says so", async (hook, visit) => {
	const { open, reports } = await openWith({ [hook]: HANGS });

	const { status, html } = await visit(open.portal);

	expect(status).toBe(504);
	expect(html).toContain("A part of this site did not answer in time");
	expect(reports(hook)).toHaveLength(1);
});

test("the page of a log-in that hangs speaks the visitor's language", async () => {
	const { open } = await openWith({ handleCallback: HANGS });

	const { html } = await new HttpVisitor().open(`${open.portal}/login/tiny/callback`, {
		headers: { "accept-language": "de" },
	});

	expect(html).toContain("nicht rechtzeitig geantwortet");
});

test("a log-in that answers after its time opens no session, sets no cookie and does nothing afterwards", async () => {
	const { open, log } = await openWith({ handleCallback: LATE });
	const late = new HttpVisitor();
	expect(await late.open(`${open.portal}/login/tiny/callback`)).toMatchObject({ status: 504 });
	const cookies = new Map(late.cookies);
	await open.storage.commit({ sets: [GO] });
	await expect.poll(() => log.join()).toContain("it answers");
	expect((await late.open(`${open.portal}/account`)).url).toContain("/login?");
	expect(late.cookies).toEqual(cookies);
	expect(log.join()).not.toContain("it goes on");

	// The same answer in time.
	const early = new HttpVisitor();
	await early.open(`${open.portal}/login/tiny/callback`);

	expect(early.seen).toMatchObject({ status: 200, url: `${open.portal}/account` });
	expect([...early.cookies.keys()].filter((name) => name.endsWith("late"))).toHaveLength(1);
	await expect.poll(() => log.join()).toContain("it goes on");
});

test("a user's data cannot be exported while an add-on hangs, and the page says so", async () => {
	const { open, reports } = await openWith({ exportUserData: HANGS });
	await throughX(open, "1");
	const { html } = await open.operator.open(`${open.helpdesk.adminUrl}/users`);
	const [path = ""] = /\/admin\/users\/[^"/]+\/export/.exec(html) ?? [];

	const { status, html: page } = await open.operator.open(`${open.portal}${path}`);

	expect(status).toBe(504);
	expect(page).toContain("did not answer in time");
	expect(reports("exportUserData")).toHaveLength(1);
});
