import { expect, test } from "vitest";
import { approveAtX } from "../../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { linkTo, mailboxOf, registerByLetter } from "../../../kit/helpdesk/register-by-letter.ts";

const PASSWORD = "correct horse";
const GRACE = { name: "Grace", email: "grace@example.com", password: PASSWORD };
/** How much one network may send of a form within an hour. */
const MOST_FORMS = 20;

/** What a page has in a field. */
function typedIn({ seen }: HttpVisitor, name: string): string | undefined {
	const [input = ""] = new RegExp(`<input[^>]* name="${name}"[^>]*>`).exec(seen.html) ?? [];
	return / value="([^"]*)"/.exec(input)?.[1];
}

test.each(["/login", "/admin/login"])(
	"finding B9: a wrong password keeps the address that was typed at %s",
	async (path) => {
		const { portal } = await openHelpdesk();
		const visitor = new HttpVisitor();
		await visitor.open(`${portal}${path}`);
		expect(typedIn(visitor, "email")).toBe("");

		for (const email of ["Ada.Lovelace@example.com", "no address", '"><script>@example.com']) {
			await visitor.submit(path, { email, password: "wrong" });
			expect(visitor.seen.status).toBe(400);
			expect(typedIn(visitor, "email")).toBe(
				email.replaceAll('"', "&quot;").replaceAll(">", "&gt;").replaceAll("<", "&lt;"),
			);
			expect(typedIn(visitor, "password")).toBeUndefined();
		}
	},
);

test("finding B9: after too many passwords the address that was typed stays", async () => {
	const { portal } = await openHelpdesk({ startLimit: 1 });
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	while (visitor.seen.status !== 429) {
		await visitor.submit("/login", { email: GRACE.email, password: "wrong" });
		expect(typedIn(visitor, "email")).toBe(GRACE.email);
	}
});

test("finding B9: a form to register keeps name and address after each problem, and never the password", async () => {
	const { portal } = await openHelpdesk({ startLimit: 1000 });
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/register`);
	const problems = [
		{ ...GRACE, password: "short" },
		{ ...GRACE, email: "grace" },
		{ ...GRACE, name: "\u200b" },
	];

	for (const typed of problems) {
		await visitor.submit("/register", typed);
		expect(visitor.seen.status).toBe(400);
		expect(typedIn(visitor, "name")).toBe(typed.name);
		expect(typedIn(visitor, "email")).toBe(typed.email);
		expect(typedIn(visitor, "password")).toBeUndefined();
	}
	for (let sent = 0; sent < MOST_FORMS; sent += 1) {
		await visitor.submit("/register", GRACE);
		await visitor.open(`${portal}/register`);
	}
	const { status, headers, html } = await visitor.submit("/register", GRACE);
	expect([status, typedIn(visitor, "email")]).toEqual([429, GRACE.email]);
	expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
	expect(html).toContain('role="alert"');
});

test("finding B9: a network that asked for too many letters keeps the address that was typed", async () => {
	const { portal } = await openHelpdesk({ startLimit: 1000 });
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/forgot`);
	for (let sent = 0; sent < MOST_FORMS; sent += 1) {
		await visitor.submit("/forgot", { email: GRACE.email });
		await visitor.open(`${portal}/forgot`);
	}

	const { status, headers } = await visitor.submit("/forgot", { email: GRACE.email });

	expect([status, typedIn(visitor, "email")]).toEqual([429, GRACE.email]);
	expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
});

test("finding B9: an operator who adds a user keeps brand and address after a problem", async () => {
	const { portal, operator } = await openHelpdesk();
	await operator.open(`${portal}/admin/users`);

	const { status, html } = await operator.submit("/admin/users/add", {
		brand: "harbor",
		email: "no address",
	});

	expect([status, typedIn(operator, "email")]).toEqual([400, "no address"]);
	expect(html).toContain('<option value="harbor" selected>');
});

test.each([
	["a zero-width space", "\u200b", "\u200b"],
	["a byte order mark and a no-break space", "\ufeff", "\u00a0"],
	["marks of direction", "\u202a", "\u202c\u200e"],
])("finding B9: %s around an address changes nothing", async (_, before, after) => {
	const open = await openHelpdesk();
	const { portal, helpdesk } = open;
	const email = `${before}${GRACE.email}${after}`;
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/register`);
	await visitor.submit("/register", { ...GRACE, email });
	await visitor.open(await linkTo(mailboxOf(open), GRACE.email));
	await visitor.submit("/register/confirm");
	await visitor.submit("/logout");
	await visitor.open(`${portal}/forgot`);
	await visitor.submit("/forgot", { email });
	expect(await linkTo(mailboxOf(open), GRACE.email, "/reset")).toContain(portal);
	await visitor.open(`${portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email, password: PASSWORD });
	expect(visitor.seen).toMatchObject({ status: 200, url: `${portal}/account` });

	const operator = new HttpVisitor();
	await operator.open(`${helpdesk.adminUrl}/login`);
	await operator.submit("/admin/login", {
		email: `${before}${helpdesk.operator.email}${after}`,
		password: helpdesk.operator.password ?? "",
	});
	expect(operator.seen).toMatchObject({ status: 200, url: helpdesk.adminUrl });
});

test.each([
	["an invisible character", "%E2%80%8B"],
	["a full stop", "."],
	["a bracket and a line end", "%3E%0D%0A"],
	["the beginning of the next sentence", "%20If"],
])("finding B9: %s after a link from a letter changes nothing", async (_, after) => {
	const open = await openHelpdesk();
	const { portal } = open;
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/register`);
	await visitor.submit("/register", GRACE);

	await visitor.open(`${await linkTo(mailboxOf(open), GRACE.email)}${after}`);
	expect(await visitor.submit("/register/confirm")).toMatchObject({ url: `${portal}/account` });
	await visitor.submit("/account/password-link");
	await visitor.open(`${await linkTo(mailboxOf(open), GRACE.email, "/reset")}${after}`);
	const reset = await visitor.submit("/reset", { password: "another horse" });

	expect(reset).toMatchObject({ status: 200, url: `${portal}/login?done=password` });
});

const WANTED = `/?q=${encodeURIComponent("漢字".repeat(30))}`;

test("finding B9: the wanted page survives log-in, register and X, also after a problem", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const { portal } = open;
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=${encodeURIComponent(WANTED)}`);
	const follow = async (path: string) => {
		const links = [...visitor.seen.html.matchAll(/<a href="([^"]*)"/g)].map(([, to = ""]) => to);
		const found = links.filter((to) => to.startsWith(path));
		// The navigation has the link as well as the form.
		expect(new Set(found).size).toBe(1);
		return visitor.open(`${portal}${found[0]}`);
	};

	await follow("/register");
	await visitor.submit("/register", { ...GRACE, password: "short" });
	await follow("/login");
	await visitor.submit("/login", { email: "nobody@example.com", password: "wrong" });
	await follow("/register");
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));

	expect(visitor.seen).toMatchObject({ status: 200, url: `${portal}${WANTED}` });
	expect((await visitor.open(`${portal}/register?returnTo=/terms`)).url).toBe(`${portal}/terms`);
});

test("finding B9: the wanted page survives a registration with a password, and a stored one leads nowhere else", async () => {
	const open = await openHelpdesk();
	const { portal, storage } = open;
	const registered = async (email: string, returnTo: string, change: object = {}) => {
		const visitor = new HttpVisitor();
		await visitor.open(`${portal}/register?returnTo=${encodeURIComponent(returnTo)}`);
		await visitor.submit("/register", { ...GRACE, email });
		const link = await linkTo(mailboxOf(open), email);
		const { entries } = await storage.list(["pending-registrations"]);
		for (const { key, value } of entries) {
			await storage.commit({ sets: [{ key, value: { ...Object(value), ...change } }] });
		}
		await visitor.open(link);
		return (await visitor.submit("/register/confirm")).url.replace(portal, "");
	};

	expect(await registered("a@example.com", WANTED)).toBe(WANTED);
	expect(await registered("b@example.com", "/")).toBe("/account");
	expect(await registered("c@example.com", "//evil.example")).toBe("/account");
	expect(await registered("d@example.com", "/terms", { returnPath: "//evil.example" })).toBe("/");
	// As version 0.2.0 stored it.
	expect(await registered("e@example.com", "/terms", { returnPath: null })).toBe("/account");
});

test("a registration in another browser leads to the page that was wanted, too", async () => {
	const open = await openHelpdesk();
	const visitor = new HttpVisitor();
	await registerByLetter(new HttpVisitor(), open.portal, mailboxOf(open), GRACE);
	await visitor.open(`${open.portal}/register?returnTo=/privacy`);
	await visitor.submit("/register", { ...GRACE, email: "other@example.com" });
	const elsewhere = new HttpVisitor();

	await elsewhere.open(await linkTo(mailboxOf(open), "other@example.com"));
	await elsewhere.submit("/register/confirm", { name: "Other", password: "another horse" });

	expect(elsewhere.seen).toMatchObject({ status: 200, url: `${open.portal}/privacy` });
});
