// The frame around the pages of the administration. The pages come from the application itself, so a new one is covered
// without being named.
import { Window } from "happy-dom";
import { expect, onTestFinished, test } from "vitest";
import { localeFor } from "../../../../src/helpdesk/locale/locale.ts";
import type { Role } from "../../../../src/helpdesk/people/operator-roles.ts";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operator-roster.ts";
import { entryAt, MENU } from "../../../../src/helpdesk/web/admin/shell/menu.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { fillPeople, personOf, RARE_TRACE_CODE } from "../../../kit/helpdesk/fill-people.ts";
import { ADMIN_ORIGIN, openAdmin, pathsToOpen } from "../../../kit/helpdesk/open-admin.ts";
import { helpdeskOptions, openHelpdesk } from "../../../kit/helpdesk/open-helpdesk.ts";

const OVERVIEW = "/admin";
const PEOPLE = 50;

interface Page {
	readonly path: string;
	readonly status: number;
	readonly location: string | null;
	readonly document: Window["document"];
}

function documentOf(html: string): Window["document"] {
	const { document } = new Window();
	document.write(html);
	return document;
}

/** Each GET page of the administration with X activated, seen by an operator. */
async function openPages(role: Role = "owner") {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	await fillPeople(storage, { people: PEOPLE, now: clock.now(), signIns: 100 });
	const { app, core, openSession } = openAdmin(await helpdeskOptions({ storage, clock }));
	onTestFinished(() => core.close());
	await core.operators.makeFirst();
	await (await core.addOns.find("x-login"))?.plugin.activate();
	const email = role === "owner" ? FIRST_OPERATOR : `${role}@helpdesk.example`;
	if (role !== "owner") {
		await core.operators.add(email, role);
	}
	const cookie = `admin-acorn=${await openSession(email)}`;
	const { userId } = personOf(5, clock.now());
	const open = async (path: string): Promise<Page> => {
		const answer = await app.request(`${ADMIN_ORIGIN}${path}`, { headers: { cookie } });
		const isPage = answer.headers.get("content-type")?.startsWith("text/html") ?? false;
		const location = answer.headers.get("location");
		const document = documentOf(isPage ? await answer.text() : "");
		return { path, status: answer.status, location, document };
	};
	const paths = pathsToOpen(app).map((path) =>
		path
			.replace(":pluginId", "x-login")
			.replace(":presetId", "zammad")
			.replace(/^(\/admin\/users)\/:\w+/, `$1/${userId}`)
			.replace(/:\w+(\{[^}]*\})?/g, "1"),
	);
	const all = await Promise.all(
		[
			...paths,
			`/admin/sign-ins/attempt?trace=${RARE_TRACE_CODE}`,
			"/admin/settings/general/connected-helpdesks/add?brand=acorn&preset=zammad",
		].map(open),
	);
	// Others lead elsewhere, give a file, or refuse what the test has nothing for.
	const pages = all.filter(({ status, document }) => status === 200 && document.title !== "");
	return { open, pages, paths };
}

/** The parts of a page that show where it lies. */
function framePartsOf({ document }: Page) {
	const current = [...document.querySelectorAll("nav.side [aria-current]")];
	const crumbs = [...document.querySelectorAll("nav[aria-label=Breadcrumb] li")];
	return {
		current: current.map((each) => each.getAttribute("href")),
		links: crumbs.slice(0, -1).map((each) => each.querySelector("a")?.getAttribute("href") ?? ""),
		here: crumbs.at(-1),
	};
}

test("each page marks its entry of the menu, and pages that belong to none mark none", async () => {
	const { pages } = await openPages();
	const inShell = pages.filter(({ document }) => document.querySelector("nav.side") !== null);
	expect(inShell.length).toBeGreaterThan(20);
	for (const page of inShell) {
		const entry = entryAt(page.path.split("?")[0] ?? "")?.path;
		expect([page.path, framePartsOf(page).current]).toEqual([page.path, entry ? [entry] : []]);
	}
	const without = inShell.filter((page) => framePartsOf(page).current.length === 0);
	expect(without.map(({ path }) => path)).toEqual([
		...["/admin/profile", "/admin/profile/second-factor/set-up"],
	]);
});

test("each entry of the menu has a page, and is current there", async () => {
	const { open } = await openPages();
	const { text } = localeFor(undefined, "en");
	const entries = MENU.flatMap((group) => group.entries).filter((each) => !each.isForDevelopers);
	for (const { path, label } of entries) {
		const page = await open(path);
		expect([path, page.status, page.document.querySelector("h1")?.textContent]).toEqual([
			...[path, 200, text(label)],
		]);
		expect(framePartsOf(page).current).toEqual([path]);
	}
});

test("each page in the frame begins with its name and a line about it", async () => {
	const { pages, open } = await openPages();
	const unknown = await open("/admin/sign-ins/attempt?trace=7F3K-9QWX");
	const inShell = [...pages, unknown].filter(({ document }) => document.querySelector("nav.side"));
	const headless = inShell.filter(({ document }) => {
		const lines = document.querySelectorAll("main .page-head p");
		const names = document.querySelectorAll("main h1");
		return names.length !== 1 || lines.length !== 1 || lines[0]?.textContent === "";
	});
	expect(headless.map(({ path }) => path)).toEqual([]);
});

test("all but the last part of a breadcrumb are links, and each leads to a page", async () => {
	const { pages, open } = await openPages();
	const seen = new Set<string>();
	for (const page of pages.filter(({ document }) => document.querySelector("nav.side"))) {
		const { links, here } = framePartsOf(page);
		if (page.path === OVERVIEW) {
			expect(here).toBeUndefined();
			continue;
		}
		expect(links[0], page.path).toBe(OVERVIEW);
		expect(here?.querySelector("a"), page.path).toBeNull();
		expect(page.document.title).toContain(here?.textContent ?? "no part");
		for (const link of links) {
			seen.add(link);
		}
	}
	expect(seen.size).toBeGreaterThan(8);
	for (const link of seen) {
		expect([link, (await open(link)).status]).toEqual([link, 200]);
	}
});

test("no two pages have the same title", async () => {
	const { pages } = await openPages();
	// Without a password that was right, the page of the code shows the log-in.
	const different = pages.filter(({ path }) => path !== "/admin/login/code");
	const titles = different.map(({ document, path }) => [document.title, path] as const);
	const first = new Map([...titles].reverse());
	expect(titles.filter(([title, path]) => first.get(title) !== path)).toEqual([]);
});

test("each page begins with a link to its content", async () => {
	const { pages } = await openPages();
	for (const { path, document } of pages.filter((page) =>
		page.document.querySelector("nav.side"),
	)) {
		const first = document.querySelector("a, button, input, summary");
		const main = document.querySelector("main");
		expect([path, first?.textContent]).toEqual([path, "Skip to content"]);
		expect(first?.getAttribute("href")).toBe(`#${main?.id}`);
		expect(main?.getAttribute("tabindex")).toBe("-1");
	}
});

test.each(["support", "administrator"] as const)(
	"the menu of an operator with the role %s has only what they may open, and no group without entries",
	async (role: Role) => {
		const { open } = await openPages(role);
		const { document } = await open(OVERVIEW);
		const links = [...document.querySelectorAll("nav.side a")].map(
			(each) => each.getAttribute("href") ?? "",
		);
		expect(links).toContain("/admin/users");
		expect(links).not.toContain("/admin/audit");
		expect(links.includes("/admin/settings/general/add-ons")).toBe(role === "administrator");
		for (const list of document.querySelectorAll("nav.side ul")) {
			expect(list.children.length).toBeGreaterThan(0);
		}
		expect(document.querySelectorAll("nav.side p")).toHaveLength(role === "support" ? 1 : 4);
		for (const link of links) {
			expect([link, (await open(link)).status]).toEqual([link, 200]);
		}
	},
);

test("an address without a page is answered inside the administration, with a way on, and to strangers with the log-in", async () => {
	const { operator, helpdesk } = await openHelpdesk();
	const inside = ["/nothing", "/users/nobody", "/settings/general/integrations/no-such-plugin"];
	for (const path of inside) {
		const { status, html } = await operator.open(`${helpdesk.adminUrl}${path}`);
		const document = documentOf(html);
		expect([path, status, document.querySelector("h1")?.textContent]).toEqual([
			...[path, 404, "Page not found"],
		]);
		expect(document.querySelector(`main a[href="${OVERVIEW}"]`)?.textContent).toBe(
			"Go to Overview",
		);
		expect(document.querySelector("nav.side")).not.toBeNull();
	}
	await operator.open(`${helpdesk.adminUrl}/nothing`);
	expect((await operator.submit("/admin/logout")).status).toBe(200);
	expect(operator.seen.url).toBe(`${helpdesk.adminUrl}/login`);
	const stranger = await operator.open(`${helpdesk.adminUrl}/nothing`);
	expect(stranger.url).toBe(`${helpdesk.adminUrl}/login?returnTo=%2Fadmin%2Fnothing`);
	expect(documentOf(stranger.html).querySelector("nav.side")).toBeNull();
});
