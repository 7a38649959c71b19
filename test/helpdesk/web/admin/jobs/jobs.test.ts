// The pages of background work, as an operator's browser without scripts sees them.
import { hostname } from "node:os";
import { html } from "hono/html";
import { expect, onTestFinished, test } from "vitest";
import type { StorageValue } from "../../../../../src/contract/storage.ts";
import { CannotSucceedError } from "../../../../../src/helpdesk/jobs/job-kind.ts";
import { localeFor } from "../../../../../src/helpdesk/locale/locale.ts";
import { SaidStorageError } from "../../../../../src/helpdesk/locale/said.ts";
import { FIRST_OPERATOR } from "../../../../../src/helpdesk/people/operator-roster.ts";
import { adminArea } from "../../../../../src/helpdesk/web/admin/admin-app.ts";
import { adminLayout } from "../../../../../src/helpdesk/web/admin/admin-layout.ts";
import { dutyWords } from "../../../../../src/helpdesk/web/admin/jobs/duty-words.ts";
import {
	type JobPageParts,
	jobRoutes,
} from "../../../../../src/helpdesk/web/admin/jobs/jobs-routes.ts";
import type { OperatorApp } from "../../../../../src/helpdesk/web/admin/operator-area.ts";
import { operatorArea } from "../../../../../src/helpdesk/web/admin/operator-area.ts";
import { fieldsOf } from "../../../../../src/storage/stored-value.ts";
import { formsIn } from "../../../../../src/testing/forms-in.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import { ADMIN_ORIGIN, openAdmin } from "../../../../kit/helpdesk/open-admin.ts";
import { helpdeskOptions } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { countingJob } from "../../../../kit/jobs/counting-job.ts";

/** The administration with a kind of jobs that counts, and an operator who is logged in. */
async function openJobPages(more: Partial<JobPageParts> = {}) {
	const clock = new MockClock();
	const options = await helpdeskOptions({ clock });
	const { parts, core, sessions, openSession } = openAdmin(options);
	onTestFinished(() => core.close());
	await core.operators.makeFirst();
	const job = countingJob(options.storage);
	core.runner.register(job.kind);
	const token = await openSession(FIRST_OPERATOR);
	const cookie = `admin-acorn=${token}`;
	const show = adminLayout(false);
	const app = operatorArea({
		...adminArea(parts),
		pages: [
			(guarded: OperatorApp) =>
				jobRoutes(guarded, { ...parts, show, sections: new Map(), offers: [], ...more }),
		],
	});
	const open = async (path: string) => {
		const answer = await app.request(`${ADMIN_ORIGIN}${path}`, { headers: { cookie } });
		const refresh = answer.headers.get("refresh");
		return { status: answer.status, refresh, html: await answer.text() };
	};
	/** @returns the address that the answer leads to. */
	const post = async (path: string, fields: Readonly<Record<string, string>> = {}) => {
		const body = new URLSearchParams({ _csrf: sessions.csrfOf(token), ...fields });
		const answer = await app.request(`${ADMIN_ORIGIN}${path}`, {
			...{ method: "POST", headers: { cookie }, body },
		});
		return answer.headers.get("location") ?? answer.status;
	};
	const start = async (to: number, exclusive?: string) => {
		const params = { to, ...(exclusive !== undefined && { exclusive }) };
		const started = await core.jobs.start({ type: "counting", params, by: FIRST_OPERATOR });
		return started.kind === "started" ? started.id : expect.fail(started.kind);
	};
	return { clock, core, job, open, post, start, storage: options.storage };
}

/** Drives a job up to a step at which it stays, and does not wait for it. @returns what lets it go on. */
async function stopAt(
	{ job, core }: Pick<Awaited<ReturnType<typeof openJobPages>>, "job" | "core">,
	id: string,
	position: number,
): Promise<() => Promise<unknown>> {
	let goOn = (): void => {};
	const stopped = new Promise<void>((resolve) => {
		goOn = resolve;
	});
	let reached = (): void => {};
	const isThere = new Promise<void>((resolve) => {
		reached = resolve;
	});
	job.during = (at) => {
		if (at !== position) {
			return undefined;
		}
		reached();
		return stopped;
	};
	const driven = core.runner.drive(id, 600_000);
	await isThere;
	return () => {
		goOn();
		return driven;
	};
}

test("the page of a job that runs shows how far it is, and reloads by itself unless it is told not to", async () => {
	const pages = await openJobPages();
	const id = await pages.start(3000);
	const waiting = await pages.open(`/admin/jobs/${id}`);
	expect([waiting.status, waiting.refresh]).toEqual([200, `5; url=/admin/jobs/${id}?by-itself`]);
	expect(waiting.html).toContain("<strong>Waiting.</strong> 0 of about 3,000 steps");

	const goOn = await stopAt(pages, id, 1200);
	const running = await pages.open(`/admin/jobs/${id}`);
	expect(running.refresh).toBe(waiting.refresh);
	expect(running.html).toContain("<h1>Count to 3000</h1>");
	expect(running.html).toContain("<strong>Running.</strong> 1,200 of about 3,000 steps");
	expect(running.html).toContain('<progress aria-label="Progress" max="3000" value="1200">');
	expect(running.html).toContain(FIRST_OPERATOR);
	expect(running.html).toContain(`<dt>Node</dt><dd>${hostname()} (${process.pid})</dd>`);
	const still = /href="([^"]+)">Stop reloading</.exec(running.html)?.[1] ?? "";
	const stays = await pages.open(still);
	expect([stays.status, stays.refresh]).toEqual([200, null]);
	expect(stays.html).toContain(`<a href="/admin/jobs/${id}">Reload every 5 seconds</a>`);

	await goOn();
	const done = await pages.open(`/admin/jobs/${id}`);
	expect(done.refresh).toBeNull();
	expect(done.html).toContain("<strong>Done.</strong> 3,000 steps");
	expect(done.html).toContain('data-state="done"');
	expect(formsIn(done.html).map(({ action }) => action)).toEqual([
		"/admin/logout",
		"/admin/language",
	]);
});

test("an operator cancels a job", async () => {
	const pages = await openJobPages();
	const id = await pages.start(10);
	const goOn = await stopAt(pages, id, 4);
	const cancelled = pages.post(`/admin/jobs/${id}/cancel`);
	await expect
		.poll(async () => (await pages.open(`/admin/jobs/${id}`)).html)
		.toContain("<strong>Being cancelled.</strong> 4 of about 10 steps");
	// There is nothing more to press.
	const { html } = await pages.open(`/admin/jobs/${id}`);
	expect(formsIn(html).map(({ action }) => action)).toEqual(["/admin/logout", "/admin/language"]);
	await goOn();
	expect(await cancelled).toBe(`/admin/jobs/${id}`);
	const ended = await pages.open(`/admin/jobs/${id}`);
	expect([ended.refresh, pages.job.undone]).toEqual([null, 1]);
	expect(ended.html).toContain("<strong>Cancelled.</strong> 5 of about 10 steps");
});

test("a job that failed says why, and goes on when the operator tries again", async () => {
	const pages = await openJobPages();
	const id = await pages.start(4);
	let isBroken = true;
	pages.job.during = (position) => {
		if (position === 2 && isBroken) {
			throw new Error("The plugin <b> does not answer");
		}
	};
	await pages.core.runner.drive(id, 1_500);
	const tried = await pages.open(`/admin/jobs/${id}`);
	expect(tried.html).toContain(
		"The last step failed: The plugin &lt;b&gt; does not answer. The helpdesk tries it again within seconds.",
	);
	await pages.core.runner.drive(id, 1_500);
	await pages.core.runner.drive(id, 1_500);
	const failed = await pages.open(`/admin/jobs/${id}`);
	expect(failed.html).toContain(
		"because a step failed 3 times: The plugin &lt;b&gt; does not answer.",
	);
	expect(failed.refresh).toBeNull();

	isBroken = false;
	expect(await pages.post(`/admin/jobs/${id}/again`)).toBe(`/admin/jobs/${id}`);
	const { html } = await pages.open(`/admin/jobs/${id}`);
	expect(html).toContain("<strong>Done.</strong> 4 steps");
	expect(html).not.toContain("failed");
});

test("a job that no other try helps is not offered one, nor is one that only another version knows", async () => {
	const pages = await openJobPages();
	const id = await pages.start(4);
	pages.job.during = () => {
		throw new CannotSucceedError("the list is gone");
	};
	await pages.core.runner.drive(id, 1_500);

	const { html } = await pages.open(`/admin/jobs/${id}`);
	expect(html).toContain(
		"The job stopped: the list is gone. What was done before stays. Another try would not help.",
	);
	expect(html).not.toContain("Try again");
	expect(await pages.post(`/admin/jobs/${id}/again`)).toBe(`/admin/jobs/${id}`);

	const key = ["jobs", "job", id];
	const value = fieldsOf((await pages.storage.get(key))?.value);
	const other = { ...value, type: "from-the-future", isHopeless: false };
	await pages.storage.commit({ sets: [{ key, value: other }] });
	expect((await pages.open(`/admin/jobs/${id}`)).html).not.toContain("Try again");
});

test("another try is offered once the job that has taken the place of a failed one has ended", async () => {
	const pages = await openJobPages();
	const failed = await pages.start(1, "x");
	pages.job.during = () => {
		throw new Error("broken");
	};
	for (let tries = 0; tries < 3; tries += 1) {
		await pages.core.runner.drive(failed, 1_500);
	}
	const other = await pages.start(2, "x");
	const page = `/admin/jobs/${failed}`;

	const { html } = await pages.open(page);
	expect(html).toContain("Another job has taken its place: “Count to 2”.");
	expect(html).not.toContain("/again");
	const location = await pages.post(`${page}/again`);
	expect(location).toBe(`/admin/jobs/${other}?notice=other`);
	expect((await pages.open(String(location))).html).toContain("What you asked for was not started");

	await pages.core.jobs.cancel(other);
	await pages.core.runner.drive(other, 1_500);
	expect((await pages.open(page)).html).toContain(`action="${page}/again"`);
});

test("another try is not offered once what the job works on is gone", async () => {
	const pages = await openJobPages();
	const { kind } = countingJob(pages.storage, "counting-list");
	let isThere = true;
	const step: typeof kind.step = () => Promise.reject(new Error("broken"));
	pages.core.runner.register({ ...kind, step, mayEndWell: async () => isThere });
	const by = FIRST_OPERATOR;
	await pages.core.jobs.start({ type: kind.type, params: { to: 1 }, by, id: "job-1" });
	for (let tries = 0; tries < 3; tries += 1) {
		await pages.core.runner.drive("job-1", 1_500);
	}
	expect((await pages.open("/admin/jobs/job-1")).html).toContain("/admin/jobs/job-1/again");

	isThere = false;

	const { html } = await pages.open("/admin/jobs/job-1");
	expect(html).toContain("The job stopped: broken. What was done before stays. Another try would");
	expect(html).not.toContain("/again");
	await pages.post("/admin/jobs/job-1/again");
	expect((await pages.core.jobs.find("job-1"))?.state).toBe("failed");
});

test("the list has 25 jobs a page, the newest first, whatever its address says", async () => {
	const pages = await openJobPages();
	const ids: string[] = [];
	for (let count = 1; count <= 30; count += 1) {
		ids.unshift(await pages.start(count));
		pages.clock.advance(1_000);
	}
	const linksIn = (html: string) =>
		[...html.matchAll(/href="\/admin\/jobs\/([^"/?]+)"/g)].map(([, id]) => id);
	const first = await pages.open("/admin/jobs");
	expect(linksIn(first.html)).toEqual(ids.slice(0, 25));
	const next = /href="([^"]+)">Next</.exec(first.html)?.[1]?.replaceAll("&amp;", "&") ?? "";
	const second = await pages.open(next);
	expect(linksIn(second.html)).toEqual(ids.slice(25));
	expect(second.html).not.toContain(">Next<");
	const cut = await pages.open(next.slice(0, -4));
	expect(linksIn(cut.html)).toEqual(ids.slice(0, 25));
});

const OFFER = {
	type: "counting",
	label: "jobs.recount.label",
	help: "jobs.recount.help",
} as const;

test("a job that waits for the storage or for room leads to its page, which says why", async () => {
	const pages = await openJobPages({ offers: [{ ...OFFER, params: { to: 2 } }] });
	pages.job.during = () => {
		throw new SaidStorageError({ key: "problem.outbox-full" });
	};

	const location = String(await pages.post("/admin/jobs", { type: "counting" }));
	const waiting = await pages.open(location);
	await pages.post(`${location}/cancel`);
	const cancelled = await pages.open(location);

	expect(location).toMatch(/^\/admin\/jobs\/[a-z0-9-]+$/);
	expect([waiting.status, waiting.refresh]).toEqual([200, `5; url=${location}?by-itself`]);
	expect(waiting.html).toContain(
		"The job waits: too many letters wait for the mail server; try again later. The helpdesk goes on with it by itself",
	);
	expect(cancelled.html).toContain("<strong>Cancelled.</strong>");
	expect(cancelled.html).not.toContain("too many letters");
});

test("an offered job is started by its button; a small one is done when its page opens", async () => {
	const offer = { ...OFFER, params: { to: 2, exclusive: "x" } };
	const pages = await openJobPages({ offers: [offer] });
	const { html } = await pages.open("/admin/jobs");
	expect(html).toContain("Use this if numbers of users look wrong,");
	const location = await pages.post("/admin/jobs", { type: "counting" });
	expect((await pages.open(String(location))).html).toContain("<strong>Done.</strong> 2 steps");
	expect(await pages.post("/admin/jobs", { type: "another" })).toBe(404);

	const open = await pages.start(2, "x");
	const under = String(await pages.post("/admin/jobs", { type: "counting" }));
	expect(under).toBe(`/admin/jobs/${open}?notice=under-way`);
	expect((await pages.open(under)).html).toContain("This job is under way already");
	await pages.core.jobs.cancel(open);
	await pages.core.runner.drive(open, 1_500);
	const longer = await pages.start(5, "x");
	expect(await pages.post("/admin/jobs", { type: "counting" })).toBe(
		`/admin/jobs/${longer}?notice=other`,
	);
	for (let count = 1; count < 100; count += 1) {
		await pages.start(1);
	}
	await pages.core.jobs.cancel(longer);
	await pages.core.runner.drive(longer, 1_500);
	await pages.start(1);
	const refused = await pages.post("/admin/jobs", { type: "counting" });
	expect((await pages.open(String(refused))).html).toContain("100 jobs have not ended yet");
});

test("a job that made a file offers it, says what came out, and shows what its kind adds", async () => {
	const pages = await openJobPages({
		sections: new Map([["counting-file", (_c, { id }) => html`<h2>Rows of ${id}</h2>`]]),
	});
	const { kind } = countingJob(pages.storage, "counting-file");
	const until = Date.UTC(2100, 0, 1);
	let isThere = true;
	const file: typeof kind.file = async (result) =>
		result === "a file" ? { until, isThere, gone: "It is gone." } : undefined;
	const outcome = (result: StorageValue): string => `It made ${String(result)}.`;
	const step: typeof kind.step = async (at) => ({ ...(await kind.step(at)), result: "a file" });
	pages.core.runner.register({ ...kind, step, file, outcome });
	const by = FIRST_OPERATOR;
	await pages.core.jobs.start({ type: kind.type, params: { to: 1 }, by, id: "job-1" });
	expect((await pages.open("/admin/jobs/job-1")).html).not.toContain("Download");

	await pages.core.runner.drive("job-1", 1_500);

	const { html: seen } = await pages.open("/admin/jobs/job-1");
	expect(seen).toContain('<a href="/admin/jobs/job-1/file">Download</a>');
	expect(seen).toContain("Kept until ");
	expect(seen).toContain("<p>It made a file.</p>");
	expect(seen).toContain("<h2>Rows of job-1</h2>");

	isThere = false;
	const { html: gone } = await pages.open("/admin/jobs/job-1");
	expect(gone).toContain("It is gone.");
	expect(gone).not.toContain("Download");
});

test("the duties are listed with what they did last", async () => {
	const pages = await openJobPages();
	pages.core.duties.register(
		{
			name: "look-at-all",
			everyMs: 10_000,
			run: async () => ({ key: "jobs.duty.people-counted", values: { count: 40 } }),
		},
		{
			name: "look-around",
			everyMs: 10_000,
			run: async () => Promise.reject(new Error("It broke.")),
		},
	);
	expect((await pages.open("/admin/jobs")).html).toContain(
		"<strong>look-at-all</strong><span>Not yet</span>",
	);
	await pages.core.duties.round();
	const { html } = await pages.open("/admin/jobs");
	expect(html).toContain("Counted changes of 40 users");
	expect(html).toContain('<span class="problem">It broke.</span>');
});

test("each duty of a helpdesk is listed in words", async () => {
	const { core } = await openJobPages();
	const names = (await core.duties.states()).map(({ name }) => name);
	expect(names.length).toBeGreaterThan(5);
	expect(names.filter((name) => dutyWords(name, localeFor(undefined, "en")) === name)).toEqual([]);
});

test.each(["nobody", "a%2Fb", "x".repeat(600), "%00"])("there is no job %s", async (id) => {
	const pages = await openJobPages();
	expect((await pages.open(`/admin/jobs/${id}`)).status).toBe(404);
	expect(await pages.post(`/admin/jobs/${id}/cancel`)).toBe(404);
	expect(await pages.post(`/admin/jobs/${id}/again`)).toBe(404);
});

test("a job of another version's is listed by its type", async () => {
	const pages = await openJobPages();
	const id = await pages.start(1);
	const key = ["jobs", "job", id];
	const value = (await pages.storage.get(key))?.value as Readonly<Record<string, string>>;
	await pages.storage.commit({ sets: [{ key, value: { ...value, type: "from-the-future" } }] });
	expect((await pages.open("/admin/jobs")).html).toContain("from-the-future");
	expect((await pages.open(`/admin/jobs/${id}`)).html).toContain("<h1>from-the-future</h1>");
});
