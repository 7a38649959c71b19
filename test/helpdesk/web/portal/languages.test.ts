import { expect, test } from "vitest";
import { NAMESPACES } from "../../../../src/helpdesk/namespaces.ts";
import { approveAtX } from "../../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { openCore } from "../../../kit/helpdesk/open-core.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { stored } from "../../../kit/helpdesk/people-with-x.ts";

const START = "/login/x-login/start";

/** A browser that sends this header with each request. */
class ForeignVisitor extends HttpVisitor {
	constructor(private readonly acceptLanguage: string) {
		super();
	}

	override request(url: string, init: RequestInit = {}): Promise<Response> {
		const headers = { "accept-language": this.acceptLanguage, ...Object(init.headers) };
		return super.request(url, { ...init, headers });
	}
}

async function signUpWithX({ portal }: OpenHelpdesk, acceptLanguage: string) {
	const visitor = new ForeignVisitor(acceptLanguage);
	await visitor.open(`${portal}/login?returnTo=/account`);
	const { url } = await visitor.submit(START);
	await visitor.open(await approveAtX(url));
	return visitor;
}

test.each([
	["a singleton at the end", "en-x", "en"],
	["a subtag that is too short", "en-1", "en"],
	["a private use that says nothing", "de-x", "de"],
	["two regions", "en-419-GB", "en-419"],
	["a region and a singleton", "de-DE-x", "de-DE"],
	["English refused", "en;q=0, de", "de"],
	["anything", "*", "en"],
	["anything but English", "en;q=0, *;q=0.1", "cs"],
	["8 KB of one language", "de-1".padEnd(8192, "-a"), "de"],
	["8 KB of languages", "en-x,".repeat(1638), "en"],
	["no language at all", "\u00ff;=,,", "en"],
])("finding B7: %s, and a visitor signs up with X and sees all pages", async (_, header, tag) => {
	const open = await openHelpdesk();
	await setUpX(open);

	const visitor = await signUpWithX(open, header);

	expect(visitor.seen).toMatchObject({ status: 200, url: `${open.portal}/account` });
	for (const path of ["/account", "/", "/login", "/register", "/forgot", "/nowhere"]) {
		const { status, html } = await visitor.open(`${open.portal}${path}`);
		expect([path, status]).toEqual([path, path === "/nowhere" ? 404 : 200]);
		expect(html).toContain(`<html lang="${tag}">`);
	}
	const accounts = (await stored(open.storage, NAMESPACES.accounts)).join();
	expect(accounts).toContain(`"locale":"${tag}"`);
});

test("finding B7: an operator with such a language sees the administration", async () => {
	const { helpdesk, portal } = await openHelpdesk();
	const operator = new ForeignVisitor("en-x");

	const { status } = await operator.open(`${helpdesk.adminUrl}/login`);

	expect(status).toBe(200);
	expect((await operator.open(`${portal}/admin/nowhere`)).status).toBeLessThan(500);
});

test("finding B7: an account that an older version stored with such a language has a language that Intl takes", async () => {
	const { accounts, storage, addUser } = await openCore();
	const { id } = await addUser("ada@example.com");
	const key = [...NAMESPACES.accounts, "account", id];
	const { value } = (await storage.get(key)) ?? {};
	const localeOf = async (locale: string) => {
		await storage.commit({ sets: [{ key, value: { ...Object(value), locale } }] });
		return (await accounts.find(id))?.locale;
	};

	expect(await localeOf("de-x")).toBe("de");
	expect(await localeOf("en-1")).toBe("en");
	expect(await localeOf("pt-BR-x-old")).toBe("pt-BR");
	expect(await localeOf("")).toBe("en");
});
