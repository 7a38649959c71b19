// What cannot be undone, or puts people out, is asked first: a form from any page but the one that asks changes nothing.
import { expect, test } from "vitest";
import { formsIn } from "../../../../src/testing/forms-in.ts";
import { ANSWERS, ASKED_DEEDS, ask } from "../../../kit/deeds/asked-deeds.ts";
import { type Deed, openWorld, type World } from "../../../kit/deeds/world.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";

async function stored({ storage }: World, { changes }: Deed): Promise<string> {
	const all = await Promise.all(changes.map((place) => storage.entries(place)));
	return JSON.stringify(all.flat().map(({ key, value }) => [key, value]));
}

test.each(Object.entries(ASKED_DEEDS))("%s asks first", async (_, deed) => {
	const world = await openWorld();
	const before = await deed.before?.(world);
	const unchanged = await stored(world, deed);

	await ask(world, deed, before);

	const { html, url } = world.operator.seen;
	expect(await stored(world, deed)).toBe(unchanged);
	const asks = formsIn(html).filter(({ controls }) =>
		controls.some(({ name }) => ANSWERS.includes(name)),
	);
	expect(asks.length, url).toBeGreaterThan(0);
	expect(html).toContain('class="danger"');
});

test("the page that asks sends what the form sent, and only its answer counts", async () => {
	const world = await openWorld();
	const { core, operator, url } = world;
	await core.operators.add("other@helpdesk.example", "owner");
	const other = (await core.operators.list()).find(({ email }) => email.startsWith("other"));
	const page = `/admin/operators/${other?.id}`;
	await operator.open(`${url}${page}`);

	await operator.submit(`${page}/remove`);
	expect(operator.seen.html).toContain("Remove other@helpdesk.example?");
	expect((await core.operators.list()).length).toBe(2);
	await operator.submit(`${page}/remove`);

	expect(operator.seen.html).toContain("The operator is removed");
	expect((await core.operators.list()).length).toBe(1);
});

test("the only owner is not offered to be removed or to change their role, and the page says why", async () => {
	const world = await openWorld();
	const { core, operator, url } = world;
	const [own] = await core.operators.list();

	const { html } = await operator.open(`${url}/admin/operators/${own?.id}`);

	expect(html).toContain("A helpdesk needs an owner, and this is the only one.");
	expect(html).not.toContain(`action="/admin/operators/${own?.id}/remove"`);
	expect(html).not.toContain(`action="/admin/operators/${own?.id}/role"`);
});

test("longer keeping of the audit trail is not asked about", async () => {
	const world = await openWorld();

	const { html } = await world.post("/admin/audit", { days: "1000" });

	expect(html).toContain("Saved. Entries are kept for the number of days below.");
});

test("a log-in leads to the page of the administration that was asked for, and to no other host", async () => {
	const { url, visitor, password } = await openWorld();
	const asked = `${url}/admin/users?q=ada&status=active`;
	const operator = visitor();
	const logIn = (path: string, returnTo?: string) =>
		operator.open(path).then(() =>
			operator.submit("/admin/login", {
				...{ email: "operator@helpdesk.example", password },
				...(returnTo !== undefined && { returnTo }),
			}),
		);

	expect((await logIn(asked)).url).toBe(asked);
	operator.cookies.clear();
	await operator.open(asked);
	await operator.submit("/admin/login", { email: "operator@helpdesk.example", password: "x" });
	expect(operator.seen.html).toContain("Incorrect e-mail address or password.");
	expect((await logIn(operator.seen.url, "/admin/jobs")).url).toBe(`${url}/admin/jobs`);
	for (const elsewhere of ["https://evil.example/admin", "//evil.example", "/account", "/adminx"]) {
		operator.cookies.clear();
		const { url: led } = await logIn(`${url}/admin/login`, elsewhere);
		expect(led).toBe(`${url}/admin`);
	}
	expect(operator).toBeInstanceOf(HttpVisitor);
});

test("the audit trail names the role that an operator was invited to or got", async () => {
	const world = await openWorld();
	const { core, operator, url, post } = world;
	await core.operators.add("other@helpdesk.example", "support");
	const other = (await core.operators.list()).find(({ email }) => email.startsWith("other"));

	await post(`/admin/operators/${other?.id}/role`, { role: "administrator" });
	await post("/admin/operators", { email: "new@helpdesk.example", role: "owner" });

	const { html } = await operator.open(`${url}/admin/audit`);
	expect(html).toContain("Changed a role: Administrator");
	expect(html).toContain("Invited an operator: Owner");
});

test("a request that fails below the administration has its frame, and without the storage its name", async () => {
	const { operator, url, storage, visitor } = await openWorld();
	const nav = 'aria-label="Menu"';
	const pages: { readonly status: number; readonly html: string }[] = [];
	for (let operations = 0; operations < 30; operations += 1) {
		storage.cutAfter(operations);
		const { status, html } = await operator.open(`${url}/admin/users`);
		storage.cutAfter(Number.POSITIVE_INFINITY);
		if (status === 200) {
			break;
		}
		pages.push({ status, html });
	}

	expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 503));
	expect(pages[0]?.html).toContain("Helpdesk administration");
	expect(pages[0]?.html).not.toContain(nav);
	expect(pages.at(-1)?.html).toContain(nav);
	expect(pages.at(-1)?.html).toContain("operator@helpdesk.example");
	storage.cutAfter(0);
	const atPortal = await visitor().open(`${url}/account`);
	storage.cutAfter(Number.POSITIVE_INFINITY);
	expect(atPortal.html).not.toContain("Helpdesk administration");
});

test.each([
	["/admin/users/add", { brand: "acorn", email: "no address" }, "email"],
	["/admin/operators", { email: "no address", role: "support" }, "email"],
	["/admin/profile", { current: "x", new: "short" }, "new"],
	["/admin/profile", { current: "wrong", new: "a long new pass phrase" }, "current"],
	["/admin/audit", { days: "1" }, "days"],
])(
	"a form at %s that is refused names the field, at the field and in an announced summary",
	async (path, fields, id) => {
		const world = await openWorld();

		const { html, status } = await world.post(path, fields);

		expect(status).toBe(400);
		const [control = ""] = new RegExp(`<input id="${id}"[^>]*>`).exec(html) ?? [];
		expect(control).toContain('aria-invalid="true"');
		expect(control).toMatch(new RegExp(`aria-describedby="[^"]*\\b${id}-problem"`));
		expect(html).toContain(`id="${id}-problem"`);
		expect(html).toMatch(new RegExp(`role="alert"><ul class="plain"><li><a href="#${id}">`));
	},
);
