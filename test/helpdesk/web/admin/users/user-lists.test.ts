import { expect, test } from "vitest";
import { subjectOf } from "../../../../../src/helpdesk/openid/subject.ts";
import { logInAtPortal, openWorld, PASSWORD, type World, X } from "../../../../kit/deeds/world.ts";

const USERS = "/admin/users";
const CONNECTED = "/admin/settings/general/connected-helpdesks";

async function open({ operator, url }: World, path: string): Promise<string> {
	return (await operator.open(`${url}${path}`)).html;
}

/** Links an account at X to a user of the world. */
async function linkX(world: World, xId: string, email: string): Promise<void> {
	const links = `x_id,x_username,email\n${xId},handle${xId},${email}\n`;
	await world.post(`${X}/links`, { brand: "acorn", links, action: "import" });
}

test("the page of a user lists their sessions with device and last use, and an operator ends one of them and no other", async () => {
	const world = await openWorld();
	const { operator, url, ada, core } = world;
	const one = await logInAtPortal(world, PASSWORD);
	const [first] = await core.userSessions.of("acorn", ada);
	world.clock.advance(1000);
	const other = await logInAtPortal(world, PASSWORD);
	const [second] = await core.userSessions.of("acorn", ada);
	expect(second?.id).not.toBe(first?.id);

	const html = await open(world, `${USERS}/${ada}`);
	expect(html.match(/aria-label="End: /g)).toHaveLength(2);
	expect(html).toContain('<th scope="col">Last used</th>');
	await operator.submit(`${USERS}/${ada}/sessions/end`, { session: first?.id ?? "" });

	expect(operator.seen.html).toContain("The session has ended");
	expect(operator.seen.html.match(/aria-label="End: /g)).toHaveLength(1);
	expect((await one.open(`${url}/account`)).url).toContain("/login");
	expect((await other.open(`${url}/account`)).url).toBe(`${url}/account`);
});

test("the session of another user is not ended from a user's page", async () => {
	const world = await openWorld();
	const { ada, bob, core, url } = world;
	const visitor = await logInAtPortal(world, PASSWORD);
	const [session] = await core.userSessions.of("acorn", ada);

	await world.post(`${USERS}/${bob}/sessions/end`, { session: session?.id ?? "" });

	expect((await visitor.open(`${url}/account`)).url).toBe(`${url}/account`);
});

test("a session that is over is not listed, and the page leads to all that are good where there are more than five", async () => {
	const world = await openWorld();
	const { ada, core } = world;
	await logInAtPortal(world, PASSWORD);
	await core.accounts.endSessions(ada);
	expect(await open(world, `${USERS}/${ada}`)).toContain("The user is logged in nowhere.");

	for (let count = 0; count < 6; count += 1) {
		world.clock.advance(61_000);
		await logInAtPortal(world, PASSWORD);
	}

	const page = await open(world, `${USERS}/${ada}`);
	expect(page.match(/aria-label="End: /g)).toHaveLength(5);
	expect(page).toContain(`href="${USERS}/${ada}/sessions"`);
	const all = await open(world, `${USERS}/${ada}/sessions`);
	expect(all.match(/aria-label="End: /g)).toHaveLength(6);
});

test("logging a user out everywhere asks first, and a form that nobody was asked about ends nothing", async () => {
	const world = await openWorld();
	const { operator, ada, url } = world;
	const visitor = await logInAtPortal(world, PASSWORD);

	const asked = await world.post(`${USERS}/${ada}/log-out`);
	expect(asked.html).toContain("Log out ada@example.com everywhere?");
	expect((await visitor.open(`${url}/account`)).url).toBe(`${url}/account`);
	await operator.submit(`${USERS}/${ada}/log-out`);

	expect(operator.seen.html).toContain("The user is logged out everywhere.");
	expect((await visitor.open(`${url}/account`)).url).toContain("/login");
});

test("deleting a user asks first, and the page at their address says afterwards that they are deleted", async () => {
	const world = await openWorld();
	const { operator, ada, core } = world;

	const asked = await world.post(`${USERS}/${ada}/delete`);
	expect(asked.html).toContain("Delete ada@example.com?");
	expect(await core.accounts.find(ada)).toBeDefined();
	await operator.submit(`${USERS}/${ada}/delete`);
	expect(await core.accounts.find(ada)).toBeUndefined();

	const gone = await operator.open(`${world.url}${USERS}/${ada}`);
	expect(gone.status).toBe(404);
	expect(gone.html).toContain('<span class="outcome refused">Deleted</span>');
	expect(gone.html).toContain(`href="/admin/audit?object=${ada}"`);
});

test("an operator disconnects a linked account of a user who has a password, after a question, and the user is logged out", async () => {
	const world = await openWorld();
	const { operator, ada, url } = world;
	await linkX(world, "77", "ada@example.com");
	const visitor = await logInAtPortal(world, PASSWORD);
	const page = await open(world, `${USERS}/${ada}`);
	const [, question = ""] = /href="([^"]+\/unlink\?[^"]+)"/.exec(page) ?? [];

	const asked = await open(world, question.replaceAll("&amp;", "&"));
	expect(asked).toContain("from ada@example.com?");
	await operator.submit(`${USERS}/${ada}/unlink`);

	expect(operator.seen.html).toContain("The account is disconnected");
	expect(operator.seen.html).toContain("Nothing is linked.");
	expect((await visitor.open(`${url}/account`)).url).toContain("/login");
	const entries = await world.core.audit.log.page({ object: ada });
	expect(entries.entries.map(({ deed }) => deed)).toContain("user.unlink");
});

test("the only way in is not offered to be disconnected, and stays where a form asks for it all the same", async () => {
	const world = await openWorld();
	const { core } = world;
	const brand = { brandId: "acorn", locale: "en" };
	const cleo = await core.accounts.addFromTicket({ ...brand, name: "C", email: "c@example.com" });
	await core.accounts.confirm(cleo?.id ?? "");
	await linkX(world, "78", "c@example.com");
	const path = `${USERS}/${cleo?.id}`;
	const page = await open(world, path);
	expect(page).toContain("This is the only way in.");
	expect(page).not.toContain("/unlink?");

	const sent = { "add-on": "x-login", identity: "x:78", confirmed: "yes" };
	const refused = await world.post(`${path}/unlink`, sent);

	expect(refused.status).toBe(409);
	expect(refused.html).toContain("Not disconnected: this is the only way in.");
	expect(await open(world, path)).toContain("This is the only way in.");
});

test("the page of a user lists the helpdesks that they agreed to, the newest first, and all of them on a page of its own", async () => {
	const world = await openWorld();
	const { core, ada, clock } = world;
	const account = (await core.accounts.find(ada)) ?? expect.fail("no user");
	const { consents } = core.openid.storedAt("acorn");
	const passed = { claims: ["name"], hosts: ["127.0.0.1"] };
	for (let port = 20_001; port <= 20_007; port += 1) {
		await world.post(`${CONNECTED}/add?brand=acorn&preset=request-tracker`, {
			...{ address: `http://127.0.0.1:${port}`, name: `RT ${port}`, anyway: "on" },
		});
	}
	const all = await core.openid.storedAt("acorn").helpdesks.all();
	expect(all).toHaveLength(7);
	for (const { id } of all) {
		clock.advance(1000);
		await consents.give(subjectOf(account), id, passed);
	}
	const named = all.map(({ name }) => name).toReversed();
	const namesIn = (html: string) =>
		[...html.matchAll(/<td><strong>(RT \d+)<\/strong>/g)].map(([, name]) => name);

	const page = await open(world, `${USERS}/${ada}`);
	expect(namesIn(page)).toEqual(named.slice(0, 5));
	expect(page).toContain(`href="${USERS}/${ada}/helpdesks"`);
	expect(namesIn(await open(world, `${USERS}/${ada}/helpdesks`))).toEqual(named);
});

test("owners see on the page of a user what was done to them and by them, and support does not", async () => {
	const world = await openWorld();
	const { ada, core, operator } = world;
	await logInAtPortal(world, PASSWORD);
	world.clock.advance(1000);
	await world.post(`${USERS}/${ada}/suspended`);

	const page = await open(world, `${USERS}/${ada}`);
	const [, trail = ""] = page.split('id="audit"');
	expect(trail.indexOf("Suspended a user")).toBeGreaterThan(0);
	expect(trail.indexOf("Logged in with a password")).toBeGreaterThan(
		trail.indexOf("Suspended a user"),
	);
	expect(trail).toContain(`href="/admin/audit?object=${ada}"`);
	expect(trail).toContain(`href="/admin/audit?actor=${ada}"`);

	const other = await core.operators.add(
		"sue@helpdesk.example",
		"support",
		"long pass word of sue",
	);
	expect(other).toBeDefined();
	operator.cookies.clear();
	await operator.open(`${world.url}/admin/login`);
	await operator.submit("/admin/login", {
		...{ email: "sue@helpdesk.example", password: "long pass word of sue" },
	});
	const seen = await open(world, `${USERS}/${ada}`);
	expect(seen).toContain("Sessions");
	expect(seen).not.toContain('id="audit"');
	expect(seen).not.toContain(">Suspend<");
	expect(await open(world, USERS)).not.toContain('type="checkbox"');
});
