import { expect, test } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { install } from "../../kit/helpdesk/install-add-on.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { INTEGRATIONS, PASSWORD, press, throughX } from "../../kit/helpdesk/people-with-x.ts";
import { logInUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";

const OWNER = "owner@example.com";
const CAPABILITIES = {
	network: [],
	navigation: [],
	ports: ["storage", "users:read", "users:create", "users:confirm", "mail"] as const,
};
const button = `const { startPath } = await host.brands.find(given.brandId);
	return [{ id: "b", label: "B", intent: "log-in", action: startPath, method: "post", fields: {}, order: 0, icon: "", html: \`<form method="post" action="\${startPath}"><button type="submit">B</button></form>\` }];`;

async function withAddOn(
	hooks: Readonly<Record<string, string>>,
	ids: readonly string[] = ["tiny"],
): Promise<OpenHelpdesk> {
	const open = await openHelpdesk();
	await setUpX(open);
	for (const id of ids) {
		const zip = tinyZip(
			{ onActivate: 'return { state: "ready" };', renderLoginButtons: button, ...hooks },
			{ id, name: id, capabilities: { ...CAPABILITIES, ports: [...CAPABILITIES.ports] } },
		);
		await install(open.operator, open.portal, zip);
		await press(open, `${INTEGRATIONS}/${id}/activate`);
	}
	return open;
}

async function through(open: OpenHelpdesk, id: string): Promise<HttpVisitor> {
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	await visitor.submit(`/login/${id}/start`);
	await visitor.open(`${open.portal}/account`);
	return visitor;
}

test("an owner who proves an account through one plugin loses what a stranger linked through another", async () => {
	const open = await withAddOn({
		startLogin: `const owner = await host.users.ownerOf(given.brandId, "${OWNER}");
			await host.users.confirm(owner.id);
			return { kind: "signed-in", userId: owner.id, returnPath: "/account" };`,
	});
	const stranger = new HttpVisitor();
	await logInUnconfirmed(stranger, open, { name: "Owner", email: OWNER, password: PASSWORD });
	await stranger.open(`${open.portal}/account`);
	const { url } = await stranger.submit("/login/x-login/start");
	await stranger.open(await approveAtX(url, { accountId: "1" }));
	await stranger.open(`${open.portal}/account`);
	expect(stranger.seen.html).toContain("@ada");

	const owner = await through(open, "tiny");

	expect(owner.seen.html).toContain(OWNER);
	expect(owner.seen.html).not.toContain("@ada");
	expect((await stranger.open(`${open.portal}/account`)).url).toContain("/login");
	expect((await throughX(open, "1", "/login?returnTo=/account")).html).not.toContain(OWNER);
});

test("two plugins that make users with the same key make two users", async () => {
	const hooks = {
		startLogin: `const { user } = await host.users.create("acorn:1", { brandId: given.brandId, name: "made for 1", email: null, emailProof: "none", locale: "en" });
			return { kind: "signed-in", userId: user.id, returnPath: "/account" };`,
	};
	const open = await withAddOn(hooks, ["tiny", "teeny"]);

	for (const id of ["tiny", "teeny", "tiny"]) {
		expect((await through(open, id)).seen.html).toContain("made for 1");
	}

	await open.operator.open(`${open.portal}/admin/users`);
	expect(open.operator.seen.html.match(/<strong>made for 1<\/strong>/g)).toHaveLength(2);
});

test("a plugin stores no user and no letter for a brand that the helpdesk does not have", async () => {
	const open = await withAddOn({
		startLogin: `const wrong = { brandId: "nowhere", name: "lost", email: null, emailProof: "none", locale: "en" };
			const letter = { brandId: "nowhere", to: "ada@example.com", subject: "Lost", text: "" };
			const ends = await Promise.allSettled([host.users.create("1", wrong), host.mail.send(letter)]);
			const name = ends.map(({ reason }) => String(reason)).join(" and ");
			const { user } = await host.users.create("2", { ...wrong, brandId: given.brandId, name: name.replaceAll("the helpdesk has ", "") });
			return { kind: "signed-in", userId: user.id, returnPath: "/account" };`,
	});

	const { html } = (await through(open, "tiny")).seen;

	const refusal = "TypeError: no brand &quot;nowhere&quot;";
	expect(html).toContain(`${refusal} and ${refusal}`);
	const accounts = await open.operator.open(`${open.portal}/admin/users`);
	expect(accounts.html).not.toContain("<strong>lost</strong>");
	expect((await open.operator.open(`${open.portal}/admin/mailbox`)).html).not.toContain("Lost");
});
